package register

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// Facts turns what the register says of opaque ids into facts of a map, so that they join with what was scanned:
// a name and an owner for the slots and automations that the map knows. Aliases of ids that it does not know are
// left out.
func (r *Register) Facts(m inventory.Map) inventory.Fragment {
	s := inventory.NewSet()
	known := idsByTail(m)
	for _, a := range r.Aliases {
		for _, id := range known[a.ID] {
			r.alias(s, a, id)
		}
	}
	return inventory.Fragment{Source: "rotamap.toml", Kind: "register", Nodes: s.Nodes(), Edges: s.Edges()}
}

func (r *Register) alias(s *inventory.Set, a Alias, id string) {
	evidence := []inventory.Evidence{{Source: "rotamap.toml", Path: filepath.ToSlash(r.File), State: inventory.Head}}
	n := inventory.Node{ID: id}
	if a.Name != "" {
		n.Attrs = []inventory.Attr{{Key: inventory.AttrAlias, Value: a.Name, Rule: "register", Confidence: inventory.Certain, Evidence: evidence}}
	}
	s.AddNode(n)
	if a.Owner != "" {
		owner := inventory.OwnerID(a.Owner)
		s.AddNode(inventory.Node{ID: owner, Kind: inventory.Owner, Name: a.Owner, Evidence: evidence})
		s.AddEdge(inventory.Edge{From: id, To: owner, Kind: inventory.OwnedBy, Rule: "register",
			Confidence: inventory.Certain, Evidence: evidence})
	}
}

// idsByTail lists the ids of slots and automations under themselves and under their last part: an alias may name
// an n8n credential by its bare id.
func idsByTail(m inventory.Map) map[string][]string {
	out := map[string][]string{}
	for _, f := range m.Fragments {
		for _, n := range f.Nodes {
			if n.Kind != inventory.Slot && n.Kind != inventory.Automation {
				continue
			}
			out[n.ID] = append(out[n.ID], n.ID)
			if i := strings.LastIndexAny(n.ID, "/:"); i >= 0 && i+1 < len(n.ID) {
				out[n.ID[i+1:]] = append(out[n.ID[i+1:]], n.ID)
			}
		}
	}
	for tail, ids := range out {
		slices.Sort(ids)
		out[tail] = slices.Compact(ids)
	}
	return out
}
