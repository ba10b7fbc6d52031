// Package buildkite reads Buildkite pipelines: steps with their commands, variables, secrets and plugins.
//
// Ids: a pipeline is buildkite:<source>/<path>, a step a part of it. A secret of the cluster is
// bk:<organisation>/KEY; a variable that the file does not declare comes from a hook of the agent or the settings
// of the pipeline, bk:<repository>/NAME.
package buildkite

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// ID is the id of the row and the platform of its automations.
const ID = "buildkite"

// Format returns the row.
func Format() artifact.Format {
	return artifact.Format{
		ID: ID, Title: "Buildkite pipelines", Doc: "https://buildkite.com/docs/pipelines/configure/defining-steps",
		Match: match, Parse: parse,
	}
}

func match(a *artifact.Artifact) bool {
	if !pipeline.Yaml(a.Base()) || !a.Has("steps:") {
		return false
	}
	return strings.Contains("/"+a.Path, "/.buildkite/") || strings.HasPrefix(a.Base(), "buildkite") || strings.HasPrefix(a.Base(), ".buildkite")
}

// file is one pipeline while it is read.
type file struct{ *pipeline.File }

func parse(a *artifact.Artifact, facts *artifact.Facts) error {
	root, err := pipeline.Root(a)
	if root == nil {
		return err
	}
	f := &file{pipeline.New(facts, "buildkite", "bk", a.Path, root)}
	s := &pipeline.Scope{File: f.File, Part: f.ID, Home: f.ID, Own: f.own}
	s = s.Enter(f.ID, true, nil)
	s.Levels = []pipeline.Level{s.Variables(f.ID, root.Get("env"), "env")}
	f.secrets(s, s.Levels[0], root.Get("secrets"), "secrets")
	f.steps(s, root.Get("steps"), "steps", 0)
	return nil
}

func (f *file) own(name string, at artifact.Place) []pipeline.Target {
	id := f.Slot(inventory.SlotRef{Store: "bk", Scope: f.Repo, Name: name}, at)
	if detect.Ephemeral(name) {
		f.Attr(id, inventory.AttrClass, string(inventory.ClassEphemeral), "made by Buildkite for one job", at)
	}
	return []pipeline.Target{{ID: id, Sure: inventory.Medium}}
}

// secret adds a secret of the cluster.
func (f *file) secret(key string, at artifact.Place) string {
	scope := f.Owner()
	if scope == "" {
		scope = f.Repo
	}
	return f.Slot(inventory.SlotRef{Store: "bk", Scope: "cluster:" + scope, Name: key}, at)
}

// secrets reads secrets: [KEY] or {VARIABLE: KEY}.
func (f *file) secrets(s *pipeline.Scope, level pipeline.Level, n *tree.Node, p tree.Path) {
	f.Entries(n, p, func(pair tree.Pair, p tree.Path) {
		if key := pair.Value.Str(); key != "" {
			at := artifact.AtPair(pair, p)
			s.Fetched(level, s.Part, pair.Key, f.secret(key, at), "buildkite-secrets", at)
		}
	})
	if n.IsSeq() {
		f.Items(n, p, func(n *tree.Node, p tree.Path) {
			if n.Str() != "" {
				s.Fetched(level, s.Part, n.Str(), f.secret(n.Str(), artifact.At(n, p)), "buildkite-secrets", artifact.At(n, p))
			}
		})
	}
}

func (f *file) steps(s *pipeline.Scope, n *tree.Node, p tree.Path, depth int) {
	f.Items(n, p, func(n *tree.Node, p tree.Path) {
		if n.IsMap() && depth < 5 {
			f.step(s, n, p, depth)
		}
	})
}

func (f *file) step(s *pipeline.Scope, n *tree.Node, p tree.Path, depth int) {
	title := ""
	for _, key := range []string{"label", "name", "group", "key", "trigger", "block"} {
		if title == "" {
			title = n.Get(key).Str()
		}
	}
	key := n.Get("key").Str()
	if key == "" {
		key = string(p)
	}
	id := f.Part(f.ID, key, title, "step", artifact.At(n, p))
	f.Covers(id, n.Line, n)
	in := s.Enter(id, true, pipeline.Level{})
	in.Levels[0] = in.Variables(id, n.Get("env"), p.Key("env"))
	f.secrets(in, in.Levels[0], n.Get("secrets"), p.Key("secrets"))
	f.plugins(in, n.Get("plugins"), p.Key("plugins"))
	f.commands(in, n, p)
	f.trigger(in, n, p)
	f.steps(s, n.Get("steps"), p.Key("steps"), depth+1)
}

var secretGet = lazy.New(`buildkite-agent secret get\s+["']?([A-Za-z][\w-]*)`)

// commands reads the commands of a step. $$ stands for a dollar that the agent, not the upload, fills in.
func (f *file) commands(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	text := pipeline.NewText(f.Artifact)
	for _, key := range []string{"command", "commands"} {
		n.Get(key).Walk(p.Key(key), func(p tree.Path, n *tree.Node) bool {
			if n.Kind == tree.Scalar && n.Str() != "" {
				place := pipeline.PlacesOf(f.Artifact, n, p)
				text.Add(strings.ReplaceAll(n.Value, "$$", " $"), place)
				for _, m := range secretGet.FindAllStringSubmatchIndex(n.Value, 100) {
					at := place(m[2])
					f.Edge(inventory.Reads, s.Part, f.secret(n.Value[m[2]:m[3]], at), "buildkite-secret-get", inventory.Certain, at)
				}
			}
			return f.Spend()
		})
	}
	s.Script(text)
}

// trigger reads a step that starts another pipeline, which is known by its name on the server only.
func (f *file) trigger(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	name := n.Get("trigger")
	if name.Str() == "" || strings.Contains(name.Str(), "$") {
		return
	}
	at := artifact.At(name, p.Key("trigger"))
	id := f.Node(inventory.Pattern, "bk-pipeline:"+f.Owner()+"/"+name.Str(), name.Str(), at)
	f.Attr(id, inventory.AttrGlob, name.Str(), "buildkite pipeline", at)
	f.Edge(inventory.TriggeredBy, id, f.ID, "buildkite-trigger", inventory.High, at)
	s.Variables(s.Part, n.Get("build", "env"), p.Key("build").Key("env"))
}
