package graph

import "github.com/rotamap/rotamap/graph/inventory"

// maxAlso bounds the further hops that one answer lists.
const maxAlso = 400

// also lists the hops between what was reached that no path of a dependent shows: each path is the surest and shortest way, and a
// thing may need the credential in a second way, a file be run by a second step. Only hops with a place that is not shown yet are
// listed.
func (g *Graph) also(w *walk, out *Impact) (further []PathEdge, cut bool) {
	shown := map[place]bool{}
	for _, list := range [][]Dependent{out.Dependents, out.Possible} {
		for i := range list {
			for j := range list[i].Path {
				for _, at := range list[i].Path[j].Evidence {
					shown[placeOf(at)] = true
				}
			}
		}
	}
	further = []PathEdge{}
	for _, state := range w.reached {
		if w.via[state] == isSeed {
			continue
		}
		n := g.node(state)
		for _, i := range g.out.of(n) {
			e := &g.edges[i]
			if e.effect == inventory.Nothing || e.aside != nil || !w.has(e.to) {
				continue
			}
			at := unseen(e.Evidence, shown)
			if len(at) == 0 {
				continue
			}
			if len(further) == maxAlso {
				return further, true
			}
			further = append(further, PathEdge{e.From, e.To, e.Kind, e.Rule, e.Confidence, at})
		}
	}
	return further, false
}

// has reports whether a node was reached, in either way.
func (w *walk) has(n int32) bool {
	return w.via[n] != notReached || w.via[n+int32(len(w.g.nodes))] != notReached
}

// unseen returns the places that are not shown yet, and notes them.
func unseen(all []inventory.Evidence, shown map[place]bool) []inventory.Evidence {
	var out []inventory.Evidence
	for _, at := range all {
		if k := placeOf(at); !shown[k] && len(out) < maxAlongside {
			shown[k] = true
			out = append(out, at)
		}
	}
	return out
}
