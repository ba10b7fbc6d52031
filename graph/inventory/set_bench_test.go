package inventory_test

import (
	"testing"

	"github.com/rotamap/rotamap/graph/inventory"
)

// BenchmarkOneNode adds 20,000 places to one node: near-linear, or a hostile file stalls a scan.
func BenchmarkOneNode(b *testing.B) {
	for b.Loop() {
		s := inventory.NewSet()
		for i := range 20_000 {
			e := []inventory.Evidence{{Source: "a", Path: "x", Line: i + 1}}
			s.AddNode(inventory.Node{ID: "n", Kind: inventory.Service, Evidence: e,
				Attrs: []inventory.Attr{{Key: inventory.AttrHost, Value: "h", Evidence: e}}})
		}
		if len(s.Nodes()) != 1 {
			b.Fatal("one node was added")
		}
	}
}
