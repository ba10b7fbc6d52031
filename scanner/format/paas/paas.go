// Package paas reads the files in which platforms are told what to run and with which variables: blueprints of Render, app.json of
// Heroku, specifications of DigitalOcean's App Platform, app.yaml of App Engine, manifests of AWS Copilot.
//
// Ids: a service is <row>:<source>/<path>#<name> with one part. A variable that the file names and the platform keeps is
// platform-env:<source>/<row>/<name>#NAME; that of Heroku is app-env:<source>/<folder>/heroku#NAME, as commands set it.
package paas

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
)

// maxEntries bounds what one file yields: anchors make a small file large.
const maxEntries = 50_000

// file is one file while it is read.
type file struct {
	*artifact.Facts
	extents container.Extents
	left    int
}

func newFile(f *artifact.Facts) *file {
	return &file{Facts: f, extents: container.Extents{}, left: maxEntries}
}

// spend takes one entry from the budget; when it is gone, that is noted once.
func (f *file) spend() bool {
	f.left--
	if f.left == -1 {
		f.Skip("more entries than the limit: the rest of the file is left out")
	}
	return f.left >= 0
}

// root returns the first document of a file that is a map.
func root(a *artifact.Artifact) (*tree.Node, error) {
	for _, d := range a.Documents() {
		if d.Err != nil {
			return nil, d.Err
		}
		if d.Root.IsMap() {
			return d.Root, nil
		}
	}
	return nil, nil
}

// service is one program that the platform runs.
type service struct {
	*file
	name     string
	id, part string
	dir      string // of its program, from the root of the source; "*" for one outside
}

// service adds a program with its part.
func (f *file) service(name, role string, n *tree.Node, at tree.Path) *service {
	place := artifact.At(n, at)
	s := &service{file: f, name: container.Computed(name), dir: f.Artifact.Dir()}
	if s.name == "" {
		s.name = role
	}
	s.id = f.Automation(s.name, s.name, place)
	s.part = f.Part(s.id, role, s.name, role, place)
	f.Attr(s.part, inventory.AttrNeeds, "redeploy", "env", place)
	f.Cover(s.part, n.Line, max(n.Line, f.extents.Last(n)))
	if e := detect.PathEnvironment(f.Artifact.Path); e != "" {
		f.AttrSure(s.id, inventory.AttrEnvironment, e, "path", inventory.High, place)
	}
	return s
}

// folder moves the service into a folder that the file names, seen from the given one.
func (s *service) folder(from, name string) {
	switch {
	case name == "":
		return
	case strings.ContainsAny(name, "$*{"):
		s.dir = "*"
		return
	}
	if s.dir = path.Join(from, strings.TrimPrefix(name, "/")); s.dir == "." {
		s.dir = ""
	}
	if strings.HasPrefix(s.dir, "..") {
		s.dir = "*"
	}
}

// builds says that the service runs an image that the platform builds from a Dockerfile, whose path is that from the root of the
// source; context is the folder that is copied into it.
func (s *service) builds(dockerfile, context string, at artifact.Place) {
	if strings.HasPrefix(dockerfile, "..") || strings.ContainsAny(dockerfile+context, "$*{") {
		return
	}
	id := s.Node(inventory.Image, "image:"+s.Platform+"/"+s.Artifact.Source+"/"+s.name, s.name, at)
	s.Edge(inventory.Runs, s.part, id, s.Platform+"-build", inventory.Certain, at)
	s.Edge(inventory.BuiltFrom, id, inventory.FileID("dockerfile", s.Artifact.Source, dockerfile), s.Platform+"-build", inventory.Certain, at)
	container.BuiltFrom(s.Facts, id, context, s.Platform+"-build", inventory.Certain, at)
}

// runs says that the service runs the program in its folder, which the platform builds itself, and by which command.
func (s *service) runs(at artifact.Place, commands ...container.Word) {
	if s.dir == "*" {
		return
	}
	r := container.Runner{Facts: s.Facts, Part: s.part, Dir: s.dir, Sure: inventory.Medium}
	started := false
	for _, w := range commands {
		if w.Text != "" {
			started = true
			r.Shell(w)
		}
	}
	if !started || s.dir != "" {
		container.Source(s.Facts, s.part, s.Platform, s.dir, s.Platform+"-source", at)
	}
}

// bind adds a variable of the service.
func (s *service) bind(name string, at artifact.Place) string {
	return container.Env(s.Facts, s.part, name, s.Platform+"-env", at)
}

// kept adds a variable whose value the platform keeps: the file has its name alone.
func (s *service) kept(name string, at artifact.Place) {
	s.Edge(inventory.BoundFrom, s.bind(name, at), s.Slot(s.own(s.name, name), at), s.Platform+"-env", inventory.Certain, at)
}

// own is the variable of a service, or of a set of variables, which the platform keeps.
func (f *file) own(service, name string) inventory.SlotRef {
	return inventory.SlotRef{Store: "platform-env", Scope: f.Artifact.Source, Name: f.Platform + "/" + service, Key: name}
}

// value adds a variable whose value stands in the file. What a command fills it with before it deploys (${NAME}) is a variable of
// the file, which graph/resolve joins.
func (s *service) value(name, text string, at artifact.Place) {
	b := s.bind(name, at)
	if filled := detect.Variables(text); len(filled) > 0 {
		for _, v := range filled {
			from := s.Binding(inventory.FileID("file", s.Artifact.Source, s.Artifact.Path), v.Name, "argument", at)
			s.Attr(from, inventory.AttrType, "file-variable", "", at)
			s.Edge(inventory.BoundFrom, b, from, s.Platform+"-env", inventory.High, at)
		}
		return
	}
	container.Value(s.Facts, b, at.Pointer, name, text, at)
}
