// Package concourse reads Concourse pipelines and tasks: jobs with their steps, resources with what they log in with, and the
// variables ((NAME)) that a credential manager or a file of variables fills.
//
// Ids: a pipeline is concourse:<source>/<path>, a job a part of it, a task a part of the job; a task in a file of its own is the
// part concourse:<source>/<path>. ((name.field)) is the slot concourse:<repository>/name#field: under which team and pipeline the
// credential manager keeps it, no file says.
package concourse

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// ID is the id of the row and the platform of its automations.
const ID = "concourse"

// Format returns the row.
func Format() artifact.Format {
	return artifact.Format{
		ID: ID, Title: "Concourse pipelines and tasks", Doc: "https://concourse-ci.org/docs/pipelines/",
		Match: match, Parse: parse,
	}
}

func match(a *artifact.Artifact) bool {
	if !pipeline.Yaml(strings.TrimSuffix(a.Base(), ".tpl")) {
		return false
	}
	if a.Has("jobs:") && a.Has("plan:") {
		return a.Has("get:") || a.Has("task:") || a.Has("put:")
	}
	return isTask(a)
}

// isTask reports whether a file is a task: a platform, a command, and what goes in or the image.
func isTask(a *artifact.Artifact) bool {
	return a.Has("platform:") && a.Has("run:") && (a.Has("image_resource:") || a.Has("inputs:") || a.Has("rootfs_uri:")) && !a.Has("jobs:")
}

// file is one pipeline or task while it is read.
type file struct {
	*pipeline.File
	resources map[string]*resource
	named     map[string]bool // tasks of a job by their names
}

// resource is what a pipeline watches, gets and puts.
type resource struct {
	bindings []string       // of its source that hold something
	at       artifact.Place // of its name
	every    string         // of a timer
	zone     string
	own      bool // it is, or may be, the repository of the file
}

func parse(a *artifact.Artifact, facts *artifact.Facts) error {
	root, err := pipeline.Root(a)
	if root == nil {
		return err
	}
	if isTask(a) {
		if root.Get("run", "path").Str() == "" || root.Get("platform").Str() == "" {
			return nil
		}
		f := &file{File: pipeline.NewPart(facts, ID, "action", a.Path, root)}
		s := f.scope(f.ID)
		s.Levels[0] = f.parameters(s, f.ID, root.Get("params"), "params")
		f.run(s, root, "", nil)
		return nil
	}
	if !plans(root.Get("jobs")) {
		return nil
	}
	f := &file{File: pipeline.New(facts, ID, "", a.Path, root), resources: map[string]*resource{}, named: map[string]bool{}}
	s := f.scope(f.ID)
	for _, list := range []string{"resource_types", "resources", "var_sources"} {
		f.Items(root.Get(list), tree.Path(list), func(n *tree.Node, p tree.Path) { f.resource(s, n, p, list == "resources") })
	}
	f.Items(root.Get("jobs"), "jobs", func(n *tree.Node, p tree.Path) { f.job(s, n, p) })
	return nil
}

// plans reports whether a node is a list of jobs with plans: other systems have jobs too.
func plans(n *tree.Node) bool {
	for _, job := range n.List() {
		if job.Get("plan").IsSeq() {
			return n.IsSeq()
		}
	}
	return false
}

func (f *file) scope(part string) *pipeline.Scope {
	s := &pipeline.Scope{File: f.File, Part: part, Home: part}
	return s.Enter(part, true, pipeline.Level{})
}

var variable = lazy.New(`\(\(\s*"?([A-Za-z0-9_./:-]{1,200}?)"?\s*\)\)`)

// slot adds the slot of ((source:path.field)). Local variables of a build (((.:x))) are none.
func (f *file) slot(name string, at artifact.Place) string {
	source, rest, ok := strings.Cut(name, ":")
	if !ok {
		source, rest = "", name
	}
	if source == "." || rest == "" {
		return ""
	}
	r := inventory.SlotRef{Store: ID, Scope: f.Repo, Name: rest}
	r.Name, r.Key, _ = strings.Cut(rest, ".")
	if source != "" {
		r.Scope = path.Join(f.Repo, source)
	}
	return f.Slot(r, at)
}

// bound joins a binding to the variables of a text, and reports whether there are any.
func (f *file) bound(binding string, n *tree.Node, p tree.Path) bool {
	return f.variables(n, p, func(slot string, at artifact.Place) {
		f.Edge(inventory.BoundFrom, binding, slot, "concourse-variable", inventory.Certain, at)
	})
}

// variables visits the slots of the variables in a text, and reports whether there are any.
func (f *file) variables(n *tree.Node, p tree.Path, visit func(slot string, at artifact.Place)) bool {
	place := pipeline.PlacesOf(f.Artifact, n, p)
	found := false
	for _, m := range variable.FindAllStringSubmatchIndex(n.Value, 50) {
		if id := f.slot(n.Value[m[2]:m[3]], place(m[0])); id != "" {
			visit(id, place(m[0]))
			found = true
		}
	}
	return found
}

// parameters declares params of a task for a part: what its command has in its environment.
func (f *file) parameters(s *pipeline.Scope, owner string, n *tree.Node, p tree.Path) pipeline.Level {
	out := pipeline.Level{}
	f.Entries(n, p, func(pair tree.Pair, p tree.Path) {
		b := s.Declare(out, owner, pair.Key, "concourse-env", artifact.AtPair(pair, p))
		if pair.Value.Kind == tree.Scalar && !f.bound(b, pair.Value, p) && !strings.Contains(pair.Value.Value, "((") {
			s.Value(b, pair.Key, pair.Value, p)
		}
	})
	s.Folders(owner, n, p)
	return out
}

// arguments adds what a resource is told (source, params of get and put): values that hold a variable or are a credential.
func (f *file) arguments(s *pipeline.Scope, prefix string, n *tree.Node, p tree.Path) []string {
	var out []string
	n.Walk(p, func(p tree.Path, n *tree.Node) bool {
		if n.Kind != tree.Scalar || n.Str() == "" {
			return f.Spend()
		}
		name := string(p)
		name = prefix + name[strings.LastIndexByte(name, '.')+1:]
		switch {
		case variable.MatchString(n.Value):
			b := f.Binding(s.Part, name, "argument", artifact.At(n, p))
			if f.bound(b, n, p) {
				out = append(out, b)
			}
		case !strings.Contains(n.Value, "(("):
			if b := s.Argument(name, n, p, false); b != "" {
				out = append(out, b)
			}
		}
		return f.Spend()
	})
	return out
}
