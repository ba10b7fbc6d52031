package powerautomate

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
)

// trigger says what starts the flow. Only a trigger of type Recurrence runs by the clock: that of a connector polls.
func (fl *flow) trigger(t tree.Pair, p tree.Path) {
	kind := t.Value.Get("type").Str()
	r := t.Value.Get("recurrence")
	if strings.EqualFold(kind, "Recurrence") {
		at, zone := artifact.At(r, p.Key("recurrence")), r.Get("timeZone").Str()
		if zone == "" {
			zone = "UTC"
		}
		for _, text := range schedules(r) {
			fl.f.Attr(fl.id, inventory.AttrSchedule, text, zone, at)
		}
		return
	}
	if k := t.Value.Get("kind").Str(); k != "" {
		kind += " " + k
	}
	if op := t.Value.Get("inputs", "host", "operationId").Str(); op != "" {
		kind += " " + op
	}
	if kind != "" {
		fl.f.Attr(fl.id, inventory.AttrTrigger, kind, "", artifact.AtPair(t, p))
	}
}

// schedules returns the texts of a recurrence: one for each minute of its clock times, since cron pairs every
// hour with every minute as the recurrence does.
func schedules(r *tree.Node) []string {
	interval, err := strconv.Atoi(r.Get("interval").Str())
	if err != nil {
		interval = 1
	}
	frequency := strings.ToLower(r.Get("frequency").Str())
	s := r.Get("schedule")
	minute, hour := times(r)
	days := weekdays(s.Get("weekDays"))
	monthDays := numbers(s.Get("monthDays"))
	switch {
	case frequency == "day" && interval == 1:
		return []string{fmt.Sprintf("%s %s * * *", minute, hour)}
	case frequency == "week" && interval == 1 && days != "":
		return []string{fmt.Sprintf("%s %s * * %s", minute, hour, days)}
	case frequency == "month" && interval == 1 && monthDays != "":
		return []string{fmt.Sprintf("%s %s %s * *", minute, hour, monthDays)}
	case frequency == "":
		return nil
	}
	return []string{export.Every(interval, frequency)}
}

// times returns the minutes and hours of a recurrence: those of its schedule, else of its start.
func times(r *tree.Node) (minute, hour string) {
	minute, hour = numbers(r.Get("schedule", "minutes")), numbers(r.Get("schedule", "hours"))
	start, err := time.Parse("2006-01-02T15:04:05", strings.TrimSuffix(cut(r.Get("startTime").Str()), "Z"))
	switch {
	case minute == "" && err == nil:
		minute = strconv.Itoa(start.Minute())
	case minute == "":
		minute = "0"
	}
	switch {
	case hour == "" && err == nil:
		hour = strconv.Itoa(start.Hour())
	case hour == "":
		hour = "0"
	}
	return minute, hour
}

// cut drops fractions of a second.
func cut(s string) string {
	s, _, _ = strings.Cut(s, ".")
	return s
}

func numbers(n *tree.Node) string {
	var out []string
	for _, v := range n.List() {
		if i, err := strconv.Atoi(v.Str()); err == nil {
			out = append(out, strconv.Itoa(i))
		}
	}
	return strings.Join(out, ",")
}

func weekdays(n *tree.Node) string {
	var out []string
	for _, v := range n.List() {
		for i, day := range []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} {
			if strings.HasPrefix(strings.ToLower(v.Str()), day) {
				out = append(out, strconv.Itoa(i))
			}
		}
	}
	return strings.Join(out, ",")
}
