package policy

import (
	"fmt"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/rules/register"
)

var unowned = Rule{
	ID: "unowned", Severity: Medium,
	Title:  "A tracked credential has no owner",
	Why:    "Nobody is asked before it expires, and nobody is called when it leaks.",
	Fix:    "Write the owner into its entry.",
	Before: "[[credential]]\nname = \"slack-bot\"",
	After:  "[[credential]]\nname = \"slack-bot\"\nowner = \"payments\"",
	check: func(p *pass) {
		p.tracked(func(c *graph.Credential, e *register.Entry) {
			if e.Owner != "" {
				return
			}
			f := Finding{Title: fmt.Sprintf("%s: %q has no owner", c.Name, e.Name), Credential: c.ID, Node: c.ID,
				Evidence: p.place(e.Line), Fix: fmt.Sprintf(`Write owner = "..." into the entry %q.`, e.Name)}
			if len(c.Owners) > 0 {
				f.Severity = Low
				f.Fix = fmt.Sprintf(`Write owner = %q into the entry %q: %s says so.`, c.Owners[0].Name, e.Name, c.Owners[0].Source)
			}
			p.report(f)
		})
	},
}
