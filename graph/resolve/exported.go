package resolve

import (
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// exportedNames returns the variables that a program text sets for what it starts: its own, and those of the files that it
// takes in.
func (v *View) exportedNames(id string, depth int) map[string]*inventory.Node {
	out := map[string]*inventory.Node{}
	for name, b := range v.bindings(id) {
		if slices.ContainsFunc(v.Out(b.ID, inventory.BoundFrom), func(e inventory.Edge) bool { return e.Rule == "sh-export" }) {
			out[name] = b
		}
	}
	if depth > maxRunDepth {
		return out
	}
	for _, e := range v.Out(id, inventory.Runs) {
		if e.Attr(inventory.AttrAs) == "source" && e.To != id {
			for name, b := range v.exportedNames(e.To, depth+1) {
				if out[name] == nil {
					out[name] = b
				}
			}
		}
	}
	return out
}

// joinExported is the part of R5 about what a text exports: a part that takes the text in has its variables, and what the text
// starts sees them.
func joinExported(v *View) {
	owners := map[string]bool{}
	for e := range v.EdgesOf(inventory.BoundFrom) {
		if e.Rule == "sh-export" {
			owners[strings.TrimSuffix(e.From[:strings.LastIndexByte(e.From, '/')+1], "/")] = true
		}
	}
	if len(owners) == 0 {
		return
	}
	known := map[string][]namedRead{}
	for e := range v.EdgesOf(inventory.Runs) {
		from := v.Node(e.From)
		if from == nil || !strings.HasPrefix(e.To, "code:") {
			continue
		}
		switch {
		case from.Kind == inventory.Part && e.Attr(inventory.AttrAs) == "source":
			v.takeIn(e)
		case from.Kind == inventory.Code && (owners[e.From] || e.Attr(inventory.AttrAs) == "" && v.takesInOne(e.From, owners)):
			w := scriptWalk{view: v, part: e.From, seen: map[string]bool{}, known: known, rule: "R5-script",
				levels: []map[string]*inventory.Node{v.exportedNames(e.From, 0)}}
			w.follow(e, e.From, inventory.High, 0)
		}
	}
}

// takesInOne reports whether a text takes in one of some files.
func (v *View) takesInOne(id string, files map[string]bool) bool {
	return slices.ContainsFunc(v.Out(id, inventory.Runs), func(e inventory.Edge) bool {
		return e.Attr(inventory.AttrAs) == "source" && files[e.To]
	})
}

// takeIn gives a part the variables of a text that it takes in, where it has none of the name.
func (v *View) takeIn(e inventory.Edge) {
	own := v.bindings(e.From)
	names := v.exportedNames(e.To, 0)
	for _, name := range sortedKeys(names) {
		if own[name] != nil {
			continue
		}
		id := inventory.BindingID(e.From, name)
		v.AddNode(inventory.Node{ID: id, Kind: inventory.Binding, Name: name, Evidence: e.Evidence})
		v.AddEdge(inventory.Edge{From: e.From, To: id, Kind: inventory.Reads, Rule: "R5-source", Confidence: e.Confidence, Evidence: e.Evidence})
		v.AddEdge(inventory.Edge{From: id, To: names[name].ID, Kind: inventory.BoundFrom, Rule: "R5-source", Confidence: e.Confidence, Evidence: e.Evidence})
	}
}
