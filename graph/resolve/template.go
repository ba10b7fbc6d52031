package resolve

import (
	"maps"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinTemplates is R5 for steps that stand in another file: a template of Azure Pipelines sets variables in the job that
// takes it in. What the job, or another template of the job, reads by that name and declares nowhere is that variable, at
// high; a template that another one takes in hands its variables on.
func joinTemplates(v *View) {
	t := templates{v: v, taken: map[string][]inventory.Edge{}, own: map[string]map[string]set{}, memo: map[string]map[string]set{}}
	for e := range v.EdgesOf(inventory.Runs) {
		if e.Rule == "azure-template" {
			t.taken[e.From] = append(t.taken[e.From], e)
		}
	}
	if len(t.taken) == 0 {
		return
	}
	for _, e := range v.Edges() {
		switch {
		case e.Kind == inventory.BoundFrom && e.Rule == "azure-listed":
			t.sets(e.From)
		case e.Kind == inventory.Reads && e.Rule == "azure-set-variable":
			t.sets(e.To)
		}
	}
	for _, part := range sortedKeys(t.taken) {
		t.join(part)
	}
}

// set is a variable that a template sets.
type set struct {
	binding string
	at      []inventory.Evidence // of the templates on the way
}

type templates struct {
	v     *View
	taken map[string][]inventory.Edge // by the part that takes templates in
	own   map[string]map[string]set   // by the part that sets them
	memo  map[string]map[string]set
}

// sets notes a variable under the part that sets it.
func (t *templates) sets(binding string) {
	n := t.v.Node(binding)
	if n == nil {
		return
	}
	part := strings.TrimSuffix(binding, "/"+n.Name)
	if t.own[part] == nil {
		t.own[part] = map[string]set{}
	}
	t.own[part][n.Name] = set{binding: binding}
}

// handsUp returns the variables that a template sets for its caller: those of its own steps, and of the templates it takes in.
func (t *templates) handsUp(file string, depth int) map[string]set {
	if got, ok := t.memo[file]; ok || depth > maxRunDepth {
		return got
	}
	t.memo[file] = nil // cuts cycles
	out := map[string]set{}
	maps.Copy(out, t.own[file])
	for _, e := range t.taken[file] {
		for name, s := range t.handsUp(e.To, depth+1) {
			if _, nearer := out[name]; !nearer {
				out[name] = set{s.binding, inventory.MergeEvidence(s.at, e.Evidence)}
			}
		}
	}
	t.memo[file] = out
	return out
}

// join gives the undeclared names of a part, and of the templates that it takes in behind them, what its templates set.
func (t *templates) join(part string) {
	all := map[string]set{}
	taken := slices.Clone(t.taken[part])
	slices.SortStableFunc(taken, func(a, b inventory.Edge) int { return lineOfEdge(a) - lineOfEdge(b) })
	for _, e := range taken {
		t.fill(e.To, all, 0)
		for name, s := range t.handsUp(e.To, 0) {
			all[name] = set{s.binding, inventory.MergeEvidence(s.at, e.Evidence)}
		}
	}
	t.reads(part, all)
}

func lineOfEdge(e inventory.Edge) int {
	if len(e.Evidence) == 0 {
		return 0
	}
	return e.Evidence[0].Line
}

// fill joins the undeclared names of a template, and of those that it takes in. What a template gets from its own is
// joined there.
func (t *templates) fill(file string, all map[string]set, depth int) {
	if depth > maxRunDepth || len(all) == 0 {
		return
	}
	rest := maps.Clone(all)
	for name := range t.handsUp(file, 0) {
		delete(rest, name)
	}
	t.reads(file, rest)
	for _, e := range t.taken[file] {
		t.fill(e.To, rest, depth+1)
	}
}

// reads joins the undeclared names of a part to variables that templates set.
func (t *templates) reads(part string, all map[string]set) {
	for _, e := range t.v.Out(part, inventory.Reads) {
		s, ok := all[strings.TrimPrefix(e.To, part+"/")]
		if ok && s.binding != e.To && e.Rule == "azure-variable" {
			t.v.AddEdge(inventory.Edge{From: e.To, To: s.binding, Kind: inventory.BoundFrom, Rule: "R5-template", Confidence: inventory.High,
				Evidence: slices.Concat(e.Evidence, s.at)})
		}
	}
}
