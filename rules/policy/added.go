package policy

import (
	"strings"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
)

// Added returns the findings of a graph that those of a baseline, made with the same key, do not have.
//
// A literal is compared by its value: a new value on an old line is new, an old one that has moved to another file is
// not, and an old one that stands in more files than before is. A value that only older commits held counts as gone.
// Anything else is the same finding when rule and node are the same, or a slot of its credential is.
func Added(g *graph.Graph, findings []Finding, baseline *graph.Graph, before []Finding) []Finding {
	old, now := knownOf(baseline, before), knownOf(g, findings)
	out := []Finding{}
	for _, f := range findings {
		if !old.has(g, f, now) {
			out = append(out, f)
		}
	}
	return out
}

// known are the findings of one state.
type known struct {
	current map[string]map[string]bool // family and fingerprint -> files of the present that hold the value
	past    map[string]map[string]bool // likewise, with those of the history
	nodes   map[[2]string]bool         // rule and node, or slot
}

func knownOf(g *graph.Graph, all []Finding) known {
	k := known{map[string]map[string]bool{}, map[string]map[string]bool{}, map[[2]string]bool{}}
	for _, f := range all {
		if f.Fingerprint != "" {
			key := family(f)
			for _, e := range f.Evidence {
				if e.State != inventory.History {
					put(k.current, key, e)
				}
				put(k.past, key, e)
			}
		}
		for _, id := range about(g, f) {
			k.nodes[[2]string{f.Rule, id}] = true
		}
	}
	return k
}

func put(into map[string]map[string]bool, key string, e inventory.Evidence) {
	if into[key] == nil {
		into[key] = map[string]bool{}
	}
	into[key][e.Source+"/"+e.Path] = true
}

func (k *known) has(g *graph.Graph, f Finding, now known) bool {
	if f.Fingerprint == "" {
		for _, id := range about(g, f) {
			if k.nodes[[2]string{f.Rule, id}] {
				return true
			}
		}
		return false
	}
	key, held, holds := family(f), k.past, now.past
	if isPresent(f) {
		held, holds = k.current, now.current
	}
	if len(held[key]) == 0 {
		return false
	}
	return len(holds[key]) <= len(held[key]) || !spreads(f, held[key])
}

// spreads reports whether a literal stands in a file that did not hold its value.
func spreads(f Finding, held map[string]bool) bool {
	for _, e := range f.Evidence {
		if !held[e.Source+"/"+e.Path] {
			return true
		}
	}
	return false
}

// isPresent reports whether a literal stands in the present state.
func isPresent(f Finding) bool {
	for _, e := range f.Evidence {
		if e.State != inventory.History {
			return true
		}
	}
	return false
}

// family joins the rules about one literal that differ only in whether the register tracks it, with its value.
func family(f Finding) string {
	if strings.HasPrefix(f.Rule, "hard-coded-") {
		return "hard-coded " + f.Fingerprint
	}
	return f.Rule + " " + f.Fingerprint
}

// about lists the ids by which a finding is known again: its node, and the slots of its credential when the finding
// is about the whole of it.
func about(g *graph.Graph, f Finding) []string {
	out := []string{f.Node}
	if c := g.Credential(f.Credential); c != nil && f.Node == f.Credential {
		out = append(out, c.Slots...)
	}
	return out
}
