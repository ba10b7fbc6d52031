package resolve

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinFrameworkVaults joins a variable that an application of Symfony reads and the secret of that name in its vault: the
// framework takes it from there where the environment does not have it. One vault for each environment: medium.
func joinFrameworkVaults(v *View) {
	vaults := map[[2]string][]*inventory.Node{} // source and name -> secrets
	for _, s := range v.Nodes(inventory.Slot) {
		if s.Attr(inventory.AttrStore) == "symfony-vault" && len(s.Evidence) > 0 {
			k := [2]string{s.Evidence[0].Source, s.Attr(inventory.AttrKeyName)}
			vaults[k] = append(vaults[k], s)
		}
	}
	if len(vaults) == 0 {
		return
	}
	for _, b := range v.Nodes(inventory.Binding) {
		code := v.Node(strings.TrimSuffix(b.ID, "/"+b.Name))
		if len(b.Evidence) == 0 || code == nil || code.Kind != inventory.Code {
			continue
		}
		for _, s := range vaults[[2]string{b.Evidence[0].Source, b.Name}] {
			if within(b.Evidence[0].Path, configRoot(s.Evidence[0].Path)) {
				v.AddEdge(inventory.Edge{From: b.ID, To: s.ID, Kind: inventory.BoundFrom, Rule: "symfony-vault",
					Confidence: inventory.Medium, Evidence: s.Evidence})
			}
		}
	}
}
