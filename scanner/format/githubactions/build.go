package githubactions

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/format/dockerfile"
)

// builders are the actions that build an image: docker/build-push-action and its like share the inputs tags, context
// and file.
var builders = map[string]bool{"docker/build-push-action": true, "redhat-actions/buildah-build": true, "depot/build-push-action": true}

// maxTags bounds the names of one image.
const maxTags = 20

// builds joins the images that a step makes to the folder and the Dockerfile that they are made from, and hands build
// arguments and secrets to that Dockerfile: once for each value of a matrix that says which. Source: the inputs of
// docker/build-push-action.
func (st *step) builds() {
	st.loggedIn(artifact.At(st.node.Get("uses"), st.path.Key("uses")))
	if st.Artifact.Source == "" {
		return
	}
	for _, m := range st.rows(st.text("context") + st.text("file")) {
		row := *st
		row.matrix = m
		row.build()
	}
}

// rows returns the matrix with each value of the axis that a text names by itself; the matrix as it is when it names none.
func (s *scope) rows(text string) []*tree.Node {
	axis := matrixAxis(text)
	if axis == "" {
		return []*tree.Node{s.matrix}
	}
	var out []*tree.Node
	for _, p := range s.matrix.Entries() {
		for _, v := range p.Value.List() {
			if row := s.row(p, v, axis); row != nil && len(out) < maxCandidates {
				out = append(out, row)
			}
		}
	}
	if len(out) == 0 {
		return []*tree.Node{s.matrix}
	}
	return out
}

// matrixAxis returns the first axis that the expressions of a text name, "" for none.
func matrixAxis(text string) string {
	for _, e := range expressions(text) {
		for _, r := range e.refs {
			if r.context == "matrix" {
				return r.name(0)
			}
		}
	}
	return ""
}

// row is the matrix with one value of an axis: an item of the axis itself, or a row of include; nil for any other item.
func (s *scope) row(p tree.Pair, v *tree.Node, axis string) *tree.Node {
	one := tree.Pair{Key: p.Key, Value: &tree.Node{Kind: tree.Seq, Items: []*tree.Node{v}}}
	switch {
	case p.Key == "include" && v.Get(axis) != nil:
		return &tree.Node{Kind: tree.Map, Line: v.Line, Pairs: []tree.Pair{one}}
	case strings.EqualFold(p.Key, axis):
		row := &tree.Node{Kind: tree.Map, Line: v.Line, Pairs: []tree.Pair{one}}
		for _, other := range s.matrix.Entries() {
			if other.Key != p.Key && other.Key != "include" {
				row.Pairs = append(row.Pairs, other)
			}
		}
		return row
	}
	return nil
}

// build is one of builds.
func (st *step) build() {
	at := st.at
	dir := st.text("context")
	if i := strings.LastIndexByte(dir, ':'); strings.Contains(dir, "{{") && i >= 0 {
		dir = dir[i+1:] // a git context with a folder behind it
	}
	dir, recipe := st.only(dir), st.only(st.text("file"))
	if strings.Contains(dir, "*") || strings.Contains(dir, "://") || strings.HasPrefix(path.Clean("./"+dir), "..") {
		return
	}
	if recipe == "" {
		recipe = path.Join(dir, "Dockerfile")
	}
	if in, ok := st.with["file"]; ok {
		at = artifact.At(in.node, in.path)
	}
	recipe, dir = path.Clean(recipe), strings.Trim(path.Clean("/"+dir), "/")
	known := !strings.HasPrefix(recipe, "..") && !strings.Contains(recipe, "*")
	for _, tag := range st.images("tags") {
		id := ""
		if st.spend() {
			id = container.ImageNode(st.Facts, tag, st.place(st.with["tags"]))
		}
		if id != "" && known {
			container.BuiltFrom(st.Facts, id, dir, "gha-build", inventory.High, at)
			st.Edge(inventory.BuiltFrom, id, inventory.FileID("dockerfile", st.Artifact.Source, recipe), "gha-build", inventory.High, at)
		}
	}
	if known {
		st.fills(recipe)
	}
}

// only returns the one value of a text, "*" where it has several.
func (s *scope) only(text string) string {
	all := s.foldText(text)
	switch {
	case text == "":
		return ""
	case len(all) == 1:
		return all[0].text
	}
	return "*"
}

// fills hands build arguments and secrets to a Dockerfile.
func (st *step) fills(recipe string) {
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

// images are the names in an input: what its lines say, with their expressions, and what an earlier step or job gives out as
// tags.
func (st *step) images(input string) []string {
	var out []string
	for _, line := range st.named(input) {
		for _, c := range st.foldText(line) {
			out = append(out, strings.ToLower(c.text))
		}
	}
	return out[:min(len(out), maxTags)]
}

// named returns the names in an input as they are written.
func (st *step) named(input string) []string {
	var out []string
	for _, line := range strings.FieldsFunc(st.text(input), func(r rune) bool { return r == '\n' || r == ',' }) {
		line = strings.TrimPrefix(strings.TrimSpace(line), "name=")
		if name, _, _ := strings.Cut(line, "${{"); strings.Contains(name, "=") {
			continue // enable=true and its like stand behind a name
		}
		if given := st.givenOut(line); given != nil {
			out = append(out, given...)
			continue
		}
		out = append(out, line)
	}
	return out
}

// givenOut returns the images of a text that is one expression for the tags of a step, or for an output of a job that hands
// such tags on; nil for any other.
func (s *scope) givenOut(text string) []string {
	all := expressions(text)
	if len(all) != 1 || len(all[0].refs) != 1 || all[0].start > 0 || all[0].end < len(text) {
		return nil
	}
	switch r := all[0].refs[0]; r.context {
	case "steps":
		if output := strings.ToLower(r.name(2)); output == "tags" || output == "json" {
			return s.given[strings.ToLower(r.name(0))]
		}
	case "needs":
		if j := s.jobs[strings.ToLower(r.name(0))]; j != nil {
			return j.images[strings.ToLower(r.name(2))]
		}
	}
	return nil
}

// namers are the actions that give out the tags of images that their input names. Source: the inputs of docker/metadata-action.
var namers = map[string]bool{"docker/metadata-action": true, "crazy-max/ghaction-docker-meta": true, "depot/metadata-action": true}
