package plan

import (
	"slices"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
)

// consumersOf lists, for each slot of a credential, the automations and the code that see its value through this
// slot: not through a copy in another slot of the credential.
func consumersOf(g *graph.Graph, c *graph.Credential) map[string][]string {
	out := map[string][]string{}
	for _, slot := range c.Slots {
		stop := map[string]bool{}
		for _, other := range c.Slots {
			stop[other] = other != slot
		}
		out[slot] = closure(g, slot, stop)
	}
	return out
}

// closure follows the edges that break from a node to those that depend on it, and lists the automations met.
func closure(g *graph.Graph, from string, stop map[string]bool) []string {
	seen := map[string]bool{from: true}
	queue := []string{from}
	var out []string
	visit := func(id string) {
		if !seen[id] && !stop[id] {
			seen[id] = true
			queue = append(queue, id)
		}
	}
	for len(queue) > 0 {
		id := queue[0]
		queue = queue[1:]
		if n := g.Node(id); n != nil && n.Kind == inventory.Automation {
			out = append(out, id)
		}
		for _, e := range g.In(id) {
			if e.Kind.Effect() == inventory.Breaks && e.Kind != inventory.PartOf {
				visit(e.From)
			}
		}
		for _, e := range g.Out(id) {
			if e.Kind == inventory.PartOf {
				visit(e.To)
			}
		}
	}
	slices.Sort(out)
	return out
}
