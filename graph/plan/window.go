package plan

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rotamap/rotamap/rules/register"
)

// Run is one start of a dependent, with the time that it is taken to need.
type Run struct {
	Dependent string    `json:"dependent"` // id
	Name      string    `json:"name"`
	Start     time.Time `json:"start"`
	End       time.Time `json:"end"` // exclusive: the latest start, and the length of a run
}

// Window is a span of time for the steps of a rotation.
type Window struct {
	Start    time.Time `json:"start"`
	End      time.Time `json:"end"`    // how long it stays quiet, a day at the most
	Needed   Minutes   `json:"needed"` // how long the steps take
	Quiet    bool      `json:"quiet"`  // false: the least bad one, see Overlaps and Why
	Overlaps []Run     `json:"overlaps"`
	Why      string    `json:"why"` // what stands in the way of a better one, "" when nothing does
}

// Minutes is a duration that JSON shows in whole minutes.
type Minutes int

// Duration returns the time that the minutes take.
func (m Minutes) Duration() time.Duration { return time.Duration(m) * time.Minute }

// String writes 90 minutes as 1 h 30 min.
func (m Minutes) String() string {
	switch h, rest := int(m)/60, int(m)%60; {
	case h == 0:
		return fmt.Sprintf("%d min", rest)
	case rest == 0:
		return fmt.Sprintf("%d h", h)
	default:
		return fmt.Sprintf("%d h %d min", h, rest)
	}
}

// Rules say when a rotation may happen.
type Rules struct {
	Allowed   register.Hours      // only then; the zero value means at any time outside Business
	Business  register.Hours      // never then, unless Allowed is given
	Blackouts []register.Blackout // never then
}

// allows returns the test for one minute.
func (r Rules) allows() func(time.Time) bool {
	hours, inside := r.Business, false
	if !r.Allowed.IsZero() {
		hours, inside = r.Allowed, true
	}
	loc := hours.Location()
	return func(t time.Time) bool {
		if !hours.IsZero() && hours.OnClock(t.In(loc)) != inside {
			return false
		}
		return !slices.ContainsFunc(r.Blackouts, func(b register.Blackout) bool {
			start, end := b.Span()
			return !t.Before(start) && t.Before(end)
		})
	}
}

// grid counts, minute by minute, what a window would meet.
type grid struct {
	start     time.Time
	forbidden []int32 // forbidden[i]: minutes before i in which nothing may be done
	started   []int32 // runs that start before minute i
	ended     []int32 // runs that have ended at minute i
}

// FindWindow returns the first span of the horizon that is long enough, in which no dependent runs and in which
// the rules allow a rotation. When there is none it returns the least bad one: first the fewest minutes against
// the rules, then the fewest runs that it meets, then the earliest.
func FindWindow(now time.Time, horizon time.Duration, needed Minutes, runs []Run, rules Rules) Window {
	horizon = max(horizon, needed.Duration()) // steps that take longer than the horizon begin at once
	g := newGrid(now, horizon, runs, rules)
	best, bad := 0, [2]int32{1 << 30, 1 << 30}
	last := len(g.forbidden) - 1 - int(needed)
	for w := 0; w <= last; w++ {
		cost := [2]int32{g.forbidden[w+int(needed)] - g.forbidden[w], g.started[w+int(needed)] - g.ended[w]}
		if cost[0] < bad[0] || cost[0] == bad[0] && cost[1] < bad[1] {
			best, bad = w, cost
		}
		if cost == [2]int32{} {
			break
		}
	}
	return g.window(best, needed, bad, runs)
}

func newGrid(now time.Time, horizon time.Duration, runs []Run, rules Rules) grid {
	start := now.Truncate(time.Minute)
	if start.Before(now) {
		start = start.Add(time.Minute)
	}
	n := max(1, int(horizon/time.Minute))
	g := grid{start, make([]int32, n+1), make([]int32, n+1), make([]int32, n+1)}
	allows := rules.allows()
	for i := range n {
		g.forbidden[i+1] = g.forbidden[i]
		if !allows(start.Add(time.Duration(i) * time.Minute)) {
			g.forbidden[i+1]++
		}
	}
	for _, r := range runs {
		if !r.End.After(start) {
			continue
		}
		if i := g.minute(r.Start); i < n { // it starts before minute i+1 begins
			g.started[max(0, i)+1]++
		}
		if i := g.ceil(r.End); i <= n {
			g.ended[max(0, i)]++
		}
	}
	for i := 1; i <= n; i++ {
		g.started[i] += g.started[i-1]
		g.ended[i] += g.ended[i-1]
	}
	return g
}

// minute is the minute of the grid that holds a moment, ceil the first minute that begins at or after it.
func (g *grid) minute(t time.Time) int {
	d := t.Sub(g.start)
	if d < 0 {
		return -1
	}
	return int(d / time.Minute)
}

func (g *grid) ceil(t time.Time) int { return int((t.Sub(g.start) + time.Minute - 1) / time.Minute) }

// maxQuiet is how far a window is followed.
const maxQuiet = 24 * 60

func (g *grid) window(at int, needed Minutes, bad [2]int32, runs []Run) Window {
	end := at + int(needed)
	w := Window{Start: g.start.Add(time.Duration(at) * time.Minute), Needed: needed, Quiet: bad == [2]int32{}, Overlaps: []Run{}}
	if !w.Quiet {
		w.End = g.start.Add(time.Duration(end) * time.Minute)
		for _, r := range runs {
			if r.Start.Before(w.End) && r.End.After(w.Start) {
				w.Overlaps = append(w.Overlaps, r)
			}
		}
		w.Why = whyNot(bad, w.Overlaps)
		return w
	}
	for end < len(g.forbidden)-1 && end-at < maxQuiet && g.forbidden[end+1] == g.forbidden[at] && g.started[end+1]-g.ended[at] == 0 {
		end++
	}
	w.End = g.start.Add(time.Duration(end) * time.Minute)
	return w
}

// whyNot says what stands in the way of a quiet window.
func whyNot(bad [2]int32, overlaps []Run) string {
	var parts []string
	if bad[0] > 0 {
		parts = append(parts, fmt.Sprintf("no span outside business hours and blackouts is long enough; %s of this one lie inside", Minutes(bad[0])))
	}
	count := map[string]int{}
	var order []string
	for _, r := range overlaps {
		if count[r.Name] == 0 {
			order = append(order, r.Name)
		}
		count[r.Name]++
	}
	for _, name := range order {
		if n := count[name]; n > 1 {
			parts = append(parts, fmt.Sprintf("%s runs %d times in it: pause it", name, n))
		} else {
			parts = append(parts, name+" runs in it: pause it, or start it by hand afterwards")
		}
	}
	return strings.Join(parts, "; ")
}
