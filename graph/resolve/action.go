package resolve

import (
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinActionEnvironments is R5 for composite actions: the steps of an action see the environment of the step that uses
// it, its job and its workflow, unless the action binds the name itself. Each name that carries something becomes a
// binding of the action, received from each caller; callers keep apart.
func joinActionEnvironments(v *View) {
	levels := environmentByConsumer(v)
	var uses []inventory.Edge
	for e := range v.EdgesOf(inventory.Runs) {
		if n := v.Node(e.To); n != nil && n.Kind == inventory.Part && n.Attr(inventory.AttrRole) == "action" {
			uses = append(uses, e)
		}
	}
	for range maxCalls { // actions use actions
		added := false
		for _, e := range uses {
			added = handEnvironment(v, e, levels) || added
		}
		if !added {
			return
		}
	}
}

// environmentByConsumer lists the environment variables that get their value from something, by who is handed them.
func environmentByConsumer(v *View) map[string][]string {
	out := map[string][]string{}
	for _, b := range v.Nodes(inventory.Binding) {
		if b.Attr(inventory.AttrAs) == "env" && (v.leaves(b.ID, inventory.BoundFrom) || v.leaves(b.ID, inventory.ReceivedFrom)) {
			consumer := strings.TrimSuffix(b.ID, "/"+b.Name)
			out[consumer] = append(out[consumer], b.Name)
		}
	}
	return out
}

// handEnvironment gives an action the names that one of its callers sees. It reports whether one is new.
func handEnvironment(v *View, use inventory.Edge, levels map[string][]string) bool {
	added, seen := false, map[string]bool{}
	for level := use.From; level != "" && !seen[level]; level = v.whole(level) {
		seen[level] = true
		for _, name := range levels[level] {
			from := v.Visible(use.From, name)
			id := inventory.BindingID(use.To, name)
			if from == nil || from.ID == id || v.leaves(id, inventory.BoundFrom) || receives(v, id, from.ID) {
				continue
			}
			added = true
			at := inventory.MergeEvidence(use.Evidence, from.Evidence)
			v.AddNode(inventory.Node{ID: id, Kind: inventory.Binding, Name: name, Attrs: from.All(inventory.AttrAs), Evidence: use.Evidence})
			v.AddEdge(inventory.Edge{From: id, To: from.ID, Kind: inventory.ReceivedFrom, Rule: "R5-action",
				Confidence: inventory.Weakest(inventory.High, use.Confidence), Evidence: at})
			if !slices.Contains(levels[use.To], name) {
				levels[use.To] = append(levels[use.To], name)
			}
		}
	}
	return added
}

func receives(v *View, from, to string) bool {
	for _, e := range v.Out(from, inventory.ReceivedFrom) {
		if e.To == to {
			return true
		}
	}
	return false
}
