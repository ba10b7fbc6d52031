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
			if len(slots) == 1 || hinted || talks.Rule == inventory.RuleLogin {
				claims[s.ID] = append(claims[s.ID], *talks)
			}
		}
	}
	claimsOfClients(v, claims)
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

// claimsOfClients adds what programs say: a variable that a file hands to the library of a service is a credential of that
// service, wherever a part that runs the file takes it from.
func claimsOfClients(v *View, claims map[string][]inventory.Edge) {
	said := map[string][]inventory.Edge{}
	for e := range v.EdgesOf(inventory.TalksTo) {
		if e.Rule == inventory.RuleClient {
			said[e.From] = append(said[e.From], e)
		}
	}
	if len(said) == 0 {
		return
	}
	for e := range v.EdgesOf(inventory.Reads) {
		b := v.Node(e.To)
		if b == nil || b.Kind != inventory.Binding {
			continue
		}
		file, _, _ := inventory.ContextOf(e.From)
		talks := said[inventory.BindingID(file, b.Name)]
		if len(talks) == 0 {
			continue
		}
		for _, from := range v.Out(b.ID, inventory.BoundFrom) {
			n := v.Node(from.To)
			if from.Confidence < inventory.Medium || n == nil || n.Kind != inventory.Slot || namesService(v, n.ID) {
				continue
			}
			claims[n.ID] = append(claims[n.ID], talks...)
		}
	}
}

// namesService reports whether a slot tells its service itself.
func namesService(v *View, slot string) bool { return v.leaves(slot, inventory.TalksTo) }

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
		if n == nil || n.Kind != inventory.Slot || seen[id] || namesService(v, id) {
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
