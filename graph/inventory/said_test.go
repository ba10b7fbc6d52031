package inventory

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
)

// What the heads of branches repeat of a fact is joined when it comes, and makes of all places what MergeEvidence makes of them.
func TestSaidJoins(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	versions := make([][]string, 12)
	for n := range versions {
		for b := range 3 + r.IntN(30) {
			versions[n] = append(versions[n], fmt.Sprintf("b%02d-%d", (b*7+n)%40, n%3))
		}
		versions[n] = MergeBranches(versions[n])
	}
	place := func(commit int) Evidence {
		e := Evidence{Source: "s", Path: []string{"a", "a", "a", "b"}[r.IntN(4)], Line: 1 + r.IntN(3), State: Branch,
			Commit: fmt.Sprint("c", commit), Seen: SeenAt(versions[commit], "", "")}
		if r.IntN(60) == 0 {
			e.State, e.Commit, e.Seen = Head, "", nil
		}
		return e
	}
	for range 400 {
		var all []Evidence
		var attrs []Attr
		set := NewSet()
		for range 1 + r.IntN(80) {
			n := Node{ID: "n", Kind: Code}
			commit := r.IntN(len(versions))
			for range 1 + r.IntN(3) {
				n.Evidence = append(n.Evidence, place(commit))
			}
			n.Attrs = []Attr{{Key: AttrAs, Value: fmt.Sprint(r.IntN(3)), Evidence: []Evidence{place(commit)}}}
			all, attrs = append(all, n.Evidence...), append(attrs, n.Attrs...)
			switch r.IntN(4) {
			case 0:
				set.AddNode(n)
			case 1: // a list that was handed out stays as it is
				before, _ := set.Node("n")
				was := fmt.Sprint(before)
				set.AddNode(n)
				if fmt.Sprint(before) != was {
					t.Fatal("a list that was handed out has changed")
				}
			default:
				one := NewSet()
				one.AddNode(n)
				set.Pour(one)
			}
		}
		got, _ := set.Node("n")
		if want := MergeEvidence(all, nil); !reflect.DeepEqual(got.Evidence, want) {
			t.Fatalf("got  %v\nwant %v", got.Evidence, want)
		}
		if want := MergeAttrs(attrs, nil); !reflect.DeepEqual(got.Attrs, want) {
			t.Fatalf("got  %v\nwant %v", got.Attrs, want)
		}
	}
}
