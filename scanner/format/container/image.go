package container

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// Image says that a part runs an image. The image is named by its repository, without tag and digest.
func Image(f *artifact.Facts, part, image, rule string, at artifact.Place) string {
	id := ImageNode(f, image, at)
	if id != "" {
		f.Edge(inventory.Runs, part, id, rule, inventory.Certain, at)
	}
	return id
}

// Source says that a part runs the program in a folder of the source, which its platform builds without a recipe: a buildpack,
// a build tool. The platform names the kind of build. It returns the id of the image.
func Source(f *artifact.Facts, part, platform, dir, rule string, at artifact.Place) string {
	id := f.Node(inventory.Image, "image:"+platform+"/"+f.Artifact.Source+"/"+dir, path.Base(f.Artifact.Source+"/"+dir), at)
	f.Edge(inventory.Runs, part, id, rule, inventory.Certain, at)
	BuiltFrom(f, id, dir, rule, inventory.Certain, at)
	return id
}

// BuiltFrom says that an image is built from a folder of the source.
func BuiltFrom(f *artifact.Facts, image, dir, rule string, sure inventory.Confidence, at artifact.Place) {
	folder := inventory.FileID("file", f.Artifact.Source, dir+"/")
	if dir == "" {
		folder = inventory.FileID("file", f.Artifact.Source, "")
	}
	f.Node(inventory.File, folder, path.Join(".", dir), at)
	f.Edge(inventory.BuiltFrom, image, folder, rule, sure, at)
}

// ImageNode adds an image and returns its id, "" when the text names none.
func ImageNode(f *artifact.Facts, image string, at artifact.Place) string {
	repo := Repository(image)
	if repo == "" {
		return ""
	}
	return f.Node(inventory.Image, "image:"+repo, repo, at)
}

// Repository returns the repository of an image reference: without tag and digest, with computed parts as "*";
// "" when nothing of it is literal.
func Repository(image string) string {
	image = Computed(strings.TrimSpace(image))
	image, _, _ = strings.Cut(image, "@")
	if i := strings.LastIndexByte(image, ':'); i > strings.LastIndexByte(image, '/') {
		image = image[:i]
	}
	if strings.Trim(image, "*/:.-") == "" || strings.ContainsAny(image, " \t\r\n\"'{}") || len(image) > 500 {
		return ""
	}
	return image
}
