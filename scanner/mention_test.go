package scanner

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

func noted(path, text string, state inventory.State) (*worker, []string) {
	w := &worker{interned: map[string]string{}}
	w.noteNames(&artifact.Artifact{Source: "s", Path: path, Content: []byte(text), State: state})
	var out []string
	for _, f := range w.named {
		for _, x := range f.words {
			out = append(out, x.text)
		}
	}
	return w, out
}

func TestNoteNames(t *testing.T) {
	text := "STRIPE_KEY shop-api-key dvlaPassword MESHPASSWORD AWS_REGION_NAME --db_pass--\n" +
		"password secretary apikeys some_function SomeClass HTTPS key_a 1_TOKEN_OF_TEN tok_12345678 "
	want := "STRIPE_KEY shop-api-key dvlaPassword MESHPASSWORD AWS_REGION_NAME db_pass 1_TOKEN_OF_TEN"
	if _, got := noted("a.conf", text, inventory.Head); strings.Join(got, " ") != want {
		t.Errorf("%v, want %s", got, want)
	}
	for path, state := range map[string]inventory.State{"a.conf": inventory.History, "b.conf": inventory.Branch,
		"web/node_modules/x/a.js": inventory.Head, "yarn.lock": inventory.Head, "app.min.js": inventory.Head} {
		if _, got := noted(path, text, state); got != nil {
			t.Errorf("%s (%s): %v", path, state, got)
		}
	}
}

func TestNoteNamesCounted(t *testing.T) {
	w, got := noted("dump.sql", strings.Repeat("SHOP_TOKEN,", maxWords+1), inventory.Head)
	if len(got) != maxWords || len(w.skipped) != 1 || w.skipped[0].Path != "dump.sql" {
		t.Errorf("%d names, skipped %v", len(got), w.skipped)
	}
}

// TestNextWord holds the look at every seventh byte against one at each.
func TestNextWord(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	found := 0
	for range 20_000 {
		var text []byte
		for range rnd.IntN(60) {
			text = append(text, "aZ9_- \n.aaaaTTT"[rnd.IntN(15)])
		}
		for i := 0; ; {
			start, end, made := nextWord(text, i)
			var want []byte
			var kinds uint8
			at := i
			for ; at < len(text) && len(want) < minWord; at += len(want) + 1 {
				want, kinds = nil, 0
				for _, c := range text[at:] {
					if byteKinds[c] == 0 {
						break
					}
					want, kinds = append(want, c), kinds|byteKinds[c]
				}
				if len(want) >= minWord {
					break
				}
			}
			if len(want) < minWord {
				if start >= 0 {
					t.Fatalf("%q has a word at %d, behind %d", text, start, i)
				}
				break
			}
			if start != at || end != at+len(want) || made != kinds {
				t.Fatalf("%q: a word from %d to %d of kinds %b, want one from %d to %d of kinds %b", text, start, end, made, at, at+len(want), kinds)
			}
			found++
			i = end
		}
	}
	if found == 0 {
		t.Error("no word was found")
	}
}
