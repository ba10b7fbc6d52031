package plan

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func at(t interface{ Fatal(...any) }, text string) time.Time {
	moment, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

// TestNext: every dialect, each with the trap that it has. Times are UTC, counted from Monday 2026-11-23 06:00.
func TestNext(t *testing.T) {
	now := at(t, "2026-11-23 06:00")
	for _, c := range []struct{ platform, text, zone, dialect, want string }{
		{"github-actions", "30 5 * * 1-5", "", "cron", "2026-11-24 05:30"},
		{"kubernetes", "0 9 * * *", "Europe/Berlin", "cron", "2026-11-23 08:00"},
		{"kubernetes", "CRON_TZ=Europe/Berlin 0 9 * * *", "", "cron", "2026-11-23 08:00"},
		{"kubernetes", "TZ=America/New_York 0 9 * * *", "", "cron", "2026-11-23 14:00"},
		{"crontab", "0 0 * * 7", "", "cron", "2026-11-29 00:00"},
		{"crontab", "0 0 * * FRI-MON", "", "cron", "2026-11-27 00:00"},
		{"crontab", "0 22-2/2 * * *", "", "cron", "2026-11-23 22:00"},
		{"crontab", "0 0 1 * MON", "", "cron", "2026-11-30 00:00"},                 // either day field
		{"crontab", "0 0 */2 * MON", "", "cron", "2026-12-07 00:00"},               // both: a star in one of them
		{"eventbridge", "cron(0 12 ? * MON-FRI *)", "", "aws", "2026-11-23 12:00"}, // not seconds first
		{"terraform", "0 12 ? * MON-FRI *", "", "aws", "2026-11-23 12:00"},         // the same without its wrapper
		{"eventbridge", "cron(0 10 ? * 2 *)", "", "aws", "2026-11-23 10:00"},       // 2 is Monday
		{"eventbridge", "cron(0 10 L * ? *)", "", "aws", "2026-11-30 10:00"},       // last day of the month
		{"eventbridge", "cron(0 8 ? * 6#1 2027)", "", "aws", "2027-01-01 08:00"},   // first Friday
		{"eventbridge", "rate(5 minutes)", "", "interval", "2026-11-23 06:05"},     //
		{"quartz", "0 0 12 ? * MON-FRI *", "", "quartz", "2026-11-23 12:00"},       //
		{"quartz", "0 15 10 15W * ?", "", "seconds", "2026-12-15 10:15"},           // nearest weekday
		{"quartz", "0 15 10 ? * 6L", "", "seconds", "2026-11-27 10:15"},            // last Friday
		{"n8n", "0 */10 * * * *", "", "seconds", "2026-11-23 06:10"},               //
		{"n8n", "0 0 7 * * 1", "Europe/Berlin", "seconds", "2026-11-30 06:00"},     // it is 07:00 there now
		{"jenkins", "H 3 * * *", "", "jenkins", "2026-11-24 03:00"},                // spread over an hour
		{"jenkins", "TZ=Europe/London\nH(0-29) 3 * * 1-5", "", "jenkins", "2026-11-24 03:00"},
		{"airflow", "@daily", "", "cron", "2026-11-24 00:00"},
		{"zapier", "@every 1h30m", "", "interval", "2026-11-23 07:30"},
		{"logic-apps", "PT15M", "", "interval", "2026-11-23 06:15"},
		{"systemd", "Mon..Fri 10:00", "", "systemd", "2026-11-23 10:00"},
		{"systemd", "*-*-01 03:30:00 Europe/Berlin", "", "systemd", "2026-12-01 02:30"},
		{"systemd", "Fri *-*-13 00:00", "", "systemd", "2027-08-13 00:00"}, // both must fit
		{"systemd", "weekly", "", "systemd", "2026-11-30 00:00"},
		{"kubernetes", "0 0 31 2 *", "", "cron", ""}, // never
		{"kubernetes", "0 0 29 2 *", "", "cron", "2028-02-29 00:00"},
		{"github-actions", "${{ inputs.cron }}", "", "", ""},
		{"crontab", "@reboot", "", "", ""},
		{"crontab", "61 * * * *", "", "", ""},
		{"crontab", "*/0 * * * *", "", "", ""},
		{"kubernetes", "TZ=", "", "", ""},
		{"airflow", "none", "", "", ""},
	} {
		s := ParseSchedule(c.platform, c.text, c.zone)
		got := ""
		if next, ok := s.Next(now); ok {
			got = next.Format("2006-01-02 15:04")
		}
		if got != c.want || s.Dialect != c.dialect {
			t.Errorf("%s %q: %s %q (%s), want %s %q", c.platform, c.text, s.Dialect, got, s.Unsolved, c.dialect, c.want)
		}
		if (s.Dialect == "") == (s.Unsolved == "") {
			t.Errorf("%q: unsolved without a reason, or with one though it is solved", c.text)
		}
	}
}

func TestSpreadAndInterval(t *testing.T) {
	for _, c := range []struct {
		platform, text   string
		spread, interval time.Duration
	}{
		{"jenkins", "H 3 * * *", time.Hour, 24 * time.Hour},
		{"jenkins", "H H * * *", 24 * time.Hour, 24 * time.Hour},
		{"jenkins", "H/15 * * * *", 15 * time.Minute, 15 * time.Minute},
		{"crontab", "0 9 * * 1-5", 0, 72 * time.Hour},
		{"crontab", "0 0 1 * *", 0, 31 * 24 * time.Hour},
		{"n8n", "*/10 * * * * *", 0, 10 * time.Second},
		{"eventbridge", "rate(2 days)", 0, 48 * time.Hour},
	} {
		s := ParseSchedule(c.platform, c.text, "")
		interval, ok := s.Interval()
		if s.Spread != c.spread || interval != c.interval || !ok {
			t.Errorf("%q: spread %v interval %v, want %v %v", c.text, s.Spread, interval, c.spread, c.interval)
		}
	}
}

// TestBetweenAgainstMinutes compares with a walk over every minute, on days on which the clocks change.
func TestBetweenAgainstMinutes(t *testing.T) {
	zones := []string{"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"}
	starts := []string{"2026-03-28 20:00", "2026-10-24 20:00", "2026-03-07 20:00", "2026-10-31 20:00", "2026-04-04 10:00", "2026-02-27 00:00"}
	rapid.Check(t, func(t *rapid.T) {
		minute := rapid.SampledFrom([]string{"0", "30", "*/15", "5,55", "10-20/5"}).Draw(t, "minute")
		hour := rapid.SampledFrom([]string{"*", "2", "1-3", "*/6", "0,23", "22-4"}).Draw(t, "hour")
		day := rapid.SampledFrom([]string{"*", "1", "29-31", "*/2", "8"}).Draw(t, "day")
		week := rapid.SampledFrom([]string{"*", "0", "7", "1-5", "SAT,SUN", "*/3"}).Draw(t, "week")
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		a := at(t, rapid.SampledFrom(starts).Draw(t, "start"))
		b := a.Add(60 * time.Hour)
		text := strings.Join([]string{minute, hour, day, "*", week}, " ")
		s := ParseSchedule("crontab", text, zone)
		got := fmt.Sprint(s.Between(a, b))
		want := fmt.Sprint(minutesOf(minute, hour, day, week, zone, a, b))
		if got != want {
			t.Fatalf("%q %s from %s\n got %s\nwant %s", text, zone, a, got, want)
		}
	})
}

// minutesOf is the definition: the minutes whose wall clock fits all fields; both day fields, or either one when
// neither starts with a star.
func minutesOf(minute, hour, day, week, zone string, a, b time.Time) []time.Time {
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return nil
	}
	has := func(f field, text string, v int) bool {
		for part := range strings.SplitSeq(text, ",") {
			values, err := f.expand(part)
			if err != nil {
				return false
			}
			for _, x := range values {
				if x == v {
					return true
				}
			}
		}
		return false
	}
	out := []time.Time{}
	for t := a; t.Before(b); t = t.Add(time.Minute) {
		l := t.In(loc)
		byDay, byWeek := has(dayField, day, l.Day()), has(weekField, week, int(l.Weekday()))
		days := byDay && byWeek
		if day[0] != '*' && week[0] != '*' {
			days = byDay || byWeek
		}
		if has(minuteField, minute, l.Minute()) && has(hourField, hour, l.Hour()) && days {
			out = append(out, t)
		}
	}
	return out
}

// FuzzParseSchedule: no input makes it fail, hang or run backwards.
func FuzzParseSchedule(f *testing.F) {
	for _, s := range []string{"0 0 1 1 *", "H H * * *", "cron(0 0 ? * * *)", "Mon..Fri *-*-* 10:00", "@every 5m", "PT1H", "L W # ? *", "*/5 * * * * *"} {
		f.Add(s)
	}
	now := time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		s := ParseSchedule("", text, "")
		if next, ok := s.Next(now); ok && !next.After(now) {
			t.Errorf("%q: %s is not after %s", text, next, now)
		}
	})
}
