package plan

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rotamap/rotamap/rules/register"
)

// drawn is one draw for the properties below: when it is, what runs, and what the rules are.
type drawn struct {
	now     time.Time
	horizon time.Duration
	needed  Minutes
	runs    []Run
	rules   Rules
}

func (d *drawn) cron(t *rapid.T, text, zone string) {
	length := time.Duration(rapid.IntRange(1, 45).Draw(t, "length")) * time.Minute
	schedule := ParseSchedule("crontab", text, zone)
	for _, start := range schedule.Between(d.now.Add(-length), d.now.Add(d.horizon)) {
		d.runs = append(d.runs, Run{Dependent: text, Name: text, Start: start, End: start.Add(length)})
	}
}

func (d *drawn) find() Window { return FindWindow(d.now, d.horizon, d.needed, d.runs, d.rules) }

// office are business hours in Berlin, Monday to Sunday, so that every day has some.
func office() register.Hours {
	return register.Hours{From: register.TimeOfDay{Minutes: 8 * 60}, To: register.TimeOfDay{Minutes: 18 * 60}, Timezone: "Europe/Berlin"}
}

// clear says why a minute is not free, "" when it is: by the definition, without the search.
func (d *drawn) clear(minute time.Time) string {
	for _, r := range d.runs {
		if r.Start.Before(minute.Add(time.Minute)) && r.End.After(minute) {
			return r.Name + " runs"
		}
	}
	if againstRules(minute, time.Minute, d.rules)[0] {
		return "the rules forbid it"
	}
	return ""
}

// TestWindowByName holds each promise about the window by its name, on draws in which it can be broken.
func TestWindowByName(t *testing.T) {
	zones := []string{"UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"}
	draw := func(t *rapid.T, days ...string) *drawn {
		d := &drawn{now: at(t, rapid.SampledFrom(days).Draw(t, "now")), horizon: time.Duration(rapid.IntRange(6, 12).Draw(t, "hours")) * time.Hour,
			needed: Minutes(rapid.IntRange(1, 45).Draw(t, "needed")), rules: Rules{Business: office()}}
		for range rapid.IntRange(0, 3).Draw(t, "schedules") {
			d.cron(t, rapid.SampledFrom([]string{"0 * * * *", "30 2 * * *", "15 22 * * *", "0 3 * * 0"}).Draw(t, "cron"), rapid.SampledFrom(zones).Draw(t, "zone"))
		}
		return d
	}
	for name, hold := range map[string]func(t *rapid.T){
		"a quiet window meets no run, no blackout and no business hours, to its very end": func(t *rapid.T) {
			d := draw(t, "2026-11-23 06:00", "2026-11-27 15:00")
			if rapid.Bool().Draw(t, "blackout") {
				day := register.Date{Time: d.now.Truncate(24 * time.Hour)}
				d.rules.Blackouts = []register.Blackout{{From: day, To: day, Timezone: "Asia/Kolkata"}}
			}
			w := d.find()
			for m := w.Start; w.Quiet && m.Before(w.End); m = m.Add(time.Minute) {
				if why := d.clear(m); why != "" {
					t.Fatalf("at %s in the window from %s to %s: %s", m, w.Start, w.End, why)
				}
			}
		},
		"on the days on which the clocks change": func(t *rapid.T) {
			d := draw(t, "2026-03-28 20:00", "2026-03-29 00:10", "2026-10-24 20:00", "2026-10-25 00:10", "2026-11-01 04:00")
			w := d.find()
			check(t, w, d.now, d.horizon, min(d.needed, Minutes(d.horizon/time.Minute)), d.runs, d.rules)
			if local := w.Start.In(office().Location()); w.Quiet && local.Hour() >= 8 && local.Hour() < 18 {
				t.Fatalf("it starts at %s on the clock of the office", local.Format("15:04"))
			}
		},
		"where something always runs, the least bad one says what": func(t *rapid.T) {
			d := draw(t, "2026-11-23 06:00")
			d.horizon = 2 * time.Hour // a run for each minute is much to count by hand
			d.cron(t, "* * * * *", "UTC")
			w := d.find()
			check(t, w, d.now, d.horizon, d.needed, d.runs, d.rules)
			if w.Quiet || len(w.Overlaps) == 0 || !strings.Contains(w.Why, "* * * * * runs") {
				t.Fatalf("quiet %v, %d overlaps, why %q", w.Quiet, len(w.Overlaps), w.Why)
			}
		},
		"where a blackout covers all of it, the least bad one says so": func(t *rapid.T) {
			d := draw(t, "2026-11-23 06:00")
			from, to := d.now.AddDate(0, 0, -1), d.now.AddDate(0, 0, 5)
			d.rules.Blackouts = []register.Blackout{{From: register.Date{Time: from.Truncate(24 * time.Hour)}, To: register.Date{Time: to.Truncate(24 * time.Hour)}}}
			if w := d.find(); w.Quiet || !strings.Contains(w.Why, "blackouts") {
				t.Fatalf("quiet %v, why %q", w.Quiet, w.Why)
			}
		},
		"steps that take longer than the horizon begin at once": func(t *rapid.T) {
			d := draw(t, "2026-11-23 19:00")
			d.needed = Minutes(d.horizon/time.Minute) + 30
			if w := d.find(); !w.Start.Equal(d.now) || w.Needed != d.needed {
				t.Fatalf("it starts at %s and takes %s", w.Start, w.Needed)
			}
		},
	} {
		t.Run(name, func(t *testing.T) { rapid.Check(t, hold) })
	}
}
