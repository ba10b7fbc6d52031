package resolve

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// expandPatterns gives a consumer that takes in a whole set (envFrom, env_file) a binding for each slot of the
// set that is known. What the set holds beyond that stays a pattern. A prefix of the binding's name is kept:
// the binding's name is the prefix followed by "*".
func expandPatterns(v *View) {
	members := slotsByPattern(v)
	for _, p := range v.Nodes(inventory.Pattern) {
		slots := members[p.ID]
		if len(slots) == 0 {
			continue
		}
		for _, e := range v.In(p.ID, inventory.BoundFrom) {
			expandBinding(v, e, slots)
		}
	}
}

func expandBinding(v *View, e inventory.Edge, slots []*inventory.Node) {
	b := v.Node(e.From)
	if b == nil || b.Kind != inventory.Binding || !strings.HasSuffix(b.Name, "*") {
		return
	}
	prefix := strings.TrimSuffix(b.Name, "*")
	for _, reads := range v.In(b.ID, inventory.Reads) {
		for _, s := range slots {
			name := prefix + s.Attr(inventory.AttrKeyName)
			id := inventory.BindingID(reads.From, name)
			if n := v.Node(id); n != nil && n.Kind == inventory.Binding {
				continue // env beats envFrom
			}
			v.AddNode(inventory.Node{ID: id, Kind: inventory.Binding, Name: name, Attrs: b.Attrs, Evidence: b.Evidence})
			v.AddEdge(inventory.Edge{From: reads.From, To: id, Kind: inventory.Reads, Rule: "R7-env-from",
				Confidence: inventory.High, Evidence: reads.Evidence})
			v.AddEdge(inventory.Edge{From: id, To: s.ID, Kind: inventory.BoundFrom, Rule: "R7-env-from",
				Confidence: inventory.Weakest(inventory.High, e.Confidence), Evidence: inventory.MergeEvidence(e.Evidence, s.Evidence)})
		}
	}
}

// slotsByPattern groups slots that have a key under the pattern that stands for all keys of their entry.
func slotsByPattern(v *View) map[string][]*inventory.Node {
	out := map[string][]*inventory.Node{}
	for _, s := range v.Nodes(inventory.Slot) {
		key := s.Attr(inventory.AttrKeyName)
		if all, ok := strings.CutSuffix(s.ID, "#"+key); ok && key != "" {
			out[all+"#*"] = append(out[all+"#*"], s)
		}
	}
	return out
}
