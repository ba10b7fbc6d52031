package policy

import (
	"fmt"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/register"
)

var severalEntries = Rule{
	ID: "several-entries", Severity: Medium,
	Title:  "Several entries track one credential",
	Why:    "They may differ in owner and interval, and only the first one counts.",
	Fix:    "Join the entries, or narrow their slots.",
	Before: "two [[credential]] with slots = [\"gh:acme/shop/SLACK_*\"] and [\"gh:acme/**\"]",
	After:  "one entry for each credential",
	check: func(p *pass) {
		p.credentials(func(c *graph.Credential, entries []*register.Entry) {
			if len(entries) < 2 {
				return
			}
			var places []inventory.Evidence
			var called []string
			for _, e := range entries {
				places = append(places, p.place(e.Line)...)
				called = append(called, e.Name)
			}
			p.report(Finding{Credential: c.ID, Node: c.ID, Evidence: places, Fix: joinEntries(c, entries),
				Title: fmt.Sprintf("%s: tracked by %d entries: %s", c.Name, len(entries), listed(called))})
		})
	},
}

// joinEntries says which line of the first entry tracks the credential alone, and where it must be taken out.
func joinEntries(c *graph.Credential, entries []*register.Entry) string {
	var rest []string
	for _, e := range entries[1:] {
		rest = append(rest, fmt.Sprintf("%q", e.Name))
	}
	return fmt.Sprintf("Keep it in %q (slots = [%q]) and take it out of the slots of %s.", entries[0].Name, c.ID, listed(rest))
}
