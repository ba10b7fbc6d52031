// Package codebuild reads the build specifications of AWS CodeBuild: variables from the parameter store and the
// secrets manager, and the commands of each phase.
//
// Ids: a specification is codebuild:<source>/<path>, a phase a part of it. A variable that the file does not
// declare is that of the project in AWS: codebuild:<repository>/NAME.
package codebuild

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
)

// ID is the id of the row and the platform of its automations.
const ID = "codebuild"

// Format returns the row.
func Format() artifact.Format {
	return artifact.Format{
		ID: ID, Title: "AWS CodeBuild build specifications", Doc: "https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html",
		Match: match, Parse: parse,
	}
}

func match(a *artifact.Artifact) bool {
	return strings.Contains(strings.ToLower(a.Path), "buildspec") && pipeline.Yaml(a.Base()) && a.Has("phases:")
}

func parse(a *artifact.Artifact, facts *artifact.Facts) error {
	root, err := pipeline.Root(a)
	if root == nil {
		return err
	}
	f := pipeline.New(facts, "codebuild", "codebuild", a.Path, root)
	s := &pipeline.Scope{File: f, Part: f.ID, Home: f.ID}
	s.Own = func(name string, at artifact.Place) []pipeline.Target {
		return []pipeline.Target{{ID: f.Slot(inventory.SlotRef{Store: "codebuild", Scope: f.Repo, Name: name}, at), Sure: inventory.Certain}}
	}
	s = s.Enter(f.ID, true, nil)
	s.Levels = []pipeline.Level{s.Variables(f.ID, root.Get("env", "variables"), "env.variables")}
	stored(s, root.Get("env"), "env")
	phases(s, root.Get("phases"), "phases")
	return nil
}

// stored reads the variables that come from stores.
func stored(s *pipeline.Scope, env *tree.Node, p tree.Path) {
	s.Entries(env.Get("parameter-store"), p.Key("parameter-store"), func(pair tree.Pair, p tree.Path) {
		fetch(s, pair, p, inventory.SlotRef{Store: "aws-ssm", Scope: "*/*", Name: strings.TrimPrefix(pair.Value.Str(), "/")}, "codebuild-parameter-store")
	})
	s.Entries(env.Get("secrets-manager"), p.Key("secrets-manager"), func(pair tree.Pair, p tree.Path) {
		fetch(s, pair, p, secret(pair.Value.Str()), "codebuild-secrets-manager")
	})
}

// secret reads id:key:stage:version, where the id may be an ARN.
func secret(text string) inventory.SlotRef {
	if found := detect.StoreReferences(text); len(found) > 0 {
		return found[0].Slot
	}
	name, rest, _ := strings.Cut(text, ":")
	key, _, _ := strings.Cut(rest, ":")
	return inventory.SlotRef{Store: "aws-sm", Scope: "*/*", Name: name, Key: key}
}

func fetch(s *pipeline.Scope, pair tree.Pair, p tree.Path, r inventory.SlotRef, rule string) {
	if found := detect.StoreReferences(pair.Value.Str()); len(found) > 0 {
		r = found[0].Slot
	}
	r.Name, r.Key = container.Computed(r.Name), container.Computed(r.Key)
	if strings.Trim(r.Name, "*/") == "" {
		return
	}
	at := artifact.AtPair(pair, p)
	s.Fetched(s.Levels[0], s.Part, pair.Key, s.Entry(r, at), rule, at)
}

// phases reads the commands of each phase. All run in one shell, one phase after another.
func phases(s *pipeline.Scope, n *tree.Node, p tree.Path) {
	s.Entries(n, p, func(pair tree.Pair, p tree.Path) {
		if !pair.Value.IsMap() {
			return
		}
		id := s.Facts.Part(s.ID, pair.Key, pair.Key, "phase", artifact.AtPair(pair, p))
		s.Covers(id, pair.Line, pair.Value)
		in := s.Enter(id, true, pipeline.Level{})
		text := pipeline.NewText(s.Artifact)
		text.AddAll(pair.Value.Get("commands"), p.Key("commands"))
		text.AddAll(pair.Value.Get("finally"), p.Key("finally"))
		in.Script(text)
	})
}
