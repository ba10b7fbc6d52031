package register

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// Facts turns what the register says of opaque ids into facts of a map, so that they join with what was scanned:
// a name and an owner for the slots and automations that the map knows, and the level on which names of a store live.
// Aliases of ids that it does not know are left out.
func (r *Register) Facts(m inventory.Map) inventory.Fragment {
	s := inventory.NewSet()
	var known map[string][]string
	if len(r.Aliases) > 0 {
		known = idsByTail(m)
	}
	for _, a := range r.Aliases {
		for _, id := range known[a.ID] {
			r.alias(s, a, id)
		}
	}
	for _, store := range r.Stores {
		r.level(s, store, m)
	}
	return inventory.Fragment{Source: "rotamap.toml", Kind: "register", Nodes: s.Nodes(), Edges: s.Edges()}
}

func (r *Register) alias(s *inventory.Set, a Alias, id string) {
	evidence := []inventory.Evidence{{Source: "rotamap.toml", Path: filepath.ToSlash(r.File), State: inventory.Head}}
	n := inventory.Node{ID: id}
	if strings.HasPrefix(id, inventory.OwnerID("")) { // who a number stands for
		a.Name, a.Owner = cmp.Or(a.Owner, a.Name), ""
	}
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

// LevelRule is the rule of what [[store]] says.
const LevelRule = "register-store"

// level says of each slot of a store whose name fits on which level it lives.
func (r *Register) level(s *inventory.Set, store Store, m inventory.Map) {
	evidence := []inventory.Evidence{{Source: "rotamap.toml", Path: filepath.ToSlash(r.File), Line: store.Line, State: inventory.Head}}
	for _, f := range m.Fragments {
		for _, n := range f.Nodes {
			name, ok := strings.CutPrefix(n.ID, store.ID+"/")
			if n.Kind != inventory.Slot || !ok || !store.has(name) {
				continue
			}
			s.AddNode(inventory.Node{ID: n.ID, Attrs: []inventory.Attr{{Key: inventory.AttrDefined, Value: inventory.DefinedOutside,
				Detail: store.Level, Rule: LevelRule, Confidence: inventory.Certain, Evidence: evidence}}})
		}
	}
}

// has reports whether a name is one that the row speaks of. A row without names speaks of all.
func (s Store) has(name string) bool {
	return len(s.Names) == 0 || slices.ContainsFunc(s.Names, func(pattern string) bool { return Glob(pattern, name) })
}

// idsByTail lists the ids of slots, automations and owners under themselves and under their last part: an alias may
// name an n8n credential by its bare id.
func idsByTail(m inventory.Map) map[string][]string {
	out := map[string][]string{}
	for _, f := range m.Fragments {
		for _, n := range f.Nodes {
			if n.Kind != inventory.Slot && n.Kind != inventory.Automation && n.Kind != inventory.Owner {
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
