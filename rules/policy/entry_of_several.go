package policy

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/rules/register"
)

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
				var called []string
				for _, c := range all {
					called = append(called, c.Name)
				}
				p.report(Finding{Node: "register:" + e.Name, Evidence: p.place(e.Line),
					Fix:   fmt.Sprintf("Narrow it to one (slots = [%q]), then for each of the others: rotamap register add %s --slot %q.", all[0].ID, entryNameFor(all[1], p.register), all[1].ID),
					Title: fmt.Sprintf("%q tracks %d credentials: %s", e.Name, len(all), listed(called))})
			}
		}
	},
}

var notInEntry = regexp.MustCompile(`[^a-z0-9]+`)

// entryNameFor makes a name for a new entry that the register does not have.
func entryNameFor(c *graph.Credential, r *register.Register) string {
	name := strings.Trim(notInEntry.ReplaceAllString(strings.ToLower(c.Name), "-"), "-")
	if name == "" {
		name = "credential"
	}
	for n, base := 2, name; r.Entry(name) != nil; n++ {
		name = fmt.Sprintf("%s-%d", base, n)
	}
	return name
}
