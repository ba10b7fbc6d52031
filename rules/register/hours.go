package register

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Hours is a part of the week in one time zone: some days, from one time of day to another. A part that ends
// before it starts runs over midnight and belongs to the day on which it starts.
type Hours struct {
	Days     []Weekday `toml:"days"` // empty means every day
	From     TimeOfDay `toml:"from"`
	To       TimeOfDay `toml:"to"` // equal to From: the whole day
	Timezone string    `toml:"timezone"`
}

// DefaultBusiness is when nothing is rotated, for a register that does not say: working days, 8 to 18, UTC.
func DefaultBusiness() Hours {
	return Hours{Days: []Weekday{1, 2, 3, 4, 5}, From: TimeOfDay{8 * 60}, To: TimeOfDay{18 * 60}, Timezone: "UTC"}
}

// IsZero reports whether no hours are given.
func (h Hours) IsZero() bool {
	return len(h.Days) == 0 && h.From.Minutes == 0 && h.To.Minutes == 0 && h.Timezone == ""
}

// Location returns the time zone; UTC when none is given.
func (h Hours) Location() *time.Location {
	loc, err := time.LoadLocation(h.Timezone) // checked by Parse; "" is UTC
	if err != nil {
		return time.UTC
	}
	return loc
}

// Contains reports whether a moment lies in the hours, on the wall clock of their time zone.
func (h Hours) Contains(t time.Time) bool { return h.OnClock(t.In(h.Location())) }

// OnClock reports whether what a wall clock shows lies in the hours, whatever its time zone.
func (h Hours) OnClock(local time.Time) bool {
	minute := local.Hour()*60 + local.Minute()
	day := Weekday(local.Weekday())
	switch from, to := h.From.Minutes, h.To.Minutes; {
	case from == to:
		return h.on(day)
	case from < to:
		return h.on(day) && from <= minute && minute < to
	default:
		return h.on(day) && minute >= from || h.on((day+6)%7) && minute < to
	}
}

func (h Hours) on(d Weekday) bool { return len(h.Days) == 0 || slices.Contains(h.Days, d) }

// String describes the hours as people say them.
func (h Hours) String() string {
	var days []string
	for _, d := range h.Days {
		days = append(days, weekdays[d])
	}
	text := strings.Join(days, " ")
	if text == "" {
		text = "every day"
	}
	if h.From != h.To {
		text += " " + h.From.String() + "-" + h.To.String()
	}
	return text + " " + h.Location().String()
}

// Weekday is a day of the week, Sunday is 0.
type Weekday int

var weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// UnmarshalText reads mon, tue ...
func (d *Weekday) UnmarshalText(b []byte) error {
	i := slices.Index(weekdays, strings.ToLower(string(b)))
	if i < 0 {
		return fmt.Errorf("%q is no day: write mon, tue, wed, thu, fri, sat or sun", b)
	}
	*d = Weekday(i)
	return nil
}

// TimeOfDay is a time on the wall clock, in minutes after midnight.
type TimeOfDay struct{ Minutes int }

// UnmarshalTOML reads a TOML time, or the same as a string: "22:00".
func (t *TimeOfDay) UnmarshalTOML(v any) error {
	switch v := v.(type) {
	case time.Time:
		t.Minutes = v.Hour()*60 + v.Minute()
		return nil
	case string:
		at, err := time.Parse("15:04", v)
		if err != nil {
			return fmt.Errorf("%q is no time of day: write it as 22:00", v)
		}
		t.Minutes = at.Hour()*60 + at.Minute()
		return nil
	}
	return fmt.Errorf("%v is no time of day: write it as 22:00", v)
}

// String writes the time as 22:00.
func (t TimeOfDay) String() string { return fmt.Sprintf("%02d:%02d", t.Minutes/60, t.Minutes%60) }

// Blackout is a span of days on which nothing is rotated.
type Blackout struct {
	From     Date   `toml:"from"`
	To       Date   `toml:"to"` // the last day
	Why      string `toml:"why"`
	Timezone string `toml:"timezone"` // "" means UTC
}

// Span returns the moments at which the blackout starts and has ended.
func (b Blackout) Span() (start, end time.Time) {
	loc := Hours{Timezone: b.Timezone}.Location()
	start = time.Date(b.From.Year(), b.From.Month(), b.From.Day(), 0, 0, 0, 0, loc)
	end = time.Date(b.To.Year(), b.To.Month(), b.To.Day()+1, 0, 0, 0, 0, loc)
	return start, end
}
