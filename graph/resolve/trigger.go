package resolve

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinTriggers joins automations that start each other across files and platforms: a workflow that runs after another
// of a name, and one that serves the path which a node of another calls. A path is known without its host, hence
// medium, and low where several serve it.
func joinTriggers(v *View) {
	named, serving := map[string][]string{}, map[string][]string{}
	for _, n := range v.Nodes(inventory.Automation) {
		for _, a := range n.All(inventory.AttrAlias) {
			if a.Detail == "workflow name" && len(n.Evidence) > 0 {
				id := inventory.FileID("gh-workflow-name", n.Evidence[0].Source, a.Value)
				named[id] = append(named[id], n.ID)
			}
		}
		for _, a := range n.All(inventory.AttrEndpoint) {
			if strings.HasPrefix(a.Value, "/") {
				serving[a.Value] = append(serving[a.Value], n.ID)
			}
		}
	}
	for _, e := range v.EdgesOf(inventory.TriggeredBy) {
		for _, id := range named[e.To] {
			v.AddEdge(inventory.Edge{From: e.From, To: id, Kind: inventory.TriggeredBy, Rule: "trigger-name", Confidence: inventory.High,
				Evidence: e.Evidence})
		}
	}
	for _, n := range v.Nodes(inventory.Part) {
		for _, a := range n.All(inventory.AttrEndpoint) {
			joinCaller(v, n, a, serving)
		}
	}
}

// joinCaller joins a part that calls an endpoint (calls:<host>/<path>) to what serves the path.
func joinCaller(v *View, n *inventory.Node, a inventory.Attr, serving map[string][]string) {
	called, ok := strings.CutPrefix(a.Value, "calls:")
	i := strings.IndexByte(called, '/')
	if !ok || i < 0 {
		return
	}
	caller := n.ID
	for whole := v.whole(caller); whole != "" && whole != n.ID; whole = v.whole(caller) {
		caller = whole
	}
	found := serving[called[i:]]
	sure := inventory.Medium
	if len(found) > 1 {
		sure = inventory.Low
	}
	for _, id := range found {
		v.AddEdge(inventory.Edge{From: id, To: caller, Kind: inventory.TriggeredBy, Rule: "trigger-endpoint", Confidence: sure,
			Evidence: a.Evidence})
	}
}
