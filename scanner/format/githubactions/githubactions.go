// Package githubactions reads GitHub Actions: workflows, reusable workflows and actions (composite, JavaScript
// and Docker ones).
//
// Structure is read from our own positioned tree, which keeps the case of names, resolves anchors within bounds
// and survives sections that a strict parser would drop; the expressions inside ${{ }} go through actionlint's
// lexer and parser. Whatever no rule below knows is still searched for expressions, so that no reference is lost.
//
// Ids: a workflow is github-actions:<source>/<path>, a job <workflow>#<job>, a step <job>.<id or number>, an
// action github-actions:<source>/<folder>/action.yml whatever its file's extension. Secrets that a caller hands
// to a reusable workflow are bindings <workflow>/secrets.<NAME>, inputs <action>/inputs.<name>, outputs
// <job, step or action>/outputs.<name>.
package githubactions

import (
	"errors"
	"path"
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// ID is the id of the row and the platform of its automations.
const ID = "github-actions"

// Format returns the row.
func Format() artifact.Format {
	return artifact.Format{
		ID:    ID,
		Title: "GitHub Actions workflows and actions",
		Doc:   "https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax",
		Match: match,
		Parse: parse,
	}
}

const workflowFolder = ".github/workflows/"

func match(a *artifact.Artifact) bool {
	return isWorkflow(a.Path) || isAction(a)
}

func isWorkflow(p string) bool {
	dir, base := path.Split(p)
	return (strings.HasSuffix(base, ".yml") || strings.HasSuffix(base, ".yaml")) &&
		(dir == workflowFolder || strings.HasSuffix(dir, "/"+workflowFolder))
}

func isAction(a *artifact.Artifact) bool {
	base := a.Base()
	return (base == "action.yml" || base == "action.yaml") && a.Has("runs")
}

var errShape = errors.New("not the shape of a workflow")

func parse(a *artifact.Artifact, facts *artifact.Facts) error {
	root, err := document(a)
	if root == nil {
		return err
	}
	f := newFile(facts)
	switch workflow := isWorkflow(a.Path); {
	case workflow && root.Get("jobs").IsMap():
		f.workflow(root)
	case !workflow && root.Get("runs").IsMap():
		f.actionFile(root)
	case workflow && (!root.IsMap() || root.Get("jobs") != nil || root.Get("on") != nil):
		return errShape
	}
	return nil // another tool's file in the folder or of the name
}

// document returns the first document that holds something; nil without an error for an empty file.
func document(a *artifact.Artifact) (*tree.Node, error) {
	var err error
	for _, d := range a.Documents() {
		if d.Root != nil {
			return d.Root, nil
		}
		if err == nil {
			err = d.Err
		}
	}
	return nil, err
}

// entries visits the pairs of a map with their paths, and stops when the file's budget is spent.
func (f *file) entries(n *tree.Node, p tree.Path, visit func(tree.Pair, tree.Path)) {
	for _, pair := range n.Entries() {
		if !f.spend() {
			return
		}
		visit(pair, p.Key(pair.Key))
	}
}
