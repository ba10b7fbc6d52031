// Package make reads scenario blueprints of Make (formerly Integromat), from the editor and from the API.
//
// Shape: 134 public blueprints, and the API's answer in Make's own SDK. A blueprint has no id, and says whether it
// is switched on only inside the API's answer.
package make

import (
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Platform is the id of the row, and the store of Make's connections.
const Platform = "make"

// Format is the row of blueprints.
func Format() artifact.Format {
	return artifact.Format{
		ID: Platform, Title: "Make scenario blueprint", Doc: "https://help.make.com/blueprints",
		Match: func(a *artifact.Artifact) bool {
			return a.LooksLikeJSON() && a.Has(`"flow"`) &&
				a.Has(`"module"`) && export.Holds(a, isBlueprint, wrappers...)
		},
		Parse: parse,
	}
}

var wrappers = []string{"response", "blueprint", "scenario", "scenarios"}

var moduleName = lazy.New(`^[A-Za-z0-9_@-]+:[A-Za-z0-9_-]+$`)

// isBlueprint recognises a flow in which every module has an id and a name such as slack:CreateMessage.
func isBlueprint(n *tree.Node) bool {
	flow := n.Get("flow")
	if !flow.IsSeq() || len(flow.Items) == 0 {
		return false
	}
	for _, m := range flow.Items {
		if m.Get("id") == nil || !moduleName.MatchString(m.Get("module").Str()) {
			return false
		}
	}
	return true
}

// scenario is one blueprint while it is read.
type scenario struct {
	f    *artifact.Facts
	id   string
	zone string // where its team lives: ids are unique in a zone only; "*" unknown
	used map[string]bool
}

func parse(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isBlueprint, wrappers...)
	for _, o := range objects {
		read(f, o, len(objects) > 1)
	}
	return err
}

func read(f *artifact.Facts, o export.Object, several bool) {
	s := &scenario{f: f, zone: o.Node.Get("metadata", "zone").Str(), used: map[string]bool{}}
	if s.zone == "" {
		s.zone = "*"
	}
	at := artifact.At(o.Node, o.Path)
	name := export.Label(o.Node.Get("name").Str())
	if name == "" {
		name = f.Artifact.Base()
	}
	key := ""
	if several {
		key = string(o.Path)
	}
	if id := scenarioID(o); id != "" {
		s.id = f.AutomationID(automation(f, id), name, at)
	} else {
		s.id = f.Automation(key, name, at)
	}
	f.Attr(s.id, inventory.AttrNeeds, "next run", "", at)
	s.when(o)
	var spans []artifact.Span
	s.flow(o.Node.Get("flow"), o.Path.Key("flow"), &spans, 0)
	export.Cover(f, spans)
}

// scenarioID returns the id that an API answer gives beside the blueprint.
func scenarioID(o export.Object) string {
	for _, key := range []string{"scenarioId", "id"} {
		if id := o.Around.Get(key).Str(); id != "" {
			return id
		}
	}
	return ""
}

func automation(f *artifact.Facts, id string) string {
	return inventory.FileID(Platform, f.Artifact.Source, id)
}

// maxNested bounds routes within routes.
const maxNested = 50

// flow reads the modules of a flow, those of its routes, error handlers and tools included.
func (s *scenario) flow(list *tree.Node, p tree.Path, spans *[]artifact.Span, depth int) {
	if depth > maxNested || !list.IsSeq() {
		return
	}
	for i, m := range list.Items {
		at := p.Index(i)
		if m.Get("module").IsString() {
			st := s.step(m, at, depth == 0 && i == 0)
			st.read()
			if len(nested(m)) == 0 {
				*spans = append(*spans, artifact.Span{Node: st.part, First: m.Line, Last: export.LastLine(m)})
			}
		}
		for _, key := range nested(m) {
			s.flow(m.Get(key), at.Key(key), spans, depth+1)
		}
	}
}

// nested returns the keys of a module or a route that hold further modules.
func nested(m *tree.Node) []string {
	var out []string
	for _, key := range []string{"flow", "routes", "onerror", "branches", "tools", "handlers"} {
		if m.Get(key).IsSeq() {
			out = append(out, key)
		}
	}
	return out
}
