package inventory_test

import (
	"math/rand/v2"
	"reflect"
	"strconv"
	"testing"

	"github.com/rotamap/rotamap/graph/inventory"
)

// TestPour: a set that is filled again and again, and poured, gives what sets give that are made anew each time and
// absorbed, also when facts are taken out of them first.
func TestPour(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	name := func() string { return "n" + strconv.Itoa(r.IntN(400)) }
	again, poured, absorbed := inventory.NewSet(), inventory.NewSet(), inventory.NewSet()
	for round := range 40 {
		fresh := inventory.NewSet()
		for range r.IntN(300) {
			e := []inventory.Evidence{{Source: "a", Path: strconv.Itoa(round), Line: 1 + r.IntN(3)}}
			n := inventory.Node{ID: name(), Kind: inventory.Slot, Name: name(), Evidence: e}
			a := inventory.Attr{Key: inventory.AttrHost, Value: name(), Rule: "r", Evidence: e}
			x := inventory.Edge{From: name(), To: name(), Kind: inventory.Reads, Rule: "r", Attrs: []inventory.Attr{a}, Evidence: e}
			about := n.ID
			if r.IntN(3) == 0 {
				about = name()
			}
			for _, s := range []*inventory.Set{again, fresh} {
				s.AddNode(n)
				s.AddAttr(about, a)
				s.AddEdge(x)
			}
		}
		drop := "n" + strconv.Itoa(r.IntN(10))
		for _, s := range []*inventory.Set{again, fresh} {
			s.EachNode(func(inventory.Node) {})
			s.Remove(func(n inventory.Node) bool { return n.ID[:2] == drop[:2] })
			s.RemoveUnrelated(func(n inventory.Node) bool { return len(n.Attrs) == 0 })
		}
		if got, want := again.Nodes(), fresh.Nodes(); !reflect.DeepEqual(got, want) {
			t.Fatalf("round %d: %d nodes, want %d", round, len(got), len(want))
		}
		poured.Pour(again)
		absorbed.Absorb(fresh)
		if again.Len() != 0 || fresh.Len() != 0 {
			t.Fatal("what was taken over is left")
		}
	}
	nodes, edges := poured.NodesAndEdges()
	if !reflect.DeepEqual(nodes, absorbed.Nodes()) || !reflect.DeepEqual(edges, absorbed.Edges()) || len(nodes) < 100 || len(edges) < 100 {
		t.Errorf("poured: %d nodes and %d edges, absorbed: %d and %d", len(nodes), len(edges), len(absorbed.Nodes()), len(absorbed.Edges()))
	}
}
