package timers

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// TestEntries holds that the expressions of Celery's schedule find round the keys what they find in the whole text.
func TestEntries(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	pieces := []string{
		`"nightly": {`, `'a.b-c' : {`, `{`, `}`, `"schedule": crontab(hour=1, minute=2)`, `'schedule' : timedelta(seconds=3)`, `"schedule": 30.0`,
		`"task": "run.it"`, `"options": {"queue": "x"}`, ",", "\n", " ", `"x": `, `schedule`, `beat_schedule = {`, `"`, `"k":`, "\n}\n", "schedule(", "# it's\n",
	}
	found := 0
	for range 5000 {
		var b strings.Builder
		for range random.IntN(25) {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		text := []byte(b.String())
		for _, row := range languages[".py"][:2] {
			want := row.re.FindAllSubmatchIndexIn(text, []lazy.Stretch{{From: 0, To: len(text)}}, maxTimers)
			got := row.re.FindAllSubmatchIndexIn(text, entries(text), maxTimers)
			if found += len(want); !reflect.DeepEqual(got, want) {
				t.Fatalf("%s: %v, want %v", text, got, want)
			}
		}
	}
	if found < 250 {
		t.Errorf("only %d entries were found", found)
	}
}
