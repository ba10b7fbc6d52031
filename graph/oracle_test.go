package graph_test

import (
	"fmt"
	"slices"
	"testing"

	dgraph "github.com/dominikbraun/graph"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
)

// TestImpactAgainstOracle: on small random maps the dependents of a credential are what a depth-first search of the
// graph library reaches over the edges that break, each with a path whose weakest edge is its confidence.
func TestImpactAgainstOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, edges := randomMap(t)
		g := graph.Load(m)
		c, err := g.Find("gh:acme/root")
		if err != nil {
			t.Skip("the map has no such credential")
		}
		impact := g.Impact(c)
		var got []string
		for _, d := range impact.Dependents {
			if d.Kind == inventory.Automation {
				got = append(got, d.ID)
			}
			checkPath(t, d)
		}
		slices.Sort(got)
		if d := cmp.Diff(oracle(t, edges, c.Slots), got); d != "" {
			t.Fatalf("impact differs from the search (-search +impact):\n%s", d)
		}
	})
}

// randomMap is a credential, bindings, parts and automations with random edges of the kinds that formats emit.
func randomMap(t *rapid.T) (inventory.Map, []inventory.Edge) {
	s := inventory.NewSet()
	at := []inventory.Evidence{{Source: "acme", Path: "x", Line: 1, State: inventory.Head}}
	add := func(kind inventory.NodeKind, id string, attrs ...inventory.Attr) {
		s.AddNode(inventory.Node{ID: id, Kind: kind, Name: id, Evidence: at, Attrs: attrs})
	}
	add(inventory.Slot, "gh:acme/root", inventory.Attr{Key: inventory.AttrStore, Value: "gh"},
		inventory.Attr{Key: inventory.AttrClass, Value: string(inventory.ClassCredential), Confidence: inventory.High})
	for i := range 4 {
		add(inventory.Binding, fmt.Sprintf("b%d", i))
		add(inventory.Part, fmt.Sprintf("p%d", i))
		add(inventory.Automation, fmt.Sprintf("a%d", i))
	}
	n := func(label string) int { return rapid.IntRange(0, 3).Draw(t, label) }
	for range rapid.IntRange(1, 14).Draw(t, "edges") {
		e := inventory.Edge{Rule: "r", Evidence: at, Confidence: inventory.Confidence(rapid.IntRange(1, 4).Draw(t, "sure"))}
		switch n("kind") {
		case 0:
			e.From, e.To, e.Kind = fmt.Sprintf("b%d", n("from")), "gh:acme/root", inventory.BoundFrom
		case 1:
			e.From, e.To, e.Kind = fmt.Sprintf("b%d", n("from")), fmt.Sprintf("b%d", n("to")), inventory.ReceivedFrom
		case 2:
			e.From, e.To, e.Kind = fmt.Sprintf("p%d", n("from")), fmt.Sprintf("b%d", n("to")), inventory.Reads
		case 3:
			e.From, e.To, e.Kind = fmt.Sprintf("p%d", n("from")), fmt.Sprintf("a%d", n("to")), inventory.PartOf
		}
		s.AddEdge(e)
	}
	f := inventory.Fragment{Source: "acme", Nodes: s.Nodes(), Edges: s.Edges()}
	return inventory.Map{Schema: inventory.Schema, Fragments: []inventory.Fragment{f}}, s.Edges()
}

// oracle returns the automations that a change reaches, by the library's depth-first search.
func oracle(t *rapid.T, edges []inventory.Edge, from []string) []string {
	d := dgraph.New(dgraph.StringHash, dgraph.Directed())
	for _, e := range edges {
		a, b := e.To, e.From // a change runs from what is needed to the dependent
		if e.Kind == inventory.PartOf {
			a, b = e.From, e.To
		}
		for _, v := range []string{a, b} {
			_ = d.AddVertex(v)
		}
		_ = d.AddEdge(a, b)
	}
	var out []string
	for _, start := range from {
		_ = d.AddVertex(start)
		err := dgraph.DFS(d, start, func(v string) bool {
			if v[0] == 'a' {
				out = append(out, v)
			}
			return false
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func checkPath(t *rapid.T, d graph.Dependent) {
	if len(d.Path) == 0 {
		t.Fatalf("%s has no path", d.ID)
	}
	weakest := inventory.Certain
	for _, hop := range d.Path {
		weakest = inventory.Weakest(weakest, hop.Confidence)
		if len(hop.Evidence) == 0 {
			t.Fatalf("a hop of %s has no evidence", d.ID)
		}
	}
	if weakest != d.Confidence {
		t.Fatalf("%s is %s, its weakest hop is %s", d.ID, d.Confidence, weakest)
	}
}
