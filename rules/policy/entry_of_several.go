package policy

import "fmt"

var entryOfSeveral = Rule{
	ID: "entry-of-several", Severity: Low,
	Title:  "One entry tracks several credentials",
	Why:    "They have one last_rotated between them, so one rotation hides that the others did not happen.",
	Fix:    "Give each credential an entry of its own.",
	Before: "slots = [\"gh:acme/**/*_TOKEN\"]",
	After:  "one [[credential]] for each",
	check: func(p *pass) {
		matched := p.matched()
		for _, e := range p.register.Credentials {
			if all := matched[e.Name]; len(all) > 1 {
				p.report(Finding{Node: "register:" + e.Name, Evidence: p.place(e.Line),
					Title: fmt.Sprintf("%q tracks %d credentials: %s", e.Name, len(all), listed(all))})
			}
		}
	},
}
