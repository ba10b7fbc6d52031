package resolve

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinStates is R15 for outputs of another state: data.terraform_remote_state.NAME.outputs.X is output X of a folder of the
// source. A folder of that name is the one, at high; the only one with such an output, at medium; each of a few at low.
func joinStates(v *View) {
	outputs := map[string][]*inventory.Node{} // source and name -> outputs
	for _, n := range v.Nodes(inventory.Slot) {
		if name, ok := strings.CutPrefix(n.Name, "output."); ok && strings.HasPrefix(n.ID, "tf:") && len(n.Evidence) > 0 {
			k := n.Evidence[0].Source + "\x00" + name
			outputs[k] = append(outputs[k], n)
		}
	}
	for _, n := range v.Nodes(inventory.Slot) {
		rest, ok := strings.CutPrefix(n.Name, "data.terraform_remote_state.")
		state, output, isOutput := strings.Cut(rest, ".outputs.")
		if !ok || !isOutput || len(n.Evidence) == 0 {
			continue
		}
		all := outputs[n.Evidence[0].Source+"\x00"+output]
		sure := inventory.Medium
		if found := ofState(all, state); len(found) > 0 {
			all, sure = found, inventory.High
		}
		switch {
		case len(all) > maxOpenFolders:
			continue
		case len(all) > 1:
			sure = inventory.Low
		}
		for _, o := range all {
			at := inventory.MergeEvidence(n.Evidence, o.Evidence)
			if len(all) == 1 {
				v.copyOf(n.ID, o.ID, "R15-state", sure, at)
				continue
			}
			v.AddEdge(inventory.Edge{From: n.ID, To: o.ID, Kind: inventory.CopiesFrom, Rule: "R15-state", Confidence: sure, Evidence: at})
		}
	}
}

// ofState returns the outputs of folders that are called like a state.
func ofState(all []*inventory.Node, state string) []*inventory.Node {
	var out []*inventory.Node
	for _, o := range all {
		if sameWords(path.Base(folderOf(o.Evidence[0].Path)), state) {
			out = append(out, o)
		}
	}
	return out
}

func sameWords(a, b string) bool {
	r := strings.NewReplacer("-", "", "_", "", ".", "")
	return strings.EqualFold(r.Replace(a), r.Replace(b))
}
