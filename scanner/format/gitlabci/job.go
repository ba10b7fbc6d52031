package gitlabci

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
)

// job reads one job, with all that it takes over from others.
func (f *file) job(s *pipeline.Scope, pair tree.Pair, p tree.Path) {
	at := artifact.AtPair(pair, p)
	role := "job"
	if strings.HasPrefix(pair.Key, ".") {
		role = "template"
	}
	id := f.Part(f.ID, pair.Key, pair.Key, role, at)
	f.Covers(id, pair.Line, pair.Value)
	n := f.merged(pair.Value, id, 0)
	env := f.environment(id, n.Get("environment"), p.Key("environment"))

	in := s.Enter(id, true, pipeline.Level{})
	in.Own = func(name string, at artifact.Place) []pipeline.Target { return f.own(name, env, at) }
	in.Levels = f.inherited(s.Levels, n.Get("inherit", "variables"))
	own := in.Variables(id, n.Get("variables"), p.Key("variables"))
	in.Levels = append([]pipeline.Level{own}, in.Levels...)
	f.Items(n.Get("parallel", "matrix"), p.Key("parallel").Key("matrix"), func(m *tree.Node, p tree.Path) {
		for name, b := range in.Variables(id, m, p) {
			own[name] = b
		}
	})
	f.tokens(in, own, n.Get("id_tokens"), p.Key("id_tokens"))
	f.secrets(in, own, n, p.Key("secrets"))
	f.images(in, n, p)
	f.rules(in, n, p)
	f.scripts(in, n, p)
	f.trigger(id, n.Get("trigger"), p.Key("trigger"))
}

// inherited returns the levels outside a job that it takes over.
func (f *file) inherited(levels []pipeline.Level, n *tree.Node) []pipeline.Level {
	switch {
	case n.Str() == "false":
		return nil
	case !n.IsSeq():
		return levels
	}
	some := pipeline.Level{}
	for _, name := range n.List() {
		for _, level := range levels {
			if b := level[name.Str()]; b != "" {
				some[name.Str()] = b
			}
		}
	}
	return []pipeline.Level{some}
}

// inheritable returns a key of a job, else that of default, else the old one at the top of the file.
func (f *file) inheritable(n *tree.Node, key string) (*tree.Node, bool) {
	if v := n.Get(key); v != nil {
		return f.deref(v, "", 0), true
	}
	if v := f.root.Get("default", key); v != nil {
		return f.deref(v, "", 0), false
	}
	return f.deref(f.root.Get(key), "", 0), false
}

// scripts reads the commands of a job: those before and the job's own run in one shell, those after in another.
func (f *file) scripts(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	text := pipeline.NewText(f.Artifact)
	before, _ := f.inheritable(n, "before_script")
	f.commands(s.Part, text, before, p.Key("before_script"))
	f.commands(s.Part, text, n.Get("script"), p.Key("script"))
	s.Script(text)
	after := pipeline.NewText(f.Artifact)
	list, _ := f.inheritable(n, "after_script")
	f.commands(s.Part, after, list, p.Key("after_script"))
	s.Script(after)
}

// commands adds a list of commands, references to those of other jobs followed.
func (f *file) commands(part string, text *pipeline.Text, n *tree.Node, p tree.Path) {
	if n = f.deref(n, part, 0); n == nil {
		return
	}
	if !n.IsSeq() {
		text.AddNode(n, p)
		return
	}
	for i, item := range n.Items {
		if !f.Spend() {
			return
		}
		f.nested(part, text, item, p.Index(i), 0)
	}
}

func (f *file) nested(part string, text *pipeline.Text, n *tree.Node, p tree.Path, depth int) {
	n = f.deref(n, part, depth)
	if n.IsSeq() && depth < maxExtends {
		for _, item := range n.Items {
			if f.Spend() {
				f.nested(part, text, item, p, depth+1)
			}
		}
		return
	}
	text.AddNode(n, p)
}

// images reads the image of a job and its services.
func (f *file) images(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	image, own := f.inheritable(n, "image")
	if !own {
		p = ""
	}
	f.image(s, image, p.Key("image"))
	services, _ := f.inheritable(n, "services")
	f.Items(services, p.Key("services"), func(n *tree.Node, p tree.Path) {
		f.image(s, n, p)
		s.Variables(s.Part, n.Get("variables"), p.Key("variables"))
	})
}

func (f *file) image(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	if n.IsMap() {
		n, p = n.Get("name"), p.Key("name")
	}
	if n.Str() != "" {
		container.Image(f.Facts, s.Part, n.Str(), "gitlab-image", artifact.At(n, p))
	}
}

// rules reads the conditions of a job.
func (f *file) rules(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	for _, key := range []string{"rules", "only", "except"} {
		f.triggers(n.Get(key))
		list := f.deref(n.Get(key), s.Part, 0)
		f.Items(list, p.Key(key), func(rule *tree.Node, p tree.Path) {
			if cond := rule.Get("if"); cond.Str() != "" {
				s.Reads(cond.Value, "gitlab-rule", pipeline.PlacesOf(f.Artifact, cond, p.Key("if")))
			}
			s.Variables(s.Part, rule.Get("variables"), p.Key("variables"))
		})
	}
}

// trigger reads a job that starts another pipeline: a child of this one, or that of another project.
func (f *file) trigger(part string, n *tree.Node, p tree.Path) {
	at := artifact.At(n, p)
	project := n.Get("project").Str()
	if n != nil && n.Kind == tree.Scalar {
		project = n.Str()
	}
	if project != "" && !strings.Contains(project, "$") {
		other := inventory.FileID(ID, f.host()+project, ".gitlab-ci.yml")
		f.Edge(inventory.TriggeredBy, other, f.ID, "gitlab-trigger", inventory.High, at)
	}
	f.Items(n.Get("include"), p.Key("include"), func(n *tree.Node, p tree.Path) {
		source, file := f.Artifact.Source, n
		if n.IsMap() {
			if file = n.Get("local"); file == nil {
				file, source = n.Get("file"), f.host()+n.Get("project").Str()
			}
		}
		name := strings.TrimPrefix(file.Str(), "/")
		if name != "" && !strings.ContainsAny(name, "$*") {
			f.Edge(inventory.Runs, part, inventory.FileID(ID, source, name), "gitlab-trigger", inventory.Certain, artifact.At(n, p))
		}
	})
}
