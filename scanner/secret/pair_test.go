package secret

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestMayPair: where the expression finds the name of a secret, the quick look before it says that there may be one. The
// texts are put together from what such pairs are made of.
func TestMayPair(t *testing.T) {
	pieces := []string{`"`, `'`, `\`, ` `, "\n", "\t", `,`, `/`, `:`, `=`, `{`, `(`, `-`, `_`, `.`, `$`, `key`, `Name`, `id`, `header`,
		`parameter`, `token`, `password`, `API_KEY`, `Content-Type`, `type`, `enabled`, `secret`, `Description`, `true`, `x`, `Foo Bar`,
		`"name": "`, `"key": `, `"type": "text", `, `",` + "\n" + `  "`, "ſecret", "\u212aey", strings.Repeat("w", 79)}
	r := rand.New(rand.NewPCG(1, 2))
	m := newMemo()
	found := 0
	for range 400_000 {
		var b strings.Builder
		for range 1 + r.IntN(9) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		text := []byte(b.String())
		loc := nameOfPair.get().FindSubmatchIndex(text)
		if loc == nil || !namesPair(text) || nameStrength(string(text[loc[2]:loc[3]])) == noName {
			continue
		}
		if found++; !m.mayPair(text) {
			t.Fatalf("the expression finds %q in %q", text[loc[2]:loc[3]], text)
		}
	}
	if found < 1000 {
		t.Errorf("only %d of the texts hold a pair", found)
	}
}

// namesPair reports whether a text holds a key whose name ends as those of pairs do: only there is the expression asked.
func namesPair(text []byte) bool {
	for i, c := range text {
		if (c == ':' || c == '=') && endsWithWord(text[:i], pairWords) {
			return true
		}
	}
	return false
}
