package policy

import (
	"fmt"
	"time"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/rules/register"
)

var expiring = Rule{
	ID: "expiring", Severity: High,
	Title:  "A credential expires soon",
	Why:    "On that day it stops working by itself, with everything that depends on it.",
	Fix:    "rotamap plan NAME",
	Before: "expires = 2026-11-30",
	After:  "expires = 2027-02-28   # the new one",
	check: func(p *pass) {
		p.tracked(func(c *graph.Credential, e *register.Entry) {
			if e.Expires.IsZero() || p.now.IsZero() || p.now.Before(p.register.Limits.Expiry().Before(e.Expires.Time)) {
				return
			}
			f := Finding{Credential: c.ID, Node: c.ID, Evidence: p.place(e.Line), Fix: "rotamap plan " + e.Name}
			left := int(e.Expires.Sub(p.now.Truncate(24*time.Hour)).Hours() / 24)
			f.Title = fmt.Sprintf("%s: %q expires on %s, in %s", c.Name, e.Name, e.Expires, counted(left, "day"))
			if left < 0 {
				f.Severity = Critical
				f.Title = fmt.Sprintf("%s: %q expired on %s", c.Name, e.Name, e.Expires)
			}
			if n := len(p.used(c)); n > 0 {
				f.Title += "; " + counted(n, "automation") + " with it"
			}
			p.report(f)
		})
	},
}
