package policy

import (
	"fmt"
	"time"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/rules/register"
)

var overdue = Rule{
	ID: "overdue", Severity: High,
	Title:  "A credential is due for rotation",
	Why:    "The team set an interval, and it has passed: the longer a value lives, the more copies of it there are.",
	Fix:    "rotamap plan NAME",
	Before: "interval = \"90d\"\nlast_rotated = 2026-01-10",
	After:  "last_rotated = 2026-11-20   # rotamap verify --record writes it",
	check: func(p *pass) {
		p.tracked(func(c *graph.Credential, e *register.Entry) {
			if e.Interval.IsZero() || personal(e.Kind) || p.now.IsZero() {
				return
			}
			f := Finding{Credential: c.ID, Node: c.ID, Evidence: p.place(e.Line), Fix: "rotamap plan " + e.Name}
			due := e.Interval.After(e.LastRotated.Time)
			switch {
			case e.LastRotated.IsZero():
				f.Severity = Low
				f.Title = fmt.Sprintf("%s: %q has an interval of %s and no last_rotated", c.Name, e.Name, e.Interval)
				f.Fix = fmt.Sprintf("Write last_rotated = %s into the entry when it has been rotated.", p.now.Format(time.DateOnly))
			case p.now.After(due):
				late := int(p.now.Sub(due).Hours() / 24)
				f.Title = fmt.Sprintf("%s: %q was due on %s, %s ago", c.Name, e.Name, due.Format(time.DateOnly), counted(late, "day"))
			default:
				return
			}
			p.report(f)
		})
	},
}
