package policy

import (
	"fmt"
	"strings"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/rules/register"
)

var hardCodedUntracked = Rule{
	ID: "hard-coded-untracked", Severity: High,
	Title:  "A secret stands in a file and nobody tracks it",
	Why:    "Whoever can read the file has the credential, and no entry of the register says who would rotate it.",
	Fix:    "Rotate it, move it into a secret store, and track it in rotamap.toml.",
	Before: "env:\n  SLACK_TOKEN: <the token itself>",
	After:  "env:\n  SLACK_TOKEN: ${{ secrets.SLACK_TOKEN }}",
	check: func(p *pass) {
		p.credentials(func(c *graph.Credential, entries []*register.Entry) {
			if len(entries) == 0 {
				p.hardCoded(c, "that the register does not track", fmt.Sprintf("Rotate it, move it into a secret store, and track it in rotamap.toml: [[credential]] name = %q, slots = [%q].", strings.ToLower(c.Name), c.ID))
			}
		})
	},
}

// hardCoded reports each value of a credential that stands in a file. What only history holds is less bad by two
// steps and says so: it is gone from the present, and still valid until somebody rotates it.
func (p *pass) hardCoded(c *graph.Credential, tracked, fix string) {
	for _, l := range literals(p.g, c) {
		f := Finding{Fix: fix, Credential: c.ID, Node: l.slots[0], Fingerprint: fingerprintOf(l.value), Evidence: l.places, Severity: p.severity(l)}
		what := "a secret"
		if l.weak {
			what = "a weak value"
		}
		where := counted(files(l.places), "file")
		f.Title = fmt.Sprintf("%s: %s %s stands in %s", c.Name, what, tracked, where)
		if l.past {
			f.Title = fmt.Sprintf("%s: %s %s stands in older commits of %s only", c.Name, what, tracked, where)
			f.Why = "The present state no longer holds it, but everyone with a clone does. It stays valid until it is rotated."
			f.Fix = "Rotate it if that has not been done. Rewriting history does not reach the clones."
		}
		p.report(f)
	}
}

// severity is the lesser of what the detection rule and the policy rule say for a tracked value, and the
// detection rule's own for an untracked one.
func (p *pass) severity(l literal) Severity {
	s := l.severity
	if s == 0 {
		s = High
	}
	if p.rule.ID == "hard-coded-tracked" {
		s = min(s, Medium)
	}
	if l.weak {
		s = min(s, Medium)
	}
	if l.past {
		s = max(Low, s-2)
	}
	return s
}
