package policy

import (
	"fmt"
	"slices"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/register"
)

var newDependent = Rule{
	ID: "new-dependent", Severity: Low,
	Title:  "A change adds a dependent to a tracked credential",
	Why:    "Each dependent makes the next rotation longer; its owner should know before the change lands.",
	Fix:    "Tell the credential's owner, and look at rotamap plan NAME for the quiet window.",
	Before: "5 automations depend on STRIPE_KEY",
	After:  "a pull request adds the 6th",
	check: func(p *pass) {
		if p.baseline == nil {
			return
		}
		before := usageOf(p.baseline)
		p.tracked(func(c *graph.Credential, e *register.Entry) {
			old := p.dependentsBefore(before, c)
			if old == nil {
				return // the credential itself is new
			}
			now := p.used(c)
			for _, a := range now {
				if !slices.Contains(old, a.ID) {
					p.report(Finding{Credential: c.ID, Node: a.ID, Evidence: a.Evidence, Title: p.sayAdded(c, e, a, len(now))})
				}
			}
		})
	},
}

// dependentsBefore lists the automations that the baseline shows behind a credential; nil when the baseline does
// not have the credential.
func (p *pass) dependentsBefore(before usage, c *graph.Credential) []string {
	out := []string{}
	known := false
	for _, id := range c.Slots {
		old, err := p.baseline.Find(id)
		if err != nil {
			continue
		}
		known = true
		for _, a := range before[old.ID] {
			out = append(out, a.ID)
		}
	}
	if !known {
		return nil
	}
	return out
}

func (p *pass) sayAdded(c *graph.Credential, e *register.Entry, a graph.Automation, total int) string {
	text := fmt.Sprintf("%s becomes automation %d behind %q", names([]graph.Automation{a})[0], total, e.Name)
	if len(a.Owners) > 0 && a.Owners[0].Confidence >= inventory.Medium {
		text += ", owned by " + a.Owners[0].Name
	}
	if e.Owner != "" {
		text += "; " + c.Name + " is owned by " + e.Owner
	}
	return text
}
