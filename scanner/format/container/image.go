package container

import (
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
