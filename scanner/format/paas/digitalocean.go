package paas

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
)

// DigitalOcean is the row of the specifications of App Platform.
func DigitalOcean() artifact.Format {
	return artifact.Format{
		ID: "digitalocean", Title: "DigitalOcean App Platform", Doc: "https://docs.digitalocean.com/products/app-platform/reference/app-spec/",
		Match: func(a *artifact.Artifact) bool {
			return pipeline.Yaml(a.Base()) && path.Base(a.Dir()) == ".do" && (a.Has("services:") || a.Has("workers:") || a.Has("jobs:"))
		},
		Parse: parseDigitalOcean,
	}
}

// components are the lists of programs of a specification, with what one of each is.
var components = []struct{ key, role string }{{"services", "service"}, {"workers", "worker"}, {"jobs", "job"}, {"functions", "function"}, {"static_sites", "site"}}

func parseDigitalOcean(a *artifact.Artifact, facts *artifact.Facts) error {
	top, err := root(a)
	if top == nil {
		return err
	}
	f, at := newFile(facts), tree.Path("")
	if top.Get("spec").IsMap() { // the template behind a "Deploy to DigitalOcean" button
		top, at = top.Get("spec"), "spec"
	}
	for _, c := range components {
		for i, n := range top.Get(c.key).List() {
			if n.IsMap() && f.spend() {
				f.component(top, n, at, at.Key(c.key).Index(i), c.role)
			}
		}
	}
	return nil
}

func (f *file) component(top, n *tree.Node, above, p tree.Path, role string) {
	s := f.service(n.Get("name").Str(), role, n, p)
	s.dir = ""
	s.folder("", n.Get("source_dir").Str())
	at := artifact.At(n, p)
	switch docker := n.Get("dockerfile_path").Str(); {
	case n.Get("image").IsMap():
		name := strings.Trim(n.Get("image", "registry").Str()+"/"+n.Get("image", "repository").Str(), "/")
		container.Image(s.Facts, s.part, name, "digitalocean-image", artifact.At(n.Get("image"), p.Key("image")))
	case docker != "" && s.dir != "*":
		s.builds(path.Clean(strings.TrimPrefix(docker, "/")), s.dir, at)
		container.Runner{Facts: s.Facts, Part: s.part, Dir: s.dir, Sure: inventory.Medium}.Shell(container.WordOf(n.Get("run_command"), p.Key("run_command")))
	default:
		s.runs(at, container.WordOf(n.Get("run_command"), p.Key("run_command")), container.WordOf(n.Get("build_command"), p.Key("build_command")))
	}
	s.listed(top.Get("envs"), above.Key("envs"), "app")
	s.listed(n.Get("envs"), p.Key("envs"), s.name)
}

// listed reads envs, those of the application or of one program of it. A secret's value is not in the file, or encrypted.
func (s *service) listed(n *tree.Node, p tree.Path, owner string) {
	for i, v := range n.List() {
		key, text := v.Get("key").Str(), v.Get("value").Str()
		if key == "" || !s.spend() {
			continue
		}
		at := artifact.At(v, p.Index(i))
		switch {
		case strings.HasPrefix(text, "${") && strings.HasSuffix(text, ".DATABASE_URL}"):
			slot := s.Slot(s.own(strings.TrimSuffix(text[2:], ".DATABASE_URL}"), "DATABASE_URL"), at)
			s.Attr(slot, inventory.AttrClass, string(inventory.ClassCredential), "password of a database that the platform keeps", at)
			s.Edge(inventory.BoundFrom, s.bind(key, at), slot, "digitalocean-env", inventory.Certain, at)
		case strings.HasPrefix(text, "${") && strings.Contains(text, "."): // a bound address of the platform
			s.bind(key, at)
		case text == "" || strings.HasPrefix(text, "EV["):
			s.Edge(inventory.BoundFrom, s.bind(key, at), s.Slot(s.own(owner, key), at), "digitalocean-env", inventory.Certain, at)
		default:
			s.value(key, text, at)
		}
	}
}
