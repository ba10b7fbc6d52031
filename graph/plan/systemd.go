package plan

import (
	"errors"
	"regexp"
	"strings"
)

// systemdNames are the words of systemd.time(7) that stand for an expression.
var systemdNames = map[string]string{
	"minutely": "*-*-* *:*:00", "hourly": "*-*-* *:00:00", "daily": "*-*-* 00:00:00", "weekly": "Mon *-*-* 00:00:00",
	"monthly": "*-*-01 00:00:00", "quarterly": "*-01,04,07,10-01 00:00:00", "semiannually": "*-01,07-01 00:00:00",
	"yearly": "*-01-01 00:00:00", "annually": "*-01-01 00:00:00",
}

var systemdForm = regexp.MustCompile(`^(?:([A-Za-z][A-Za-z.,]*)\s*)?(?:(\*|[0-9,/.]+)-)?(?:([0-9*,/.]+)-([0-9*,/.]+))?\s*(?:([0-9*,/.]+):([0-9*,/.]+)(?::([0-9*,/.]+))?)?$`)

// readSystemd reads the calendar expressions of OnCalendar that people write: days of the week, a date with
// stars, lists, ranges and steps, and a time. Both the date and the day of the week must fit.
func (s *Schedule) readSystemd(text string) error {
	if full, ok := systemdNames[strings.ToLower(text)]; ok {
		text = full
	}
	if rest, zone, ok := cutLastWord(text); ok && strings.Contains(zone, "/") && !strings.ContainsAny(zone, ":*0123456789") || zone == "UTC" && ok {
		s.Assumed = false
		s.setZone("systemd", zone)
		text = rest
	}
	m := systemdForm.FindStringSubmatch(text)
	if m == nil || text == "" {
		return errors.New("it is no calendar expression that is known")
	}
	if err := s.systemdDays(m[1]); err != nil {
		return err
	}
	or := func(part, otherwise string) string {
		if part == "" {
			return otherwise
		}
		return strings.ReplaceAll(part, "..", "-")
	}
	fields := []string{or(m[7], "0"), or(m[6], "0"), or(m[5], "0"), or(m[4], "*"), or(m[3], "*"), "*", or(m[2], "*")}
	return s.set("systemd", weekField, fields)
}

func cutLastWord(text string) (rest, last string, ok bool) {
	i := strings.LastIndexByte(text, ' ')
	if i < 0 {
		return text, "", false
	}
	return strings.TrimSpace(text[:i]), text[i+1:], true
}

// systemdDays reads Mon, Mon..Fri, Sat,Sun.
func (s *Schedule) systemdDays(text string) error {
	if text == "" {
		return nil
	}
	for part := range strings.SplitSeq(strings.ToUpper(text), ",") {
		from, to, ranged := strings.Cut(part, "..")
		if !ranged {
			to = from
		}
		if len(from) < 3 || len(to) < 3 {
			return errors.New("a day of the week cannot be read")
		}
		days, err := weekField.expand(from[:3] + "-" + to[:3])
		if err != nil {
			return err
		}
		for _, d := range days {
			s.days[d] = true
		}
	}
	s.only = true
	return nil
}
