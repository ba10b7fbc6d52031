package githubactions

import (
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// step is one step while it is read. Its scope is its own copy of the job's: what it sets for later steps goes
// into the maps that both share.
type step struct {
	scope
	key  string // lower-case id, "" none
	node *tree.Node
	path tree.Path
	at   artifact.Place
	with map[string]input // by lower-case name
	used usage            // what it uses; the zero value for a script
}

// input is one entry of with.
type input struct {
	node    *tree.Node
	path    tree.Path
	binding string // "" when the value is nothing that could matter
}

// steps reads the steps of a job or of a composite action, in order.
func (s *scope) steps(n *tree.Node, p tree.Path, end int) {
	if !n.IsSeq() {
		s.reads(n, p, "gha-expression")
		return
	}
	last := ends(itemLines(n.Items), end)
	for i, item := range n.Items {
		if !s.spend() {
			return
		}
		s.step(item, p.Index(i), i, last[i])
	}
}

func (s *scope) step(n *tree.Node, p tree.Path, number, last int) {
	st := &step{scope: *s, node: n, path: p, at: artifact.At(n, p), with: map[string]input{}}
	st.key = strings.ToLower(n.Get("id").Str())
	key := n.Get("id").Str()
	if key == "" {
		key = strconv.Itoa(number + 1)
	}
	st.part = s.Part(s.whole, key, stepTitle(n), "step", st.at)
	s.cover(st.part, n.Line, last)
	own := s.variables(st.part, n.Get("env"), p.Key("env"))
	st.env = append([]variables{own}, s.env...)
	used, ok := st.parseUses(n.Get("uses").Str())
	st.used = used
	st.inputs()
	st.uses(ok)
	st.run()
	st.rest(n, p, "id", "env", "with", "run", "uses", "shell")
}

func stepTitle(n *tree.Node) string {
	if name := n.Get("name").Str(); name != "" {
		return name
	}
	if uses := n.Get("uses").Str(); uses != "" {
		return uses
	}
	return "run"
}

// entryLists are the inputs of store actions that list names of entries.
var entryLists = map[string]bool{"secrets": true, "secret-ids": true, "parameterpairs": true, "keyvault": true}

// inputs reads with.
func (st *step) inputs() {
	with := st.node.Get("with")
	if !with.IsMap() {
		st.reads(with, st.path.Key("with"), "gha-with")
	}
	st.entries(with, st.path.Key("with"), func(pair tree.Pair, p tree.Path) {
		name := strings.ToLower(pair.Key)
		if entryLists[name] && !strings.Contains(pair.Value.Str(), "${{") && stores[st.used.name()] != nil {
			st.with[name] = input{node: pair.Value, path: p} // names of entries, no values
			return
		}
		st.with[name] = input{pair.Value, p, st.argument(pair.Key, pair, p, false)}
	})
}

// text returns the text of an input.
func (st *step) text(name string) string { return st.with[name].node.Str() }

// produce says that an output of the step is the node.
func (st *step) produce(output, id string) {
	if st.key == "" {
		return
	}
	if st.outputs[st.key] == nil {
		st.outputs[st.key] = map[string]string{}
	}
	st.outputs[st.key][strings.ToLower(output)] = id
}

// output adds the binding of an output of the step.
func (st *step) output(name string, at artifact.Place) string {
	b := st.Binding(st.part, "outputs."+strings.ToLower(name), "argument", at)
	st.produce(name, b)
	return b
}

// export adds a variable that the step sets for the later steps of its job.
func (st *step) export(name string, at artifact.Place) string {
	b := st.Binding(st.whole, name, "env", at)
	st.Edge(inventory.Reads, st.whole, b, "gha-github-env", inventory.Certain, at)
	st.set.add(name, b)
	return b
}

// run reads the text of a script step.
func (st *step) run() {
	n := st.node.Get("run")
	if n.Str() == "" {
		return
	}
	st.reads(n, st.path.Key("run"), "gha-run")
	st.script(n, st.path.Key("run"), st.language())
}
