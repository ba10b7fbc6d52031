// Package circleci reads CircleCI configurations: every job as each workflow starts it, with its contexts and
// parameters, commands and executors followed, schedules, registry logins, and the variables that well-known orbs
// read on their own.
//
// Ids: a pipeline is circleci:<source>/<path>, a job <pipeline>#<workflow>.<name>, or <pipeline>#<job> when no
// workflow starts it. A variable that the file does not declare is the project's, circle:<project>/NAME, or that of
// a context of the job: circle:context:<organisation>/<context>/NAME. Which of several contexts holds it the file
// does not say.
package circleci

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
)

// ID is the id of the row and the platform of its automations.
const ID = "circleci"

// Format returns the row.
func Format() artifact.Format {
	return artifact.Format{
		ID: ID, Title: "CircleCI pipelines", Doc: "https://circleci.com/docs/reference/configuration-reference/",
		Match: match, Parse: parse,
	}
}

func match(a *artifact.Artifact) bool {
	in := strings.HasPrefix(a.Path, ".circleci/") || strings.Contains(a.Path, "/.circleci/")
	return in && pipeline.Yaml(a.Base()) && (a.Has("jobs:") || a.Has("steps:"))
}

// file is one configuration while it is read.
type file struct {
	*pipeline.File
	root *tree.Node
	orbs map[string]string // alias -> namespace/name
}

func parse(a *artifact.Artifact, facts *artifact.Facts) error {
	root, err := pipeline.Root(a)
	if root == nil {
		return err
	}
	f := &file{File: pipeline.New(facts, "circle", "circle", a.Path, root), root: root, orbs: map[string]string{}}
	for _, pair := range root.Get("orbs").Entries() {
		name, _, _ := strings.Cut(pair.Value.Str(), "@")
		f.orbs[pair.Key] = name
	}
	f.read()
	return nil
}

// read reads every job as the workflows start it, and then those that none starts.
func (f *file) read() {
	started := map[string]bool{}
	f.Entries(f.root.Get("workflows"), "workflows", func(w tree.Pair, p tree.Path) {
		f.schedules(w.Value.Get("triggers"), p.Key("triggers"))
		f.Items(w.Value.Get("jobs"), p.Key("jobs"), func(n *tree.Node, p tree.Path) {
			name, options := n.Str(), (*tree.Node)(nil)
			if n.IsMap() && len(n.Pairs) > 0 {
				name, options = n.Pairs[0].Key, n.Pairs[0].Value
				p = p.Key(name)
			}
			started[name] = true
			f.start(w.Key, name, options, artifact.At(n, p), p)
		})
	})
	f.Entries(f.root.Get("jobs"), "jobs", func(pair tree.Pair, p tree.Path) {
		if !started[pair.Key] && pair.Value.IsMap() {
			j := &job{file: f, name: pair.Key, node: pair.Value, path: p}
			j.read(pair.Key, artifact.AtPair(pair, p), pair.Line)
		}
	})
}

// schedules reads triggers: - schedule: cron. CircleCI runs them in UTC.
func (f *file) schedules(n *tree.Node, p tree.Path) {
	f.Items(n, p, func(n *tree.Node, p tree.Path) {
		f.Schedule(n.Get("schedule", "cron"), p.Key("schedule").Key("cron"), "UTC")
	})
}

// start reads one job as a workflow starts it: of this file, or of an orb.
func (f *file) start(workflow, name string, options *tree.Node, at artifact.Place, p tree.Path) {
	j := &job{file: f, name: name, node: f.root.Get("jobs", name), path: tree.Path("jobs").Key(name), options: options, where: p}
	title := options.Get("name").Str()
	if title == "" {
		title = name
	}
	f.Items(options.Get("context"), p.Key("context"), func(n *tree.Node, p tree.Path) {
		if n.Str() != "" {
			j.contexts = append(j.contexts, context{n.Str(), artifact.At(n, p)})
		}
	})
	line := at.Line
	if j.node == nil && !strings.Contains(name, "/") {
		return // an approval, or a job of a file that is put together elsewhere
	}
	j.read(workflow+"."+title, at, line)
}

// context is one context of a job.
type context struct {
	name string
	at   artifact.Place
}

// own returns the slots in which a variable may stand that the file does not declare (R14).
func (j *job) own(name string, at artifact.Place) []pipeline.Target {
	project := inventory.SlotRef{Store: "circle", Scope: j.Repo, Name: name}
	id := j.Slot(project, at)
	if detect.Ephemeral(name) {
		j.Attr(id, inventory.AttrClass, string(inventory.ClassEphemeral), "made by CircleCI for one job", at)
		return []pipeline.Target{{ID: id, Sure: inventory.Certain}}
	}
	switch len(j.contexts) {
	case 0:
		return []pipeline.Target{{ID: id, Sure: inventory.Certain}}
	case 1:
		slot := j.inContext(j.contexts[0], name, at)
		j.Edge(inventory.MayBe, slot, id, "circle-level", inventory.Low, at)
		return []pipeline.Target{{ID: slot, Sure: inventory.Medium, At: j.contexts[0].at}}
	}
	var out []pipeline.Target
	for _, c := range j.contexts {
		slot := j.inContext(c, name, at)
		j.Edge(inventory.MayBe, slot, id, "circle-level", inventory.Low, at)
		out = append(out, pipeline.Target{ID: slot, Sure: inventory.Low, At: c.at})
	}
	return out
}

func (j *job) inContext(c context, name string, at artifact.Place) string {
	scope := j.Owner()
	if scope == "" {
		scope = j.Repo
	}
	id := j.Level(inventory.SlotRef{Store: "circle", Scope: "context:" + scope + "/" + c.name, Name: name}, at)
	return j.Node(inventory.Slot, id, name, c.at)
}
