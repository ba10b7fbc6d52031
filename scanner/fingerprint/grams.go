package fingerprint

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/rotamap/rotamap/graph/inventory"
)

// grams are hashes of four bytes that follow each other in the first minGated of a pattern. Wherever a pattern stands in a
// text, one of those begins at a multiple of gramStep: so few bytes of a text tell that it holds none.
type grams [1 << (gramBits - 6)]uint64

const (
	gramBits = 19
	gramStep = minGated - 3
)

func gramAt(s string, i int) uint32 {
	return (uint32(s[i]) | uint32(s[i+1])<<8 | uint32(s[i+2])<<16 | uint32(s[i+3])<<24) * 2654435761 >> (32 - gramBits)
}

// add takes in a pattern of at least minGated bytes.
func (g *grams) add(pattern string) {
	for i := range gramStep {
		h := gramAt(pattern, i)
		g[h>>6] |= 1 << (h & 63)
	}
}

// may reports whether a text may hold a pattern; false is sure.
func (a *automaton) may(s string) bool {
	for i := 0; i+4 <= len(s); i += gramStep {
		if h := gramAt(s, i); a.grams[h>>6]&(1<<(h&63)) != 0 {
			return true
		}
	}
	return false
}

// holds reports whether a text holds a pattern.
func (a *automaton) holds(s string) bool { return len(s) >= minGated && a.may(s) && len(a.find(s)) > 0 }

// clean reports whether no text of nodes and edges holds a pattern. TestCleanFragment knows of each of their fields.
func (a *automaton) clean(nodes []inventory.Node, edges []inventory.Edge) bool {
	return inBlocks(nodes, func(c *check, n *inventory.Node) bool {
		return a.holds(n.ID) || a.holds(string(n.Kind)) || a.holds(n.Name) || c.attrs(n.Attrs) || c.places(n.Evidence)
	}, a) && inBlocks(edges, func(c *check, e *inventory.Edge) bool {
		return a.holds(e.From) || a.holds(e.To) || a.holds(string(e.Kind)) || a.holds(e.Rule) || c.attrs(e.Attrs) || c.places(e.Evidence)
	}, a)
}

// check searches what neighbours have in common once.
type check struct {
	*automaton
	source, path, rule string
	last               []inventory.Evidence
}

func (c *check) attrs(list []inventory.Attr) bool {
	for i := range list {
		t := &list[i]
		if c.holds(string(t.Key)) || c.holds(t.Value) || c.holds(t.Detail) || c.changed(&c.rule, t.Rule) || c.places(t.Evidence) {
			return true
		}
	}
	return false
}

func (c *check) places(list []inventory.Evidence) bool {
	if len(list) == 0 || len(list) == len(c.last) && &list[0] == &c.last[0] {
		return false
	}
	c.last = list
	for i := range list {
		e := &list[i]
		if c.changed(&c.source, e.Source) || c.changed(&c.path, e.Path) || c.holds(e.Commit) || c.holds(e.Pointer) ||
			c.holds(string(e.State)) || e.Seen != nil && (slices.ContainsFunc(e.On, c.holds) || c.holds(e.First) || c.holds(e.Last)) {
			return true
		}
	}
	return false
}

// changed reports whether a text is another one than the last of its kind, and holds a pattern.
func (c *check) changed(last *string, s string) bool {
	if *last == s {
		return false
	}
	*last = s
	return c.holds(s)
}

// inBlocks reports whether no item of a list is a hit; several goroutines look.
func inBlocks[T any](list []T, hit func(*check, *T) bool, a *automaton) bool {
	workers := runtime.GOMAXPROCS(0)
	size := (len(list) + workers - 1) / workers
	var found atomic.Bool
	var all sync.WaitGroup
	for from := 0; from < len(list); from += size {
		all.Go(func() {
			c := &check{automaton: a}
			for i := from; i < min(len(list), from+size) && !found.Load(); i++ {
				if hit(c, &list[i]) {
					found.Store(true)
				}
			}
		})
	}
	all.Wait()
	return !found.Load()
}
