// Package gitlabci reads GitLab CI/CD pipelines: jobs with what they inherit (extends, !reference, anchors,
// default), their variables and scripts, the stores that secrets: names, identity tokens, included and triggered
// pipelines.
//
// Ids: a pipeline is gitlab-ci:<source>/<path>, a job <pipeline>#<job>. A variable that no file declares is the
// project's: gitlab:<project>/NAME, in a job with an environment gitlab:<project>@env:<environment>/NAME, which
// may be the project's, which may be a group's (gitlab-group:<group>/NAME).
package gitlabci

import (
	"errors"
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// ID is the id of the row and the platform of its automations.
const ID = "gitlab-ci"

// Format returns the row.
func Format() artifact.Format {
	return artifact.Format{
		ID: ID, Title: "GitLab CI/CD pipelines", Doc: "https://docs.gitlab.com/ci/yaml/",
		Match: match, Parse: parse,
	}
}

// match takes the files of the usual names, and files in folders for pipelines that have the keys of a job.
func match(a *artifact.Artifact) bool {
	base := a.Base()
	if !pipeline.Yaml(base) || strings.Contains(a.Path, ".github/") {
		return false
	}
	if strings.HasSuffix(base, ".gitlab-ci.yml") || strings.HasSuffix(base, ".gitlab-ci.yaml") || strings.HasPrefix(base, "gitlab-ci") {
		return true
	}
	return inFolder(a.Path) && hasKeys(a.Content) && !a.Has("apiVersion:")
}

// inFolder reports whether a file lies where parts of a pipeline are kept.
func inFolder(p string) bool {
	for _, dir := range []string{".gitlab/", ".gitlab-ci/", "gitlab-ci/", "gitlab/", "ci/", ".ci/", "templates/", "pipelines/", "jobs/"} {
		if strings.HasPrefix(p, dir) || strings.Contains(p, "/"+dir) {
			return true
		}
	}
	return false
}

// hasKeys reports whether a text has the keys of a job that runs commands, and of GitLab.
func hasKeys(text []byte) bool {
	if !lazy.Contains(text, "script:") {
		return false
	}
	for _, key := range []string{"\n  stage:", "\n  extends:", "\n  rules:", "\n  only:", "!reference"} {
		if lazy.Contains(text, key) {
			return true
		}
	}
	return false
}

var errShape = errors.New("not the shape of a pipeline")

func parse(a *artifact.Artifact, facts *artifact.Facts) error {
	root, err := document(a)
	if root == nil {
		return err
	}
	if !root.IsMap() {
		return errShape
	}
	newFile(facts, root).read()
	return nil
}

// document returns the last document that holds something: a header of inputs may stand before it.
func document(a *artifact.Artifact) (root *tree.Node, err error) {
	for _, d := range a.Documents() {
		if d.Root != nil {
			root = d.Root
		}
		if d.Err != nil {
			err = d.Err
		}
	}
	return root, err
}
