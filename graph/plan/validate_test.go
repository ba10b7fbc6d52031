package plan

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-ical"
	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"
)

// casePlans are the plans of testdata/plan.
func casePlans(t *testing.T) map[string]Plan {
	t.Helper()
	paths, err := filepath.Glob("../../testdata/plan/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	out := map[string]Plan{}
	for _, path := range paths {
		a, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(path)] = planOf(t, a)
	}
	return out
}

// TestPromtool: Prometheus' own tool takes the alert rules of every case, and of one with hostile names.
func TestPromtool(t *testing.T) {
	tool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("promtool is not installed (Debian: prometheus)")
	}
	plans := casePlans(t)
	hostile := "a\"b\\c{{ $x }}\n- évil: 'x' #"
	plans["hostile"] = Plan{Rotations: []Rotation{{Credential: Subject{Name: hostile}, Watch: []Watch{
		{Name: hostile, Object: hostile, Namespace: hostile, Platform: "kubernetes", Within: "25h0m0s", Failure: hostile, Tell: []string{hostile}},
		{Name: hostile, Platform: hostile}}}}}
	for name, p := range plans {
		file := filepath.Join(t.TempDir(), "rules.yml")
		if err := os.WriteFile(file, draw(t, p, "rules"), 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(tool, "check", "rules", file).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s\n%s", name, err, out, draw(t, p, "rules"))
		}
	}
}

// TestICSOfCases: a library that reads calendars takes those of every case, and so does a reading by the letter of RFC 5545;
// the UIDs of a later export are the same.
func TestICSOfCases(t *testing.T) {
	for name, p := range casePlans(t) {
		var first, later bytes.Buffer
		if err := p.WriteICS(&first); err != nil {
			t.Fatal(err)
		}
		p.Made = p.Made.AddDate(0, 1, 0)
		if err := p.WriteICS(&later); err != nil {
			t.Fatal(err)
		}
		if a, b := uids(t, first.Bytes()), uids(t, later.Bytes()); len(a) == 0 || strings.Join(a, " ") != strings.Join(b, " ") {
			t.Errorf("%s: UIDs %v, later %v", name, a, b)
		}
		byTheLetter(t, first.Bytes())
	}
}

// uids decodes a calendar and lists the UIDs of its events.
func uids(t testing.TB, text []byte) []string {
	t.Helper()
	cal, err := ical.NewDecoder(bytes.NewReader(text)).Decode()
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	var out []string
	for _, e := range cal.Events() {
		uid, err := e.Props.Text(ical.PropUID)
		if err != nil {
			t.Fatal(err)
		}
		start, err := e.DateTimeStart(time.UTC)
		if err != nil || start.IsZero() {
			t.Fatalf("the event %s has no start: %v", uid, err)
		}
		out = append(out, uid)
	}
	return out
}

var contentLine = regexp.MustCompile(`^[A-Z-]+(;[A-Z-]+=[A-Z0-9-]+)*:[^\x00-\x08\x0a-\x1f\x7f]*$`)

// byTheLetter checks what RFC 5545 asks of lines: CRLF ends, 75 octets, the grammar of a content line, and that
// components are nested.
func byTheLetter(t testing.TB, text []byte) {
	t.Helper()
	lines := strings.Split(string(text), "\r\n")
	if lines[len(lines)-1] != "" || strings.Contains(strings.Join(lines, ""), "\n") {
		t.Fatal("a line does not end in CRLF")
	}
	for _, l := range lines {
		if len(l) > 75 {
			t.Errorf("%d octets: %s", len(l), l)
		}
	}
	var open []string
	for l := range strings.SplitSeq(strings.TrimSuffix(strings.ReplaceAll(string(text), "\r\n ", ""), "\r\n"), "\r\n") {
		if !contentLine.MatchString(l) {
			t.Errorf("no content line: %q", l)
		}
		if kind, ok := strings.CutPrefix(l, "BEGIN:"); ok {
			open = append(open, kind)
		}
		if kind, ok := strings.CutPrefix(l, "END:"); ok {
			if len(open) == 0 || open[len(open)-1] != kind {
				t.Fatalf("END:%s ends %v", kind, open)
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Errorf("left open: %v", open)
	}
}

// TestICSAnyText: any text in an event stays inside it, and is read back as it was, without control characters.
func TestICSAnyText(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		e := Event{Key: rapid.String().Draw(rt, "key"), Start: now, End: now.Add(time.Hour), Summary: rapid.String().Draw(rt, "summary"),
			Details: rapid.String().Draw(rt, "details"), Remind: []time.Duration{time.Hour}}
		var b bytes.Buffer
		if err := WriteEvents(&b, now, []Event{e}); err != nil {
			rt.Fatal(err)
		}
		byTheLetter(t, b.Bytes())
		if got := uids(t, b.Bytes()); len(got) != 1 {
			rt.Fatalf("%d events", len(got))
		}
	})
}
