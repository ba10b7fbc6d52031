package githubactions

import (
	"cmp"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// variables are the bindings of one level. A program finds them by their exact names, an expression in any case.
type variables struct {
	exact, folded map[string]string // name, as it is and in capitals -> binding
	texts         map[string]string // name in capitals -> its value as written
}

func newVariables() variables {
	return variables{map[string]string{}, map[string]string{}, map[string]string{}}
}

func (v variables) add(name, id string) {
	v.exact[name] = id
	v.folded[strings.ToUpper(name)] = id
}

// scope is where an expression stands: the names that it can see.
type scope struct {
	*file
	part         string                       // the node that reads
	whole        string                       // the job or action whose later steps see what a step sets
	set          variables                    // what earlier steps have set
	shell, dir   string                       // defaults of run
	env          []variables                  // nearest first: step, set by earlier steps, job, workflow
	environments []candidate                  // of the job; empty: it names none
	named        artifact.Place               // where the job names them
	outputs      map[string]map[string]string // step id -> output -> node that carries a credential
	open         map[string]string            // step id -> node whose outputs are known elsewhere only
	given        map[string][]string          // step id -> names of images that it gives out as tags
	matrix       *tree.Node
	mounts       *[]mount // what the job has checked out, and where
	limited      bool     // the file says what the run's token may do
}

// visible returns the binding that a program sees under a name: the nearest level wins (R2).
func (s *scope) visible(name string) string {
	for _, level := range s.env {
		if id := level.exact[name]; id != "" {
			return id
		}
	}
	return ""
}

// variable returns the binding that env.NAME means in an expression.
func (s *scope) variable(name string) string {
	for _, level := range s.env {
		if id := level.folded[strings.ToUpper(name)]; id != "" {
			return id
		}
	}
	return ""
}

// referent is what a reference stands for.
type referent struct {
	id   string
	sure inventory.Confidence
}

func certain(id string) []referent { return []referent{{id, inventory.Certain}} }

// resolve returns what a reference stands for; nothing for what is no credential's way.
func (s *scope) resolve(r ref, at artifact.Place) []referent {
	if !s.refer() {
		return nil
	}
	switch r.context {
	case "secrets":
		return s.secrets(r, at)
	case "vars":
		return s.vars(r, at)
	case "github":
		if strings.EqualFold(r.name(0), "token") {
			return certain(s.token(at))
		}
	case "env":
		if id := s.variable(r.name(0)); id != "" {
			return certain(id)
		}
		if s.action && r.name(0) != "" { // of the step that uses the action, see R5-action: in capitals nearly always
			return certain(s.Binding(s.id, strings.ToUpper(r.name(0)), "env", at))
		}
	case "inputs":
		if s.action && r.name(0) != "" {
			return certain(s.input(s.id, r.name(0), at))
		}
	case "steps":
		return s.stepOutput(s.outputs, s.open, r, at)
	case "needs", "jobs":
		return s.jobOutput(r, at)
	}
	return nil
}

// stepOutput resolves steps.<id>.outputs.<name>.
func (s *scope) stepOutput(known map[string]map[string]string, open map[string]string, r ref, at artifact.Place) []referent {
	step, name := strings.ToLower(r.name(0)), strings.ToLower(r.name(2))
	if !strings.EqualFold(r.name(1), "outputs") || name == "" {
		return nil
	}
	if id := cmp.Or(known[step][name], known[step]["*"]); id != "" {
		return certain(id)
	}
	if callee := open[step]; callee != "" && s.part != "" {
		return certain(s.received(callee, name, at))
	}
	return nil
}

func (s *scope) jobOutput(r ref, at artifact.Place) []referent {
	j, name := s.jobs[strings.ToLower(r.name(0))], strings.ToLower(r.name(2))
	if j == nil || name == "" || !strings.EqualFold(r.name(1), "outputs") {
		return nil
	}
	if id := j.outputs[name]; id != "" {
		return certain(id)
	}
	if j.callee != "" {
		return certain(s.received(j.callee, name, at))
	}
	return nil
}

// received returns the binding of an output that another file's workflow or action declares.
func (s *scope) received(callee, name string, at artifact.Place) string {
	return s.Binding(callee, "outputs."+name, "argument", at)
}

// input returns the binding of an input of an action.
func (f *file) input(action, name string, at artifact.Place) string {
	return f.Binding(action, "inputs."+strings.ToLower(name), "argument", at)
}

// need is one thing that a text needs, with the place that says so.
type need struct {
	referent
	at     artifact.Place
	offset int // in the text of a script
}

// maxRepeats bounds how often one reference counts in one text.
const maxRepeats = 50

// needs lists what the expressions of a scalar stand for.
func (s *scope) needs(n *tree.Node, p tree.Path) []need {
	if n == nil || n.Kind != tree.Scalar {
		return nil
	}
	return s.needsOf(n, p, expressions(n.Value))
}

func (s *scope) needsOf(n *tree.Node, p tree.Path, found []expression) []need {
	var out []need
	places := s.placer(n, p)
	repeats := map[string]int{}
	for _, e := range found {
		for _, r := range e.refs {
			if repeats[r.key()]++; repeats[r.key()] > maxRepeats {
				continue
			}
			at := places.of(e, r)
			for _, t := range s.resolve(r, at) {
				out = append(out, need{referent: t, at: at})
			}
		}
	}
	return out
}

// bind says that a binding gets its value from what the scalar's expressions stand for.
func (s *scope) bind(binding string, n *tree.Node, p tree.Path, rule string) []need {
	found := s.needs(n, p)
	for _, x := range found {
		s.Edge(inventory.BoundFrom, binding, x.id, rule, x.sure, x.at)
	}
	return found
}

// reads says that the part uses what the expressions below n stand for.
func (s *scope) reads(n *tree.Node, p tree.Path, rule string) {
	n.Walk(p, func(p tree.Path, n *tree.Node) bool {
		if !s.spend() {
			return false
		}
		for _, x := range s.needs(n, p) {
			s.Edge(inventory.Reads, s.part, x.id, rule, x.sure, x.at)
		}
		return true
	})
}

// condition reads the bare expression of an if.
func (s *scope) condition(n *tree.Node, p tree.Path) {
	if n == nil || n.Kind != tree.Scalar {
		return
	}
	for _, x := range s.needsOf(n, p, bare(n.Value)) {
		s.Edge(inventory.Reads, s.part, x.id, "gha-expression", x.sure, x.at)
	}
}

// rest reads the expressions of every key of a map that no other rule has read.
func (s *scope) rest(n *tree.Node, p tree.Path, read ...string) {
	for _, pair := range n.Entries() {
		switch {
		case contains(read, pair.Key):
		case pair.Key == "if":
			s.condition(pair.Value, p.Key("if"))
		default:
			s.reads(pair.Value, p.Key(pair.Key), "gha-expression")
		}
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
