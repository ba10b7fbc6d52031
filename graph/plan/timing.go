package plan

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/rules/register"
)

// window is the one of its night, else it searches the quiet window for all dependents' schedules.
func (s *study) window(waves []Wave) Window {
	if s.night != nil {
		return *s.night
	}
	from := s.o.Now.Add(s.o.Lead)
	return FindWindow(from, s.o.Horizon, needed(waves), s.runs(from), s.rules())
}

// rules are the entry's change window, or everything outside business hours; never a blackout.
func (s *study) rules() Rules {
	r := Rules{Allowed: s.e.Window, Business: s.r.Business, Blackouts: slices.Concat(s.r.Blackouts, s.e.Blackout)}
	if r.Business.IsZero() {
		r.Business = register.DefaultBusiness()
	}
	return r
}

// bounds says the rules in words, and where they can be changed.
func (s *study) bounds() string {
	text := "outside " + s.rules().Business.String()
	switch {
	case !s.e.Window.IsZero():
		text = "inside the entry's window, " + s.e.Window.String()
	case s.r.Business.IsZero():
		text += " (set [business] in rotamap.toml for your own hours)"
	}
	if n := len(s.rules().Blackouts); n > 0 {
		text += "; not in " + counted(n, "blackout")
	}
	return text
}

// needed estimates how long the steps inside the window take: 15 minutes, 5 for each place, 10 more for one that
// is edited by hand, 2 for each consumer that must be restarted; in whole quarters of an hour.
func needed(waves []Wave) Minutes {
	total := 15
	for _, w := range waves {
		for _, p := range w.Places {
			total += 5
			if p.ByHand {
				total += 10
			}
		}
		for _, c := range w.Consumers {
			if !strings.HasPrefix(c.Need, "nothing") {
				total += 2
			}
		}
	}
	return Minutes((total + 14) / 15 * 15)
}

// runs lists the runs of all dependents within the horizon from a moment on, by start. Equal schedules are computed
// once.
func (s *study) runs(now time.Time) []Run {
	known := map[[2]string][]time.Time{}
	out := []Run{}
	from := now.Add(-s.o.RunLength - 24*time.Hour)
	for _, d := range s.autos {
		if inactive(d) {
			continue
		}
		for _, x := range s.times[d.ID] {
			key := [2]string{x.Text + "|" + x.Dialect, x.Zone}
			starts, ok := known[key]
			if !ok {
				starts = x.Between(from, now.Add(s.o.Horizon))
				known[key] = starts
			}
			for _, t := range starts {
				out = append(out, Run{Dependent: d.ID, Name: s.label(d), Start: t, End: t.Add(x.Spread + s.o.RunLength)})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Run) int { return a.Start.Compare(b.Start) })
	return out
}

// canary is the first scheduled run that starts after the steps are done.
func (s *study) canary(w Window) *Canary {
	done := w.Start.Add(w.Needed.Duration())
	var first *Canary
	for _, d := range s.autos {
		for _, x := range s.times[d.ID] {
			if next, ok := x.Next(done); ok && !inactive(d) && x.Every == 0 && (first == nil || next.Before(first.At)) {
				first = &Canary{Dependent: d.ID, Name: s.label(d), At: next}
			}
		}
	}
	return first
}

// maxSoak is how long the old value waits for a dependent before the plan asks for a run by hand.
const maxSoak = 35 * 24 * time.Hour

// soak lasts until every dependent has run once with the new value: the latest of their next runs, a day at
// least. What does not run within maxSoak, or without a known schedule, must be started by hand.
func (s *study) soak(w Window) Soak {
	done := w.Start.Add(w.Needed.Duration())
	s.manual, s.last = nil, nil
	out := Soak{Until: done.Add(24 * time.Hour), Why: "a day at least", Manual: []string{}}
	for _, d := range s.autos {
		if inactive(d) || serves(d) {
			continue
		}
		next, ok := s.ranBy(d.ID, done)
		switch {
		case !ok || next.Sub(done) > maxSoak:
			s.manual = append(s.manual, d)
			out.Manual = append(out.Manual, s.label(d))
		case next.After(out.Until):
			s.last = &d
			out.Until, out.Why = next, fmt.Sprintf("%s runs next on %s", s.label(d), s.at(next))
		}
	}
	if len(out.Manual) > 0 {
		out.Why += "; and " + counted(len(out.Manual), "dependent") + " started by hand"
	}
	return out
}

// ranBy returns the moment by which a dependent has run once after a moment, by the first of its schedules.
func (s *study) ranBy(id string, after time.Time) (time.Time, bool) {
	var first time.Time
	for _, x := range s.times[id] {
		next, ok := x.Next(after)
		if !ok {
			continue
		}
		next = next.Add(x.Spread + s.o.RunLength)
		if first.IsZero() || next.Before(first) {
			first = next
		}
	}
	return first, !first.IsZero()
}

// serves reports whether an automation runs all the time: it takes the new value when it is restarted in its wave.
func serves(d graph.Dependent) bool {
	return len(d.Schedules) == 0 && slices.Contains([]string{"kubernetes", "compose", "systemd"}, d.Platform)
}

// inactive reports whether an automation is switched off.
func inactive(d graph.Dependent) bool { return d.Active != nil && !*d.Active }
