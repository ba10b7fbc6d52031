package policy

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
)

// literal is one value of a credential that stands as text somewhere.
type literal struct {
	value    string // id of the value's node
	slots    []string
	places   []inventory.Evidence
	past     bool // only older commits hold it
	weak     bool
	severity Severity // of the rule that recognised it
	rule     string
}

// literals returns the values of a credential that were read in files, current ones first.
func literals(g *graph.Graph, c *graph.Credential) []literal {
	all := map[string]*literal{}
	for _, slot := range c.Slots {
		for _, e := range g.Out(slot) {
			if e.Kind == inventory.Holds {
				l, ok := all[e.To]
				if !ok {
					l = &literal{value: e.To, past: true, weak: isWeak(g, e.To)}
					all[e.To] = l
				}
				l.add(g, slot, e)
			}
		}
	}
	out := make([]literal, 0, len(all))
	for _, id := range slices.Sorted(maps.Keys(all)) {
		out = append(out, *all[id])
	}
	slices.SortStableFunc(out, func(a, b literal) int { return cmp.Compare(order(a.past), order(b.past)) })
	return out
}

// add joins one slot's hold of the value: a current hold wins over past ones, with its places alone.
func (l *literal) add(g *graph.Graph, slot string, e *inventory.Edge) {
	past := e.Attr(inventory.AttrHeld) == inventory.HeldPast
	if l.past && !past {
		l.slots, l.places, l.past = nil, nil, false
	}
	if past && !l.past {
		return
	}
	l.slots = append(l.slots, slot)
	l.places = append(l.places, e.Evidence...)
	if n := g.Node(slot); n != nil {
		for _, a := range n.All(inventory.AttrDetector) {
			if s := severityOf(a.Detail); s > l.severity {
				l.severity, l.rule = s, a.Value
			}
		}
	}
}

// fingerprintOf is the fingerprint in the id of a value's node.
func fingerprintOf(value string) string { return strings.TrimPrefix(value, "value:") }

func isWeak(g *graph.Graph, value string) bool {
	n := g.Node(value)
	return n != nil && n.Attr(inventory.AttrWeak) != ""
}

func severityOf(word string) Severity {
	return Severity(max(0, slices.Index(severityNames, word)))
}

func order(last bool) int {
	if last {
		return 1
	}
	return 0
}

// files counts the files that places name.
func files(places []inventory.Evidence) int {
	seen := map[[2]string]bool{}
	for _, e := range places {
		seen[[2]string{e.Source, e.Path}] = true
	}
	return len(seen)
}
