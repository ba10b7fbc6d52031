package graph

import (
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// KeyIDs returns the ids of the keys that made the fingerprints, sorted; never nil.
func (g *Graph) KeyIDs() []string {
	out := []string{}
	for _, s := range g.sources {
		if s.KeyID != "" {
			out = append(out, s.KeyID)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Renamed tells, by fingerprints of the previous key, what the values of the map are called now. It is empty unless the
// scan was given that key.
func (g *Graph) Renamed() map[string]string {
	out := map[string]string{}
	for _, n := range g.Nodes(inventory.Value) {
		for _, was := range n.All(inventory.AttrWas) {
			out[was.Value] = fingerprintOf(n.ID)
		}
	}
	return out
}

// Rekey returns an older map, made with the previous key of this one, as if it had been made with the present key, so
// that values can be compared. Values that this map does not hold keep their fingerprint. A map of any other key is
// returned as it is.
func (g *Graph) Rekey(old inventory.Map) inventory.Map {
	now := map[string]string{} // previous key -> key
	for _, s := range g.sources {
		if s.PreviousKeyID != "" {
			now[s.PreviousKeyID] = s.KeyID
		}
	}
	renamed := g.Renamed()
	node := func(id string) string {
		if print, ok := strings.CutPrefix(id, inventory.ValueID("")); ok && renamed[print] != "" {
			return inventory.ValueID(renamed[print])
		}
		return id
	}
	out := old
	out.Fragments = slices.Clone(old.Fragments)
	for i := range out.Fragments {
		f := &out.Fragments[i]
		if now[f.KeyID] == "" {
			continue
		}
		f.KeyID = now[f.KeyID]
		f.Nodes, f.Edges = slices.Clone(f.Nodes), slices.Clone(f.Edges)
		for j := range f.Nodes {
			f.Nodes[j].ID = node(f.Nodes[j].ID)
		}
		for j := range f.Edges {
			f.Edges[j].From, f.Edges[j].To = node(f.Edges[j].From), node(f.Edges[j].To)
		}
	}
	return out
}
