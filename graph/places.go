package graph

import (
	"slices"

	"github.com/rotamap/rotamap/graph/inventory"
)

// maxPlaces bounds the places of a credential's own slots: an organisation's secret is mentioned thousands of times, and
// each mention that matters is on the path of a dependent.
const maxPlaces = 200

// places returns where the slots of a credential are defined, and behind those where they are mentioned, root first: what
// one looks at when nothing depends on it, and what has to be changed besides the dependents.
func (g *Graph) places(c *Credential) []inventory.Evidence {
	out := []inventory.Evidence{}
	add := func(list []inventory.Evidence) {
		for _, e := range list {
			if len(out) < maxPlaces && e.Path != "" && !slices.ContainsFunc(out, func(o inventory.Evidence) bool { return o.Compare(e) == 0 }) {
				out = append(out, e)
			}
		}
	}
	for _, n := range c.nodes {
		for _, a := range g.nodes[n].All(inventory.AttrDefined) {
			if a.Value == inventory.DefinedInScan {
				add(a.Evidence)
			}
		}
	}
	for _, n := range c.nodes {
		if g.nodes[n].Kind == inventory.Slot {
			add(g.nodes[n].Evidence)
		}
	}
	return out
}
