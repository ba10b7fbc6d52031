package policy

import (
	"fmt"

	"github.com/rotamap/rotamap/graph/inventory"
)

var unboundedReach = Rule{
	ID: "unbounded-reach", Severity: Medium,
	Title:  "A job takes in every secret of a scope",
	Why:    "It can read all of them, whatever it uses; each new secret reaches it too, and each rotation may break it.",
	Fix:    "Name the secrets that it needs.",
	Before: "secrets: inherit",
	After:  "secrets:\n  token: ${{ secrets.SLACK_TOKEN }}",
	check: func(p *pass) {
		for _, n := range p.g.Nodes(inventory.Pattern) {
			members := p.members(n.ID)
			for _, e := range p.g.In(n.ID) {
				if e.Kind != inventory.BoundFrom && e.Kind != inventory.Reads && e.Kind != inventory.ReceivedFrom {
					continue
				}
				p.report(Finding{Node: e.From, Evidence: e.Evidence, Confidence: e.Confidence,
					Title: fmt.Sprintf("%s is taken in whole: %s of it seen by name in this scan", n.ID, counted(members, "secret"))})
			}
		}
	},
}

// members counts the slots that a pattern may stand for.
func (p *pass) members(pattern string) int {
	n := 0
	for _, e := range p.g.Out(pattern) {
		if e.Kind == inventory.MayBe {
			n++
		}
	}
	return n
}
