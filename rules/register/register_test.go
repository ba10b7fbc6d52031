package register

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const sample = `# who answers for what
[[credential]]
name = "slack-bot" # the deploy bot
slots = ["gh:acme/shop/SLACK_*", "k8s:**/slack#token"]
owner = "payments"
interval = "90d"
last_rotated = 2026-08-01
window = {days = ["sat", "sun"], from = "22:00", to = "02:00", timezone = "Europe/Berlin"}
blackout = [{from = 2026-12-20, to = 2027-01-06, why = "freeze"}]
values = [
  {fp = "hs1:aaaa:one", since = 2026-08-01, key = "aaaa"}, # [ not a bracket
]

[[accept]]
rule = "weak-*"
match = "**"
reason = "local only"
owner = "payments"
until = 2027-01-01

[limits]
automations = 5
`

func parse(t *testing.T, text string) *Register {
	t.Helper()
	r, err := Parse("rotamap.toml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestParse(t *testing.T) {
	r := parse(t, sample)
	e := r.Credentials[0]
	if e.Line != 2 || r.Accepts[0].Line != 14 {
		t.Errorf("lines %d and %d, want 2 and 14", e.Line, r.Accepts[0].Line)
	}
	if got := e.Interval.After(e.LastRotated.Time).Format(time.DateOnly); got != "2026-10-30" {
		t.Errorf("due %s, want 2026-10-30", got)
	}
	if e.Window.From.String() != "22:00" || e.Window.Timezone != "Europe/Berlin" || r.Limits.MaxAutomations() != 5 {
		t.Errorf("window %v, limits %v", e.Window, r.Limits)
	}
}

// TestErrors: what is wrong is said with its line and what to type.
func TestErrors(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"[[credential]]\nname = \"a\"\nslots = [\"gh:x/y/Z\"]\nowners = \"me\"\n", "r.toml:4: unknown key \"credential.owners\"\n  did you mean \"owner\"?"},
		{"\n[credentials]\nname = \"a\"\n", "r.toml:2: unknown key \"credentials\"\n  did you mean \"credential\"?"},
		{"[[credential]]\nname = \"a\"\nslots = [\"gh:x/y/Z\"]\nvalues = [\n {fp = \"x\", sins = 2026-01-01},\n]\n", "r.toml:5: unknown key \"credential.values.sins\"\n  did you mean \"since\"?"},
		{"[[credential]]\nname = \"a\"\nslots = [\"SLACK_TOKEN\"]\n", "r.toml:3: the slot \"SLACK_TOKEN\" has no scope"},
		{"[[credential]]\nname = \"a\"\n", "r.toml:2: \"a\" has neither slots nor values"},
		{"[[credential]]\nslots = [\"gh:x/y/Z\"]\n", "r.toml:1: a [[credential]] has no name"},
		{"[[credential]]\nname = \"a\"\nslots = [\"gh:x/y/Z\"]\nwindow = {timezone = \"Mars/Base\"}\n", "r.toml:4: \"Mars/Base\" is no time zone"},
		{"[[credential]]\nname = \"a\"\nslots = [\"gh:x/y/Z\"]\ninterval = \"soon\"\n", "r.toml:4: \"soon\" is no period"},
		{"[[accept]]\nrule = \"x\"\n", "r.toml:1: an [[accept]] needs rule, reason, owner and until"},
		{"a = \n", "r.toml:1: expected value"},
	} {
		_, err := Parse("r.toml", []byte(c.text))
		var e *ParseError
		if !errors.As(err, &e) || !strings.HasPrefix(e.Error(), c.want) {
			t.Errorf("%q\n got %v\nwant %s", c.text, err, c.want)
		}
	}
}

func TestMatch(t *testing.T) {
	r := parse(t, sample)
	for _, c := range []struct {
		v    View
		want bool
	}{
		{View{Slots: []string{"gh:acme/shop/SLACK_TOKEN"}}, true},
		{View{Slots: []string{"gh:acme/other/SLACK_TOKEN"}}, false},
		{View{Slots: []string{"k8s:github.com/acme/shop@env:production/default/slack#token"}}, true},
		{View{Slots: []string{"k8s:x/*/slack#other"}}, false},
		{View{Slots: []string{"n8n:x/1"}, Fingerprints: []string{"hs1:aaaa:one"}}, true},
	} {
		if got := r.Match(c.v) != nil; got != c.want {
			t.Errorf("Match(%v) = %v", c.v, got)
		}
	}
}

// TestGlob compares with the definition: a star takes zero or more characters.
func TestGlob(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.StringMatching(`[ab/*?]{0,6}`).Draw(t, "pattern")
		n := rapid.StringMatching(`[ab/]{0,6}`).Draw(t, "name")
		if got, want := Glob(p, n), slowGlob(p, n); got != want {
			t.Fatalf("Glob(%q, %q) = %v, want %v", p, n, got, want)
		}
	})
}

func slowGlob(p, n string) bool {
	switch {
	case p == "":
		return n == ""
	case strings.HasPrefix(p, "**"):
		return slowGlob(p[2:], n) || n != "" && slowGlob(p, n[1:])
	case p[0] == '*':
		return slowGlob(p[1:], n) || n != "" && n[0] != '/' && slowGlob(p, n[1:])
	case n == "":
		return false
	}
	return (p[0] == n[0] || p[0] == '?' && n[0] != '/') && slowGlob(p[1:], n[1:])
}

func TestHours(t *testing.T) {
	r := parse(t, sample)
	for at, want := range map[string]bool{
		"2026-11-28T21:30:00Z": true,  // Saturday 22:30 in Berlin
		"2026-11-28T20:30:00Z": false, // Saturday 21:30
		"2026-11-30T00:30:00Z": true,  // Monday 01:30: Sunday's window runs over midnight
		"2026-11-28T00:30:00Z": false, // Saturday 01:30: Friday has none
		"2026-07-04T20:30:00Z": true,  // Saturday 22:30 in summer
	} {
		moment, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Credentials[0].Window.Contains(moment); got != want {
			t.Errorf("%s: %v, want %v", at, got, want)
		}
	}
}

// TestEdit: only the lines that an edit means change.
func TestEdit(t *testing.T) {
	since := Date{time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)}
	got, err := Record("rotamap.toml", []byte(sample), "slack-bot", Value{"hs1:aaaa:two", since, Date{}, "aaaa"})
	if err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(sample, `  {fp = "hs1:aaaa:one", since = 2026-08-01, key = "aaaa"}, # [ not a bracket
`, `  {fp = "hs1:aaaa:one", since = 2026-08-01, key = "aaaa", until = 2026-11-23}, # [ not a bracket
  {fp = "hs1:aaaa:two", since = 2026-11-23, key = "aaaa"},
`, 1)
	want = strings.Replace(want, "last_rotated = 2026-08-01", "last_rotated = 2026-11-23", 1)
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("Record:\n%s", diff)
	}
	got, err = Set("rotamap.toml", []byte(sample), "slack-bot", "purpose", `"deploy messages"`)
	if err != nil {
		t.Fatal(err)
	}
	want = strings.Replace(sample, "]\n\n[[accept]]", "]\npurpose = \"deploy messages\"\n\n[[accept]]", 1)
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("Set:\n%s", diff)
	}
}

func TestFormat(t *testing.T) {
	messy := "\n\n# top\n[[credential]]  # c\nname=\"a\"   \nslots  =  [\"gh:x/y/Z\",\n     \"gh:x/y/W\"]\nnotes = \"\"\"\n  kept =  as is  \n\"\"\"\n# next\n[[team]]\nname='t'\n\n\n"
	want := "# top\n[[credential]]  # c\nname = \"a\"\nslots = [\"gh:x/y/Z\",\n     \"gh:x/y/W\"]\nnotes = \"\"\"\n  kept =  as is  \n\"\"\"\n\n# next\n[[team]]\nname = 't'\n"
	for _, in := range []string{messy, want} {
		got, err := Format("r.toml", []byte(in))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, string(got)); diff != "" {
			t.Errorf("Format:\n%s", diff)
		}
	}
}
