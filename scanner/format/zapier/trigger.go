package zapier

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format/export"
)

// trigger says what starts the Zap: the clock, or an event of an app. Zapier's export has no time zone.
func (st *step) trigger() {
	at := artifact.At(st.n.Get("action"), st.path.Key("action"))
	action := st.n.Get("action").Str()
	if st.app == "Schedule" {
		if text := st.schedule(action); text != "" {
			st.z.f.Attr(st.z.id, inventory.AttrSchedule, text, "", at)
			return
		}
	}
	st.z.f.Attr(st.z.id, inventory.AttrTrigger, strings.TrimSpace(st.app+" "+action), "", at)
	if strings.EqualFold(st.app, "WebHook") {
		st.waits()
	}
}

// waits says that the Zap waits for a hook. Its URL is not exported; it holds the number of the user or of the account.
func (st *step) waits() {
	for _, key := range []string{"customuser_id", "account_id"} {
		if n := st.n.Get(key); n.Str() != "" {
			st.z.f.Attr(st.z.id, inventory.AttrEndpoint, export.ZapierHook(n.Str()), "", artifact.At(n, st.path.Key(key)))
		}
	}
}

func (st *step) schedule(action string) string {
	hour := clock(st.param("hod", "time_of_day"))
	switch action {
	case "every_hour":
		return "0 * * * *"
	case "every_day":
		return fmt.Sprintf("0 %d * * *", hour)
	case "every_week":
		return fmt.Sprintf("0 %d * * %d", hour, weekday(st.param("dow", "day_of_the_week")))
	case "every_month":
		day, err := strconv.Atoi(st.param("dom", "day_of_the_month"))
		if err != nil || day < 1 || day > 31 {
			day = 1
		}
		return fmt.Sprintf("0 %d %d * *", hour, day)
	}
	return ""
}

func (st *step) param(names ...string) string {
	for _, n := range names {
		if v := st.n.Get("params", n).Str(); v != "" {
			return v
		}
	}
	return ""
}

// clock reads 3pm, 12am, 15:00 and 15.
func clock(s string) int {
	s = strings.ToLower(strings.ReplaceAll(s, " ", ""))
	digits, _, _ := strings.Cut(strings.TrimRight(s, "apm"), ":")
	hour, err := strconv.Atoi(digits)
	if err != nil || hour < 0 || hour > 23 {
		return 0
	}
	switch {
	case strings.HasSuffix(s, "am") && hour == 12:
		return 0
	case strings.HasSuffix(s, "pm") && hour < 12:
		return hour + 12
	}
	return hour
}

func weekday(s string) int {
	for i, day := range []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} {
		if strings.HasPrefix(strings.ToLower(s), day) {
			return i
		}
	}
	return 0
}
