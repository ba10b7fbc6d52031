package resolve

import (
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/provider"
)

// serviceByUse says of a credential whose name tells no service which one accepts it: the one that a part talks to, by its action
// or by a host, when the part has no other credential. Of several, those count that are named for that service in a word too short
// to say so alone. Parts that disagree say nothing.
func serviceByUse(v *View) {
	claims := map[string][]inventory.Edge{}
	for _, part := range v.Nodes(inventory.Part) {
		talks := serviceOf(v, part.ID)
		if talks == nil {
			continue
		}
		slots := credentialsOf(v, part.ID)
		for _, s := range slots {
			hint, _ := provider.Hint(slotName(s))
			hinted := inventory.ServiceID(hint) == talks.To
			if len(slots) == 1 || hinted {
				claims[s.ID] = append(claims[s.ID], *talks)
			}
		}
	}
	for _, id := range sortedKeys(claims) {
		all := claims[id]
		for _, e := range all {
			if e.To != all[0].To {
				all = nil
				break
			}
		}
		for _, e := range all {
			v.AddEdge(inventory.Edge{From: id, To: e.To, Kind: inventory.TalksTo, Rule: "service-use", Confidence: inventory.Medium, Evidence: e.Evidence})
		}
	}
}

// serviceOf returns the edge to the one service that a part talks to for sure; nil for none or several.
func serviceOf(v *View, part string) *inventory.Edge {
	var found *inventory.Edge
	for _, e := range v.Out(part, inventory.TalksTo) {
		if e.Confidence < inventory.High || found != nil && found.To == e.To {
			continue
		}
		if found != nil {
			return nil
		}
		found = &e
	}
	return found
}

// credentialsOf lists the slots of credentials that a part reads, itself or by a binding, and that tell no service themselves.
func credentialsOf(v *View, part string) []*inventory.Node {
	seen := map[string]bool{}
	var out []*inventory.Node
	add := func(id string) {
		n := v.Node(id)
		if n == nil || n.Kind != inventory.Slot || seen[id] || v.leaves(id, inventory.TalksTo) {
			return
		}
		switch inventory.Class(n.Attr(inventory.AttrClass)) {
		case inventory.ClassCredential, inventory.ClassUnknown:
			seen[id] = true
			out = append(out, n)
		}
	}
	for _, r := range v.Out(part, inventory.Reads) {
		add(r.To)
		for _, b := range v.Out(r.To, inventory.BoundFrom) {
			if b.Confidence >= inventory.High {
				add(b.To)
			}
		}
	}
	return out
}

func slotName(n *inventory.Node) string {
	if key := n.Attr(inventory.AttrKeyName); key != "" {
		return key
	}
	return n.Name
}
