package githubactions

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// actionFile reads an action's metadata. An action runs only as part of a step that uses it, so it is a part
// without an automation: the step's edge "runs" makes what it reads the step's own.
func (f *file) actionFile(root *tree.Node) {
	f.action = true
	f.folder = f.Artifact.Dir()
	f.id = actionID(f.Artifact.Source, f.folder)
	at := artifact.At(root, "")
	name := root.Get("name").Str()
	if name == "" {
		name = path.Base(f.folder)
	}
	f.Node(inventory.Part, f.id, name, at)
	f.Attr(f.id, inventory.AttrPlatform, ID, "", at)
	f.Attr(f.id, inventory.AttrRole, "action", "", at)
	f.cover(f.id, 1, len(f.lines))

	s := &scope{file: f, part: f.id, whole: f.id, set: newVariables(), mounts: &[]mount{}, given: map[string][]string{}}
	s.env = []variables{s.set}
	s.outputs, s.open = map[string]map[string]string{}, map[string]string{}
	s.actionInputs(root.Get("inputs"))
	s.actionRuns(root)
	s.entries(root.Get("outputs"), "outputs", func(pair tree.Pair, p tree.Path) {
		s.declareOutput(f.id, pair.Key, pair.Value.Get("value"), p.Key("value"))
	})
	s.rest(root, "", "runs", "outputs", "inputs")
}

// actionInputs reads the defaults of the inputs: ${{ github.token }} is the common one.
func (s *scope) actionInputs(n *tree.Node) {
	s.entries(n, "inputs", func(pair tree.Pair, p tree.Path) {
		value := pair.Value.Get("default")
		p = p.Key("default")
		found := s.needs(value, p)
		b := s.input(s.id, pair.Key, artifact.AtPair(pair, tree.Path("inputs").Key(pair.Key))) // callers may hand it a credential
		if len(found) == 0 && !credentialName(pair.Key) {
			return
		}
		for _, x := range found {
			s.Edge(inventory.BoundFrom, b, x.id, "gha-input-default", inventory.Weakest(x.sure, inventory.Medium), x.at)
		}
		s.constant(b, pair.Key, value, p, false)
	})
}

// actionRuns reads how the action runs: steps, a JavaScript file, or a container.
func (s *scope) actionRuns(root *tree.Node) {
	runs := root.Get("runs")
	s.actionSteps(runs, root)
	for _, key := range []string{"main", "pre", "post", "pre-entrypoint", "entrypoint", "post-entrypoint"} {
		n := runs.Get(key)
		if n.Str() == "" || strings.Contains(n.Str(), "${{") {
			continue
		}
		file := path.Join(s.folder, n.Str())
		s.Runs(s.id, strings.TrimPrefix(file, "/"), "gha-action-runs", inventory.Certain, artifact.At(n, tree.Path("runs").Key(key)))
	}
	s.actionImage(runs.Get("image"))
	own := s.variables(s.id, runs.Get("env"), "runs.env")
	s.env = append([]variables{own}, s.env...)
	s.rest(runs, "runs", "steps", "env", "image")
}

// actionSteps reads the steps of a composite action.
func (s *scope) actionSteps(runs, root *tree.Node) {
	if steps := runs.Get("steps"); steps != nil {
		s.steps(steps, "runs.steps", stepsEnd(runs, s.endOf(root, "runs")))
	}
}

// actionImage reads the image of a Docker action: a public one, or a Dockerfile in its folder.
func (s *scope) actionImage(n *tree.Node) {
	at := artifact.At(n, "runs.image")
	switch v := n.Str(); {
	case strings.HasPrefix(v, "docker://"):
		s.runsImage(v, at)
	case v != "" && !strings.Contains(v, "${{"):
		s.Runs(s.id, path.Join(s.folder, v), "gha-action-runs", inventory.Certain, at)
	}
}
