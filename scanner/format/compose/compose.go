// Package compose reads Docker Compose files: services as automations, with their environment, env files, secrets
// and builds, and the variables that the file interpolates.
package compose

import (
	"bytes"
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/format/dotenv"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Format is the row of Compose files, after the Compose specification.
func Format() artifact.Format {
	return artifact.Format{
		ID: "compose", Title: "Docker Compose", Doc: "https://github.com/compose-spec/compose-spec/blob/main/spec.md",
		Match: match, Parse: parse,
	}
}

var fileName = lazy.New(`(?i)^(docker-|podman-)?compose([._-].*)?\.ya?ml$`)

// match takes the usual names, and any other YAML file that looks like one: services with images or builds.
func match(a *artifact.Artifact) bool {
	if fileName.MatchString(a.Base()) {
		return true
	}
	switch strings.ToLower(path.Ext(a.Path)) {
	case ".yml", ".yaml":
		return hasSection(a.Content, "services:") && !a.Has("apiVersion:") &&
			(a.Has(" image:") || a.Has(" build:"))
	}
	return false
}

// hasSection reports whether a line begins with the text.
func hasSection(content []byte, name string) bool {
	return bytes.HasPrefix(content, []byte(name)) || lazy.Contains(content, "\n"+name)
}

func parse(a *artifact.Artifact, f *artifact.Facts) error {
	var failed error
	for _, d := range a.Documents() {
		switch {
		case d.Err != nil:
			failed = d.Err
		case isProject(d.Root, fileName.MatchString(a.Base())):
			newFile(a, f, d.Root).read()
		}
	}
	return failed
}

// isProject reports whether a document is a Compose project. A file with a usual name may leave out images, for
// it may override another.
func isProject(root *tree.Node, named bool) bool {
	services := root.Get("services")
	if !services.IsMap() {
		return named && (root.Get("secrets").IsMap() || root.Get("configs").IsMap())
	}
	for _, s := range services.Entries() {
		if named || s.Value.Get("image") != nil || s.Value.Get("build") != nil {
			return true
		}
	}
	return false
}

// maxReferences bounds what one file yields: aliases make a small file large.
const maxReferences = 50_000

type file struct {
	facts       *artifact.Facts
	a           *artifact.Artifact
	root        *tree.Node
	environment string
	extents     container.Extents
	left        int // of maxReferences
}

func newFile(a *artifact.Artifact, f *artifact.Facts, root *tree.Node) *file {
	return &file{facts: f, a: a, root: root, environment: detect.PathEnvironment(a.Path),
		extents: container.Extents{}, left: maxReferences}
}

func (c *file) read() {
	c.secrets()
	for _, s := range c.root.Get("services").Entries() {
		if s.Value.IsMap() && s.Key != "" {
			c.service(s)
		}
	}
	id := inventory.FileID("file", c.a.Source, c.a.Path)
	for _, p := range c.root.Entries() {
		if p.Key == "services" || strings.HasPrefix(p.Key, "x-") {
			continue
		}
		c.interpolated(p.Value, tree.Path(p.Key), func(slot string, at artifact.Place) {
			c.facts.Node(inventory.File, id, c.a.Path, at)
			c.facts.Edge(inventory.Reads, id, slot, "compose-interpolation", inventory.Certain, at)
		})
	}
	if c.left <= 0 {
		c.facts.Skip("more references than the limit")
	}
}

// spend counts one reference and reports whether it is still within the limit.
func (c *file) spend() bool {
	c.left--
	return c.left > 0
}

// variable returns the slot of a variable that is interpolated, or named without a value: it comes from the shell or from the
// .env file beside the Compose file, and that file is where it can be seen.
func (c *file) variable(name string, at artifact.Place) string {
	return c.facts.Slot(dotenv.Slot(c.a.Source, path.Join(c.a.Dir(), ".env"), name), at)
}

// interpolated calls use for every variable in the scalars below a node, once for each place.
func (c *file) interpolated(n *tree.Node, at tree.Path, use func(slot string, at artifact.Place)) {
	seen := map[*tree.Node]bool{}
	n.Walk(at, func(p tree.Path, n *tree.Node) bool {
		if seen[n] || c.left <= 0 {
			return false
		}
		seen[n] = true
		for _, v := range detect.Variables(n.Str()) {
			if c.spend() {
				place := c.placeOf(n, p, v.Name)
				use(c.variable(v.Name, place), place)
			}
		}
		return true
	})
}

// maxBlock bounds how many lines of a block a variable is looked for in.
const maxBlock = 500

// placeOf is where a variable stands in a scalar: in a block, on its own line.
func (c *file) placeOf(n *tree.Node, p tree.Path, name string) artifact.Place {
	at := artifact.At(n, p)
	if !n.Block || n.File() != "" {
		return at
	}
	rest := c.a.Content
	for i := 1; i <= n.Line+maxBlock; i++ {
		line, after, more := bytes.Cut(rest, []byte("\n"))
		if i > n.Line {
			if col := bytes.Index(line, []byte("$"+name)); col >= 0 {
				at.Line, at.Column = i, col+1
				return at
			}
			if col := bytes.Index(line, []byte("${"+name)); col >= 0 {
				at.Line, at.Column = i, col+1
				return at
			}
		}
		if !more {
			break
		}
		rest = after
	}
	return at
}
