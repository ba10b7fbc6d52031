package plan

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rotamap/rotamap/rules/register"
)

// TestLongest holds the longest quiet span to its definition: every minute is looked at by itself, on days on which the
// clocks change too. No run, no business hours and no blackout lie in it; none is longer, and none as long is earlier.
func TestLongest(t *testing.T) {
	zones := []string{"UTC", "Europe/Berlin", "America/New_York"}
	rapid.Check(t, func(t *rapid.T) {
		now := at(t, rapid.SampledFrom([]string{"2026-03-28 09:00", "2026-10-24 17:30", "2026-11-23 06:00"}).Draw(t, "now"))
		horizon := time.Duration(rapid.IntRange(1, 30).Draw(t, "hours")) * time.Hour
		var runs []Run
		for range rapid.IntRange(0, 4).Draw(t, "schedules") {
			text := rapid.SampledFrom([]string{"0 * * * *", "*/20 * * * *", "30 2 * * *", "15 22 * * 6", "* * * * *"}).Draw(t, "cron")
			s := ParseSchedule("crontab", text, rapid.SampledFrom(zones).Draw(t, "zone"))
			length := time.Duration(rapid.IntRange(1, 90).Draw(t, "length")) * time.Minute
			for _, start := range s.Between(now.Add(-length), now.Add(horizon)) {
				runs = append(runs, Run{Name: text, Start: start, End: start.Add(length)})
			}
		}
		rules := Rules{Business: register.Hours{Days: []register.Weekday{1, 2, 3, 4, 5}, From: register.TimeOfDay{Minutes: 8 * 60},
			To: register.TimeOfDay{Minutes: 18 * 60}, Timezone: rapid.SampledFrom(zones).Draw(t, "business")}}
		if rapid.Bool().Draw(t, "blackout") {
			day := register.Date{Time: now.AddDate(0, 0, 1).Truncate(24 * time.Hour)}
			rules.Blackouts = []register.Blackout{{From: day, To: day, Timezone: "America/New_York"}}
		}
		g := newGrid(now, horizon, runs, rules)
		first, length := g.longest()

		against := againstRules(now, horizon, rules)
		best, bestAt, run := 0, 0, 0
		for i := range int(horizon / time.Minute) {
			minute := now.Add(time.Duration(i) * time.Minute)
			quiet := !against[i]
			for _, r := range runs {
				quiet = quiet && !(r.Start.Before(minute.Add(time.Minute)) && r.End.After(minute))
			}
			if run++; !quiet {
				run = 0
			}
			if run > best {
				best, bestAt = run, i+1-run
			}
		}
		if length != best || best > 0 && first != bestAt {
			t.Fatalf("longest is %d minutes from minute %d, by the definition %d from %d", length, first, best, bestAt)
		}
	})
}

// TestNights: no night has two hubs, every rotation has one night, and those with the same dependents share one.
func TestNights(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := "source github.com/acme/shop\n"
		n := rapid.IntRange(2, 8).Draw(t, "credentials")
		want := map[string]string{}
		for i := range n {
			name := string(rune('A'+i)) + "_TOKEN"
			text += "slot gh:acme/shop/" + name + " class=credential name=" + name + "\n"
			for a := range 7 {
				if rapid.Bool().Draw(t, "reads") {
					id := "github-actions:" + string(rune('a'+a))
					text += "automation " + id + " platform=github-actions\nreads " + id + " -> gh:acme/shop/" + name + "\n"
					want[name] += string(rune('a' + a))
				}
			}
		}
		g, err := graphFrom(text)
		if err != nil {
			t.Fatal(err)
		}
		var all []*study
		for i := range g.Credentials() {
			all = append(all, newStudy(g, &g.Credentials()[i], register.Default(), Options{Now: now}.filled()))
		}
		groups := batch(all)
		night := map[string]int{}
		for i, x := range groups {
			hubs := 0
			for _, m := range x.members {
				name := all[m].c.Name
				if _, twice := night[name]; twice {
					t.Fatalf("%s has two nights", name)
				}
				night[name] = i
				if len(want[name]) >= hubFrom {
					hubs++
				}
			}
			if hubs > 1 || hubs == 1 && len(x.members) > 1 {
				t.Fatalf("a night has %d hubs among %d rotations", hubs, len(x.members))
			}
		}
		if len(night) != len(all) {
			t.Fatalf("%d of %d rotations have a night", len(night), len(all))
		}
		for a, deps := range want {
			for b, other := range want {
				if deps == other && len(deps) < hubFrom && night[a] != night[b] && len(groups[night[a]].members) < maxTogether && len(groups[night[b]].members) < maxTogether {
					t.Fatalf("%s and %s have the same dependents and other nights", a, b)
				}
			}
		}
	})
}
