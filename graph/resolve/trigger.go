package resolve

import (
	"maps"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// namespaces are the names by which automations start each other, by the detail of the alias that says one: a workflow
// of GitHub, an object of a cluster.
var namespaces = map[string]string{"workflow name": "gh-workflow-name", "object": "k8s-object"}

// joinTriggers joins automations that start each other across files and platforms: a workflow that runs after another
// of a name, and one that serves the path which a node of another calls. A path is known without its host, hence
// medium, and low where several serve it. A path that is a secret is known by its fingerprint, which is the same for what
// serves it and what calls it, hence high.
func joinTriggers(v *View) {
	named, serving := map[string][]string{}, map[string][]string{}
	for _, n := range v.Nodes(inventory.Automation) {
		for _, a := range n.All(inventory.AttrAlias) {
			if store := namespaces[a.Detail]; store != "" && len(n.Evidence) > 0 {
				id := inventory.FileID(store, n.Evidence[0].Source, a.Value)
				named[id] = append(named[id], n.ID)
			}
		}
		for _, a := range n.All(inventory.AttrEndpoint) {
			if strings.HasPrefix(a.Value, "/") {
				serving[a.Value] = append(serving[a.Value], n.ID)
			}
		}
	}
	for _, kind := range []inventory.EdgeKind{inventory.TriggeredBy, inventory.Runs} {
		for e := range v.EdgesOf(kind) {
			for _, id := range named[e.To] {
				v.AddEdge(inventory.Edge{From: e.From, To: id, Kind: kind, Rule: "trigger-name", Confidence: inventory.High, Evidence: e.Evidence})
			}
		}
	}
	joined := joinSecretPaths(v)
	for _, n := range v.Nodes(inventory.Part) {
		for _, a := range n.All(inventory.AttrEndpoint) {
			joinCaller(v, n, a, serving, joined[n.ID])
		}
	}
}

// Limits on what is joined: the callers of one path, and what may wait for a hook of which only the account is known.
const (
	maxCallers = 1000
	maxHooks   = 5
)

// joinSecretPaths joins what waits under a path or URL that nobody can guess to what calls it: both hold its value. It
// returns the parts whose call was found.
func joinSecretPaths(v *View) map[string]bool {
	type end struct {
		part   string // or the automation itself
		node   string
		served string // the kind of path that it serves, "" for a caller
		at     []inventory.Evidence
	}
	ends := map[string][]end{}
	for _, n := range v.Nodes(inventory.Slot) {
		for _, a := range n.All(inventory.AttrEndpoint) {
			e := end{at: a.Evidence}
			if strings.HasPrefix(a.Value, "/") {
				e.served = a.Value
			}
			for _, held := range v.Out(n.ID, inventory.Holds) {
				for _, reader := range v.In(n.ID, inventory.Reads) {
					e.part, e.node = reader.From, v.topmost(reader.From)
					ends[held.To] = append(ends[held.To], e)
				}
			}
		}
	}
	joined := map[string]bool{}
	for _, value := range slices.Sorted(maps.Keys(ends)) {
		for _, server := range ends[value] {
			for _, caller := range ends[value][:min(len(ends[value]), maxCallers)] {
				if server.served != "" && caller.served == "" && server.node != caller.node {
					joined[caller.part] = true
					v.AddEdge(inventory.Edge{From: server.node, To: caller.node, Kind: inventory.TriggeredBy, Rule: "trigger-secret-path",
						Confidence: inventory.High, Evidence: inventory.MergeEvidence(server.at, caller.at)})
				}
			}
		}
	}
	return joined
}

// joinCaller joins a part that calls an endpoint (calls:<host>/<path>) to what serves the path. Of a hook only the zone
// or account is known: what waits for one there may be it, unless the hook's own URL has been found.
func joinCaller(v *View, n *inventory.Node, a inventory.Attr, serving map[string][]string, known bool) {
	called, ok := strings.CutPrefix(a.Value, "calls:")
	i := strings.IndexByte(called, '/')
	if !ok || i < 0 {
		return
	}
	caller := v.topmost(n.ID)
	found := serving[called[i:]]
	hook := strings.HasPrefix(called[i:], inventory.HookEndpoint)
	if hook && (known || len(found) > maxHooks) {
		return
	}
	sure := inventory.Medium
	if hook || len(found) > 1 {
		sure = inventory.Low
	}
	for _, id := range found {
		v.AddEdge(inventory.Edge{From: id, To: caller, Kind: inventory.TriggeredBy, Rule: "trigger-endpoint", Confidence: sure,
			Evidence: a.Evidence})
	}
}

// topmost returns the automation that a part belongs to, the node itself when it is no part.
func (v *View) topmost(id string) string {
	top := id
	for range 100 { // parts of parts; a cycle ends too
		whole := v.whole(top)
		if whole == "" || whole == id {
			break
		}
		top = whole
	}
	return top
}
