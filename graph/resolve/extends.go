package resolve

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinExtended is R4 for jobs that build on a job of another file: what that one uses and declares nowhere, it sees as the
// job has declared it. Of the files that a pipeline includes, the one that has such a job is meant.
func joinExtended(v *View) {
	bases := map[string][]inventory.Edge{} // by job, and name of the job that it builds on
	for e := range v.EdgesOf(inventory.Runs) {
		if n := v.Node(e.To); e.Rule == "gitlab-extends" && n != nil && n.Kind == inventory.Part {
			k := e.From + " " + n.Name
			bases[k] = append(bases[k], e)
		}
	}
	for _, k := range sortedKeys(bases) {
		sure := inventory.High
		if len(bases[k]) > 1 {
			sure = inventory.Medium
		}
		for _, e := range bases[k] {
			extended(v, e, sure)
		}
	}
}

// extended hands the names of a job to the one that it builds on.
func extended(v *View, e inventory.Edge, sure inventory.Confidence) {
	for _, read := range v.Out(e.To, inventory.Reads) {
		name, own := strings.CutPrefix(read.To, e.To+"/")
		if !own || read.Rule != "gitlab-variable" {
			continue
		}
		b := v.Visible(e.From, name)
		if b == nil || b.ID == read.To {
			continue
		}
		v.AddEdge(inventory.Edge{From: read.To, To: b.ID, Kind: inventory.ReceivedFrom, Rule: "R4-extends", Confidence: sure,
			Evidence: inventory.MergeEvidence(read.Evidence, e.Evidence)})
	}
}
