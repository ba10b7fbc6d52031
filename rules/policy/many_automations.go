package policy

import (
	"fmt"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/rules/register"
)

var manyAutomations = Rule{
	ID: "many-automations", Severity: Medium,
	Title:  "Many automations hang on one credential",
	Why:    "One rotation, one leak or one limit stops them all at once, and a quiet window for all of them is hard to find.",
	Fix:    "Give the groups that differ in owner or purpose credentials of their own.",
	Before: "STRIPE_KEY in 14 workflows",
	After:  "STRIPE_KEY_BILLING in 6, STRIPE_KEY_REPORTS in 8",
	check: func(p *pass) {
		most := p.register.Limits.MaxAutomations()
		p.credentials(func(c *graph.Credential, _ []*register.Entry) {
			all := p.used(c)
			if len(all) <= most {
				return
			}
			p.report(Finding{Credential: c.ID, Node: c.ID, Evidence: p.evidence(c),
				Title: fmt.Sprintf("%s: %s depend on it, more than %d: %s", c.Name, counted(len(all), "automation"), most, listed(names(all)))})
		})
	},
}
