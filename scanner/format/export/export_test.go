package export_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
)

func TestEvery(t *testing.T) {
	for _, c := range []struct {
		n    int
		unit string
		want string
	}{
		{30, "seconds", "*/30 * * * * *"}, {45, "seconds", "@every 45s"}, {1, "minutes", "* * * * *"}, {5, "minutes", "*/5 * * * *"},
		{90, "minutes", "@every 90m"}, {6, "hours", "0 */6 * * *"}, {5, "hour", "@every 5h"}, {1, "days", "0 0 * * *"},
		{7, "days", "@every 168h"}, {2, "weeks", "@every 336h"}, {1, "months", "0 0 1 * *"}, {0, "hours", "0 * * * *"},
	} {
		if got := export.Every(c.n, c.unit); got != c.want {
			t.Errorf("every %d %s: %q, want %q", c.n, c.unit, got, c.want)
		}
	}
}

func TestHost(t *testing.T) {
	for in, want := range map[string]string{
		"https://API.acme.example:8443/x?y=1": "api.acme.example", "http://u:p@h.example/": "h.example", "https://{{$json.host}}/x": "",
		"https://[::1]:80/": "::1", "h.example": "", "https://a b/": "a", "postgres://u:p%40@db/x": "db", "https://": "",
	} {
		if got := export.Host(in); got != want {
			t.Errorf("host of %q: %q, want %q", in, got, want)
		}
	}
}

func TestOpaque(t *testing.T) {
	for in, want := range map[string]bool{
		"notify-hook": false, "orders/v2/new": false, "aaaaaaaa-1111-2222-3333-444444444444": true, "x/k3j9d8f7a6s5d4f3": true,
		"customer-created-2024": false,
	} {
		if export.Opaque(in) != want {
			t.Errorf("opaque %q: %v", in, !want)
		}
	}
}

func TestPerson(t *testing.T) {
	for in, want := range map[string]string{
		"Test Owner <owner@acme.example>": "Test Owner", "jdoe@acme.example": "jdoe", "Data Team": "Data Team", "<x@y.example>": "",
	} {
		if got := export.Person(in); got != want {
			t.Errorf("person in %q: %q, want %q", in, got, want)
		}
	}
}

// names lists the literals that a text yields, by name.
func names(text string) []string {
	a := &artifact.Artifact{Source: "acme", Path: "x.json", State: inventory.Head}
	f := artifact.NewFacts(a, "test")
	export.Holder{Facts: f, Node: "part"}.Text(text, artifact.Place{Line: 1, Pointer: "code"})
	var out []string
	for _, l := range f.Literals {
		out = append(out, l.Slot[strings.IndexByte(l.Slot, '#')+1:])
	}
	return out
}

func TestText(t *testing.T) {
	for text, want := range map[string][]string{
		`const apiKey = "abcdefgh"; let token: string = 'abcdefgh';`: {"code:apiKey"},
		`{"password": "abcdefgh", 'secret': 'abcdefgh'}`:             {"code:password", "code:secret"},
		`h["X-Auth"] = "abcdefgh"`:                                   {"code:X-Auth"},
		"token => `abcdefgh`":                                        {"code:token"},
		`color = "abcdefgh"`:                                         nil,
		`token = "{{ $env.X }}"`:                                     nil,
		`k='a1b2c3d4e5f6g7h8'`:                                       {"code:k"},
		`token="abcdefgh" token="ijklmnop"`:                          {"code:token", "code:token~2"},
		`see https://api.acme.example/x?key=abcdefgh.`:               {"code:url?key"},
		`Authorization:'Bearer abcdefgh'`:                            {"code:Authorization"},
	} {
		if d := cmp.Diff(want, names(text)); d != "" {
			t.Errorf("%s (-want +got):\n%s", text, d)
		}
	}
}

// TestTextBounded: any text is read without a panic, and slots are unique.
func TestTextBounded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOf(rapid.SampledFrom([]string{
			"token", "=", ":", "=>", "\"", "'", "`", "]", "[", " ", "\n", "\\", "https://", "@", "?", "&", "key=", "abcdefgh12345678", "é",
		})).Draw(t, "parts")
		seen := map[string]bool{}
		for _, n := range names(strings.Join(parts, "")) {
			if seen[n] {
				t.Fatalf("%q twice", n)
			}
			seen[n] = true
		}
	})
}

func TestXML(t *testing.T) {
	a := &artifact.Artifact{Content: []byte("<a x='1'>\n <b>t</b>\n <c/>\n <b>u</b>\n</a>")}
	n, err := export.XML(a)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	n.Walk("", func(p tree.Path, c *tree.Node) bool {
		if c.Kind == tree.Scalar {
			got = append(got, string(p)+"="+c.Value)
		}
		return true
	})
	if d := cmp.Diff([]string{"a.@x=1", "a.b[0]=t", "a.b[1]=u", "a.c="}, got); d != "" {
		t.Error(d)
	}
	if line := n.Get("a").Get("b").Items[1].Line; line != 4 {
		t.Errorf("the second b is on line %d, want 4", line)
	}
	for _, bad := range []string{"", "<a>", "text", strings.Repeat("<a>", 1000)} {
		if _, err := export.XML(&artifact.Artifact{Content: []byte(bad)}); err == nil {
			t.Errorf("%.20q is no XML", bad)
		}
	}
}

func TestWhole(t *testing.T) {
	for in, want := range map[string]int{"": 0, "7": 7, "007": 7, "99999": 99999, "12345678901234567890": -1, "1.5": -1, "-3": -1, "x": -1} {
		if got := export.Whole(in, -1); got != want {
			t.Errorf("Whole(%q) is %d, want %d", in, got, want)
		}
	}
}
