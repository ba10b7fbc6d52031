package policy

import (
	"fmt"
	"slices"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/register"
)

var sharedByServices = Rule{
	ID: "shared-by-services", Severity: Low,
	Title:  "Several services share one credential",
	Why:    "A rotation must be agreed between their teams, a leak in one reaches the others, and the provider's log cannot tell them apart.",
	Fix:    "Mint a credential for each service.",
	Before: "billing and reports use STRIPE_KEY",
	After:  "STRIPE_KEY_BILLING and STRIPE_KEY_REPORTS",
	check: func(p *pass) {
		p.credentials(func(c *graph.Credential, _ []*register.Entry) {
			sources, owners := p.sharers(c)
			if len(sources) < 2 && len(owners) < 2 {
				return
			}
			f := Finding{Credential: c.ID, Node: c.ID, Evidence: p.evidence(c), Confidence: inventory.Medium}
			f.Title = fmt.Sprintf("%s: automations of %d sources use it: %s", c.Name, len(sources), listed(sources))
			if len(owners) > 1 {
				f.Title = fmt.Sprintf("%s: automations of %d owners use it: %s", c.Name, len(owners), listed(owners))
				f.Severity = Medium
			}
			p.report(f)
		})
	},
}

// sharers lists the sources and the owners of the automations behind a credential.
func (p *pass) sharers(c *graph.Credential) (sources, owners []string) {
	for _, a := range p.used(c) {
		sources = append(sources, a.Evidence[0].Source)
		if len(a.Owners) > 0 && a.Owners[0].Confidence >= inventory.Medium {
			owners = append(owners, a.Owners[0].Name)
		}
	}
	slices.Sort(sources)
	slices.Sort(owners)
	return slices.Compact(sources), slices.Compact(owners)
}
