package target

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/code"
)

// Stored adds the entries of stores, and the arguments of a build, that a text fills from the environment of the node
// that reads it, or from other stores.
func Stored(f *artifact.Facts, node string, r code.Result, resolve func(code.Run) (string, bool), place func(int) artifact.Place) {
	read := map[string]bool{}
	for _, x := range r.Reads {
		read[x.Name] = true
	}
	for _, w := range r.Writes {
		at := place(w.Offset)
		argument, handed := w.Argument(f.Artifact.Source, resolve)
		ref, stored := w.Stored(f.Artifact.Source, resolve)
		if stored = stored && !strings.Contains(ref.Name+ref.Key, "*"); !stored && !handed {
			continue
		}
		if len(w.From) == 0 && ref.Store == "k8s" { // made of a file, or of a text
			f.Defined(f.Slot(ref, at), inventory.DefinedInScan, at)
		}
		sure := inventory.High
		if w.Guessed() {
			sure = inventory.Medium
		}
		for _, from := range w.Fetched {
			if stored {
				f.Edge(inventory.CopiesFrom, f.Slot(ref, at), f.Slot(from, at), "sh-stored", sure, at)
			}
		}
		for _, name := range w.From {
			switch {
			case read[name] && handed:
				f.Edge(inventory.ReceivedFrom, argument, inventory.BindingID(node, name), "docker-build-arg", inventory.High, at)
			case read[name]:
				f.Edge(inventory.CopiesFrom, f.Slot(ref, at), inventory.BindingID(node, name), "sh-stored", sure, at)
			}
		}
	}
}
