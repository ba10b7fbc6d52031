package graph

import (
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// Slot is a slot as lists and reports show it.
type Slot struct {
	ID           string               `json:"id"`
	Store        string               `json:"store"`
	Name         string               `json:"name"`
	Scope        string               `json:"scope"`
	Class        inventory.Class      `json:"class"`
	WhyClass     string               `json:"why_class"`
	Defined      string               `json:"defined"` // in-scan, outside or documented
	Fingerprints []string             `json:"fingerprints"`
	Evidence     []inventory.Evidence `json:"evidence"`
}

// Slots returns all slots, sorted by id.
func (g *Graph) Slots() []Slot {
	var out []Slot
	for i := range g.nodes {
		if g.nodes[i].Kind == inventory.Slot {
			out = append(out, g.slot(int32(i)))
		}
	}
	return out
}

func (g *Graph) slot(n int32) Slot {
	node := &g.nodes[n]
	s := Slot{
		ID: node.ID, Store: node.Attr(inventory.AttrStore), Name: node.Name, Scope: node.Attr(inventory.AttrScope),
		Defined: definition(node), Fingerprints: []string{}, Evidence: node.Evidence,
	}
	if s.Store == "" {
		s.Store, _, _ = strings.Cut(node.ID, ":")
	}
	s.Class, s.WhyClass = classOf(node)
	for _, e := range g.out.of(n) {
		if g.edges[e].Kind == inventory.Holds {
			s.Fingerprints = append(s.Fingerprints, fingerprintOf(g.edges[e].To))
		}
	}
	slices.Sort(s.Fingerprints)
	s.Fingerprints = slices.Compact(s.Fingerprints)
	if s.Evidence == nil {
		s.Evidence = []inventory.Evidence{}
	}
	return s
}

func fingerprintOf(valueID string) string { return strings.TrimPrefix(valueID, "value:") }

// definition returns the strongest statement about where the slot is defined.
func definition(n *inventory.Node) string {
	best := inventory.DefinedOutside
	for _, a := range n.All(inventory.AttrDefined) {
		if a.Value == inventory.DefinedInScan {
			return a.Value
		}
		best = a.Value
	}
	return best
}

// classOrder ranks classes that are stated with equal confidence: what asks for action comes first.
var classOrder = []inventory.Class{
	inventory.ClassEphemeral, inventory.ClassCredential, inventory.ClassPointer,
	inventory.ClassIdentifier, inventory.ClassConfig, inventory.ClassUnknown,
}

// classOf picks the class of a slot among those that formats, names and values gave it: the surest, and of
// equally sure ones the first of classOrder.
func classOf(n *inventory.Node) (inventory.Class, string) {
	best, found := inventory.Attr{Value: string(inventory.ClassUnknown)}, false
	for _, a := range n.All(inventory.AttrClass) {
		if !found || a.Confidence > best.Confidence ||
			a.Confidence == best.Confidence && classRank(a.Value) < classRank(best.Value) {
			best, found = a, true
		}
	}
	return inventory.Class(best.Value), best.Detail
}

func classRank(c string) int {
	if i := slices.Index(classOrder, inventory.Class(c)); i >= 0 {
		return i
	}
	return len(classOrder)
}
