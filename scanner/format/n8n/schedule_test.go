package n8n

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

func TestSchedules(t *testing.T) {
	for _, c := range []struct {
		kind, params string
		want         []string
	}{
		{"scheduleTrigger", `{"rule": {}}`, []string{"0 0 * * *"}},
		{"scheduleTrigger", `{"rule": {"interval": [{}]}}`, []string{"0 0 * * *"}},
		{"scheduleTrigger", `{"rule": {"interval": [{"triggerAtHour": 9, "triggerAtMinute": 30}]}}`, []string{"30 9 * * *"}},
		{"scheduleTrigger", `{"rule": {"interval": [{"field": "minutes"}, {"field": "seconds"}]}}`, []string{"*/5 * * * *", "*/30 * * * * *"}},
		{"scheduleTrigger", `{"rule": {"interval": [{"field": "hours", "hoursInterval": 6, "triggerAtMinute": "={{ 1 }}"}]}}`, []string{"H */6 * * *"}},
		{"scheduleTrigger", `{"rule": {"interval": [{"field": "weeks", "triggerAtDay": [1, 5], "triggerAtHour": 7}]}}`, []string{"0 7 * * 1,5"}},
		{"scheduleTrigger", `{"rule": {"interval": [{"field": "weeks"}]}}`, []string{"0 0 * * 0"}},
		{"scheduleTrigger", `{"rule": {"interval": [{"field": "months", "monthsInterval": 3, "triggerAtDayOfMonth": 15}]}}`, []string{"0 0 15 */3 *"}},
		{"scheduleTrigger", `{"rule": {"interval": [{"daysInterval": 7, "triggerAtHour": 8}]}}`, []string{"@every 168h"}},
		{"scheduleTrigger", `{"rule": {"interval": [{"field": "cronExpression", "expression": "=0 8 * * 1-5"}]}}`, []string{"0 8 * * 1-5"}},
		{"cron", `{"triggerTimes": {"item": [{"hour": 6}, {"mode": "everyX", "value": 10, "unit": "minutes"}, {"mode": "everyHour", "minute": 5}]}}`,
			[]string{"0 6 * * *", "*/10 * * * *", "5 * * * *"}},
		{"interval", `{"unit": "minutes", "interval": 30}`, []string{"*/30 * * * *"}},
		{"webhook", `{}`, nil},
	} {
		docs, err := tree.JSON([]byte(c.params))
		if err != nil {
			t.Fatal(err)
		}
		got, ok := schedules(c.kind, docs[0])
		if d := cmp.Diff(c.want, got); d != "" || ok != (c.want != nil) {
			t.Errorf("%s %s (-want +got):\n%s", c.kind, c.params, d)
		}
	}
}
