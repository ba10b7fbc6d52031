package ansible

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// play reads one play: its variables, environment, roles and tasks.
func (f *file) play(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	title := n.Get("name").Str()
	if title == "" {
		title = n.Get("hosts").Str()
	}
	id := f.Facts.Part(f.ID, string(p), title, "play", artifact.At(n, p))
	f.Covers(id, n.Line, n)
	if e := detect.WordEnvironment(n.Get("hosts").Str()); e != "" {
		f.AttrSure(id, inventory.AttrEnvironment, e, "hosts", inventory.Medium, artifact.At(n.Get("hosts"), p.Key("hosts")))
	}
	in := s.Enter(id, true, pipeline.Level{})
	f.Entries(n.Get("vars"), p.Key("vars"), func(pair tree.Pair, p tree.Path) { value(f.Facts, pair.Key, pair, p) })
	f.environment(in, n.Get("environment"), p.Key("environment"))
	f.runs(in, n, p)
	f.Items(n.Get("roles"), p.Key("roles"), func(n *tree.Node, p tree.Path) {
		name := n.Str()
		if n.IsMap() {
			if name = n.Get("role").Str(); name == "" {
				name = n.Get("name").Str()
			}
			f.arguments(in, n, p)
		}
		f.role(id, name, artifact.At(n, p))
	})
	for _, key := range []string{"pre_tasks", "tasks", "post_tasks", "handlers"} {
		f.Items(n.Get(key), p.Key(key), func(n *tree.Node, p tree.Path) { f.task(in, n, p, 0) })
	}
}

// role says that a play runs a role of this source: of the folder beside the playbook, or of the one above.
func (f *file) role(part, name string, at artifact.Place) {
	if name == "" || strings.ContainsAny(name, "{$ ") || strings.Contains(name, "..") {
		return
	}
	dirs := []string{f.Artifact.Dir()}
	if parent := path.Dir(f.Artifact.Dir()); f.Artifact.Dir() != "" {
		dirs = append(dirs, strings.TrimPrefix(parent, "."))
	}
	for _, dir := range dirs {
		f.Edge(inventory.Runs, part, inventory.FileID(ID, f.Artifact.Source, path.Join(dir, "roles", name, "tasks/main.yml")), "ansible-role", inventory.High, at)
	}
}

// runs reads the files that a play or task takes in.
func (f *file) runs(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	for _, pair := range n.Entries() {
		key := pair.Key[strings.LastIndexByte(pair.Key, '.')+1:]
		at := artifact.AtPair(pair, p)
		name := pair.Value.Str()
		if pair.Value.IsMap() {
			if name = pair.Value.Get("file").Str(); name == "" {
				name = pair.Value.Get("name").Str()
			}
		}
		switch key {
		case "import_playbook", "include_tasks", "import_tasks", "include":
			if name != "" && !strings.ContainsAny(name, "{ ") {
				f.hits++
				f.Edge(inventory.Runs, s.Part, inventory.FileID(ID, f.Artifact.Source, path.Join(f.Artifact.Dir(), name)), "ansible-include", inventory.High, at)
			}
		case "include_role", "import_role":
			f.hits++
			f.role(s.Part, pair.Value.Get("name").Str(), at)
		}
	}
}

func (f *file) environment(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	f.Entries(n, p, func(pair tree.Pair, p tree.Path) {
		f.argument(s, pair, p, "env")
	})
}

// task reads one task, or a block of tasks. It is a part of its own when it is handed a credential.
func (f *file) task(s *pipeline.Scope, n *tree.Node, p tree.Path, depth int) {
	if !n.IsMap() || depth > 10 {
		return
	}
	for _, key := range []string{"block", "rescue", "always"} {
		f.Items(n.Get(key), p.Key(key), func(n *tree.Node, p tree.Path) { f.task(s, n, p, depth+1) })
	}
	if n.Get("block") != nil {
		f.environment(s, n.Get("environment"), p.Key("environment"))
		return
	}
	title := n.Get("name").Str()
	if title == "" {
		title = "task"
	}
	id := inventory.PartID(s.Part, string(p))
	in := *s
	in.Part = id
	before := f.hits
	f.environment(&in, n.Get("environment"), p.Key("environment"))
	f.runs(&in, n, p)
	f.arguments(&in, n, p)
	f.template(&in, n, p)
	f.commands(&in, n, p)
	if f.hits == before {
		return
	}
	f.Facts.Part(s.Part, string(p), title, "task", artifact.At(n, p))
	f.Covers(id, n.Line, n)
	if n.Get("no_log").Str() == "true" || n.Get("no_log").Str() == "yes" {
		f.Attr(id, inventory.AttrTag, "no_log", "", artifact.At(n.Get("no_log"), p.Key("no_log")))
	}
}

// notArguments are the keys of a task that are read elsewhere or hand nothing on.
var notArguments = map[string]bool{
	"name": true, "environment": true, "when": true, "tags": true, "register": true, "notify": true, "no_log": true, "become": true,
	"changed_when": true, "failed_when": true, "until": true, "role": true, "delegate_to": true, "listen": true,
}

// arguments reads the parameters of a task's module, and its own variables.
func (f *file) arguments(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	for _, pair := range n.Entries() {
		if notArguments[pair.Key] || !f.Spend() {
			continue
		}
		if pair.Key == "vars" {
			f.Entries(pair.Value, p.Key("vars"), func(pair tree.Pair, p tree.Path) { value(f.Facts, pair.Key, pair, p) })
			continue
		}
		f.deep(s, pair, p.Key(pair.Key), 0)
	}
}

func (f *file) deep(s *pipeline.Scope, pair tree.Pair, p tree.Path, depth int) {
	if depth > 20 || !f.Spend() {
		return
	}
	for _, inner := range pair.Value.Entries() {
		f.deep(s, inner, p.Key(inner.Key), depth+1)
	}
	if pair.Value.IsSeq() {
		for i, item := range pair.Value.Items {
			f.deep(s, tree.Pair{Key: pair.Key, Line: item.Line, Column: item.Column, Value: item}, p.Index(i), depth+1)
		}
		return
	}
	f.argument(s, pair, p, "argument")
}

// argument binds a value that refers to a credential, or that is one by its name.
func (f *file) argument(s *pipeline.Scope, pair tree.Pair, p tree.Path, as string) {
	v := pair.Value
	if v == nil || v.Kind != tree.Scalar || v.Str() == "" {
		return
	}
	at := artifact.At(v, p)
	found := expression(f.Facts, v.Value, at)
	literal := len(found) == 0 && v.IsString() && !strings.Contains(v.Value, "{{") && detect.ClassifyName(pair.Key).Class == inventory.ClassCredential
	if len(found) == 0 && !literal {
		return
	}
	f.hits++
	name := pair.Key
	if as != "env" {
		name = inTask.ReplaceAllString(string(p), "")
	}
	b := f.Binding(s.Part, name, as, at)
	f.Edge(inventory.Reads, s.Part, b, "ansible-argument", inventory.Certain, at)
	for _, u := range found {
		f.Edge(inventory.BoundFrom, b, u.id, u.rule, inventory.High, u.at)
	}
	if literal {
		container.Value(f.Facts, b, string(p), pair.Key, v.Value, at)
	}
}

// inTask matches the route of a task, in front of that of its argument.
var inTask = lazy.New(`^(?:.*(?:tasks|handlers|block|rescue|always)\[\d+\]|\[\d+\])\.?`)

var jinja = lazy.New(`\{\{.*?\}\}|\{%.*?%\}`)

// telling matches shell text that may read a variable, ask a store, start a file or talk to a host.
var telling = lazy.New(`\$\w|\$\{|\.(sh|py|rb|js)\b|https?://|\b(vault|aws|gcloud|az|op|doppler|kubectl) `)

// commands reads the shell text of a task.
func (f *file) commands(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	for _, pair := range n.Entries() {
		switch pair.Key[strings.LastIndexByte(pair.Key, '.')+1:] {
		case "shell", "command", "raw", "script":
		default:
			continue
		}
		v, vp := pair.Value, p.Key(pair.Key)
		if v.IsMap() {
			if v = pair.Value.Get("cmd"); v == nil {
				v = pair.Value.Get("_raw_params")
			}
			vp = vp.Key("cmd")
		}
		if v.Str() == "" {
			continue
		}
		if !telling.MatchString(v.Value) {
			continue
		}
		f.hits++
		text := pipeline.NewText(f.Artifact)
		masked := jinja.ReplaceAllStringFunc(v.Value, func(m string) string { return strings.Repeat("x", len(m)) })
		text.Add(masked, pipeline.PlacesOf(f.Artifact, v, vp))
		s.Script(text)
	}
}
