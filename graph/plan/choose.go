package plan

import (
	"slices"
	"strings"
	"time"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/rules/register"
)

// Due lists the credentials that are due on a day: past their interval, or about to expire, by the register. What
// has an interval and no last rotation is due.
func Due(g *graph.Graph, r *register.Register, now time.Time) []*graph.Credential {
	return choose(g, r, func(_ *graph.Credential, e *register.Entry) bool {
		if e == nil || e.Kind == "password" {
			return false
		}
		late := !e.Interval.IsZero() && (e.LastRotated.IsZero() || now.After(e.Interval.After(e.LastRotated.Time)))
		return late || !e.Expires.IsZero() && now.After(r.Limits.Expiry().Before(e.Expires.Time))
	})
}

// Leaver lists the credentials that somebody who leaves knows or answers for: as owner, as approver, as member of
// the owning team, or as owner by the files.
func Leaver(g *graph.Graph, r *register.Register, name string) []*graph.Credential {
	same := func(who string) bool {
		return who != "" && strings.EqualFold(strings.TrimPrefix(who, "@"), strings.TrimPrefix(name, "@"))
	}
	return choose(g, r, func(c *graph.Credential, e *register.Entry) bool {
		if slices.ContainsFunc(c.Owners, func(o graph.Owner) bool { return same(o.Name) }) {
			return true
		}
		if e == nil {
			return false
		}
		t := r.Team(e.Owner)
		return same(e.Owner) || slices.ContainsFunc(e.Approvers, same) || t != nil && slices.ContainsFunc(t.Members, same)
	})
}

func choose(g *graph.Graph, r *register.Register, want func(*graph.Credential, *register.Entry) bool) []*graph.Credential {
	var out []*graph.Credential
	all := g.Credentials()
	for i := range all {
		if want(&all[i], r.Match(viewOf(&all[i]))) {
			out = append(out, &all[i])
		}
	}
	return out
}

// viewOf is what the register sees of a credential.
func viewOf(c *graph.Credential) register.View {
	return register.View{Slots: c.Slots, Fingerprints: c.Joinable()}
}
