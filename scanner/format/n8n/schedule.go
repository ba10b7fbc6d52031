package n8n

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
)

// schedules returns the schedules of a node that starts the workflow by the clock, as cron expressions where one
// says the same. Defaults are those of the nodes ScheduleTrigger, Cron and Interval of n8n.
func schedules(kind string, params *tree.Node) ([]string, bool) {
	var out []string
	switch kind {
	case "scheduleTrigger":
		rules := params.Get("rule", "interval").List()
		if len(rules) == 0 {
			return []string{"0 0 * * *"}, true
		}
		for _, r := range rules {
			if !r.IsMap() {
				continue
			}
			out = append(out, interval(r))
		}
	case "cron":
		for _, item := range params.Get("triggerTimes", "item").List() {
			out = append(out, cronItem(item))
		}
	case "interval":
		unit := params.Get("unit").Str()
		if unit == "" {
			unit = "seconds"
		}
		out = append(out, export.Every(number(params.Get("interval"), 1), unit))
	default:
		return nil, false
	}
	return out, true
}

// interval reads one rule of a Schedule Trigger. No field means days.
func interval(r *tree.Node) string {
	field := r.Get("field").Str()
	if field == "" {
		field = "days"
	}
	if strings.HasPrefix(r.Get(field+"Interval").Str(), "=") {
		return "every computed number of " + field
	}
	every := func(byDefault int) int { return number(r.Get(field+"Interval"), byDefault) }
	minute, hour := clock(r.Get("triggerAtMinute")), clock(r.Get("triggerAtHour"))
	switch field {
	case "cronExpression":
		return strings.TrimPrefix(strings.TrimSpace(r.Get("expression").Str()), "=")
	case "seconds":
		return export.Every(every(30), field)
	case "minutes":
		return export.Every(every(5), field)
	case "hours":
		return atMinute(export.Every(every(1), field), minute)
	case "weeks":
		if every(1) == 1 {
			return fmt.Sprintf("%s %s * * %s", minute, hour, weekdays(r.Get("triggerAtDay")))
		}
	case "months":
		day := number(r.Get("triggerAtDayOfMonth"), 1)
		_, month, _ := strings.Cut(export.Every(every(1), field), " 1 ")
		return fmt.Sprintf("%s %s %d %s", minute, hour, day, month)
	case "days":
		if every(1) == 1 {
			return fmt.Sprintf("%s %s * * *", minute, hour)
		}
	}
	return export.Every(every(1), field)
}

// cronItem reads one time of the old Cron node. No mode means every day, at 14:00 unless it says when.
func cronItem(item *tree.Node) string {
	minute, hour := clock(item.Get("minute")), "14"
	if h := item.Get("hour"); h != nil {
		hour = clock(h)
	}
	switch item.Get("mode").Str() {
	case "custom":
		return strings.TrimSpace(item.Get("cronExpression").Str())
	case "everyMinute":
		return "* * * * *"
	case "everyHour":
		return minute + " * * * *"
	case "everyWeek":
		return fmt.Sprintf("%s %s * * %d", minute, hour, number(item.Get("weekday"), 1))
	case "everyMonth":
		return fmt.Sprintf("%s %s %d * *", minute, hour, number(item.Get("dayOfMonth"), 1))
	case "everyX":
		unit := item.Get("unit").Str()
		if unit == "" {
			unit = "hours"
		}
		return export.Every(number(item.Get("value"), 2), unit)
	}
	return fmt.Sprintf("%s %s * * *", minute, hour)
}

// atMinute puts the minute in front of an hourly cron expression.
func atMinute(cron, minute string) string {
	if rest, ok := strings.CutPrefix(cron, "0 "); ok {
		return minute + " " + rest
	}
	return cron
}

// clock returns an hour or a minute. An expression could be any: Jenkins' H says so.
func clock(n *tree.Node) string {
	switch v := n.Str(); {
	case v == "":
		return "0"
	case number(n, -1) < 0:
		return "H"
	default:
		return strconv.Itoa(number(n, 0))
	}
}

func number(n *tree.Node, byDefault int) int {
	v, err := strconv.Atoi(strings.TrimSpace(n.Str()))
	if err != nil {
		return byDefault
	}
	return v
}

func weekdays(n *tree.Node) string {
	var days []string
	for _, d := range n.List() {
		days = append(days, strconv.Itoa(number(d, 0)))
	}
	if len(days) == 0 {
		return "0"
	}
	return strings.Join(days, ",")
}
