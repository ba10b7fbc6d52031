package plan

import (
	"time"

	"github.com/adhocore/gronx"
)

// Schedule is when an automation starts, read from any of the dialects that scanned files use. What cannot be
// computed is kept as text with the reason.
type Schedule struct {
	Text     string
	Dialect  string        // cron, jenkins, aws, quartz, seconds, interval, systemd; "" when it cannot be read
	Zone     string        // the time zone that it is read in
	Assumed  bool          // the zone is not stated: UTC is assumed
	Spread   time.Duration // a run starts up to this long after the moments that Between lists
	Every    time.Duration // a fixed distance without a known start; 0 for a calendar expression
	Unsolved string        // why no moment can be computed, "" when it can

	expr string // seven fields, as gronx reads them
	loc  *time.Location
	days [7]bool // systemd: only on these days of the week, beside the expression
	only bool    // days counts
}

// Computed reports whether the moments of the schedule are known.
func (s *Schedule) Computed() bool { return s.expr != "" }

// maxSteps bounds the runs that a filter of days may skip, and the changes of the clock that a search passes.
const maxSteps = 400

// Next returns the first run after a moment; false when there is none, or none can be computed. An interval
// whose start is unknown counts from the moment itself.
func (s *Schedule) Next(after time.Time) (time.Time, bool) {
	if s.Every > 0 {
		return after.Add(s.Every), true
	}
	if !s.Computed() {
		return time.Time{}, false
	}
	t := after
	for range maxSteps {
		next, ok := s.nextOnClock(t)
		if !ok {
			return time.Time{}, false
		}
		if !s.only || s.days[next.Weekday()] {
			return next.UTC(), true
		}
		t = next
	}
	return time.Time{}, false
}

// nextOnClock searches from one change of the clock to the next, in the offset that holds there: gronx counts
// wrongly across a change. A time that the clock shows twice is two runs, one that it skips is none.
func (s *Schedule) nextOnClock(after time.Time) (time.Time, bool) {
	t, inclusive := after.In(s.loc), false
	for range maxSteps {
		zone, offset := t.Zone()
		_, end := t.ZoneBounds()
		next, err := gronx.NextTickAfter(s.expr, t.In(time.FixedZone(zone, offset)), inclusive)
		found := err == nil && (inclusive || next.After(t))
		if found && (end.IsZero() || next.Before(end)) {
			return next, true
		}
		if end.IsZero() || end.Year() > after.Year()+10 {
			break
		}
		t = end.In(s.loc)
		inclusive = true
	}
	return time.Time{}, false
}

// maxRuns bounds what Between lists: one a minute for five weeks.
const maxRuns = 35 * 24 * 60

// Between lists the runs from a (inclusive) to b (exclusive). It is empty for an interval without a known start.
func (s *Schedule) Between(a, b time.Time) []time.Time {
	if !s.Computed() {
		return nil
	}
	var out []time.Time
	t := a.Add(-time.Second)
	for len(out) < maxRuns {
		next, ok := s.Next(t)
		if !ok || !next.Before(b) {
			break
		}
		out = append(out, next)
		t = next
		if s.expr[0] == '*' || s.everySecond() { // more than once a minute: one start for each minute says it all
			t = next.Truncate(time.Minute).Add(59 * time.Second)
		}
	}
	return out
}

func (s *Schedule) everySecond() bool {
	for i := range len(s.expr) {
		switch s.expr[i] {
		case ',':
			return true
		case ' ':
			return false
		}
	}
	return false
}

// intervalRuns and intervalDays bound the search for the longest gap between two runs.
const (
	intervalRuns = 400
	intervalDays = 400
)

// Interval returns the longest time between two runs that follow each other; false when that cannot be said.
func (s *Schedule) Interval() (time.Duration, bool) {
	if s.Every > 0 {
		return s.Every, true
	}
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	last, ok := s.Next(start)
	if !ok {
		return 0, false
	}
	first, longest := last, time.Duration(0)
	for range intervalRuns {
		next, ok := s.Next(last)
		if !ok {
			break
		}
		longest = max(longest, next.Sub(last))
		last = next
		if last.Sub(first) > intervalDays*24*time.Hour {
			break
		}
	}
	return longest, longest > 0
}
