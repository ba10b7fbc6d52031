package resolve

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinValueFiles is R19 for secrets that are files of the source: a Compose secret or a generated Secret whose text
// is a file holds what was found in that file. One literal there is the value itself; of several, each is part of it.
func joinValueFiles(v *View) {
	var made []inventory.Edge
	for e := range v.EdgesOf(inventory.GeneratedFrom) {
		if e.Rule == "compose-secret" || e.Rule == "kustomize-generator" {
			made = append(made, e)
		}
	}
	if len(made) == 0 {
		return
	}
	inside := map[string][]*inventory.Node{}
	for _, n := range v.Nodes(inventory.Slot) {
		if n.Attr(inventory.AttrStore) == "inline" {
			file, _, _ := strings.Cut(strings.TrimPrefix(n.ID, "inline:"), "#")
			inside["file:"+file] = append(inside["file:"+file], n)
		}
	}
	for _, e := range made {
		for _, n := range inside[e.To] {
			at := inventory.MergeEvidence(e.Evidence, n.Evidence)
			if len(inside[e.To]) == 1 {
				v.copyOf(e.From, n.ID, "R19-file", inventory.High, at)
				continue
			}
			v.AddEdge(inventory.Edge{From: e.From, To: n.ID, Kind: inventory.CopiesFrom, Rule: "R19-file", Confidence: inventory.High, Evidence: at})
		}
	}
}
