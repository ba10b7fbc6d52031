package target

import (
	"slices"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/code"
)

// Exported binds the variables that a text fills from stores and exports: what it starts, and what takes it in, has them.
func Exported(f *artifact.Facts, node string, r code.Result, place func(int) artifact.Place) {
	for _, w := range r.Writes {
		if w.To != "export" {
			continue
		}
		for _, s := range r.Stores {
			if s.Into == "" || s.Slot.Name == "*" || s.Into != w.Name && !slices.Contains(w.From, s.Into) {
				continue
			}
			at := place(w.Offset)
			b := f.Binding(node, w.Name, "env", at)
			f.Edge(inventory.BoundFrom, b, f.Slot(s.Slot, place(s.Offset)), "sh-export", inventory.Weakest(s.Sure, inventory.High), place(s.Offset))
		}
	}
}
