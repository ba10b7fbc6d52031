// Package container holds what the formats about containers share: how the value of a variable becomes facts,
// how an image is named, what a command runs, and which lines a node covers.
package container

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// Env adds the environment variable of a part, which the part reads, and returns its binding.
func Env(f *artifact.Facts, part, name, rule string, at artifact.Place) string {
	return bind(f, part, name, "env", rule, at)
}

// File adds the file that a part sees at a path, and returns its binding.
func File(f *artifact.Facts, part, path, rule string, at artifact.Place) string {
	return bind(f, part, path, "file", rule, at)
}

func bind(f *artifact.Facts, part, name, as, rule string, at artifact.Place) string {
	b := f.Binding(part, name, as, at)
	f.Edge(inventory.Reads, part, b, rule, inventory.Certain, at)
	return b
}

// All adds the pattern that stands for every key of an entry, under the id that graph/resolve expands: the
// slot's id with the key "*".
func All(f *artifact.Facts, r inventory.SlotRef, at artifact.Place) string {
	r.Key = "*"
	return Glob(f, r, at)
}

// Glob adds the pattern of a slot of which a part is computed; "*" stands for that part.
func Glob(f *artifact.Facts, r inventory.SlotRef, at artifact.Place) string {
	name := r.Name
	if r.Key != "" {
		name += "#" + r.Key
	}
	id := f.Node(inventory.Pattern, r.ID(), name, at)
	f.Attr(id, inventory.AttrStore, r.Store, "", at)
	if r.Scope != "" {
		f.Attr(id, inventory.AttrScope, r.Scope, "", at)
	}
	f.Attr(id, inventory.AttrGlob, r.ID(), "slot", at)
	f.Refs++
	return id
}

// Value says what the value of a binding, written in the file itself, is: a reference to a store, or a literal
// in an inline slot of the name. The name is unique in the file.
func Value(f *artifact.Facts, binding, inline, name, value string, at artifact.Place) {
	if strings.TrimSpace(value) == "" {
		return
	}
	whole := false
	for _, r := range detect.StoreReferences(value) {
		f.Edge(inventory.BoundFrom, binding, f.Slot(r.Slot, at), r.Via, inventory.Certain, at)
		whole = whole || r.Whole
	}
	if whole {
		return
	}
	slot := f.Inline(inline, at)
	f.Edge(inventory.BoundFrom, binding, slot, "inline", inventory.Certain, at)
	f.Literal(slot, name, value, at)
}

// Copy says what the value of a slot, written in the file itself, is: references to a store, from which the
// slot copies, or a literal of its own. It reports whether it is a literal.
func Copy(f *artifact.Facts, slot, value string, at artifact.Place) bool {
	whole := false
	for _, r := range detect.StoreReferences(value) {
		from := f.Slot(r.Slot, at)
		if r.Whole {
			whole = true
			f.EdgeWith(inventory.CopiesFrom, slot, from, r.Via, inventory.Certain, at, inventory.AttrWhole, "true")
			continue
		}
		f.Edge(inventory.CopiesFrom, slot, from, r.Via, inventory.Certain, at)
	}
	return !whole && strings.TrimSpace(value) != ""
}
