// Package bitbucket reads Bitbucket Pipelines: steps with their deployment, scripts, pipes, images and logins.
//
// Ids: a pipeline file is bitbucket:<source>/<path>, a step <file>#<section>.<place>. A variable that the file does
// not declare is the repository's, bb:<repository>/NAME, in a step with a deployment that environment's,
// bb:<repository>@env:<deployment>/NAME; it may be the workspace's, bb-workspace:<workspace>/NAME.
package bitbucket

import (
	"fmt"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
)

// ID is the id of the row and the platform of its automations.
const ID = "bitbucket"

// Format returns the row.
func Format() artifact.Format {
	return artifact.Format{
		ID: ID, Title: "Bitbucket Pipelines", Doc: "https://support.atlassian.com/bitbucket-cloud/docs/bitbucket-pipelines-configuration-reference/",
		Match: match, Parse: parse,
	}
}

func match(a *artifact.Artifact) bool {
	return strings.HasPrefix(a.Base(), "bitbucket-pipelines") && pipeline.Yaml(a.Base())
}

// file is one pipeline file while it is read.
type file struct {
	*pipeline.File
	root *tree.Node
}

func parse(a *artifact.Artifact, facts *artifact.Facts) error {
	root, err := pipeline.Root(a)
	if root == nil {
		return err
	}
	f := &file{pipeline.New(facts, "bitbucket", "bb", a.Path, root), root}
	s := &pipeline.Scope{File: f.File, Part: f.ID, Home: f.ID}
	s.Own = func(name string, at artifact.Place) []pipeline.Target { return f.own(name, "", at) }
	s = s.Enter(f.ID, true, pipeline.Level{})
	f.image(s, root.Get("image"), "image")
	f.Entries(root.Get("definitions", "services"), "definitions.services", func(pair tree.Pair, p tree.Path) {
		s.Variables(f.ID, pair.Value.Get("variables"), p.Key("variables"))
		f.image(s, pair.Value.Get("image"), p.Key("image"))
	})
	f.Entries(root.Get("pipelines"), "pipelines", func(kind tree.Pair, p tree.Path) {
		if kind.Value.IsSeq() {
			f.list(s, kind.Key, "", kind.Value, p, 0)
			return
		}
		f.Entries(kind.Value, p, func(pair tree.Pair, p tree.Path) {
			f.list(s, kind.Key+"."+pair.Key, "", pair.Value, p, 0)
		})
	})
	return nil
}

// own returns the slots of a variable that the file does not declare: the narrowest level wins.
func (f *file) own(name, deployment string, at artifact.Place) []pipeline.Target {
	repo := f.Slot(inventory.SlotRef{Store: "bb", Scope: f.Repo, Name: name}, at)
	if detect.Ephemeral(name) {
		f.Attr(repo, inventory.AttrClass, string(inventory.ClassEphemeral), "made by Bitbucket for one step", at)
		return []pipeline.Target{{ID: repo, Sure: inventory.Certain}}
	}
	if owner := f.Owner(); owner != "" {
		up := f.Level(inventory.SlotRef{Store: "bb-workspace", Scope: owner, Name: name}, at)
		f.Edge(inventory.MayBe, repo, up, "bitbucket-level", inventory.Low, at)
	}
	if deployment == "" {
		return []pipeline.Target{{ID: repo, Sure: inventory.Certain}}
	}
	id := f.Level(inventory.SlotRef{Store: "bb", Scope: f.Repo + "@env:" + deployment, Name: name}, at)
	f.Edge(inventory.MayBe, id, repo, "bitbucket-level", inventory.Medium, at)
	return []pipeline.Target{{ID: id, Sure: inventory.Certain}}
}

// list reads a list of steps, stages and parallel groups.
func (f *file) list(s *pipeline.Scope, key, deployment string, n *tree.Node, p tree.Path, depth int) {
	number := 0
	f.Items(n, p, func(n *tree.Node, p tree.Path) {
		number++
		at := fmt.Sprintf("%s.%d", key, number)
		if step := n.Get("step"); step != nil {
			f.step(s, at, deployment, step, p.Key("step"))
		}
		f.Items(n.Get("variables"), p.Key("variables"), func(v *tree.Node, p tree.Path) {
			f.declared(s, v, p) // what a custom pipeline asks for when it is started
		})
		for _, group := range []string{"parallel", "stage"} {
			g := n.Get(group)
			if g == nil || depth > 5 {
				continue
			}
			inner := deployment
			if d := g.Get("deployment").Str(); d != "" {
				inner = d
			}
			if g.IsMap() {
				f.list(s, at, inner, g.Get("steps"), p.Key(group).Key("steps"), depth+1)
				continue
			}
			f.list(s, at, inner, g, p.Key(group), depth+1)
		}
	})
}

// declared reads a variable that a custom pipeline asks for, with its default.
func (f *file) declared(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	name := n.Get("name").Str()
	if name == "" {
		return
	}
	b := s.Declare(s.Levels[0], f.ID, name, "bitbucket-variable", artifact.At(n, p))
	s.Value(b, name, n.Get("default"), p.Key("default"))
}

func (f *file) step(s *pipeline.Scope, key, deployment string, n *tree.Node, p tree.Path) {
	title := n.Get("name").Str()
	if title == "" {
		title = "step"
	}
	at := artifact.At(n, p)
	id := f.Part(f.ID, key, title, "step", at)
	f.Covers(id, n.Line, n)
	if d := n.Get("deployment"); d.Str() != "" {
		deployment = d.Str()
		at = artifact.At(d, p.Key("deployment"))
	}
	if deployment != "" {
		f.Environment(id, deployment, at)
	}
	in := s.Enter(id, true, pipeline.Level{})
	in.Own = func(name string, at artifact.Place) []pipeline.Target { return f.own(name, deployment, at) }
	f.image(in, n.Get("image"), p.Key("image"))
	if n.Get("oidc").Str() == "true" {
		in.Identity("bitbucket", f.Repo, artifact.At(n.Get("oidc"), p.Key("oidc")))
	}
	for _, key := range []string{"script", "after-script"} {
		text := pipeline.NewText(f.Artifact)
		f.Items(n.Get(key), p.Key(key), func(n *tree.Node, p tree.Path) {
			if n.Get("pipe").Str() != "" {
				f.pipe(in, n, p)
				return
			}
			text.AddNode(n, p)
		})
		in.Script(text)
	}
}

// pipe reads a call of a pipe with its variables.
func (f *file) pipe(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	name := n.Get("pipe").Str()
	container.Image(f.Facts, s.Part, strings.TrimPrefix(name, "docker://"), "bitbucket-pipe", artifact.At(n.Get("pipe"), p.Key("pipe")))
	f.Entries(n.Get("variables"), p.Key("variables"), func(pair tree.Pair, p tree.Path) {
		s.Argument(pair.Key, pair.Value, p, false)
	})
}

// image reads an image with the login for its registry.
func (f *file) image(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	if n != nil && n.Kind == tree.Scalar {
		container.Image(f.Facts, s.Part, n.Str(), "bitbucket-image", artifact.At(n, p))
		return
	}
	container.Image(f.Facts, s.Part, n.Get("name").Str(), "bitbucket-image", artifact.At(n, p))
	f.Entries(n, p, func(pair tree.Pair, p tree.Path) {
		if pair.Key == "username" || pair.Key == "password" {
			s.Argument("image."+pair.Key, pair.Value, p, pair.Key == "password")
		}
	})
	f.Entries(n.Get("aws"), p.Key("aws"), func(pair tree.Pair, p tree.Path) {
		s.Argument("image.aws."+pair.Key, pair.Value, p, pair.Key == "secret-key")
	})
}
