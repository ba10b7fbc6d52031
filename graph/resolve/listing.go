package resolve

import "github.com/rotamap/rotamap/graph/inventory"

// ListingRule is the rule that attributes of a names listing carry: what a store says that it holds, names only. A
// listing is complete for its scope: it adds the pattern <store>:<scope>/* and a slot for each name, both with
// AttrDefined by this rule.
const ListingRule = "names-listing"

// settleLevels is R1 where a names listing says on which level a name lives: a repository's slot that its listing does
// not have, and that the organisation's listing has, is the organisation's. So it is for groups, contexts and folders.
func settleLevels(v *View) {
	for _, e := range v.EdgesOf(inventory.MayBe) {
		from, to := v.Node(e.From), v.Node(e.To)
		if from == nil || to == nil || from.Kind != inventory.Slot || to.Kind != inventory.Slot || !listed(to) || listed(from) {
			continue
		}
		a, ok := addressOf(from)
		if !ok {
			continue
		}
		all := v.Node(inventory.SlotRef{Store: a.store, Scope: a.scope, Name: "*"}.ID())
		if all == nil || !listed(all) {
			continue
		}
		v.copyOf(e.From, e.To, "R1-listing", inventory.Certain, inventory.MergeEvidence(e.Evidence, to.Evidence))
	}
}

// listed reports whether a names listing has the node.
func listed(n *inventory.Node) bool {
	for _, a := range n.All(inventory.AttrDefined) {
		if a.Rule == ListingRule {
			return true
		}
	}
	return false
}
