package plan

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rotamap/rotamap/rules/register"
)

// TestFindWindow holds the search to its definition, minute by minute: on days on which the clocks change, with
// runs that spread, business hours or a change window in a zone of their own, and blackouts.
func TestFindWindow(t *testing.T) {
	zones := []string{"UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"}
	rapid.Check(t, func(t *rapid.T) {
		now := at(t, rapid.SampledFrom([]string{"2026-03-28 09:00", "2026-10-24 17:30", "2026-11-23 06:00"}).Draw(t, "now"))
		horizon := time.Duration(rapid.IntRange(4, 30).Draw(t, "hours")) * time.Hour
		needed := Minutes(rapid.IntRange(1, 200).Draw(t, "needed"))
		var runs []Run
		for range rapid.IntRange(0, 4).Draw(t, "schedules") {
			text := rapid.SampledFrom([]string{"0 * * * *", "*/20 * * * *", "30 2 * * *", "15 22 * * 6", "0 9-17 * * 1-5", "5 4 * * *"}).Draw(t, "cron")
			s := ParseSchedule("crontab", text, rapid.SampledFrom(zones).Draw(t, "zone"))
			length := time.Duration(rapid.IntRange(1, 90).Draw(t, "length")) * time.Minute
			for _, start := range s.Between(now.Add(-length), now.Add(horizon)) {
				runs = append(runs, Run{Dependent: text, Name: text, Start: start, End: start.Add(length)})
			}
		}
		hours := register.Hours{Days: []register.Weekday{1, 2, 3, 4, 5}, From: register.TimeOfDay{Minutes: 60 * rapid.IntRange(0, 23).Draw(t, "from")},
			To: register.TimeOfDay{Minutes: 60 * rapid.IntRange(0, 23).Draw(t, "to")}, Timezone: rapid.SampledFrom(zones).Draw(t, "business")}
		rules := Rules{Business: hours}
		if rapid.Bool().Draw(t, "allowed") {
			rules = Rules{Allowed: hours}
		}
		if rapid.Bool().Draw(t, "blackout") {
			day := register.Date{Time: now.AddDate(0, 0, 1).Truncate(24 * time.Hour)}
			rules.Blackouts = []register.Blackout{{From: day, To: day, Timezone: "America/New_York"}}
		}
		if int(needed) > int(horizon/time.Minute) {
			return
		}
		check(t, FindWindow(now, horizon, needed, runs, rules), now, horizon, needed, runs, rules)
	})
}

// check compares a window with every window that starts on a minute of the horizon.
func check(t *rapid.T, w Window, now time.Time, horizon time.Duration, needed Minutes, runs []Run, rules Rules) {
	against := againstRules(now, horizon+24*time.Hour, rules)
	cost := func(start time.Time, length Minutes) (forbidden, met int) {
		at := int(start.Sub(now) / time.Minute)
		for _, bad := range against[at : at+int(length)] {
			if bad {
				forbidden++
			}
		}
		for _, r := range runs {
			if r.Start.Before(start.Add(length.Duration())) && r.End.After(start) {
				met++
			}
		}
		return forbidden, met
	}
	forbidden, met := cost(w.Start, needed)
	if w.Quiet != (forbidden == 0 && met == 0) {
		t.Fatalf("quiet is %v, with %d minutes against the rules and %d runs", w.Quiet, forbidden, met)
	}
	if !w.Quiet && met != len(w.Overlaps) {
		t.Fatalf("%d overlaps listed, %d there", len(w.Overlaps), met)
	}
	for at := now; !at.Add(needed.Duration()).After(now.Add(horizon)); at = at.Add(time.Minute) {
		f, m := cost(at, needed)
		if f < forbidden || f == forbidden && (m < met || m == met && at.Before(w.Start)) {
			t.Fatalf("chose %s (%d, %d), better is %s (%d, %d)", w.Start, forbidden, met, at, f, m)
		}
	}
	if w.Quiet {
		if f, m := cost(w.Start, Minutes(w.End.Sub(w.Start)/time.Minute)); f+m > 0 {
			t.Fatalf("it is said to stay quiet until %s, which meets %d, %d", w.End, f, m)
		}
	}
}

// againstRules says of each minute whether it is against the rules, as one would find by hand.
func againstRules(now time.Time, horizon time.Duration, rules Rules) []bool {
	var out []bool
	for t := now; t.Before(now.Add(horizon)); t = t.Add(time.Minute) {
		bad := rules.Business.Contains(t)
		if !rules.Allowed.IsZero() {
			bad = !rules.Allowed.Contains(t)
		}
		for _, b := range rules.Blackouts {
			loc, _ := time.LoadLocation(b.Timezone)
			if day := t.In(loc).Format(time.DateOnly); day >= b.From.String() && day <= b.To.String() {
				bad = true
			}
		}
		out = append(out, bad)
	}
	return out
}

// TestWhyNot: where nothing is quiet, the least bad window names what must be paused.
func TestWhyNot(t *testing.T) {
	now := at(t, "2026-11-23 06:00")
	s := ParseSchedule("n8n", "*/10 * * * *", "UTC")
	var runs []Run
	for _, start := range s.Between(now, now.Add(48*time.Hour)) {
		runs = append(runs, Run{"a", "Order alerts", start, start.Add(5 * time.Minute)})
	}
	w := FindWindow(now, 48*time.Hour, 60, runs, Rules{Business: register.DefaultBusiness()})
	if w.Quiet || !strings.Contains(w.Why, "Order alerts runs 6 times in it: pause it") {
		t.Errorf("quiet %v, why %q", w.Quiet, w.Why)
	}
}
