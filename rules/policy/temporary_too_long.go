package policy

import (
	"fmt"
	"time"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/register"
)

var temporaryTooLong = Rule{
	ID: "temporary-too-long", Severity: Medium,
	Title:  "Something temporary has stayed",
	Why:    "It was meant to be removed, so nobody tracks, rotates or watches it.",
	Fix:    "Remove it, or give it a proper name and an entry in rotamap.toml.",
	Before: "SLACK_TOKEN_TMP, since March",
	After:  "SLACK_TOKEN, tracked",
	check: func(p *pass) {
		times := commitTimes(p.g)
		oldest := p.register.Limits.MaxTemporary().Before(p.now)
		p.credentials(func(c *graph.Credential, _ []*register.Entry) {
			if c.Temporary == nil || p.now.IsZero() {
				return
			}
			since := firstSeen(times, append(p.evidence(c), c.Temporary.Evidence...))
			if since.IsZero() || since.After(oldest) {
				return
			}
			p.report(Finding{Credential: c.ID, Node: c.ID, Evidence: c.Temporary.Evidence, Confidence: inventory.Medium,
				Title: fmt.Sprintf("%s: temporary (%s), and there since %s", c.Name, c.Temporary.Why, since.Format(time.DateOnly))})
		})
	},
}

// firstSeen returns the time of the oldest commit that evidence names, zero when it names none.
func firstSeen(times map[string]time.Time, places []inventory.Evidence) time.Time {
	var first time.Time
	for _, e := range places {
		for _, id := range []string{e.FirstSeen(), e.Commit} {
			if t, ok := times[e.Source+"@"+id]; ok && (first.IsZero() || t.Before(first)) {
				first = t
			}
		}
	}
	return first
}
