package inventory_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rotamap/rotamap/graph/inventory"
)

// evidence, attr, node and edge draw from small alphabets, so that equal and clashing things are common.
func evidence(t *rapid.T) inventory.Evidence {
	e := inventory.Evidence{
		Source: rapid.SampledFrom([]string{"a", "b"}).Draw(t, "source"), Path: rapid.SampledFrom([]string{"x", "y"}).Draw(t, "path"),
		Line:  rapid.IntRange(0, 2).Draw(t, "line"),
		State: rapid.SampledFrom([]inventory.State{inventory.Head, inventory.Branch, inventory.History}).Draw(t, "state"),
	}
	if e.State == inventory.Branch {
		e.Commit = rapid.SampledFrom([]string{"c1", "c2"}).Draw(t, "commit")
		e.Seen = inventory.SeenAt([]string{rapid.SampledFrom([]string{"b1", "b2", "b3"}).Draw(t, "branch")}, "", "")
	}
	return e
}

func attr(t *rapid.T) inventory.Attr {
	return inventory.Attr{
		Key:   rapid.SampledFrom([]inventory.AttrKey{inventory.AttrClass, inventory.AttrStore}).Draw(t, "key"),
		Value: rapid.SampledFrom([]string{"p", "q"}).Draw(t, "value"), Rule: rapid.SampledFrom([]string{"r", "s"}).Draw(t, "rule"),
		Confidence: inventory.Confidence(rapid.IntRange(1, 4).Draw(t, "confidence")),
		Evidence:   rapid.SliceOfN(rapid.Custom(evidence), 0, 3).Draw(t, "evidence"),
	}
}

func node(t *rapid.T) inventory.Node {
	return inventory.Node{
		ID: rapid.SampledFrom([]string{"n1", "n2", "n3"}).Draw(t, "id"), Name: rapid.SampledFrom([]string{"", "m", "n"}).Draw(t, "name"),
		Kind:     rapid.SampledFrom([]inventory.NodeKind{"", inventory.Slot, inventory.Part}).Draw(t, "kind"),
		Attrs:    rapid.SliceOfN(rapid.Custom(attr), 0, 3).Draw(t, "attrs"),
		Evidence: rapid.SliceOfN(rapid.Custom(evidence), 0, 3).Draw(t, "evidence"),
	}
}

func edge(t *rapid.T) inventory.Edge {
	return inventory.Edge{
		From: rapid.SampledFrom([]string{"n1", "n2"}).Draw(t, "from"), To: rapid.SampledFrom([]string{"n2", "n3"}).Draw(t, "to"),
		Kind:       rapid.SampledFrom([]inventory.EdgeKind{inventory.Reads, inventory.Holds}).Draw(t, "kind"),
		Rule:       "r",
		Confidence: inventory.Confidence(rapid.IntRange(1, 4).Draw(t, "confidence")),
		Attrs:      rapid.SliceOfN(rapid.Custom(attr), 0, 2).Draw(t, "attrs"),
		Evidence:   rapid.SliceOfN(rapid.Custom(evidence), 0, 3).Draw(t, "evidence"),
	}
}

// TestMergeLaws: a set of facts does not depend on the order in which they came, nor on repeats.
func TestMergeLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		nodes := rapid.SliceOfN(rapid.Custom(node), 0, 8).Draw(t, "nodes")
		edges := rapid.SliceOfN(rapid.Custom(edge), 0, 8).Draw(t, "edges")
		forward, backward := inventory.NewSet(), inventory.NewSet()
		forward.Add(nodes, edges)
		slices.Reverse(nodes)
		slices.Reverse(edges)
		backward.Add(nodes, edges)
		backward.Add(nodes, edges)
		backward.Add(forward.Nodes(), forward.Edges())
		absorbed, half := inventory.NewSet(), inventory.NewSet()
		absorbed.Add(nodes[len(nodes)/2:], edges[len(edges)/2:])
		half.Add(nodes[:len(nodes)/2], edges[:len(edges)/2])
		absorbed.Absorb(half)
		if d := cmp.Diff(forward.Nodes(), absorbed.Nodes()); d != "" || half.Len() != 0 {
			t.Fatalf("absorbing differs from adding:\n%s", d)
		}
		if d := cmp.Diff(forward.Edges(), absorbed.Edges()); d != "" {
			t.Fatalf("absorbing differs from adding:\n%s", d)
		}
		if d := cmp.Diff(forward.Nodes(), backward.Nodes()); d != "" {
			t.Fatalf("nodes depend on the order:\n%s", d)
		}
		if d := cmp.Diff(forward.Edges(), backward.Edges()); d != "" {
			t.Fatalf("edges depend on the order:\n%s", d)
		}
	})
}

func fragment(t *rapid.T) inventory.Fragment {
	s := inventory.NewSet()
	s.Add(rapid.SliceOfN(rapid.Custom(node), 0, 3).Draw(t, "nodes"), rapid.SliceOfN(rapid.Custom(edge), 0, 3).Draw(t, "edges"))
	f := inventory.Fragment{
		Source: rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "source"), Kind: "git",
		Revision: rapid.SampledFrom([]string{"", "1", "2"}).Draw(t, "revision"),
		Time:     rapid.SampledFrom([]string{"", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"}).Draw(t, "time"),
		Nodes:    s.Nodes(), Edges: s.Edges(),
	}
	if err := f.Seal(); err != nil {
		t.Fatal(err)
	}
	return f
}

// TestMapMergeLaws: merging maps is commutative, associative and idempotent.
func TestMapMergeLaws(t *testing.T) {
	one := func(t *rapid.T, name string) inventory.Map {
		return inventory.Merge(inventory.Map{Fragments: rapid.SliceOfN(rapid.Custom(fragment), 0, 3).Draw(t, name)})
	}
	same := func(t *rapid.T, law string, a, b inventory.Map) {
		if d := cmp.Diff(a, b); d != "" {
			t.Fatalf("merge is not %s:\n%s", law, d)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := one(t, "a"), one(t, "b"), one(t, "c")
		same(t, "commutative", inventory.Merge(a, b), inventory.Merge(b, a))
		same(t, "associative", inventory.Merge(inventory.Merge(a, b), c), inventory.Merge(a, inventory.Merge(b, c)))
		same(t, "idempotent", inventory.Merge(a, a), a)
	})
}

// TestMergeEvidenceBranches: a file at other branches is evidence once, with all branches, and only where HEAD does not
// show the fact in it.
func TestMergeEvidenceBranches(t *testing.T) {
	place := func(state inventory.State, path string, line int, commit string, branches ...string) inventory.Evidence {
		return inventory.Evidence{Source: "s", Path: path, Line: line, State: state, Commit: commit, Seen: inventory.SeenAt(branches, "", "")}
	}
	got := inventory.MergeEvidence([]inventory.Evidence{
		place(inventory.Branch, "gone.yml", 4, "c2", "b2"), place(inventory.Branch, "gone.yml", 3, "c1", "b1"),
		place(inventory.Branch, "gone.yml", 9, "c1", "b1"), place(inventory.Branch, "here.yml", 7, "c1", "b1"),
	}, []inventory.Evidence{
		place(inventory.Head, "here.yml", 5, "c0"), place(inventory.Head, "here.yml", 6, "c0"), place(inventory.History, "gone.yml", 1, "c9"),
	})
	want := []inventory.Evidence{
		place(inventory.Head, "here.yml", 5, "c0"), place(inventory.Head, "here.yml", 6, "c0"),
		place(inventory.Branch, "gone.yml", 3, "c1", "b1", "b2"), place(inventory.Branch, "gone.yml", 9, "c1", "b1", "b2"),
		place(inventory.History, "gone.yml", 1, "c9"),
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestNewerFragmentStandsWhole: facts of two revisions of a source never mix.
func TestNewerFragmentStandsWhole(t *testing.T) {
	older := inventory.Fragment{Source: "a", Time: "2026-01-01T00:00:00Z", Nodes: []inventory.Node{{ID: "gone", Kind: inventory.Slot}}}
	newer := inventory.Fragment{Source: "a", Time: "2026-02-01T00:00:00Z", Nodes: []inventory.Node{{ID: "here", Kind: inventory.Slot}}}
	m := inventory.Merge(inventory.Map{Fragments: []inventory.Fragment{newer}}, inventory.Map{Fragments: []inventory.Fragment{older}})
	if len(m.Fragments) != 1 || len(m.Fragments[0].Nodes) != 1 || m.Fragments[0].Nodes[0].ID != "here" {
		t.Fatalf("want the newer fragment alone, got %+v", m.Fragments)
	}
}

// TestEncodeRoundTrip: what is read back is what was written, and foreign files are refused.
func TestEncodeRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := inventory.Merge(inventory.Map{Fragments: []inventory.Fragment{fragment(t)}})
		var b bytes.Buffer
		if err := m.Encode(&b); err != nil {
			t.Fatal(err)
		}
		first := b.String()
		back, err := inventory.Decode(&b)
		if err != nil {
			t.Fatal(err)
		}
		var again bytes.Buffer
		if err := back.Encode(&again); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(first, again.String()); d != "" {
			t.Fatal(d)
		}
	})
	for _, text := range []string{"", "{}", "[]", `{"schema":"rotamap/map/99"}`, "not json"} {
		if _, err := inventory.Decode(strings.NewReader(text)); err == nil {
			t.Errorf("Decode(%q) accepts what is no map", text)
		}
	}
}

// MergeBranches keeps the first names, whatever the order in which lists are joined.
func TestMergeBranches(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		lists := make([][]string, random.IntN(5))
		for i := range lists {
			for range random.IntN(30) {
				lists[i] = append(lists[i], fmt.Sprint("b", random.IntN(60)))
			}
		}
		want := slices.Concat(lists...)
		slices.Sort(want)
		want = slices.Compact(want)
		want = want[:min(len(want), inventory.MaxBranches)]
		if got := inventory.MergeBranches(lists...); !slices.Equal(got, want) {
			t.Fatalf("%q, want %q", got, want)
		}
	}
}
