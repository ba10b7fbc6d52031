package compose

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/format/dockerfile"
)

// image adds the image that the container runs and, when the service builds it, where it is built from.
func (s *service) image() {
	at := s.at.Key("image")
	name := s.node.Get("image")
	id := container.Image(s.facts, s.part, container.Fallback(name.Str()), "compose-image", artifact.At(name, at))
	build := s.node.Get("build")
	if build == nil || build.Tag == "!!null" {
		return
	}
	place := artifact.At(build, s.at.Key("build"))
	if id == "" {
		id = "image:compose/" + path.Join(s.a.Source, s.a.Dir(), s.name)
		s.facts.Node(inventory.Image, id, s.name, place)
		s.facts.Edge(inventory.Runs, s.part, id, "compose-build", inventory.Certain, place)
	}
	s.build(id, build, place)
}

// build joins an image to its context and Dockerfile, and hands arguments and secrets to the build.
func (s *service) build(image string, build *tree.Node, place artifact.Place) {
	dir, ok := s.context()
	if !ok {
		return
	}
	container.BuiltFrom(s.facts, image, dir, "compose-build", inventory.Certain, place)
	recipe := s.recipe(dir)
	id := inventory.FileID("dockerfile", s.a.Source, recipe)
	s.facts.Edge(inventory.BuiltFrom, image, id, "compose-build", inventory.High, place)
	s.arguments(build.Get("args"), id)
	s.buildSecrets(build.Get("secrets"), recipe)
}

// recipe returns the path of the Dockerfile.
func (s *service) recipe(dir string) string {
	name := s.node.Get("build", "dockerfile").Str()
	if name = container.Fallback(name); name == "" {
		name = "Dockerfile"
	}
	return path.Join(dir, container.Computed(name))
}

// arguments hands build arguments to the Dockerfile's own.
func (s *service) arguments(args *tree.Node, recipe string) {
	if args == nil {
		return
	}
	at := s.at.Key("build").Key("args")
	place := artifact.At(args, at)
	part := s.facts.Part(s.automation, "build", s.name+" build", "build", place)
	s.variables(args, at, part)
	for _, name := range argumentNames(args) {
		s.facts.Edge(inventory.ReceivedFrom, inventory.BindingID(recipe, name), inventory.BindingID(part, name),
			"compose-build-args", inventory.High, place)
	}
}

func argumentNames(args *tree.Node) []string {
	var out []string
	for _, p := range args.Entries() {
		out = append(out, p.Key)
	}
	if args.IsSeq() {
		for _, item := range args.Items {
			if name, _, _ := strings.Cut(item.Str(), "="); name != "" {
				out = append(out, name)
			}
		}
	}
	return out
}

func (s *service) buildSecrets(n *tree.Node, recipe string) {
	for i, item := range n.List() {
		source, target := item.Str(), item.Str()
		if item.IsMap() {
			source, target = item.Get("source").Str(), item.Get("target").Str()
		}
		if target == "" {
			target = source
		}
		if source == "" || !s.spend() {
			continue
		}
		at := artifact.At(item, s.at.Key("build").Key("secrets").Index(i))
		to := s.facts.Slot(dockerfile.Secret(s.a.Source, recipe, target), at)
		s.facts.EdgeWith(inventory.CopiesFrom, to, s.facts.Slot(s.secret(source), at), "compose-build-secret",
			inventory.Certain, at, inventory.AttrWhole, "true")
	}
}

// contextDir returns the folder that the container's program is built from, the file's own when unknown.
func (s *service) contextDir() string {
	if dir, ok := s.context(); ok && s.node.Get("build") != nil {
		return dir
	}
	return s.a.Dir()
}

// context returns the build context as a folder of the source, false for a remote one or one outside it.
func (s *service) context() (string, bool) {
	build := s.node.Get("build")
	dir := build.Str()
	if build.IsMap() {
		dir = build.Get("context").Str()
	}
	if strings.Contains(dir, "$") {
		dir = container.Fallback(dir)
	}
	if dir == "" {
		dir = "."
	}
	if strings.Contains(dir, "://") || strings.HasPrefix(dir, "git@") || path.IsAbs(dir) || strings.Contains(dir, "$") {
		return "", false
	}
	dir = path.Join(s.a.Dir(), dir)
	if dir == "." {
		dir = ""
	}
	return dir, dir != ".." && !strings.HasPrefix(dir, "../")
}
