package resolve

import (
	"github.com/rotamap/rotamap/graph/inventory"
)

// joinWorkers joins programs that an automation is, and that a worker runs: a DAG of Airflow, a flow of Prefect. Their file
// stands in the image or the folder of the worker, so that what the worker hands to the file, and the .env file beside it,
// is what the automation reads. Files that parts run keep their contexts apart (R5); these have no part of their own that
// binds anything.
//
// Confidence: medium at most, since a file may lie in the folder of a worker that never loads it.
func joinWorkers(v *View) {
	contexts := map[string][]*inventory.Node{}
	for _, n := range v.Nodes(inventory.Code) {
		if file, _, ok := inventory.ContextOf(n.ID); ok {
			contexts[file] = append(contexts[file], n)
		}
	}
	seen := map[string]bool{}
	for e := range v.EdgesOf(inventory.Runs) {
		if n := v.Node(e.From); n != nil && n.Kind == inventory.Automation {
			joinWorker(v, e.To, contexts, seen, 0)
		}
	}
}

// joinWorker joins one file, and the files that it imports.
func joinWorker(v *View, file string, contexts map[string][]*inventory.Node, seen map[string]bool, depth int) {
	if n := v.Node(file); n == nil || n.Kind != inventory.Code || seen[file] || depth > maxRunDepth || isContext(file) {
		return
	}
	seen[file] = true
	for _, c := range contexts[file] {
		for _, r := range v.Out(c.ID, inventory.Reads) {
			own := inventory.BindingID(file, nodeName(v, r.To))
			if b := v.Node(own); b != nil && b.Kind == inventory.Binding && r.To != own {
				v.AddEdge(inventory.Edge{From: own, To: r.To, Kind: inventory.BoundFrom, Rule: "R5-worker",
					Confidence: inventory.Weakest(r.Confidence, inventory.Medium), Evidence: r.Evidence})
			}
		}
	}
	for _, e := range v.Out(file, inventory.Runs) {
		joinWorker(v, e.To, contexts, seen, depth+1)
	}
}
