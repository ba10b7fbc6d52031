package register

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// errHours says how hours are written on the command line.
var errHours = errors.New(`write days, times and a zone, as in "mon-thu 22:00-04:00 Europe/Berlin"; days or zone may be left out`)

// ParseHours reads hours as String writes them, with spans of days too: "mon-thu 22:00-04:00 Europe/Berlin".
func ParseHours(text string) (Hours, error) {
	var h Hours
	words := strings.Fields(strings.TrimPrefix(strings.TrimSpace(text), "every day"))
	for len(words) > 0 {
		days, err := parseDays(words[0])
		if err != nil {
			break
		}
		h.Days = append(h.Days, days...)
		words = words[1:]
	}
	if len(words) > 0 && strings.Contains(words[0], ":") {
		from, to, _ := strings.Cut(words[0], "-")
		if h.From.UnmarshalTOML(from) != nil || h.To.UnmarshalTOML(to) != nil {
			return Hours{}, fmt.Errorf("%q are no hours: %w", text, errHours)
		}
		words = words[1:]
	}
	if len(words) > 0 {
		if _, err := time.LoadLocation(words[0]); err != nil || words[0] == "Local" {
			return Hours{}, fmt.Errorf("%q is no time zone: %w", words[0], errHours)
		}
		h.Timezone, words = words[0], words[1:]
	}
	if len(words) > 0 || h.IsZero() {
		return Hours{}, fmt.Errorf("%q are no hours: %w", text, errHours)
	}
	return h, nil
}

// parseDays reads mon, or mon-thu.
func parseDays(word string) ([]Weekday, error) {
	first, last, span := strings.Cut(word, "-")
	var a, b Weekday
	if err := a.UnmarshalText([]byte(first)); err != nil {
		return nil, err
	}
	if !span {
		return []Weekday{a}, nil
	}
	if err := b.UnmarshalText([]byte(last)); err != nil {
		return nil, err
	}
	var out []Weekday
	for d := a; ; d = (d + 1) % 7 {
		if out = append(out, d); d == b {
			return out, nil
		}
	}
}

// TOML writes the hours as an inline table.
func (h Hours) TOML() string {
	var parts []string
	if len(h.Days) > 0 {
		var days []string
		for _, d := range h.Days {
			days = append(days, strconv.Quote(weekdays[d]))
		}
		parts = append(parts, "days = ["+strings.Join(slices.Compact(days), ", ")+"]")
	}
	parts = append(parts, fmt.Sprintf("from = %q, to = %q", h.From, h.To))
	if h.Timezone != "" {
		parts = append(parts, fmt.Sprintf("timezone = %q", h.Timezone))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// ParseBlackout reads a span of days with a reason: "2026-12-20..2027-01-06 the end of the year".
func ParseBlackout(text string) (Blackout, error) {
	span, why, _ := strings.Cut(strings.TrimSpace(text), " ")
	from, to, ok := strings.Cut(span, "..")
	if !ok {
		to = from
	}
	a, errA := time.Parse(time.DateOnly, from)
	b, errB := time.Parse(time.DateOnly, to)
	if errA != nil || errB != nil || b.Before(a) {
		return Blackout{}, fmt.Errorf(`%q is no blackout: write "2026-12-20..2027-01-06 the reason"`, text)
	}
	return Blackout{From: Date{Time: a}, To: Date{Time: b}, Why: strings.TrimSpace(why)}, nil
}

// TOML writes the blackout as an inline table.
func (b Blackout) TOML() string {
	out := fmt.Sprintf("{from = %s, to = %s", b.From, b.To)
	if b.Why != "" {
		out += fmt.Sprintf(", why = %q", b.Why)
	}
	return out + "}"
}

// List writes words as a TOML array of strings.
func List(words []string) string {
	var out []string
	for _, w := range words {
		out = append(out, strconv.Quote(w))
	}
	return "[" + strings.Join(out, ", ") + "]"
}
