package resolve

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinSubstitutions is R7 for Flux's variables: ${NAME} in what a Kustomization applies is the key NAME of a Secret that
// it names in substituteFrom. A Kustomization whose folder holds the file joins at high; where none with such a list does,
// as when a patch gives it to all, those of the source that have the key join at medium. A name that a ConfigMap of the
// list defines is no secret's.
func joinSubstitutions(v *View) {
	lists := map[string][]substitute{}
	for e := range v.EdgesOf(inventory.GeneratedFrom) {
		if n := v.Node(e.From); e.Rule == "flux-substitute" && n != nil && len(n.Evidence) > 0 {
			if a, ok := addressOf(v.Node(e.To)); ok {
				source := n.Evidence[0].Source
				lists[source] = append(lists[source], substitute{n.All(inventory.AttrType)[0].Detail, a, e.Evidence})
			}
		}
	}
	if len(lists) == 0 {
		return
	}
	for _, b := range v.Nodes(inventory.Binding) {
		if b.Attr(inventory.AttrType) == "flux-substitution" && len(b.Evidence) > 0 {
			substitution(v, b, lists[b.Evidence[0].Source])
		}
	}
}

// substitute is one Secret or ConfigMap that fills the variables of a folder.
type substitute struct {
	folder string
	from   address
	at     []inventory.Evidence
}

// covers reports whether the folder holds the file. What comes from an artifact of the registry names its folder from
// another root: so the folder's path may begin anywhere.
func (s substitute) covers(file string) bool {
	return s.folder == "" || strings.Contains("/"+path.Dir(file)+"/", "/"+s.folder+"/")
}

func substitution(v *View, b *inventory.Node, all []substitute) {
	sure := inventory.High
	var near []substitute
	for _, s := range all {
		if s.covers(b.Evidence[0].Path) {
			near = append(near, s)
		}
	}
	if !fills(v, near, b.Name) {
		near, sure = all, inventory.Medium
	}
	for _, s := range near {
		r := s.from.ref()
		r.Key = b.Name
		n := v.Node(r.ID())
		if n == nil || n.Attr(inventory.AttrDefined) != inventory.DefinedInScan || s.from.store != "k8s" {
			continue
		}
		v.AddEdge(inventory.Edge{From: b.ID, To: n.ID, Kind: inventory.BoundFrom, Rule: "R7-substitute", Confidence: sure,
			Evidence: inventory.MergeEvidence(s.at, n.Evidence)})
	}
}

// fills reports whether one of the lists is known to define a name.
func fills(v *View, all []substitute, name string) bool {
	for _, s := range all {
		r := s.from.ref()
		r.Key = name
		if n := v.Node(r.ID()); n != nil && n.Attr(inventory.AttrDefined) == inventory.DefinedInScan {
			return true
		}
	}
	return false
}
