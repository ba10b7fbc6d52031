package policy

import (
	"fmt"
	"strings"
)

var entryIncomplete = Rule{
	ID: "entry-incomplete", Severity: Low,
	Title:  "An entry lacks purpose, interval or rollback",
	Why:    "Whoever rotates it at night needs to know what it is for, when it is due, and how to go back.",
	Fix:    "Add the lines that are missing.",
	Before: "[[credential]]\nname = \"slack-bot\"",
	After:  "purpose = \"posts deploys\"\ninterval = \"90d\"\nrollback = \"the old token works until it is deleted\"",
	check: func(p *pass) {
		for _, e := range p.register.Credentials {
			var missing, lines []string
			lacks := func(empty bool, key, sample string) {
				if empty {
					missing = append(missing, key)
					lines = append(lines, key+" = "+sample)
				}
			}
			lacks(e.Purpose == "", "purpose", `"..."`)
			lacks(e.Interval.IsZero() && !personal(e.Kind), "interval", `"90d"`)
			lacks(e.Rollback == "", "rollback", `"..."`)
			if len(missing) > 0 {
				p.report(Finding{Node: "register:" + e.Name, Evidence: p.place(e.Line),
					Title: fmt.Sprintf("%q has no %s", e.Name, strings.Join(missing, ", no ")),
					Fix:   "Write: " + strings.Join(lines, "; ")})
			}
		}
	},
}

// personal reports whether an entry is a person's own password: NIST 800-63 and OWASP advise against changing
// those on a schedule.
func personal(kind string) bool { return kind == "password" }
