package pipeline

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/lazy"
)

var (
	folderVariable = lazy.New(`(?i)(^|_)(SUBDIR|DIR|DIRECTORY|FOLDER|PATH|ROOT|WORKSPACE_DIR|WORKDIR)$`)
	folderPath     = lazy.New(`^[\w.-]+(/[\w.-]+)*/?$`)
	checkoutRoot   = lazy.New(`^(\./|\$\{?(CI_PROJECT_DIR|GITHUB_WORKSPACE|BITBUCKET_CLONE_DIR|CIRCLE_WORKING_DIRECTORY)\}?/|\$\(Build\.SourcesDirectory\)/)`)
)

// Folders reads the folder in which a part has Terraform run, where variables beside those of Terraform (TF_VAR_name) name it:
// the command itself often stands in a task, an image or a template of somebody else.
func (s *Scope) Folders(owner string, n *tree.Node, p tree.Path) {
	terraform := false
	for _, pair := range n.Entries() {
		terraform = terraform || strings.HasPrefix(pair.Key, "TF_VAR_") || strings.HasPrefix(pair.Key, "TF_ROOT")
	}
	if !terraform {
		return
	}
	for _, pair := range n.Entries() {
		if pair.Value.Kind != tree.Scalar || !folderVariable.MatchString(pair.Key) || strings.HasPrefix(pair.Key, "TF_VAR_") {
			continue
		}
		dir := checkoutRoot.ReplaceAllString(pair.Value.Value, "")
		if !folderPath.MatchString(dir) || path.Clean(dir) != strings.TrimSuffix(dir, "/") {
			continue
		}
		s.Edge(inventory.Runs, owner, inventory.FileID("file", s.Artifact.Source, path.Clean(dir))+"/", "R15-folder", inventory.High,
			artifact.AtPair(pair, p.Key(pair.Key)))
	}
}
