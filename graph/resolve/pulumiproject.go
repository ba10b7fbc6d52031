package resolve

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinProjects is R9 for programs of Pulumi: what a file below the folder of a project asks of its configuration is the value of that
// key in the stacks of the project, which stand in the nearest folder above that has any.
//
// Confidence: high for the only stack that has the key, medium for each of several.
func joinProjects(v *View) {
	values := map[string][]*inventory.Node{} // folder of a project and key -> values of its stacks
	var open []*inventory.Node
	for _, n := range v.Nodes(inventory.Slot) {
		rest, ok := strings.CutPrefix(n.ID, "pulumi:")
		if !ok || len(n.Evidence) == 0 {
			continue
		}
		scope, key, _ := cutLast(rest, "/")
		folder, stack, _ := cutLast(scope, "/")
		if stack == "*" {
			open = append(open, n)
			continue
		}
		values[folder+"\x00"+key] = append(values[folder+"\x00"+key], n)
	}
	for _, n := range open {
		rest := strings.TrimPrefix(n.ID, "pulumi:")
		scope, key, _ := cutLast(rest, "/")
		folder := strings.TrimSuffix(scope, "/*")
		if len(values[folder+"\x00"+key]) > 0 {
			continue // R9-scope knows it
		}
		for folder != n.Evidence[0].Source && strings.Contains(folder, "/") {
			folder, _, _ = cutLast(folder, "/")
			found := values[folder+"\x00"+key]
			if len(found) == 0 {
				continue
			}
			sure := inventory.High
			if len(found) > 1 {
				sure = inventory.Medium
			}
			for _, f := range found {
				v.AddEdge(inventory.Edge{From: n.ID, To: f.ID, Kind: inventory.CopiesFrom, Rule: "R9-project", Confidence: sure, Evidence: inventory.MergeEvidence(n.Evidence, f.Evidence)})
			}
			break
		}
	}
}
