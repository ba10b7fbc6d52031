package plan

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// group is a batch of rotations with the same dependents.
type group struct {
	members []int
	hub     bool
}

// spread gives several rotations their nights: those with the same dependents together, one after the other, and
// never two hubs on one night. Windows are searched each from the day after the last one on, and kept in the studies.
func spread(studies []*study) []Night {
	out := []Night{}
	from := studies[0].o.Now.Add(studies[0].o.Lead)
	for _, g := range batch(studies) {
		w := nightWindow(studies, g, from)
		n := Night{Start: w.Start, Why: whyTogether(g, w), Credentials: []string{}}
		start := w.Start
		for _, i := range g.members {
			n.Credentials = append(n.Credentials, studies[i].c.Name)
			own := w
			own.Start, own.Needed = start, needed(studies[i].waves())
			start = start.Add(own.Needed.Duration())
			studies[i].night = &own
		}
		out = append(out, n)
		from = w.Start.Truncate(24 * time.Hour).Add(24 * time.Hour)
	}
	return out
}

// batch groups rotations by the set of their dependents; hubs stand alone. Groups come in the order of their
// first member; those without a hub first, so that the team has practised before the large ones.
func batch(studies []*study) []group {
	at := map[string]int{}
	var out []group
	for i, s := range studies {
		var ids []string
		for _, d := range s.autos {
			ids = append(ids, d.ID)
		}
		slices.Sort(ids)
		key, hub := strings.Join(ids, "\n"), len(ids) >= hubFrom
		j, ok := at[key]
		if !ok || hub || key == "" {
			j = len(out)
			at[key] = j
			out = append(out, group{hub: hub})
		}
		out[j].members = append(out[j].members, i)
	}
	slices.SortStableFunc(out, func(a, b group) int {
		switch {
		case a.hub == b.hub:
			return 0
		case a.hub:
			return 1
		}
		return -1
	})
	return out
}

func nightWindow(studies []*study, g group, from time.Time) Window {
	s := studies[g.members[0]]
	long, rules := Minutes(0), s.rules()
	var runs []Run
	for _, i := range g.members {
		long += needed(studies[i].waves())
		rules.Blackouts = append(rules.Blackouts, studies[i].e.Blackout...)
		if !studies[i].e.Window.IsZero() {
			rules.Allowed = studies[i].e.Window
		}
		runs = append(runs, studies[i].runs(from)...)
	}
	return FindWindow(from, s.o.Horizon, long, runs, rules)
}

func whyTogether(g group, w Window) string {
	var why []string
	switch {
	case len(g.members) > 1:
		why = append(why, "the same dependents: one window for all of them")
	case g.hub:
		why = append(why, fmt.Sprintf("%d dependents or more: alone on its night", hubFrom))
	}
	if !w.Quiet {
		why = append(why, "not quiet: "+w.Why)
	}
	return strings.Join(why, "; ")
}
