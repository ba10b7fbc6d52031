package concourse

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
)

// resource reads a resource, a type of resources or a source of variables. The pipeline itself checks all of them.
func (f *file) resource(s *pipeline.Scope, n *tree.Node, p tree.Path, named bool) {
	name := n.Get("name").Str()
	if name == "" {
		return
	}
	r := &resource{at: artifact.At(n, p)}
	for _, key := range []string{"source", "config", "webhook_token"} {
		r.bindings = append(r.bindings, f.arguments(s, name+".", n.Get(key), p.Key(key))...)
	}
	for _, b := range r.bindings {
		f.Edge(inventory.Reads, f.ID, b, "concourse-resource", inventory.Certain, r.at)
	}
	if !named {
		return
	}
	source := n.Get("source")
	if n.Get("type").Str() == "time" {
		r.every, r.zone = source.Get("interval").Str(), source.Get("location").Str()
	}
	r.own = f.checksOut(source.Get("uri").Str(), name)
	f.resources[name] = r
}

// checksOut reports whether a resource is the repository that the file stands in: its address says so, or leaves it open to a
// variable.
func (f *file) checksOut(uri, name string) bool {
	base := path.Base(f.Repo)
	return uri != "" && (strings.Contains(uri, "((") || strings.TrimSuffix(path.Base(uri), ".git") == base || name == base)
}

// job reads a job with all its steps.
func (f *file) job(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	name := n.Get("name").Str()
	if name == "" || !n.Get("plan").IsSeq() {
		return
	}
	id := f.Part(f.ID, name, name, "job", artifact.At(n, p))
	f.Covers(id, n.Line, n)
	in := s.Enter(id, true, pipeline.Level{})
	f.steps(in, id, n.Get("plan"), p.Key("plan"), 0)
	f.hooks(in, id, n, p, 0)
}

// hooks are the steps that run after others, by how those ended.
func (f *file) hooks(s *pipeline.Scope, job string, n *tree.Node, p tree.Path, depth int) {
	for _, key := range []string{"on_success", "on_failure", "on_error", "on_abort", "ensure", "try"} {
		if step := n.Get(key); step.IsMap() && depth < 12 {
			f.step(s, job, step, p.Key(key), depth+1)
		}
	}
}

func (f *file) steps(s *pipeline.Scope, job string, n *tree.Node, p tree.Path, depth int) {
	f.Items(n, p, func(n *tree.Node, p tree.Path) {
		if n.IsMap() && depth < 12 {
			f.step(s, job, n, p, depth)
		}
	})
}

// step reads one step, or those within it.
func (f *file) step(s *pipeline.Scope, job string, n *tree.Node, p tree.Path, depth int) {
	f.steps(s, job, n.Get("do"), p.Key("do"), depth+1)
	if all := n.Get("in_parallel"); all.IsMap() {
		f.steps(s, job, all.Get("steps"), p.Key("in_parallel").Key("steps"), depth+1)
	} else {
		f.steps(s, job, all, p.Key("in_parallel"), depth+1)
	}
	f.steps(s, job, n.Get("aggregate"), p.Key("aggregate"), depth+1)
	for _, kind := range []string{"get", "put"} {
		if name := n.Get(kind).Str(); name != "" {
			f.uses(s, job, name, n, p, kind)
		}
	}
	if n.Get("task").Str() != "" {
		f.task(s, job, n, p)
	}
	f.hooks(s, job, n, p, depth)
}

// uses reads a step that gets or puts a resource: the job needs what the resource logs in with.
func (f *file) uses(s *pipeline.Scope, job, name string, n *tree.Node, p tree.Path, kind string) {
	if r := n.Get("resource").Str(); r != "" {
		name = r
	}
	at := artifact.At(n, p)
	for _, b := range f.arguments(s, name+".", n.Get("params"), p.Key("params")) {
		f.Edge(inventory.Reads, job, b, "concourse-"+kind, inventory.Certain, at)
	}
	r := f.resources[name]
	if r == nil {
		return
	}
	for _, b := range r.bindings {
		f.Edge(inventory.Reads, job, b, "concourse-"+kind, inventory.Certain, at)
	}
	if r.every != "" && kind == "get" && n.Get("trigger").Str() == "true" {
		f.Attr(f.ID, inventory.AttrSchedule, "@every "+r.every, r.zone, r.at)
	}
}

// task reads a step that runs a task: one written out, or one in a file of this repository.
func (f *file) task(s *pipeline.Scope, job string, n *tree.Node, p tree.Path) {
	name := n.Get("task").Str()
	key := name
	if f.named[job+"/"+name] {
		key = string(p)
	}
	f.named[job+"/"+name] = true
	id := f.Part(job, key, name, "task", artifact.At(n, p))
	f.Covers(id, n.Line, n)
	in := s.Enter(id, true, pipeline.Level{})
	config := n.Get("config")
	in.Levels[0] = f.parameters(in, id, config.Get("params"), p.Key("config").Key("params"))
	for name, b := range f.parameters(in, id, n.Get("params"), p.Key("params")) { // over those of the task
		in.Levels[0][name] = b
	}
	f.arguments(in, "", config.Get("image_resource", "source"), p.Key("config").Key("image_resource").Key("source"))
	for _, b := range f.arguments(in, "var.", n.Get("vars"), p.Key("vars")) {
		f.Edge(inventory.Reads, id, b, "concourse-variable", inventory.Certain, artifact.At(n, p))
	}
	f.run(in, config, p.Key("config"), f.checkouts())
	f.taskFile(in, n.Get("file"), p.Key("file"))
}

// checkouts lists the inputs that are the repository of the file.
func (f *file) checkouts() []string {
	var out []string
	for name, r := range f.resources {
		if r.own {
			out = append(out, name)
		}
	}
	slices.SortFunc(out, func(a, b string) int { // the longest first: one may end in another
		return cmp.Or(len(b)-len(a), strings.Compare(a, b))
	})
	return out
}

// taskFile joins a step to the file that says what it runs, which sees what the step sets (R5-action).
func (f *file) taskFile(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	input, rest, ok := strings.Cut(n.Str(), "/")
	r := f.resources[input]
	if !ok || r == nil || !r.own || strings.Contains(rest, "((") {
		return
	}
	at := artifact.At(n, p)
	task := inventory.FileID(ID, f.Artifact.Source, path.Clean(rest))
	f.Edge(inventory.Runs, s.Part, task, "concourse-task", inventory.High, at)
}

// run reads the command of a task. Paths begin with the input that they lie in.
func (f *file) run(s *pipeline.Scope, config *tree.Node, p tree.Path, inputs []string) {
	run := config.Get("run")
	if run.Get("path").Str() == "" {
		return
	}
	if inputs == nil { // a task in a file: any input may be the repository
		for _, in := range config.Get("inputs").List() {
			if name := in.Get("name").Str(); name != "" {
				inputs = append(inputs, name)
			}
		}
	}
	run.Walk(p.Key("run"), func(p tree.Path, n *tree.Node) bool {
		if n.Kind == tree.Scalar {
			f.variables(n, p, func(slot string, at artifact.Place) {
				f.Edge(inventory.Reads, s.Part, slot, "concourse-variable", inventory.Certain, at)
			})
		}
		return f.Spend()
	})
	text := pipeline.NewText(f.Artifact)
	add := func(n *tree.Node, p tree.Path) {
		if n.Str() != "" {
			text.Add(rooted(n.Value, inputs), pipeline.PlacesOf(f.Artifact, n, p))
		}
	}
	at := p.Key("run")
	if args := run.Get("args"); shells[path.Base(run.Get("path").Str())] && args.IsSeq() {
		for i, arg := range args.Items {
			if !strings.HasPrefix(arg.Str(), "-") {
				add(arg, at.Key("args").Index(i))
			}
		}
	} else {
		add(run.Get("path"), at.Key("path"))
	}
	s.Script(text)
}

var shells = map[string]bool{"sh": true, "bash": true, "ash": true, "dash": true}

// rooted takes the names of inputs off the paths of a text: they are the root of the source. The text keeps its length.
func rooted(text string, inputs []string) string {
	for _, name := range inputs {
		here := strings.Repeat("./", len(name)/2+1)[:len(name)] + "/"
		text = strings.ReplaceAll(text, name+"/", here)
	}
	return text
}
