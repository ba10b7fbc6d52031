package resolve

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinValuesFiles is R8 for values that reach a release through a generated ConfigMap or Secret: what reads the map takes
// in the file that it is made from, with all that the file names.
func joinValuesFiles(v *View) {
	for e := range v.EdgesOf(inventory.GeneratedFrom) {
		f := v.Node(e.To)
		if e.Rule != "kustomize-generator" || f == nil || f.Attr(inventory.AttrType) != "helm-values" {
			continue
		}
		for _, read := range readersOf(v, e.From) {
			v.AddEdge(inventory.Edge{From: read.From, To: f.ID, Kind: inventory.Runs, Rule: "R8-values-from",
				Confidence: inventory.Weakest(inventory.High, read.Confidence), Evidence: inventory.MergeEvidence(read.Evidence, e.Evidence)})
		}
	}
}

// readersOf lists what reads a key, or the map that it is in, also by a name without its namespace.
func readersOf(v *View, key string) []inventory.Edge {
	entry, _, _ := strings.Cut(key, "#")
	var out []inventory.Edge
	for _, id := range []string{key, entry, entry + "#*"} {
		out = append(out, v.In(id, inventory.Reads)...)
		for _, open := range v.In(id, inventory.CopiesFrom) {
			if open.Rule == "R7-namespace" {
				for _, read := range v.In(open.From, inventory.Reads) {
					read.Confidence = inventory.Weakest(read.Confidence, open.Confidence)
					out = append(out, read)
				}
			}
		}
	}
	return out
}
