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
	if file == nil || file.Kind != inventory.Code || w.seen[run.To] || depth > maxRunDepth {
		return false
	}
	w.seen[run.To] = true
	here := inContext(w.part, run.To)
	trail = slices.Concat(run.Evidence, trail)
	found := w.readsOf(file, here, trail, inventory.Weakest(sure, run.Confidence))
	for _, next := range w.view.Out(run.To, inventory.Runs) {
		if w.along(next, here, inventory.Weakest(inventory.Weakest(sure, inventory.Medium), next.Confidence), depth+1, trail) {
			found = true
		}
	}
	if found {
		w.view.AddNode(inventory.Node{ID: here, Kind: inventory.Code, Name: file.Name,
			Attrs: file.Attrs, Evidence: file.Evidence})
		w.view.AddEdge(inventory.Edge{From: runner, To: here, Kind: inventory.Runs, Rule: w.rule,
			Confidence: inventory.Weakest(sure, run.Confidence), Evidence: run.Evidence})
	}
	return found
}

// readsOf joins the names that a file reads to the bindings that the part can see. The evidence is the read and, behind
// it, every place on the way from the part to the file: without them the file would not see the name.
func (w *scriptWalk) readsOf(file *inventory.Node, here string, trail []inventory.Evidence, sure inventory.Confidence) bool {
	found := false
	for _, read := range w.reads(file) {
		name := read.name
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
		w.view.AddEdge(inventory.Edge{From: here, To: b.ID, Kind: inventory.Reads, Rule: w.rule,
			Confidence: inventory.Weakest(sure, read.Confidence), Evidence: slices.Concat(read.Evidence, trail)})
		for _, filled := range w.view.In(read.To, inventory.CopiesFrom) {
			w.view.AddEdge(inventory.Edge{From: filled.From, To: b.ID, Kind: inventory.CopiesFrom, Rule: w.rule,
				Confidence: inventory.Weakest(sure, filled.Confidence), Evidence: slices.Concat(filled.Evidence, trail)})
		}
	}
	return found
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
				Confidence: inventory.Weakest(read.Confidence, s.sure), Evidence: slices.Concat(read.Evidence, s.at)})
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
