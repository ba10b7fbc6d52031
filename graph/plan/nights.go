package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// group is a batch of rotations of one night.
type group struct {
	members []int
	ids     []string // of the dependents
	hub     bool
}

// spread gives several rotations their nights: those with the same dependents together, one after the other, and
// never two hubs on one night. Windows are searched each from the noon after the last one on, and kept in the studies.
func spread(studies []*study) []Night {
	out := []Night{}
	from := studies[0].o.Now.Add(studies[0].o.Lead)
	for _, g := range batch(studies) {
		w := nightWindow(studies, g, from)
		n := Night{Start: w.Start, Zone: studies[g.members[0]].zone(), Why: whyTogether(g, w), Credentials: []string{}}
		start := w.Start
		for _, i := range g.members {
			n.Credentials = append(n.Credentials, studies[i].c.Name)
			own := w
			own.Start, own.Needed = start, needed(studies[i].waves())
			start = start.Add(own.Needed.Duration())
			studies[i].night = &own
		}
		out = append(out, n)
		from = nextNight(w.Start, zone(n.Zone))
	}
	return out
}

// nextNight is where the night ends that a moment lies in: the next noon on the team's clocks.
func nextNight(t time.Time, loc *time.Location) time.Time {
	local := t.In(loc)
	noon := time.Date(local.Year(), local.Month(), local.Day(), 12, 0, 0, 0, loc)
	if !local.Before(noon) {
		noon = time.Date(local.Year(), local.Month(), local.Day()+1, 12, 0, 0, 0, loc)
	}
	return noon.UTC()
}

// maxTogether is how many rotations one night takes.
const maxTogether = 6

// batch groups rotations: those with the same dependents, and those whose dependents are all among those of another,
// so that each dependent is touched on one night; those without any that was seen, which nobody has to watch. Hubs
// stand alone. Groups come in the order of their first member; those without a hub first, so that the team has
// practised before the large ones.
func batch(studies []*study) []group {
	var out []group
	for _, i := range largestFirst(studies) {
		ids := dependentIDs(studies[i])
		j := slices.IndexFunc(out, func(g group) bool {
			return len(ids) < hubFrom && !g.hub && len(g.members) < maxTogether && g.takes(ids)
		})
		if j < 0 {
			j = len(out)
			out = append(out, group{hub: len(ids) >= hubFrom, ids: ids})
		}
		out[j].members = append(out[j].members, i)
	}
	for i := range out {
		slices.Sort(out[i].members)
	}
	slices.SortStableFunc(out, func(a, b group) int {
		switch {
		case a.hub == b.hub:
			return cmp.Compare(a.members[0], b.members[0])
		case a.hub:
			return 1
		}
		return -1
	})
	return out
}

// takes reports whether a rotation with these dependents belongs to a group: they are all among the group's, and both
// or neither have any.
func (g *group) takes(ids []string) bool {
	return (len(ids) == 0) == (len(g.ids) == 0) && !slices.ContainsFunc(ids, func(id string) bool { return !slices.Contains(g.ids, id) })
}

// largestFirst lists the studies by their number of dependents, so that a group exists before those that join it.
func largestFirst(studies []*study) []int {
	order := make([]int, len(studies))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(len(dependentIDs(studies[b])), len(dependentIDs(studies[a])))
	})
	return order
}

func dependentIDs(s *study) []string {
	var ids []string
	for _, d := range s.autos {
		ids = append(ids, d.ID)
	}
	slices.Sort(ids)
	return ids
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
	case len(g.members) > 1 && len(g.ids) == 0:
		why = append(why, "no automation was seen to depend on them: one window for all of them")
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
