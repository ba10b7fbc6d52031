package export

import (
	"fmt"
	"strconv"
	"strings"
)

// Every returns the canonical text of an interval: a cron expression where one says the same, else "@every 90m".
// The unit is second, minute, hour, day, week or month, in the singular or plural.
func Every(n int, unit string) string {
	if n < 1 {
		n = 1
	}
	switch strings.TrimSuffix(strings.ToLower(unit), "s") {
	case "second":
		if 60%n == 0 && n < 60 {
			return fmt.Sprintf("*/%d * * * * *", n)
		}
		return fmt.Sprintf("@every %ds", n)
	case "minute":
		if 60%n == 0 && n < 60 {
			return step(n) + " * * * *"
		}
		return fmt.Sprintf("@every %dm", n)
	case "hour":
		if 24%n == 0 && n < 24 {
			return "0 " + step(n) + " * * *"
		}
		return fmt.Sprintf("@every %dh", n)
	case "day":
		if n == 1 {
			return "0 0 * * *"
		}
		return fmt.Sprintf("@every %dh", 24*n)
	case "week":
		return fmt.Sprintf("@every %dh", 168*n)
	case "month":
		return "0 0 1 " + step(n) + " *"
	}
	return fmt.Sprintf("every %d %s", n, unit)
}

func step(n int) string {
	if n == 1 {
		return "*"
	}
	return "*/" + strconv.Itoa(n)
}

// Interval returns the canonical text of an interval that starts when the automation does, at no fixed time.
func Interval(seconds int) string {
	switch {
	case seconds <= 0:
		return ""
	case seconds%3600 == 0:
		return fmt.Sprintf("@every %dh", seconds/3600)
	case seconds%60 == 0:
		return fmt.Sprintf("@every %dm", seconds/60)
	}
	return fmt.Sprintf("@every %ds", seconds)
}

// At returns the cron expression of a time of each day.
func At(hour, minute int) string { return fmt.Sprintf("%d %d * * *", minute, hour) }

// maxWhole bounds the numbers of schedules.
const maxWhole = 100_000

// Whole reads a number of digits alone; anything else, and what no schedule holds, is the default. No text is 0.
func Whole(s string, byDefault int) int {
	n := 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' || n > maxWhole/10 {
			return byDefault
		}
		n = 10*n + int(c-'0')
	}
	return n
}
