package timers

import (
	"slices"
	"strings"

	"github.com/rotamap/rotamap/scanner/lazy"
)

var (
	field   = lazy.New(`\b(\w+)\s*=\s*(?:["']([^"'\n]*)["']|\[([^\]\n]*)\]|([\w*/-]+))`)
	clock   = lazy.New(`^(?:dailyAt|daily\(\)->at)\(\s*["'](\d{1,2}):(\d{2})["']`)
	hangs   = lazy.New(`^Cron\.(Minutely|Hourly|Daily|Weekly|Monthly|Yearly)(?:\((?:(\d{1,2})(?:\s*,\s*(\d{1,2}))?)?\))?$`)
	simples = map[string]string{"everyMinute()": "* * * * *", "hourly()": "0 * * * *", "daily()": "0 0 * * *", "weekly()": "0 0 * * 0", "monthly()": "0 0 1 * *",
		"EVERY_MINUTE": "* * * * *", "EVERY_HOUR": "0 * * * *", "EVERY_DAY_AT_MIDNIGHT": "0 0 * * *"}
)

// The fields of a cron expression, in its order, as Celery's crontab and APScheduler's cron trigger call them.
var (
	celery      = []string{"minute", "hour", "day_of_month", "month_of_year", "day_of_week"}
	apscheduler = []string{"minute", "hour", "day", "month", "day_of_week"}
)

// cronText writes what libraries say in words of their own as a cron expression where that is the same, and tidies the rest.
func cronText(text string) string {
	if cron, ok := simples[text]; ok {
		return cron
	}
	if m := clock.FindStringSubmatch(text); m != nil {
		return number(m[2]) + " " + number(m[1]) + " * * *"
	}
	if m := hangs.FindStringSubmatch(text); m != nil {
		return hangfire(m[1], m[2], m[3])
	}
	if rest, ok := strings.CutPrefix(text, "crontab("); ok {
		return fields(strings.TrimRight(rest, ") \n,"), celery, "*")
	}
	kind, rest, ok := strings.Cut(text, ",")
	switch kind = strings.Trim(kind, `"'`); {
	case ok && kind == "cron":
		return fields(rest, apscheduler, "")
	case ok && kind == "interval":
		if m := field.FindStringSubmatch(rest); m != nil {
			return "every " + m[2] + m[3] + m[4] + " " + m[1]
		}
	case strings.Trim(text, "0123456789.") == "":
		return "every " + text + " s"
	}
	return text
}

func number(s string) string {
	if s = strings.TrimLeft(s, "0"); s == "" {
		return "0"
	}
	return s
}

// fields puts named fields in order. What is not given is "*"; with below "", what is smaller than the smallest that is given is 0.
func fields(text string, names []string, below string) string {
	out := make([]string, len(names))
	given := false
	for i, word := range strings.Split(text, ",") { // the first ones may stand without their names, in the library's own order
		if word = strings.Trim(strings.TrimSpace(word), `"'`); word == "" || strings.Contains(word, "=") || below != "*" || i >= len(positions) {
			break
		}
		out[positions[i]], given = word, true
	}
	for _, m := range field.FindAllStringSubmatch(text, 20) {
		if i := slices.Index(names, m[1]); i >= 0 {
			out[i], given = strings.NewReplacer(" ", "", `"`, "", "'", "").Replace(m[2]+m[3]+m[4]), true
		}
	}
	if below == "" {
		out[4] = strings.Map(nextDay, out[4])
	}
	if !given && strings.Contains(text, "=") {
		return "cron " + strings.TrimSpace(text) // weeks, seconds: no field of a cron expression
	}
	found := below == "*"
	for i, v := range out {
		switch {
		case v != "":
			found = true
		case found || i > 1:
			out[i] = "*"
		default:
			out[i] = "0"
		}
	}
	return strings.Join(out, " ")
}

// positions are those of Celery's arguments in a cron expression: minute, hour, day of week, day of month, month.
var positions = []int{0, 1, 4, 2, 3}

// nextDay turns a day of APScheduler's week, which begins with Monday as 0, into cron's.
func nextDay(r rune) rune {
	if r >= '0' && r <= '6' {
		return '0' + (r-'0'+1)%7
	}
	return r
}

// hangfire writes Cron.Daily(hour, minute) and its like.
func hangfire(kind, a, b string) string {
	first, second := number(a), number(b)
	switch kind {
	case "Minutely":
		return "* * * * *"
	case "Hourly":
		return first + " * * * *"
	case "Daily":
		return second + " " + first + " * * *"
	case "Weekly":
		return "0 0 * * 1"
	case "Monthly":
		return "0 0 1 * *"
	}
	return "0 0 1 1 *"
}
