package resolve

import (
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// maxRunDepth bounds how many files, targets and imports are followed from one step: real chains are shorter,
// and cycles are cut besides.
const maxRunDepth = 10

// joinScripts is R5. A part that runs a file hands it its environment: a name that the file reads and that is
// bound at the part, its job or its workflow is one and the same. The file appears as a node of its own for
// each part that runs it, so that two steps with different environments never mix.
//
// Confidence: high in the file that the step names, medium in what that file runs or imports in turn.
func joinScripts(v *View) {
	known := map[string][]namedRead{}
	for e := range v.EdgesOf(inventory.Runs) {
		if n := v.Node(e.From); n != nil && n.Kind == inventory.Part && strings.HasPrefix(e.To, "code:") {
			w := scriptWalk{view: v, part: e.From, seen: map[string]bool{}, known: known, rule: "R5-script", line: lineOf(n)}
			w.follow(e, e.From, inventory.High, 0)
		}
	}
}

type scriptWalk struct {
	view *View
	part string
	seen map[string]bool
	took map[string]bool // files, and names of files, that imports took

	known  map[string][]namedRead       // what files read, for all parts that run them; nil for no memory
	levels []map[string]*inventory.Node // what the part, and what it belongs to, binds; nil until asked for

	rule string    // on the edges that it makes
	sets *openSets // of containers; nil for steps
	line int       // of the part in its file, for what earlier steps set
}

// follow handles one edge "runner runs file": it joins what the file reads and goes on to what the file runs.
// It reports whether anything below needed a binding of the part, so that files that read nothing add no nodes.
func (w *scriptWalk) follow(run inventory.Edge, runner string, sure inventory.Confidence, depth int) bool {
	return w.along(run, runner, sure, depth, nil)
}

// along follows one edge with the places that led to it.
func (w *scriptWalk) along(run inventory.Edge, runner string, sure inventory.Confidence, depth int, trail []inventory.Evidence) bool {
	file := w.view.Node(run.To)
	if file == nil || file.Kind != inventory.Code || depth > maxRunDepth || !w.takesMore(run) {
		return false
	}
	again := w.seen[run.To]
	w.seen[run.To] = true
	here := inContext(w.part, run.To)
	trail = slices.Concat(run.Evidence, trail)
	found := w.readsOf(file, here, trail, inventory.Weakest(sure, run.Confidence), run)
	for _, next := range w.view.Out(run.To, inventory.Runs) {
		next, ok := narrowed(next, run)
		if !ok || again && next.Attr(inventory.AttrTakes) == "" {
			continue // what it starts was followed before
		}
		if w.along(next, here, inventory.Weakest(inventory.Weakest(sure, inventory.Medium), next.Confidence), depth+1, trail) {
			found = true
		}
	}
	if found {
		w.view.AddNode(inventory.Node{ID: here, Kind: inventory.Code, Name: file.Name,
			Attrs: file.Attrs, Evidence: file.Evidence})
		w.view.AddEdge(inventory.Edge{From: runner, To: here, Kind: inventory.Runs, Rule: w.rule, Attrs: run.All(inventory.AttrTakes),
			Confidence: inventory.Weakest(sure, run.Confidence), Evidence: run.Evidence})
	}
	return found
}

// readsOf joins the names that a file reads to the bindings that the part can see. The evidence is the read and, behind
// it, every place on the way from the part to the file: without them the file would not see the name.
//
// An import of some names of the file sees no more than these reach.
func (w *scriptWalk) readsOf(file *inventory.Node, here string, trail []inventory.Evidence, sure inventory.Confidence, run inventory.Edge) bool {
	found := false
	for _, read := range w.reads(file) {
		name := read.name
		if !takenBy(run, read.Edge) {
			continue
		}
		b := w.visible(name)
		if b != nil && w.setLater(b) {
			continue
		}
		if b == nil {
			b = w.sets.boundBy(w.part, name, file)
		}
		if b == nil {
			b = w.ofProject(name, read.Edge, trail)
		}
		if b == nil {
			var at []inventory.Evidence
			if b, at = w.throughAlias(name, read.Edge); b != nil {
				read.Evidence, read.Confidence = at, inventory.Weakest(read.Confidence, inventory.Medium)
			}
		}
		if b == nil {
			continue
		}
		found = true
		w.view.AddEdge(inventory.Edge{From: here, To: b.ID, Kind: inventory.Reads, Rule: w.rule, Attrs: read.All(inventory.AttrInside),
			Confidence: inventory.Weakest(sure, read.Confidence), Evidence: slices.Concat(read.Evidence, usesOf(run, read.Edge), trail)})
		for _, filled := range w.view.In(read.To, inventory.CopiesFrom) {
			w.view.AddEdge(inventory.Edge{From: filled.From, To: b.ID, Kind: inventory.CopiesFrom, Rule: w.rule,
				Confidence: inventory.Weakest(sure, filled.Confidence), Evidence: slices.Concat(filled.Evidence, trail)})
		}
	}
	return found
}

// takenBy reports whether an edge to a file leads to a read of it.
func takenBy(run, read inventory.Edge) bool {
	names, some := run.Taken("")
	return !some || slices.ContainsFunc(names, read.Inside)
}

// usesOf returns the places at which the importing file uses the names that lead to a read.
func usesOf(run, read inventory.Edge) []inventory.Evidence {
	var out []inventory.Evidence
	for _, a := range run.All(inventory.AttrTakes) {
		if read.Attr(inventory.AttrInside) != "" && read.Inside(a.Value) {
			out = append(out, a.Evidence...)
		}
	}
	return out
}

// narrowed returns an import of a file with the names that are used by what is taken of the file itself; false when none is.
func narrowed(next, run inventory.Edge) (inventory.Edge, bool) {
	taken, some := run.Taken("")
	if _, names := next.Taken(""); !some || !names {
		return next, true
	}
	var attrs []inventory.Attr
	for _, a := range next.Attrs {
		if a.Key != inventory.AttrTakes || a.Detail == "" || slices.ContainsFunc(strings.Fields(a.Detail), func(by string) bool { return slices.Contains(taken, by) }) {
			attrs = append(attrs, a)
		}
	}
	next.Attrs = attrs
	return next, next.Attr(inventory.AttrTakes) != ""
}

// takesMore reports whether a part takes something of a file that it has not taken before: all of it, or a name.
func (w *scriptWalk) takesMore(run inventory.Edge) bool {
	if w.took == nil {
		w.took = map[string]bool{}
	}
	if w.took[run.To] {
		return false
	}
	names, more := 0, false
	for _, a := range run.Attrs {
		if a.Key == inventory.AttrTakes {
			key := run.To + "\x00" + a.Value
			names, more = names+1, more || !w.took[key]
			w.took[key] = true
		}
	}
	if names == 0 {
		w.took[run.To] = true
	}
	return more || names == 0
}

// visible is View.Visible for the part.
func (w *scriptWalk) visible(name string) *inventory.Node {
	if w.levels == nil {
		w.levels = w.view.levels(w.part)
	}
	for _, names := range w.levels {
		if b := names[name]; b != nil {
			return b
		}
	}
	return nil
}

// namedRead is an edge to a variable of a file, with the name of that.
type namedRead struct {
	inventory.Edge
	name string
}

// reads lists what a file reads: variables, and those that its settings come from, as if it read them itself.
func (w *scriptWalk) reads(file *inventory.Node) []namedRead {
	if known, ok := w.known[file.ID]; ok {
		return known
	}
	var out []namedRead
	add := func(e inventory.Edge) {
		if name, ok := strings.CutPrefix(e.To, file.ID+"/"); ok {
			out = append(out, namedRead{e, name})
		}
	}
	all := w.view.Out(file.ID, inventory.Reads)
	for _, read := range all {
		add(read)
	}
	for _, read := range all {
		for _, s := range w.view.settingSources(read.To) {
			add(inventory.Edge{From: file.ID, To: inventory.BindingID(file.ID, s.name), Kind: inventory.Reads,
				Attrs: read.Attrs, Confidence: inventory.Weakest(read.Confidence, s.sure), Evidence: slices.Concat(read.Evidence, s.at)})
		}
	}
	if w.known != nil {
		w.known[file.ID] = out
	}
	return out
}

// inContext is the id of a file as one part runs it.
func inContext(part, file string) string { return file + "@" + part }

// isContext reports whether an id is that of a file as one part runs it.
func isContext(id string) bool {
	_, _, ok := inventory.ContextOf(id)
	return ok
}

func lineOf(n *inventory.Node) int {
	if len(n.Evidence) == 0 {
		return 0
	}
	return n.Evidence[0].Line
}

// setLater reports whether a name of the job is set by a step that comes after this one: GITHUB_ENV is for later steps.
func (w *scriptWalk) setLater(b *inventory.Node) bool {
	own := strings.HasPrefix(b.ID, w.part+"/")
	return !own && w.line > 0 && lineOf(b) > w.line && slices.ContainsFunc(w.view.Out(b.ID, inventory.BoundFrom),
		func(e inventory.Edge) bool { return e.Rule == "gha-github-env" || e.Rule == "gha-mint" })
}
