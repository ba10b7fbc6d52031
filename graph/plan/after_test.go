package plan

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rotamap/rotamap/rules/register"
)

const before = `source github.com/acme/shop
slot gh:acme/shop/KEY @ ci.yml:3
slot inline:github.com/acme/shop/a.env#KEY defined=in-scan @ a.env:1
slot inline:github.com/acme/shop/b.env#KEY defined=in-scan @ b.env:1
slot inline:github.com/acme/shop/c.env#KEY defined=in-scan @ c.env:1
value value:hs1:aaaa:old also=hs1:aaaa:oldbase64|base64
holds inline:github.com/acme/shop/a.env#KEY -> value:hs1:aaaa:old held=current @ a.env:1
holds inline:github.com/acme/shop/b.env#KEY -> value:hs1:aaaa:old held=current @ b.env:1
holds inline:github.com/acme/shop/c.env#KEY -> value:hs1:aaaa:old held=current @ c.env:1
holds gh:acme/shop/KEY -> value:hs1:aaaa:old held=current @ export.json:1
automation github-actions:acme/one name=one schedule="0 1 * * *" @ one.yml:1
automation github-actions:acme/two name=two @ two.yml:1
reads github-actions:acme/one -> inline:github.com/acme/shop/a.env#KEY
reads github-actions:acme/two -> inline:github.com/acme/shop/b.env#KEY
`

const after = `source github.com/acme/shop
slot gh:acme/shop/KEY @ ci.yml:3
slot inline:github.com/acme/shop/a.env#KEY defined=in-scan @ a.env:1
slot inline:github.com/acme/shop/b.env#KEY defined=in-scan @ b.env:1
slot inline:github.com/acme/shop/d.env#KEY defined=in-scan @ d.env:1
value value:hs1:aaaa:old
value value:hs1:aaaa:new
value value:hs1:aaaa:oldbase64
holds inline:github.com/acme/shop/a.env#KEY -> value:hs1:aaaa:new held=current @ a.env:1
holds gh:acme/shop/KEY -> value:hs1:aaaa:new held=current @ export.json:1
holds inline:github.com/acme/shop/a.env#KEY -> value:hs1:aaaa:old held=past @ a.env:1 history
holds inline:github.com/acme/shop/b.env#KEY -> value:hs1:aaaa:old held=current @ b.env:2
holds inline:github.com/acme/shop/d.env#KEY -> value:hs1:aaaa:oldbase64 held=current @ d.env:2
slot inline:github.com/acme/shop/e.env#KEY defined=in-scan @ e.env:1
value value:hs1:aaaa:wrapped also=hs1:aaaa:old|hex
holds inline:github.com/acme/shop/e.env#KEY -> value:hs1:aaaa:wrapped held=current @ e.env:3
automation github-actions:acme/one name=one schedule="0 2 * * *" @ one.yml:1
automation github-actions:acme/three name=three @ three.yml:1
reads github-actions:acme/one -> inline:github.com/acme/shop/a.env#KEY
reads github-actions:acme/three -> inline:github.com/acme/shop/a.env#KEY
`

// TestVerify: a straggler, one that is base64, one that is hex, history apart, the new value, what is gone, dependents lost and
// gained.
func TestVerify(t *testing.T) {
	b, a := graphOf(t, before), graphOf(t, after)
	c, err := b.Find("gh:acme/shop/KEY")
	if err != nil {
		t.Fatal(err)
	}
	v := Verify(b, a, c)
	var out bytes.Buffer
	if err := v.WriteText(&out); err != nil {
		t.Fatal(err)
	}
	want := `KEY: not done
  still holds the old value
    b.env:2  inline:github.com/acme/shop/b.env#KEY
    d.env:2  inline:github.com/acme/shop/d.env#KEY
    e.env:3  inline:github.com/acme/shop/e.env#KEY
  holds a new value
    export.json:1  gh:acme/shop/KEY
    a.env:1  inline:github.com/acme/shop/a.env#KEY
  holds no text any more
    inline:github.com/acme/shop/c.env#KEY
  depends on it no more
    two
  depends on it now
    three
  older commits hold the old value: it must be revoked
    a.env:1  inline:github.com/acme/shop/a.env#KEY
`
	if diff := cmp.Diff(want, out.String()); diff != "" || v.Done {
		t.Errorf("done %v\n%s", v.Done, diff)
	}
	if same := Verify(b, b, c); same.Done || len(same.Stragglers) != 4 {
		t.Errorf("nothing was rotated: done %v, %d stragglers", same.Done, len(same.Stragglers))
	}
}

func TestCompare(t *testing.T) {
	d := Compare(graphOf(t, before), graphOf(t, after))
	var got []string
	for _, c := range d.Changes {
		got = append(got, c.String())
	}
	text := strings.Join(got, "\n")
	for _, want := range []string{`~ automation one: schedules "0 1 * * *" -> "0 2 * * *"`, "- automation two", "+ automation three",
		"- dependent two of ", "+ dependent three of ", `: value "hs1:aaaa:old" -> "hs1:aaaa:new"`} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
	if same := Compare(graphOf(t, before), graphOf(t, before)); len(same.Changes) != 0 {
		t.Errorf("a map differs from itself: %v", same.Changes)
	}
	other := graphOf(t, strings.ReplaceAll(before, "github.com/acme/shop", "github.com/acme/moved"))
	if d := Compare(graphOf(t, before), other); len(d.Notes) == 0 {
		t.Error("a source that was not scanned again is not said")
	}
}

// TestFollow: three forms of results; the last run decides; what ran before the cut-over does not count.
func TestFollow(t *testing.T) {
	since := time.Date(2026, 11, 24, 20, 0, 0, 0, time.UTC)
	due := since.Add(2 * time.Hour)
	r := &Rotation{Watch: []Watch{
		{Dependent: "github-actions:github.com/acme/shop/.github/workflows/night.yml", Name: "Night", By: &due},
		{Dependent: "n8n:exports/42", Name: "Alerts"}, {Dependent: "k8s:x/digest", Name: "digest", By: &due}}}
	for form, text := range map[string]string{
		"lines": `{"name": "Night", "start": "2026-11-24T19:00:00Z", "status": "failure"}
{"name": "Night", "start": "2026-11-24T21:00:00Z", "status": "failure"}
{"name": "Night", "start": "2026-11-24T22:00:00Z", "status": "success"}
{"name": "Alerts", "start": "2026-11-24T21:30:00Z", "status": "error"}
{"name": "Alerts", "start": "2026-11-24T21:40:00Z", "status": "running"}
{"name": "other", "start": "2026-11-24T21:40:00Z", "status": "ok"}`,
		"github": `{"total_count": 2, "workflow_runs": [
{"name": "renamed", "path": ".github/workflows/night.yml@refs/heads/main", "status": "completed", "conclusion": "success", "run_started_at": "2026-11-24T22:00:00Z"},
{"name": "renamed", "path": ".github/workflows/night.yml", "status": "completed", "conclusion": "failure", "run_started_at": "2026-11-24T21:00:00Z"},
{"name": "Alerts", "path": "x.yml", "status": "completed", "conclusion": "timed_out", "run_started_at": "2026-11-24T21:00:00Z"},
{"name": "other", "path": "other.yml", "status": "completed", "conclusion": "success", "run_started_at": "2026-11-24T21:00:00Z"}]}`,
		"n8n": `{"data": [{"id": 1, "workflowId": 42, "status": "error", "startedAt": "2026-11-24T21:00:00Z", "finished": false},
{"id": 2, "workflowId": "7", "workflowData": {"name": "Night"}, "status": "success", "startedAt": "2026-11-24T22:00:00Z"},
{"id": 5, "workflowId": "7", "workflowData": {"name": "Night"}, "status": "crashed", "startedAt": "2026-11-24T21:00:00Z"},
{"id": 3, "workflowId": "8", "status": "success", "startedAt": "2026-11-24T22:00:00Z"}]}`,
	} {
		results, err := ReadResults(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		p := Follow(r, results, since, since.Add(3*time.Hour))
		got := ""
		for _, o := range p.Dependents {
			got += fmt.Sprintf("%s %s %d/%d overdue %v\n", o.Name, o.State, o.Good, o.Failed, o.Overdue)
		}
		want := "Night good 1/1 overdue false\nAlerts failed 0/1 overdue false\ndigest waiting 0/0 overdue true\n"
		if got != want || p.Unmatched != 1 || p.Done {
			t.Errorf("%s: %d unmatched, done %v\n%s", form, p.Unmatched, p.Done, got)
		}
	}
	if _, err := ReadResults(strings.NewReader("no json")); err == nil {
		t.Error("a file without results is no error")
	}
}

// TestICS: no line is longer than 75 octets, unfolding gives the text back, and a UID is the same from export to
// export.
func TestICS(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		summary := rapid.StringOf(rapid.RuneFrom([]rune("ab;,\\\n é漢😀:"))).Draw(t, "summary")
		var out bytes.Buffer
		if err := WriteEvents(&out, now, []Event{{Key: "k", Start: now, Summary: summary}}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(strings.TrimSuffix(out.String(), "\r\n"), "\r\n") {
			if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
				t.Fatalf("a line of %d octets: %q", len(line), line)
			}
		}
		unfolded := strings.ReplaceAll(out.String(), "\r\n ", "")
		_, rest, _ := strings.Cut(unfolded, "SUMMARY:")
		got, _, _ := strings.Cut(rest, "\r\n")
		back := strings.NewReplacer(`\\`, `\`, `\;`, ";", `\,`, ",", `\n`, "\n").Replace(got)
		if back != summary {
			t.Fatalf("%q came back as %q", summary, back)
		}
	})
}

func TestCalendarAndDue(t *testing.T) {
	r, err := register.Parse("rotamap.toml", []byte(`
[[credential]]
name = "late"
slots = ["gh:acme/shop/LATE"]
interval = "90d"
last_rotated = 2026-08-01
owner = "payments"
[[credential]]
name = "fresh"
slots = ["gh:acme/shop/FRESH"]
interval = "1y"
last_rotated = 2026-10-01
expires = 2027-10-01
approvers = ["kim"]
[[credential]]
name = "mine"
kind = "password"
slots = ["gh:acme/shop/MINE"]
interval = "30d"
last_rotated = 2020-01-01
[[team]]
name = "payments"
members = ["lee"]
contact = "#payments"
`))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range Calendar(r) {
		got = append(got, e.Start.Format(time.DateOnly)+" "+e.Summary+" "+e.Repeat)
	}
	want := []string{"2026-10-30 Rotation due: late FREQ=DAILY;INTERVAL=90", "2027-10-01 Rotation due: fresh FREQ=YEARLY;INTERVAL=1", "2027-10-01 fresh expires "}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	g := graphOf(t, "source s\nslot gh:acme/shop/LATE\nslot gh:acme/shop/FRESH\nslot gh:acme/shop/MINE\n")
	if due := Due(g, r, now); len(due) != 1 || due[0].Name != "LATE" {
		t.Errorf("due: %v", due)
	}
	for who, want := range map[string]string{"lee": "LATE", "@Kim": "FRESH"} {
		if all := Leaver(g, r, who); len(all) != 1 || all[0].Name != want {
			t.Errorf("%s leaves: %d credentials, want %s", who, len(all), want)
		}
	}
}
