package policy

import (
	"fmt"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/register"
)

var entryWithoutCredential = Rule{
	ID: "entry-without-credential", Severity: Info,
	Title:  "An entry matches nothing that was scanned",
	Why:    "The slot was renamed, the credential is gone, or the place that holds it was not scanned.",
	Fix:    "Correct slots (rotamap list slots shows the ids), or delete the entry.",
	Before: "slots = [\"gh:acme/shop/SLACK_TOKN\"]",
	After:  "slots = [\"gh:acme/shop/SLACK_TOKEN\"]",
	check: func(p *pass) {
		matched := p.matched()
		for _, e := range p.register.Credentials {
			if len(matched[e.Name]) == 0 {
				p.report(Finding{Node: "register:" + e.Name, Evidence: p.place(e.Line), Confidence: inventory.Low,
					Title: fmt.Sprintf("%q matches no credential in the %s scanned", e.Name, counted(len(p.g.Sources()), "source"))})
			}
		}
	},
}

// matched lists, for each entry by name, the names of the credentials that it tracks.
func (p *pass) matched() map[string][]string {
	out := map[string][]string{}
	p.credentials(func(c *graph.Credential, entries []*register.Entry) {
		for _, e := range entries {
			out[e.Name] = append(out[e.Name], c.Name)
		}
	})
	return out
}
