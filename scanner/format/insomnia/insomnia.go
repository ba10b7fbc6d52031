// Package insomnia reads exports of Insomnia: the JSON of formats 2 to 4, a flat list of resources, and the YAML of
// format 5, a tree. The YAML form is taken from the documentation and not checked on a real file.
package insomnia

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Platform is the id of the row, and the store of Insomnia's environments.
const Platform = "insomnia"

// Format is the row of exports.
func Format() artifact.Format {
	return artifact.Format{
		ID: Platform, Title: "Insomnia export", Doc: "https://docs.insomnia.rest/insomnia/import-export-data",
		Match: func(a *artifact.Artifact) bool {
			if a.LooksLikeJSON() {
				return a.Has(`"__export_format"`) && export.Holds(a, isExport)
			}
			return a.Has("collection.insomnia.rest/5") && export.Holds(a, isCollection)
		},
		Parse: parse,
	}
}

func isExport(n *tree.Node) bool {
	return n.Get("__export_format") != nil && n.Get("resources").IsSeq()
}

func isCollection(n *tree.Node) bool {
	return strings.HasPrefix(n.Get("type").Str(), "collection.insomnia.rest/5")
}

// workspace is one workspace while it is read.
type workspace struct {
	f    *artifact.Facts
	id   string
	used map[string]bool
}

func parse(a *artifact.Artifact, f *artifact.Facts) error {
	exports, err := export.Unwrap(a, isExport)
	for _, o := range exports {
		readExport(f, o)
	}
	if err != nil {
		return err
	}
	collections, err := export.Unwrap(a, isCollection)
	for _, o := range collections {
		readCollection(f, o)
	}
	return err
}

// readExport reads the flat list. Everything belongs to the workspace that stands above it, else to the file.
func readExport(f *artifact.Facts, o export.Object) {
	list, p := o.Node.Get("resources").List(), o.Path.Key("resources")
	parents, spaces := map[string]string{}, map[string]*workspace{}
	for i, r := range list {
		id := r.Get("_id").Str()
		parents[id] = r.Get("parentId").Str()
		if r.Get("_type").Str() == "workspace" {
			at := artifact.At(r, p.Index(i))
			auto := f.AutomationID(inventory.FileID(Platform, f.Artifact.Source, id), export.Label(r.Get("name").Str()), at)
			spaces[id] = &workspace{f, auto, map[string]bool{}}
		}
	}
	var whole *workspace
	find := func(id string) *workspace {
		for range 100 {
			if w := spaces[id]; w != nil {
				return w
			}
			id = parents[id]
		}
		if whole == nil {
			whole = &workspace{f, f.Automation("", f.Artifact.Base(), artifact.At(o.Node, o.Path)), map[string]bool{}}
		}
		return whole
	}
	for i, r := range list {
		switch r.Get("_type").Str() {
		case "request", "grpc_request", "websocket_request":
			find(r.Get("_id").Str()).request(r.Get("_id").Str(), r, p.Index(i))
		case "environment":
			environment(f, r.Get("name").Str(), r.Get("data"), p.Index(i).Key("data"))
		}
	}
}

// readCollection reads the tree of format 5.
func readCollection(f *artifact.Facts, o export.Object) {
	name := o.Node.Get("name").Str()
	w := &workspace{f, f.Automation("", export.Label(name), artifact.At(o.Node, o.Path)), map[string]bool{}}
	w.tree(o.Node.Get("collection"), o.Path.Key("collection"), 0)
	envs, p := o.Node.Get("environments"), o.Path.Key("environments")
	environment(f, envs.Get("name").Str(), envs.Get("data"), p.Key("data"))
	for i, e := range envs.Get("subEnvironments").List() {
		environment(f, e.Get("name").Str(), e.Get("data"), p.Key("subEnvironments").Index(i).Key("data"))
	}
}

// maxNested bounds folders within folders.
const maxNested = 50

func (w *workspace) tree(list *tree.Node, p tree.Path, depth int) {
	if depth > maxNested {
		return
	}
	for i, r := range list.List() {
		if r.Get("url") != nil {
			w.request(r.Get("meta", "id").Str(), r, p.Index(i))
		}
		w.tree(r.Get("children"), p.Index(i).Key("children"), depth+1)
	}
}

var (
	braces     = lazy.New(`\{\{\s*(?:_\.)?([A-Za-z_][\w.]{0,100})\s*\}\}`)
	plainUsers = lazy.New(`(?i)^(username|clientId|key)$`)
)

func (w *workspace) request(id string, r *tree.Node, p tree.Path) {
	if id == "" || w.used[id] {
		id = string(p)
	}
	w.used[id] = true
	name := r.Get("name").Str()
	part := w.f.Part(w.id, id, export.Label(name), "request", artifact.At(r, p))
	w.f.Cover(part, r.Line, export.LastLine(r))
	h := export.Holder{Facts: w.f, Node: part, Template: func(s string) bool { return strings.Contains(s, "{{") || strings.Contains(s, "{%") }}
	if url := r.Get("url"); url.IsString() {
		h.URL("url", url.Value, artifact.At(url, p.Key("url")))
	}
	h.Pairs(r.Get("headers"), p.Key("headers"))
	h.Pairs(r.Get("parameters"), p.Key("parameters"))
	h.Login(r.Get("authentication"), p.Key("authentication"))
	h.Pairs(r.Get("body", "params"), p.Key("body").Key("params"))
	if text := r.Get("body", "text"); text.IsString() {
		h.JSONText(text, p.Key("body").Key("text"))
	}
	auth := r.Get("authentication")
	for _, e := range auth.Entries() {
		h.Mentions(e.Value, p.Key("authentication").Key(e.Key), braces, "insomnia-variable", func(name string) (inventory.SlotRef, bool) {
			return w.variable(name), !plainUsers.MatchString(e.Key) || export.Suggests(name)
		})
	}
	h.Mentions(r, p, braces, "insomnia-variable", func(name string) (inventory.SlotRef, bool) {
		return w.variable(name), export.Suggests(name)
	})
}

// variable names the slot of a variable of whichever environment is chosen.
func (w *workspace) variable(name string) inventory.SlotRef {
	return inventory.SlotRef{Store: Platform, Scope: w.f.Artifact.Source, Name: name}
}

// environment reads the values of an environment. Any request of the source may use it.
func environment(f *artifact.Facts, name string, data *tree.Node, p tree.Path) {
	name = export.Label(name)
	if name == "" {
		name = f.Artifact.Path
	}
	data.Walk(p, func(at tree.Path, n *tree.Node) bool {
		key := strings.TrimPrefix(strings.TrimPrefix(string(at), string(p)), ".")
		if !n.IsString() || n.Value == "" || strings.Contains(n.Value, "{{") || !export.Suggests(key) {
			return true
		}
		place := artifact.At(n, at)
		slot := f.Slot(inventory.SlotRef{Store: Platform, Scope: path.Join(f.Artifact.Source, name), Name: key}, place)
		f.Defined(slot, inventory.DefinedInScan, place)
		f.Attr(slot, inventory.AttrEnvironment, name, "", place)
		whole := inventory.SlotRef{Store: Platform, Scope: f.Artifact.Source, Name: key}
		f.Slot(whole, place)
		f.Refs--
		f.Edge(inventory.CopiesFrom, whole.ID(), slot, "insomnia-environment", inventory.Medium, place)
		f.Literal(slot, key, n.Value, place)
		return true
	})
}
