package resolve

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// folderOwner is what one file says of the folder that it lies in.
type folderOwner struct {
	folder string
	owners []inventory.Edge
}

// folderOwners lists them by source and by the rule that read them.
func folderOwners(v *View) map[string]map[string][]folderOwner {
	out := map[string]map[string][]folderOwner{}
	for _, n := range v.Nodes(inventory.Pattern) {
		globs := n.All(inventory.AttrGlob)
		if !strings.HasPrefix(n.ID, "owners:") || len(globs) == 0 || len(n.Evidence) == 0 {
			continue
		}
		source := n.Evidence[0].Source
		if out[source] == nil {
			out[source] = map[string][]folderOwner{}
		}
		for _, e := range v.Out(n.ID, inventory.OwnedBy) {
			out[source][e.Rule] = append(out[source][e.Rule], folderOwner{globs[0].Value, []inventory.Edge{e}})
		}
	}
	return out
}

// ownFolder gives a node the owners of the nearest folder above its file, by each kind of file that names some.
func ownFolder(v *View, n *inventory.Node, all map[string]map[string][]folderOwner) {
	if len(n.Evidence) == 0 {
		return
	}
	file := n.Evidence[0]
	for _, rule := range sortedKeys(all[file.Source]) {
		nearest := -1
		var found []inventory.Edge
		for _, o := range all[file.Source][rule] {
			if o.folder != "" && !strings.HasPrefix(file.Path, o.folder+"/") || len(o.folder) < nearest {
				continue
			}
			if len(o.folder) > nearest {
				nearest, found = len(o.folder), nil
			}
			found = append(found, o.owners...)
		}
		for _, e := range found {
			v.AddEdge(inventory.Edge{From: n.ID, To: e.To, Kind: inventory.OwnedBy, Rule: rule,
				Confidence: inventory.Weakest(inventory.Medium, e.Confidence), Evidence: e.Evidence})
		}
	}
}
