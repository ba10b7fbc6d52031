package policy

import (
	"fmt"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/rules/register"
)

var hardCodedTracked = Rule{
	ID: "hard-coded-tracked", Severity: Medium,
	Title:  "A tracked credential stands in a file",
	Why:    "Its next rotation must change the file by hand, and whoever can read the file has the credential.",
	Fix:    "Move the value into a secret store and refer to it; rotate, since copies of the file keep the old value.",
	Before: "const token = \"<the token itself>\"",
	After:  "const token = process.env.SLACK_TOKEN",
	check: func(p *pass) {
		p.tracked(func(c *graph.Credential, e *register.Entry) {
			fix := p.rule.Fix
			if e.Owner != "" {
				fix += " Its owner is " + e.Owner + "."
			}
			p.hardCoded(c, fmt.Sprintf("that %q tracks", e.Name), fix)
		})
	},
}
