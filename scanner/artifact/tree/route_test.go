package tree

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// TestVisit: routes are written out as the paths of Walk, and their last keys are those that a path shows as they are.
func TestVisit(t *testing.T) {
	docs, err := JSON([]byte(`{"a": [1, {"b.c": {"": [true]}, "d": "x"}], "e]": {"f": null}, "g": {}}`))
	if err != nil {
		t.Fatal(err)
	}
	var walked, visited, plain []string
	docs[0].Walk("top[0]", func(p Path, n *Node) bool { walked = append(walked, string(p)); return n.Get("f") == nil })
	docs[0].Visit("top[0]", func(r *Route, n *Node) bool {
		visited = append(visited, string(r.Path()))
		if key, ok := r.Plain(); ok {
			plain = append(plain, key)
		}
		return n.Get("f") == nil
	})
	if !slices.Equal(walked, visited) {
		t.Errorf("walked:  %q\nvisited: %q", walked, visited)
	}
	if want := []string{"a", "a", "a", "d", "g"}; !slices.Equal(plain, want) {
		t.Errorf("plain keys %q, want %q", plain, want)
	}
}

// TestStrings: every sign that ends a run of ordinary bytes is seen wherever it stands in it.
func TestStrings(t *testing.T) {
	for _, sign := range []string{`\"`, `\\`, `\n`, `\u00e9`, `\ud83d\ude00`, "é", "\u2028", "\x7f", `/`, "\x1f", "\t", `\x`, `"`} {
		for before := range 20 {
			for after := range 10 {
				text := `["` + strings.Repeat("a", before) + sign + strings.Repeat("b", after) + `"]`
				var want []string
				refused := json.Unmarshal([]byte(text), &want) != nil
				docs, err := JSON([]byte(text))
				switch {
				case (err != nil) != refused:
					t.Fatalf("%s: %v", text, err)
				case err == nil && docs[0].Items[0].Value != want[0]:
					t.Fatalf("%s: read as %q", text, docs[0].Items[0].Value)
				}
			}
		}
	}
}
