package githubactions

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/format/dockerfile"
)

// builders are the actions that build an image: docker/build-push-action and its like share the inputs tags, context
// and file.
var builders = map[string]bool{"docker/build-push-action": true, "redhat-actions/buildah-build": true, "depot/build-push-action": true}

// maxTags bounds the names of one image.
const maxTags = 20

// builds joins the images that a step makes to the folder and the Dockerfile that they are made from, and hands build
// arguments and secrets to that Dockerfile. Source: the inputs of docker/build-push-action.
func (st *step) builds() {
	st.loggedIn(st.at)
	tags, at := st.with["tags"], st.at
	if st.Artifact.Source == "" {
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
	recipe, dir = path.Clean(recipe), strings.Trim(path.Clean("/"+dir), "/")
	for i, tag := range strings.FieldsFunc(tags.node.Str(), func(r rune) bool { return r == '\n' || r == ',' }) {
		if i >= maxTags || !st.spend() {
			break
		}
		st.built(st.ownRepository(strings.TrimSpace(tag)), dir, recipe, at)
	}
	if strings.HasPrefix(recipe, "..") || strings.Contains(recipe, "{{") {
		return
	}
	file := inventory.FileID("dockerfile", st.Artifact.Source, recipe)
	st.handedOver("build-args", false, func(name, id string, sure inventory.Confidence, at artifact.Place) {
		st.Edge(inventory.ReceivedFrom, inventory.BindingID(file, name), id, "gha-build-arg", sure, at)
	})
	secret := func(name, id string, sure inventory.Confidence, at artifact.Place) {
		slot := st.entry(dockerfile.Secret(st.Artifact.Source, recipe, name), at)
		st.Edge(inventory.CopiesFrom, slot, id, "gha-build-secret", sure, at)
	}
	st.handedOver("secrets", false, secret)
	st.handedOver("secret-envs", true, secret)
}

// loggedIn says that a step which moves images uses what an earlier step of the job logged in with.
func (s *scope) loggedIn(at artifact.Place) {
	id := inventory.BindingID(s.whole, registryFile)
	if _, ok := s.Set.Node(id); ok {
		s.Edge(inventory.Reads, s.part, id, "gha-registry", inventory.High, at)
	}
}

// handedOver visits what the lines NAME=value of an input hand over: what the expressions of the value stand for, or with
// named the variable that the value names.
func (st *step) handedOver(input string, named bool, visit func(name, id string, sure inventory.Confidence, at artifact.Place)) {
	in, ok := st.with[input]
	if !ok || in.node.Str() == "" {
		return
	}
	text, places := in.node.Value, st.placer(in.node, in.path)
	all := expressions(text)
	for start := 0; start < len(text); {
		line, _, _ := strings.Cut(text[start:], "\n")
		name, value, ok := strings.Cut(strings.Trim(line, " \t\r\"'"), "=")
		end := start + len(line) + 1
		if id := st.visible(strings.TrimSpace(value)); ok && named && id != "" {
			visit(name, id, inventory.High, places.script(start))
		}
		for _, e := range all {
			if !ok || named || e.start < start || e.start >= end {
				continue
			}
			for _, r := range e.refs {
				at := places.of(e, r)
				for _, t := range st.resolve(r, at) {
					visit(name, t.id, inventory.Weakest(t.sure, inventory.High), at)
				}
			}
		}
		start = end
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
