package plan

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// ParseSchedule reads a schedule as a platform writes it, in a time zone ("" when it is not stated). It never
// fails: what it cannot read says why in Unsolved.
func ParseSchedule(platform, text, zone string) Schedule {
	s := Schedule{Text: text}
	body := strings.TrimSpace(text)
	if z, rest, ok := cutZone(body); ok {
		zone, body = z, rest
	}
	s.setZone(platform, zone)
	if err := s.read(platform, body); err != nil {
		s.Unsolved, s.Dialect, s.expr, s.Every = err.Error(), "", "", 0
	}
	return s
}

var zonePrefix = regexp.MustCompile(`^(?:CRON_)?TZ=(\S+)\s+`)

// cutZone cuts the zone off that Kubernetes and Jenkins let stand before an expression.
func cutZone(text string) (zone, rest string, ok bool) {
	m := zonePrefix.FindStringSubmatch(text)
	if m == nil {
		return "", text, false
	}
	return m[1], strings.TrimSpace(text[len(m[0]):]), true
}

// alwaysUTC are the platforms whose schedules without a zone run in UTC by their documentation. Elsewhere the
// zone is that of a machine that the map does not show.
var alwaysUTC = map[string]bool{"github-actions": true, "github-actions-reusable": true, "vercel": true, "eventbridge": true,
	"aws": true, "cloudformation": true, "sam": true, "serverless": true, "azure-pipelines": true}

func (s *Schedule) setZone(platform, zone string) {
	s.Zone, s.loc = zone, time.UTC
	if zone == "" {
		s.Zone, s.Assumed = "UTC", !alwaysUTC[platform]
		return
	}
	loc, err := time.LoadLocation(zone)
	if err != nil || zone == "Local" {
		s.Zone, s.Assumed = "UTC", true
		return
	}
	s.loc = loc
}

var errComputed = errors.New("it is computed at run time")

// read picks the dialect by what the text looks like, and by the platform where two look alike.
func (s *Schedule) read(platform, text string) error {
	switch {
	case text == "":
		return errors.New("it is empty")
	case len(text) > 200:
		return errors.New("it is too long for a schedule")
	case strings.Contains(text, "${") || strings.Contains(text, "{{") || strings.Contains(text, "$("):
		return errComputed
	case strings.HasPrefix(text, "@"):
		return s.readNamed(text)
	case strings.HasPrefix(text, "cron("), strings.HasPrefix(text, "rate("), strings.HasPrefix(text, "at("):
		return s.readAWS(text)
	case strings.HasPrefix(text, "PT"), strings.HasPrefix(text, "P") && len(text) > 2 && text[1] >= '0' && text[1] <= '9':
		return s.readISO(text)
	case platform == "systemd" || strings.Contains(text, ":") || len(strings.Fields(text)) == 1:
		return s.readSystemd(text)
	}
	fields := strings.Fields(text)
	for _, f := range fields {
		if f[0] == 'H' && (len(f) == 1 || strings.ContainsRune("/(,", rune(f[1]))) {
			return s.readJenkins(fields)
		}
	}
	return s.readFields(platform, fields)
}

// readFields reads five fields (cron), six (with seconds first, or with the year last) or seven (Quartz).
func (s *Schedule) readFields(platform string, f []string) error {
	switch len(f) {
	case 5:
		return s.set("cron", weekField, append([]string{"0"}, f...))
	case 6:
		if yearLast(platform, f) {
			return s.set("aws", quartzWeek, append([]string{"0"}, f...))
		}
		week := weekField
		if platform != "spring" && (f[3] == "?" || f[5] == "?") {
			week = quartzWeek
		}
		return s.set("seconds", week, f)
	case 7:
		return s.set("quartz", quartzWeek, f)
	}
	return fmt.Errorf("%d fields are no schedule", len(f))
}

// yearLast tells the six fields of AWS from those with seconds: by the platform, by "?" in the place of its day
// fields, or by a year.
func yearLast(platform string, f []string) bool {
	if alwaysUTC[platform] && platform != "azure-pipelines" {
		return true
	}
	return f[2] == "?" || f[4] == "?" || len(f[5]) == 4 && f[5][0] == '2'
}

// set checks the fields and writes them as gronx reads them.
func (s *Schedule) set(dialect string, week field, f []string) error {
	kinds := []field{secondField, minuteField, hourField, dayField, monthField, week, yearField}
	out := make([]string, 0, 7)
	for i, text := range f {
		n, err := kinds[i].normal(text)
		if err != nil {
			return err
		}
		out = append(out, n)
	}
	for len(out) < 7 {
		out = append(out, "*")
	}
	s.Dialect, s.expr = dialect, strings.Join(out, " ")
	return nil
}

var named = map[string]string{
	"@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
	"@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
}

// readNamed reads @daily and its like, and @every 1h30m.
func (s *Schedule) readNamed(text string) error {
	if expr, ok := named[text]; ok {
		return s.set("cron", weekField, append([]string{"0"}, strings.Fields(expr)...))
	}
	if d, ok := strings.CutPrefix(text, "@every "); ok {
		every, err := time.ParseDuration(strings.TrimSpace(d))
		if err != nil || every < time.Second {
			return errors.New("the distance cannot be read")
		}
		s.Dialect, s.Every = "interval", every
		return nil
	}
	return errors.New("it names an event, no time")
}

var rate = regexp.MustCompile(`^rate\(\s*(\d{1,5})\s+(minute|hour|day)s?\s*\)$`)

// readAWS reads cron(minute hour day month weekday year) and rate(5 minutes) of EventBridge.
func (s *Schedule) readAWS(text string) error {
	if m := rate.FindStringSubmatch(text); m != nil {
		n, err := strconv.Atoi(m[1])
		if err != nil || n < 1 {
			return errors.New("the rate cannot be read")
		}
		unit := map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}[m[2]]
		s.Dialect, s.Every = "interval", time.Duration(n)*unit
		return nil
	}
	inner, ok := strings.CutPrefix(text, "cron(")
	f := strings.Fields(strings.TrimSuffix(inner, ")"))
	if !ok || !strings.HasSuffix(text, ")") || len(f) != 6 {
		return errors.New("it is no cron() with six fields and no rate()")
	}
	return s.set("aws", quartzWeek, append([]string{"0"}, f...))
}

var duration = regexp.MustCompile(`^P(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,5})M)?(?:(\d{1,6})S)?)?$`)

// readISO reads a duration of ISO 8601: PT15M, P1D.
func (s *Schedule) readISO(text string) error {
	m := duration.FindStringSubmatch(text)
	if m == nil {
		return errors.New("the duration cannot be read")
	}
	for i, unit := range []time.Duration{7 * 24 * time.Hour, 24 * time.Hour, time.Hour, time.Minute, time.Second} {
		if n, err := strconv.Atoi(m[i+1]); err == nil {
			s.Every += time.Duration(n) * unit
		}
	}
	if s.Every == 0 {
		return errors.New("the duration is empty")
	}
	s.Dialect = "interval"
	return nil
}
