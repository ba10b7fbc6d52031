package graph

import (
	"path"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// A module of Terraform is one set of nodes, whoever calls it: what its variables are given by all callers meets in its outputs.
// So a walk notes the folders from which it entered each module, and leaves a module that it reached through its variables to
// those folders only: a module that makes databases hands the password of one caller back to that caller. What a module reads
// by itself goes to all callers.

// crossing marks an edge over the border of a module.
type crossing struct {
	up   bool     // to what uses an output; else into a variable
	keys []string // the module's folder and that of the caller, for each file that shows the edge
}

// crossingOf returns how an edge crosses the border of a module, nil for one that does not.
func crossingOf(e *inventory.Edge, from, to *inventory.Node) *crossing {
	if e.Rule != "R15-terraform" && !strings.HasPrefix(e.Rule, "terraform-") {
		return nil
	}
	c := &crossing{}
	module := from
	if strings.HasPrefix(e.To, "tf:") && strings.HasPrefix(to.Name, "output.") {
		module, c.up = to, true
	} else if !strings.HasPrefix(e.From, "tf:") || !strings.HasPrefix(from.Name, "var.") || e.Kind != inventory.CopiesFrom {
		return nil
	}
	folder := module.Attr(inventory.AttrScope)
	for _, at := range e.Evidence {
		if caller := path.Join(at.Source, path.Dir(at.Path)); caller != folder {
			c.keys = append(c.keys, folder+"\x00"+caller)
		}
	}
	if len(c.keys) == 0 {
		return nil
	}
	slices.Sort(c.keys)
	c.keys = slices.Compact(c.keys)
	return c
}

// entered is what one walk has seen of the borders of modules.
type entered struct {
	from  map[string]uint8   // crossing -> in which of its two states the walk went in
	shut  map[string][]int32 // crossing -> states that could not leave by it
	again []int32            // states to ask again: a way out has been found since
}

func (m *entered) enter(c *crossing, handed bool) {
	for _, key := range c.keys {
		bit := stateBit(handed)
		if m.from[key]&bit != 0 {
			continue
		}
		if m.from == nil {
			m.from, m.shut = map[string]uint8{}, map[string][]int32{}
		}
		m.from[key] |= bit
		m.again = append(m.again, m.shut[key]...)
		delete(m.shut, key)
	}
}

// leave returns the states in which the walk may leave a module, as bits.
func (m *entered) leave(c *crossing, state int32) uint8 {
	var out uint8
	for _, key := range c.keys {
		out |= m.from[key]
	}
	if out != stateBit(false)|stateBit(true) {
		if m.from == nil {
			m.from, m.shut = map[string]uint8{}, map[string][]int32{}
		}
		for _, key := range c.keys {
			if !slices.Contains(m.shut[key], state) {
				m.shut[key] = append(m.shut[key], state)
			}
		}
	}
	return out
}

// take returns the states to ask again, and forgets them.
func (m *entered) take() []int32 {
	out := m.again
	m.again = nil
	return out
}

func stateBit(handed bool) uint8 {
	if handed {
		return 2
	}
	return 1
}
