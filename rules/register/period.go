package register

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// Period is a span of calendar time: 90d, 12w, 6mo, 1y.
type Period struct{ Years, Months, Days int }

var periodForm = regexp.MustCompile(`^([1-9][0-9]{0,4}) ?(d|days?|w|weeks?|mo|months?|y|years?)$`)

// UnmarshalText reads a number and a unit: d, w, mo or y.
func (p *Period) UnmarshalText(b []byte) error {
	m := periodForm.FindSubmatch(b)
	if m == nil {
		return fmt.Errorf("%q is no period: write a number and d, w, mo or y, as in \"90d\"", b)
	}
	n, err := strconv.Atoi(string(m[1]))
	if err != nil {
		return fmt.Errorf("%q is no period: %w", b, err)
	}
	switch m[2][0] {
	case 'd':
		*p = Period{Days: n}
	case 'w':
		*p = Period{Days: 7 * n}
	case 'm':
		*p = Period{Months: n}
	case 'y':
		*p = Period{Years: n}
	}
	return nil
}

// MarshalText writes what UnmarshalText reads.
func (p Period) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// String writes the period as the register does, "" for none.
func (p Period) String() string {
	switch {
	case p.Years > 0:
		return strconv.Itoa(p.Years) + "y"
	case p.Months > 0:
		return strconv.Itoa(p.Months) + "mo"
	case p.Days > 0:
		return strconv.Itoa(p.Days) + "d"
	}
	return ""
}

// IsZero reports whether no period is given.
func (p Period) IsZero() bool { return p == Period{} }

// After returns the time one period after t.
func (p Period) After(t time.Time) time.Time { return t.AddDate(p.Years, p.Months, p.Days) }

// Before returns the time one period before t.
func (p Period) Before(t time.Time) time.Time { return t.AddDate(-p.Years, -p.Months, -p.Days) }

// Date is a calendar day, at midnight UTC. The zero value means that none is given.
type Date struct{ time.Time }

// UnmarshalTOML reads a TOML date, or the same as a string.
func (d *Date) UnmarshalTOML(v any) error {
	switch v := v.(type) {
	case time.Time:
		d.Time = time.Date(v.Year(), v.Month(), v.Day(), 0, 0, 0, 0, time.UTC)
		return nil
	case string:
		t, err := time.Parse(time.DateOnly, v)
		if err != nil {
			return fmt.Errorf("%q is no date: write it as 2026-11-23", v)
		}
		d.Time = t
		return nil
	}
	return fmt.Errorf("%v is no date: write it as 2026-11-23", v)
}

// String writes the day as 2026-11-23, "" for none.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.Format(time.DateOnly)
}
