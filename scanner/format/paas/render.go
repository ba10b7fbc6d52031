package paas

import (
	"cmp"
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
)

// Render is the row of Render's blueprints.
func Render() artifact.Format {
	return artifact.Format{
		ID: "render", Title: "Render blueprints", Doc: "https://render.com/docs/blueprint-spec",
		Match: func(a *artifact.Artifact) bool {
			base := strings.ToLower(a.Base())
			return (base == "render.yaml" || base == "render.yml") && a.Has("services:")
		},
		Parse: parseRender,
	}
}

func parseRender(a *artifact.Artifact, facts *artifact.Facts) error {
	top, err := root(a)
	if top == nil {
		return err
	}
	f := newFile(facts)
	f.renderAll(top, "")
	for i, p := range top.Get("projects").List() {
		for j, e := range p.Get("environments").List() {
			f.renderAll(e, tree.Path("projects").Index(i).Key("environments").Index(j))
		}
	}
	return nil
}

// renderAll reads services and sets of variables, which may stand within an environment of a project.
func (f *file) renderAll(n *tree.Node, p tree.Path) {
	for i, g := range n.Get("envVarGroups").List() {
		f.renderGroup(g, p.Key("envVarGroups").Index(i))
	}
	for i, s := range n.Get("services").List() {
		if s.IsMap() && f.spend() {
			f.renderService(s, p.Key("services").Index(i))
		}
	}
}

// renderGroup reads a set of variables that services take in whole.
func (f *file) renderGroup(n *tree.Node, p tree.Path) {
	name := n.Get("name").Str()
	for i, v := range n.Get("envVars").List() {
		key := v.Get("key").Str()
		if name == "" || key == "" || !f.spend() {
			continue
		}
		at := artifact.At(v, p.Key("envVars").Index(i))
		slot := f.Slot(f.own("group:"+name, key), at)
		if text := v.Get("value").Str(); text != "" {
			f.Defined(slot, "in-scan", at)
			if container.Copy(f.Facts, slot, text, at) {
				f.Literal(slot, key, text, at)
			}
		}
	}
}

func (f *file) renderService(n *tree.Node, p tree.Path) {
	role := n.Get("type").Str()
	if role == "" {
		role = "service"
	}
	s := f.service(n.Get("name").Str(), role, n, p)
	if when := n.Get("schedule"); when.Str() != "" {
		s.Attr(s.id, inventory.AttrSchedule, when.Str(), "UTC", artifact.At(when, p.Key("schedule")))
	}
	s.folder("", n.Get("rootDir").Str())
	if n.Get("rootDir").Str() == "" {
		s.dir = ""
	}
	s.renderProgram(n, p)
	for i, v := range n.Get("envVars").List() {
		if v.IsMap() && f.spend() {
			s.renderVariable(v, p.Key("envVars").Index(i))
		}
	}
}

// renderProgram reads what the service runs. Paths of Docker are those from the root of the repository.
func (s *service) renderProgram(n *tree.Node, p tree.Path) {
	at := artifact.At(n, p)
	runtime := n.Get("runtime").Str() + n.Get("env").Str()
	if image := n.Get("image", "url"); image.Str() != "" {
		container.Image(s.Facts, s.part, image.Str(), "render-image", artifact.At(image, p.Key("image").Key("url")))
		return
	}
	command := container.WordOf(n.Get("startCommand"), p.Key("startCommand"))
	if runtime == "docker" && s.dir != "*" {
		file := path.Join(s.dir, cmp.Or(n.Get("dockerfilePath").Str(), "Dockerfile"))
		context := strings.TrimPrefix(path.Join(s.dir, n.Get("dockerContext").Str()), ".")
		if n.Get("dockerContext").Str() == "" {
			context = strings.TrimPrefix(path.Dir(file), ".")
		}
		s.builds(file, context, at)
		container.Runner{Facts: s.Facts, Part: s.part, Dir: s.dir, Sure: inventory.Medium}.Shell(container.WordOf(n.Get("dockerCommand"), p.Key("dockerCommand")))
		return
	}
	s.runs(at, command, container.WordOf(n.Get("buildCommand"), p.Key("buildCommand")), container.WordOf(n.Get("preDeployCommand"), p.Key("preDeployCommand")))
}

// renderVariable reads one entry of envVars: a value, one that the dashboard keeps, one made by Render, or one of another
// service, a database or a group.
func (s *service) renderVariable(v *tree.Node, p tree.Path) {
	at := artifact.At(v, p)
	key := v.Get("key").Str()
	if group := v.Get("fromGroup").Str(); group != "" {
		all := container.All(s.Facts, s.own("group:"+group, ""), at)
		s.Edge(inventory.BoundFrom, s.bind("*", at), all, "render-group", inventory.Certain, at)
		return
	}
	if key == "" {
		return
	}
	from := v.Get("fromService")
	switch {
	case from.Get("envVarKey").Str() != "":
		other := inventory.PartID(inventory.FileID(s.Platform, s.Artifact.Source, s.Artifact.Path)+"#"+from.Get("name").Str(), cmp.Or(from.Get("type").Str(), "service"))
		s.Edge(inventory.BoundFrom, s.bind(key, at), inventory.BindingID(other, from.Get("envVarKey").Str()), "render-service", inventory.High, at)
	case from.IsMap() || v.Get("fromDatabase").IsMap():
		s.renderProperty(key, from, v.Get("fromDatabase"), at)
	case v.Get("value") != nil:
		s.value(key, v.Get("value").Str(), at)
	default:
		s.kept(key, at)
	}
}

// renderProperty binds a property of a database or a store: its address with the password in it, or the password.
func (s *service) renderProperty(key string, from, database *tree.Node, at artifact.Place) {
	if database.IsMap() {
		from = database
	}
	name, property := from.Get("name").Str(), from.Get("property").Str()
	if name == "" || property != "connectionString" && property != "password" && property != "connectionPoolString" {
		s.bind(key, at)
		return
	}
	slot := s.Slot(s.own(name, property), at)
	s.Attr(slot, inventory.AttrClass, string(inventory.ClassCredential), "password of a database that the platform keeps", at)
	s.Edge(inventory.BoundFrom, s.bind(key, at), slot, "render-database", inventory.Certain, at)
}
