package resolve

import (
	"path"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// build is one way in which an image may be made.
type build struct {
	recipe, source string // id of the Dockerfile, and its source
	dir, context   string // folders of the Dockerfile and of what is copied into the image, "" the root
	sure           inventory.Confidence
	at             []inventory.Evidence
}

// recipe notes under which names an image made by a Dockerfile may go.
func (j *imageJoin) recipe(n *inventory.Node) {
	source, file := n.Evidence[0].Source, n.Evidence[0].Path
	dir := folderOf(file)
	j.folders[source+"/"+dir] = true
	repo := path.Base(source)
	names := []string{repo}
	if dir != "" {
		names = []string{path.Base(dir), repo + "-" + path.Base(dir)}
	}
	if base := strings.ToLower(path.Base(file)); base != "dockerfile" && base != "containerfile" {
		for _, word := range strings.FieldsFunc(base, func(r rune) bool { return r == '.' || r == '_' }) {
			if word != "dockerfile" && word != "containerfile" {
				names = append(names, word, repo+"-"+word)
			}
		}
	}
	for _, name := range names {
		j.recipes[strings.ToLower(name)] = append(j.recipes[strings.ToLower(name)], n)
	}
}

func folderOf(file string) string {
	if dir := path.Dir(file); dir != "." {
		return dir
	}
	return ""
}

// buildsOf returns how an image may be made.
func (j *imageJoin) buildsOf(image string) []build {
	if got, ok := j.builds[image]; ok {
		return got
	}
	out := j.stated(image)
	if len(out) == 0 {
		out = j.computed(image)
	}
	if len(out) == 0 {
		out = j.named(image)
	}
	if len(out) > maxCandidates {
		out = nil
	}
	if len(out) > 1 {
		for i := range out {
			out[i].sure = inventory.Low
		}
	}
	j.builds[image] = out
	return out
}

// maxTags bounds how many names of one image are followed.
const maxTags = 4

// stated returns the builds that some file states: of the image, or of one that it is a second name of.
func (j *imageJoin) stated(image string) []build { return j.statedAs(image, 0) }

func (j *imageJoin) statedAs(image string, depth int) []build {
	var out []build
	edges := j.v.Out(image, inventory.BuiltFrom)
	for _, e := range edges {
		if strings.HasPrefix(e.To, "image:") && depth < maxTags {
			for _, b := range j.statedAs(e.To, depth+1) {
				b.at = inventory.MergeEvidence(e.Evidence, b.at)
				out = append(out, b)
			}
		}
	}
	for _, e := range edges {
		n := j.v.Node(e.To)
		if n == nil || !strings.HasPrefix(e.To, "dockerfile:") || len(n.Evidence) == 0 {
			continue
		}
		b := build{recipe: n.ID, source: n.Evidence[0].Source, dir: folderOf(n.Evidence[0].Path), sure: inventory.Medium, at: e.Evidence}
		b.context = b.dir
		for _, f := range edges {
			if dir, ok := strings.CutPrefix(f.To, inventory.FileID("file", b.source, "")); ok && samePlace(e.Evidence, f.Evidence) {
				b.context = strings.TrimSuffix(dir, "/")
			}
		}
		if !slices.ContainsFunc(out, func(o build) bool { return o.recipe == b.recipe }) {
			out = append(out, b)
		}
	}
	if len(out) == 0 {
		return j.withoutRecipe(edges)
	}
	return out
}

// computed returns the builds whose image has a computed part that may stand for what the image is called here: $REGISTRY/api for
// ghcr.io/acme/api. It counts where the name shows whose image it is.
func (j *imageJoin) computed(image string) []build {
	words := strings.Split(strings.TrimPrefix(image, "image:"), "/")
	if len(words) < 2 || strings.Contains(image, "*") {
		return nil
	}
	var out []build
	for _, glob := range j.globs {
		last := glob[strings.LastIndexByte(glob, '/')+1:]
		if strings.Contains(last, "*") || last != words[len(words)-1] || !matchElement(glob, image) {
			continue
		}
		for _, b := range j.stated(glob) {
			if ownedBy(words[:len(words)-1], b.source) && !slices.ContainsFunc(out, func(o build) bool { return o.recipe == b.recipe && o.dir == b.dir }) {
				out = append(out, b)
			}
		}
	}
	return out
}

// withoutRecipe returns the builds of folders that no Dockerfile of the scan describes.
func (j *imageJoin) withoutRecipe(edges []inventory.Edge) []build {
	var out []build
	for _, e := range edges {
		if !strings.HasPrefix(e.To, "file:") || len(e.Evidence) == 0 {
			continue
		}
		b := build{source: e.Evidence[0].Source, sure: inventory.Medium, at: e.Evidence}
		b.dir = strings.Trim(strings.TrimPrefix(e.To, inventory.FileID("file", b.source, "")), "/")
		b.context = b.dir
		out = append(out, b)
	}
	return out
}

func samePlace(a, b []inventory.Evidence) bool {
	for _, x := range a {
		for _, y := range b {
			if x.Source == y.Source && x.Path == y.Path && x.Line == y.Line {
				return true
			}
		}
	}
	return false
}

// named returns the builds that the name of an image leads to.
func (j *imageJoin) named(image string) []build {
	words := strings.Split(strings.TrimPrefix(image, "image:"), "/")
	name := strings.ToLower(words[len(words)-1])
	if len(words) < 2 || strings.Contains(name, "*") {
		return nil // a bare name is that of a public image
	}
	var out []build
	add := func(n *inventory.Node, whole bool) {
		b := build{recipe: n.ID, source: n.Evidence[0].Source, sure: inventory.Low}
		b.dir = folderOf(n.Evidence[0].Path)
		b.context = b.dir
		if whole || ownedBy(words[:len(words)-1], b.source) {
			b.sure = inventory.Medium
		}
		out = append(out, b)
	}
	for _, n := range j.recipes[name] {
		add(n, false)
	}
	if len(words) > 2 {
		for _, n := range j.recipes[strings.ToLower(words[len(words)-2])+"-"+name] {
			add(n, true) // registry/shop/api is what the repository shop-api builds
		}
	}
	if len(out) == 0 {
		out = j.similar(image, words)
	}
	return surestBuilds(out)
}

// similar returns the one build at the root of a source of which the image is named in the source itself by words of the
// repository's name: registry/sscs/tribunals-api in sscs-tribunals-case-api.
func (j *imageJoin) similar(image string, words []string) []build {
	var out []build
	for _, e := range j.v.Node(image).Evidence {
		source := e.Source
		if slices.ContainsFunc(out, func(b build) bool { return b.source == source }) || !namedAs(words, source) {
			continue
		}
		for _, n := range j.recipes[strings.ToLower(path.Base(source))] {
			if n.Evidence[0].Source == source && folderOf(n.Evidence[0].Path) == "" && strings.EqualFold(path.Base(n.Evidence[0].Path), "Dockerfile") {
				out = append(out, build{recipe: n.ID, source: source, sure: inventory.Medium})
			}
		}
	}
	return out
}

// ownedBy reports whether the path of an image names the owner of a source: ghcr.io/acme/shop/api and
// github.com/acme/shop, acme.azurecr.io/api.
func ownedBy(words []string, source string) bool {
	owner := strings.Split(source, "/")
	if len(owner) > 1 {
		owner = owner[len(owner)-2:]
	}
	for _, w := range words {
		first, _, _ := strings.Cut(w, ".")
		if strings.EqualFold(w, owner[0]) || strings.EqualFold(first, owner[0]) {
			return true
		}
	}
	return false
}

// surestBuilds leaves out what is less sure than the rest.
func surestBuilds(all []build) []build {
	best := inventory.Low
	for _, b := range all {
		best = max(best, b.sure)
	}
	return slices.DeleteFunc(all, func(b build) bool { return b.sure < best })
}
