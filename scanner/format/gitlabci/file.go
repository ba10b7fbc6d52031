package gitlabci

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
)

// file is one pipeline file while it is read.
type file struct {
	*pipeline.File
	root     *tree.Node
	includes []string        // ids of the pipelines that it includes
	used     map[string]bool // hidden jobs that a job of this file takes over
}

// keywords are the top-level keys that are no jobs.
var keywords = map[string]bool{
	"default": true, "include": true, "stages": true, "variables": true, "workflow": true, "spec": true, "image": true,
	"services": true, "cache": true, "before_script": true, "after_script": true, "types": true, "artifacts": true, "retry": true,
}

func newFile(facts *artifact.Facts, root *tree.Node) *file {
	name := root.Get("workflow", "name").Str()
	if name == "" {
		name = facts.Artifact.Path
	}
	return &file{File: pipeline.New(facts, "gitlab", "gitlab", name, root), root: root, used: map[string]bool{}}
}

func (f *file) read() {
	f.include()
	s := &pipeline.Scope{File: f.File, Part: f.ID, Home: f.ID}
	s.Own = func(name string, at artifact.Place) []pipeline.Target { return f.own(name, "", at) }
	s = s.Enter(f.ID, true, nil)
	s.Levels = []pipeline.Level{s.Variables(f.ID, f.root.Get("variables"), "variables")}
	f.triggers(f.root.Get("workflow"))
	f.Entries(f.root, "", func(pair tree.Pair, p tree.Path) {
		if !keywords[pair.Key] && pair.Value.IsMap() && !strings.HasPrefix(pair.Key, ".") {
			f.job(s, pair, p)
		}
	})
	f.Entries(f.root, "", func(pair tree.Pair, p tree.Path) {
		if pair.Value.IsMap() && strings.HasPrefix(pair.Key, ".") && !f.used[pair.Key] && pair.Value.Get("script") != nil {
			f.job(s, pair, p)
		}
	})
}

// host returns the server of the source, "" when the source does not say.
func (f *file) host() string {
	host, _, ok := strings.Cut(f.Artifact.Source, "/")
	if !ok || !strings.Contains(host, ".") {
		return ""
	}
	return host + "/"
}

// include reads the other files of the pipeline: those of this repository, and those of other projects.
func (f *file) include() {
	f.Items(f.root.Get("include"), "include", func(n *tree.Node, p tree.Path) {
		if n.Kind == tree.Scalar && !strings.Contains(n.Str(), "://") {
			f.included(f.Artifact.Source, n, p)
			return
		}
		source := f.Artifact.Source
		files, fp := n.Get("local"), p.Key("local")
		if project := n.Get("project").Str(); project != "" {
			source, files, fp = f.host()+project, n.Get("file"), p.Key("file")
		}
		f.Items(files, fp, func(n *tree.Node, p tree.Path) { f.included(source, n, p) })
	})
}

func (f *file) included(source string, n *tree.Node, p tree.Path) {
	name := n.Str()
	if name == "" || strings.ContainsAny(name, "$*") {
		return
	}
	id := inventory.FileID(ID, source, strings.TrimPrefix(path.Clean("/"+name), "/"))
	f.includes = append(f.includes, id)
	f.Edge(inventory.Runs, f.ID, id, "gitlab-include", inventory.Certain, artifact.At(n, p))
}

// triggers notes that a pipeline is meant for schedules; the schedules themselves are kept on the server.
func (f *file) triggers(n *tree.Node) {
	n.Walk("", func(p tree.Path, n *tree.Node) bool {
		if n.Kind == tree.Scalar && (n.Value == "schedules" || strings.Contains(n.Value, "CI_PIPELINE_SOURCE") && strings.Contains(n.Value, "schedule")) {
			f.Attr(f.ID, inventory.AttrTrigger, "schedule", "", artifact.At(n, p))
		}
		return f.Spend()
	})
}

// own returns the slots of a variable that no file declares (R6): the environment's, the project's, the groups'.
func (f *file) own(name, environment string, at artifact.Place) []pipeline.Target {
	project := f.project(name, at)
	if environment == "" || detect.Ephemeral(name) {
		f.Refs++
		return []pipeline.Target{{ID: project, Sure: inventory.Certain}}
	}
	r := inventory.SlotRef{Store: "gitlab", Scope: f.Repo + "@env:" + environment, Name: name}
	f.Edge(inventory.MayBe, r.ID(), project, "gitlab-level", inventory.Medium, at)
	return []pipeline.Target{{ID: f.Slot(r, at), Sure: inventory.Certain}}
}

// project adds the project's slot of a name, which may be that of a group above it.
func (f *file) project(name string, at artifact.Place) string {
	id := f.Level(inventory.SlotRef{Store: "gitlab", Scope: f.Repo, Name: name}, at)
	if detect.Ephemeral(name) {
		f.Attr(id, inventory.AttrClass, string(inventory.ClassEphemeral), "made by GitLab for one job", at)
		return id
	}
	below := id
	for group, i := f.Owner(), 0; strings.Contains(group, "/") && i < 20; group, i = path.Dir(group), i+1 {
		up := f.Level(inventory.SlotRef{Store: "gitlab-group", Scope: group, Name: name}, at)
		f.Edge(inventory.MayBe, below, up, "gitlab-level", inventory.Low, at)
		below = up
	}
	return id
}

// environment reads the environment of a job. Its dynamic part stands as "*".
func (f *file) environment(part string, n *tree.Node, p tree.Path) string {
	if n.IsMap() {
		n, p = n.Get("name"), p.Key("name")
	}
	if n.Str() == "" {
		return ""
	}
	f.Environment(part, n.Str(), artifact.At(n, p))
	return container.Computed(n.Str())
}
