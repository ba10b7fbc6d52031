// Package cloudfoundry reads the manifests of Cloud Foundry: applications with their processes, variables and bound services,
// and the files that give the variables ((NAME)) of a manifest their values.
//
// Ids: an application is cloud-foundry:<source>/<path>#<name>, a process a part of it. A variable of a manifest is
// cf-var:<source>/<path>#NAME, and so is a value of a file of variables; which file fills which manifest says the command that
// pushes. A variable set by cf set-env is cf-env:<source>/<application>#NAME, a service instance cf-service:<source>/<name>.
package cloudfoundry

import (
	"bytes"
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Manifest is the row of application manifests.
func Manifest() artifact.Format {
	return artifact.Format{
		ID: "cloud-foundry", Title: "Cloud Foundry manifests", Doc: "https://docs.cloudfoundry.org/devguide/deploy-apps/manifest-attributes.html",
		Match: match, Parse: parse,
	}
}

// match takes YAML files with a list of applications. The name says most: manifest.yml, manifest-prod.yml.
func match(a *artifact.Artifact) bool {
	if !pipeline.Yaml(a.Base()) || !bytes.HasPrefix(a.Content, []byte("applications:")) && !a.Has("\napplications:") || a.Has("apiVersion:") {
		return false
	}
	if strings.Contains(strings.ToLower(a.Base()), "manifest") {
		return true
	}
	for _, word := range []string{"buildpack", "((", "memory:", "instances:", "disk_quota:", "no-route:"} {
		if a.Has(word) {
			return true
		}
	}
	return false
}

// file is one manifest while it is read.
type file struct {
	*artifact.Facts
	environment string
	extents     container.Extents
	literals    map[*tree.Node]bool // those that were added: every process has the same
	left        int
}

// maxEntries bounds what one file yields: anchors make a small file large.
const maxEntries = 50_000

func parse(a *artifact.Artifact, f *artifact.Facts) error {
	var failed error
	for _, d := range a.Documents() {
		if d.Err != nil {
			failed = d.Err
			continue
		}
		m := &file{Facts: f, environment: detect.PathEnvironment(a.Path), extents: container.Extents{}, literals: map[*tree.Node]bool{}, left: maxEntries}
		m.read(d.Root)
		if m.left <= 0 {
			f.Skip("more entries than the limit")
		}
	}
	return failed
}

func (m *file) spend() bool {
	m.left--
	return m.left > 0
}

// read reads every application. What stands beside the list holds for all of them, as older manifests have it.
func (m *file) read(root *tree.Node) {
	for i, n := range root.Get("applications").List() {
		if n.IsMap() && m.spend() {
			at := tree.Path("applications").Index(i)
			x := &application{file: m, node: n, at: at}
			x.read(root)
		}
	}
}

// application is one application.
type application struct {
	*file
	node *tree.Node
	at   tree.Path
	id   string
	name string // with computed parts as "*"
	dir  string // of its program
}

func (x *application) read(root *tree.Node) {
	named := x.node.Get("name")
	place := artifact.At(x.node, x.at)
	x.name = container.Computed(folded(named.Str()))
	if x.name == "" {
		x.name = "application"
	}
	x.id = x.Automation(x.name, x.name, place)
	x.Cover(x.id, x.node.Line, max(x.node.Line, x.extents.Last(x.node)))
	x.Attr(x.id, inventory.AttrNeeds, "restage", "", place)
	if x.environment != "" {
		x.AttrSure(x.id, inventory.AttrEnvironment, x.environment, "path", inventory.High, place)
	}
	x.dir = x.Artifact.Dir()
	if p := x.node.Get("path").Str(); p != "" && !strings.Contains(p, "((") && !path.IsAbs(p) {
		x.dir = strings.TrimPrefix(path.Join(x.dir, p), "./")
	}
	x.owners()
	processes := x.node.Get("processes").List()
	for i, p := range processes {
		if p.IsMap() && x.spend() {
			x.process(root, p, x.at.Key("processes").Index(i), p.Get("type").Str())
		}
	}
	if len(processes) == 0 {
		x.process(root, x.node, x.at, "web")
	}
	for i, p := range x.node.Get("sidecars").List() {
		if p.IsMap() && x.spend() {
			x.process(root, p, x.at.Key("sidecars").Index(i), p.Get("name").Str())
		}
	}
}

// process adds one process of the application: all of them see its variables and services.
func (x *application) process(root, n *tree.Node, at tree.Path, name string) {
	if name = container.Computed(folded(name)); name == "" {
		name = "process"
	}
	place := artifact.At(n, at)
	part := x.Part(x.id, name, x.name+" "+name, "process", place)
	x.Attr(part, inventory.AttrNeeds, "restage", "env", place)
	x.program(part, n, at, place)
	for _, level := range []struct {
		node *tree.Node
		at   tree.Path
	}{{x.node, x.at}, {root, ""}} {
		for _, p := range level.node.Get("env").Entries() {
			if x.spend() {
				x.variable(part, p, level.at.Key("env").Key(p.Key))
			}
		}
		for i, s := range level.node.Get("services").List() {
			if x.spend() {
				x.service(part, s, level.at.Key("services").Index(i))
			}
		}
	}
	set := container.All(x.Facts, inventory.SlotRef{Store: "cf-env", Scope: x.Artifact.Source, Name: x.name}, place)
	x.Refs--
	x.Edge(inventory.BoundFrom, container.Env(x.Facts, part, "*", "cf-env", place), set, "cf-env", inventory.Certain, place)
}

// program says what the process runs: its command, and the program in the application's folder, or an image.
func (x *application) program(part string, n *tree.Node, at tree.Path, place artifact.Place) {
	r := container.Runner{Facts: x.Facts, Part: part, Dir: x.dir, Sure: inventory.Medium}
	command, where := n.Get("command"), at.Key("command")
	r.Shell(container.WordOf(command, where))
	if image := x.node.Get("docker", "image"); image.Str() != "" {
		container.Image(x.Facts, part, folded(image.Str()), "cf-image", artifact.At(image, x.at.Key("docker").Key("image")))
		return
	}
	if x.dir == ".." || strings.HasPrefix(x.dir, "../") {
		return
	}
	container.Source(x.Facts, part, "cloud-foundry", x.dir, "cf-path", place)
}

// reference matches a variable of a manifest.
var reference = lazy.New(`\(\(\s*([\w./-]+)\s*\)\)`)

// folded writes the variables in a text as computed parts.
func folded(text string) string {
	if !strings.Contains(text, "((") {
		return text
	}
	return strings.ReplaceAll(reference.ReplaceAllString(text, "*"), "((", "")
}

// variable adds a variable of the environment.
func (x *application) variable(part string, p tree.Pair, at tree.Path) {
	place := artifact.AtPair(p, at)
	b := container.Env(x.Facts, part, p.Key, "cf-manifest", place)
	text := p.Value.Str()
	found := reference.FindAllStringSubmatch(text, 20)
	for _, m := range found {
		x.Edge(inventory.BoundFrom, b, x.Slot(Variable(x.Artifact.Source, x.Artifact.Path, m[1]), place), "cf-manifest", inventory.Certain, place)
	}
	filled := detect.Variables(text)
	for _, v := range filled { // envsubst < manifest.yml
		x.Edge(inventory.BoundFrom, b, fileVariable(x.Facts, v.Name, place), "cf-manifest", inventory.High, place)
	}
	if len(found)+len(filled) > 0 {
		return
	}
	before := len(x.Literals)
	container.Value(x.Facts, b, string(at), p.Key, text, place)
	if x.literals[p.Value] {
		x.Literals = x.Literals[:before] // that of another process
	}
	x.literals[p.Value] = true
}

// Variable returns the slot of a variable of a manifest, or of a value in a file of variables.
func Variable(source, file, name string) inventory.SlotRef {
	return inventory.SlotRef{Store: "cf-var", Scope: source, Name: file, Key: name}
}

// fileVariable adds a variable ${NAME} of a file that a command fills in from its environment.
func fileVariable(f *artifact.Facts, name string, at artifact.Place) string {
	b := f.Binding(inventory.FileID("file", f.Artifact.Source, f.Artifact.Path), name, "argument", at)
	f.Attr(b, inventory.AttrType, "file-variable", "", at)
	return b
}

// service adds a service instance whose credentials the process finds in VCAP_SERVICES.
func (x *application) service(part string, n *tree.Node, at tree.Path) {
	name := n.Str()
	if n.IsMap() {
		name = n.Get("name").Str()
	}
	if name = container.Computed(folded(name)); strings.Trim(name, "*") == "" {
		return
	}
	place := artifact.At(n, at)
	ref := inventory.SlotRef{Store: "cf-service", Scope: x.Artifact.Source, Name: name}
	var slot string
	if strings.Contains(name, "*") {
		slot = container.Glob(x.Facts, ref, place)
	} else {
		slot = x.Slot(ref, place)
		x.Attr(slot, inventory.AttrClass, string(inventory.ClassCredential), "credentials of a bound service", place)
	}
	x.Edge(inventory.BoundFrom, container.Env(x.Facts, part, "VCAP_SERVICES", "cf-service", place), slot, "cf-service", inventory.Certain, place)
}

// owners reads labels and annotations that say who answers for the application.
func (x *application) owners() {
	for _, kind := range []string{"labels", "annotations"} {
		for _, p := range x.node.Get("metadata", kind).Entries() {
			switch strings.ToLower(p.Key[strings.LastIndexByte(p.Key, '/')+1:]) {
			case "owner", "team", "contact":
				if p.Value.Str() != "" && !strings.Contains(p.Value.Str(), "((") {
					x.Owner(x.id, p.Value.Str(), "cf-label", inventory.High, artifact.AtPair(p, x.at.Key("metadata").Key(kind).Key(p.Key)))
				}
			}
		}
	}
}
