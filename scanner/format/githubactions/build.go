package githubactions

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format/container"
)

// builders are the actions that build an image: docker/build-push-action and its like share the inputs tags, context
// and file.
var builders = map[string]bool{"docker/build-push-action": true, "redhat-actions/buildah-build": true, "depot/build-push-action": true}

// maxTags bounds the names of one image.
const maxTags = 20

// builds joins the images that a step makes to the folder and the Dockerfile that they are made from.
func (st *step) builds() {
	tags, at := st.with["tags"], st.at
	if tags.node == nil || st.Artifact.Source == "" {
		return
	}
	dir := st.text("context")
	if i := strings.LastIndexByte(dir, ':'); strings.Contains(dir, "{{") && i >= 0 {
		dir = dir[i+1:] // a git context with a folder behind it
	}
	if strings.Contains(dir, "{{") || strings.Contains(dir, "://") || strings.HasPrefix(path.Clean("./"+dir), "..") {
		return
	}
	recipe := st.text("file")
	if recipe == "" {
		recipe = path.Join(dir, "Dockerfile")
	}
	if in, ok := st.with["file"]; ok {
		at = artifact.At(in.node, in.path)
	}
	dir = strings.Trim(path.Clean("/"+dir), "/")
	for i, tag := range strings.FieldsFunc(tags.node.Str(), func(r rune) bool { return r == '\n' || r == ',' }) {
		if i >= maxTags || !st.spend() {
			return
		}
		st.built(st.ownRepository(strings.TrimSpace(tag)), dir, path.Clean(recipe), at)
	}
}

// ownRepository puts the name of this repository in the place of the expression for it.
func (st *step) ownRepository(tag string) string {
	repo := strings.ToLower(inventory.RepoScope(st.Artifact.Source))
	owner, _, _ := strings.Cut(repo, "/")
	for _, e := range expressions(tag) {
		text := tag[e.start:e.end]
		switch {
		case e.isContext("repository"):
			tag = strings.Replace(tag, text, repo, 1)
		case e.isContext("repository_owner"):
			tag = strings.Replace(tag, text, owner, 1)
		default:
			continue
		}
		return st.ownRepository(tag)
	}
	return tag
}

func (st *step) built(tag, dir, recipe string, at artifact.Place) {
	id := container.ImageNode(st.Facts, tag, st.place(st.with["tags"]))
	if id == "" || strings.HasPrefix(recipe, "..") || strings.Contains(recipe, "{{") {
		return
	}
	container.BuiltFrom(st.Facts, id, dir, "gha-build", inventory.High, at)
	st.Edge(inventory.BuiltFrom, id, inventory.FileID("dockerfile", st.Artifact.Source, recipe), "gha-build", inventory.High, at)
}
