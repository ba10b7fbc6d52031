package register

import (
	"strings"
	"testing"
)

// TestRekey: fingerprints and the ids of their keys change, comments stay, and what was not seen is named.
func TestRekey(t *testing.T) {
	text := `# the register
[[credential]]
name = "shop"
slots = ["gh:acme/shop/TOKEN"]
values = [
  {fp = "hs1:oldkid:aaaa", since = 2026-01-02, key = "oldkid"}, # the first
  {fp = 'hs1:oldkid:bbbb', key = 'oldkid'},
]

[[credential]]
name = "lost"
slots = ["gh:acme/shop/OTHER"]
[[credential.values]]
fp = "hs1:oldkid:cccc"
key = "oldkid"

[[credential]]
name = "apart"
slots = ["gh:acme/shop/THIRD"]
[[credential.values]]
fp = "hs1:oldkid:dddd"
key = "oldkid"
`
	out, left, err := Rekey("rotamap.toml", []byte(text), map[string]string{
		"hs1:oldkid:aaaa": "hs1:newkid:AAAA", "hs1:oldkid:bbbb": "hs1:newkid:BBBB", "hs1:oldkid:dddd": "hs1:newkid:DDDD"})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Join(left, " ") != "lost" {
		t.Errorf("left: %q", left)
	}
	r, err := Parse("rotamap.toml", out)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"shop": "hs1:newkid:AAAA newkid hs1:newkid:BBBB newkid", "lost": "hs1:oldkid:cccc oldkid", "apart": "hs1:newkid:DDDD newkid"} {
		var got []string
		for _, v := range r.Entry(name).Values {
			got = append(got, v.Fingerprint, v.Key)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s has %q, not %q", name, got, want)
		}
	}
	if !strings.Contains(string(out), "# the first") || !strings.Contains(string(out), "# the register") {
		t.Error("comments are lost")
	}
}
