package resolve

import (
	"testing"

	"github.com/rotamap/rotamap/graph/inventory"
)

func slotNode(ref inventory.SlotRef, attrs ...inventory.Attr) inventory.Node {
	return inventory.Node{ID: ref.ID(), Kind: inventory.Slot, Name: ref.Name, Attrs: append(attrs,
		inventory.Attr{Key: inventory.AttrStore, Value: ref.Store}, inventory.Attr{Key: inventory.AttrScope, Value: ref.Scope})}
}

// A repository's secret that its complete listing does not have is the organisation's when that listing has it; without
// a listing of the repository, or when it has the name, nothing is settled.
func TestSettleLevels(t *testing.T) {
	listed := inventory.Attr{Key: inventory.AttrDefined, Value: inventory.DefinedInScan, Rule: ListingRule}
	whole := inventory.Node{ID: "gh:acme/shop/*", Kind: inventory.Pattern, Name: "*", Attrs: []inventory.Attr{listed,
		{Key: inventory.AttrStore, Value: "gh"}, {Key: inventory.AttrScope, Value: "acme/shop"}}}
	repo, org := inventory.SlotRef{Store: "gh", Scope: "acme/shop", Name: "TOKEN"}, inventory.SlotRef{Store: "gh-org", Scope: "acme", Name: "TOKEN"}
	for name, c := range map[string]struct {
		nodes []inventory.Node
		want  bool
	}{
		"both listed apart": {[]inventory.Node{slotNode(repo), slotNode(org, listed), whole}, true},
		"repository has it": {[]inventory.Node{slotNode(repo, listed), slotNode(org, listed), whole}, false},
		"no listing of it":  {[]inventory.Node{slotNode(repo), slotNode(org, listed)}, false},
		"not in either":     {[]inventory.Node{slotNode(repo), slotNode(org), whole}, false},
	} {
		v := NewView(inventory.Map{Fragments: []inventory.Fragment{{Nodes: c.nodes, Edges: []inventory.Edge{
			{From: repo.ID(), To: org.ID(), Kind: inventory.MayBe, Rule: "gha-level", Confidence: inventory.Low}}}}})
		settleLevels(v)
		if got := v.leaves(repo.ID(), inventory.CopiesFrom); got != c.want {
			t.Errorf("%s: settled is %v, want %v", name, got, c.want)
		}
	}
}
