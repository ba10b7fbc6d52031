// Package workato reads the recipes and connections of a Workato package. Connections and recipes are named, not
// numbered; no secret leaves Workato with them.
package workato

import (
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/provider"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
)

// Platform is the id of the row of recipes, and the store of Workato's connections.
const Platform = "workato"

// Recipes is the row of recipes.
func Recipes() artifact.Format {
	return artifact.Format{
		ID: Platform, Title: "Workato recipe", Doc: "https://docs.workato.com/recipe-development-lifecycle.html",
		Match: func(a *artifact.Artifact) bool {
			return a.LooksLikeJSON() && a.Has(`"keyword"`) && a.Has(`"config"`) && export.Holds(a, isRecipe)
		},
		Parse: parseRecipes,
	}
}

// Connections is the row of connections.
func Connections() artifact.Format {
	return artifact.Format{
		ID: "workato-connection", Title: "Workato connection", Doc: "https://docs.workato.com/connections.html",
		Match: func(a *artifact.Artifact) bool {
			return a.LooksLikeJSON() && len(a.Content) < 1<<16 && a.Has(`"root_folder"`) && export.Holds(a, isConnection)
		},
		Parse: parseConnections,
	}
}

func isRecipe(n *tree.Node) bool {
	return n.Get("code", "keyword").Str() == "trigger" && n.Get("config").IsSeq()
}

func isConnection(n *tree.Node) bool {
	return n.Get("name").IsString() && n.Get("name").Str() != "" && n.Get("provider") != nil && n.Get("root_folder") != nil
}

func recipeID(f *artifact.Facts, name string) string {
	return inventory.FileID(Platform, f.Artifact.Source, name)
}

func connection(f *artifact.Facts, name string) inventory.SlotRef {
	return inventory.SlotRef{Store: Platform, Scope: f.Artifact.Source, Name: name}
}

// recipe is one recipe while it is read.
type recipe struct {
	f        *artifact.Facts
	id       string
	accounts map[string]inventory.SlotRef // provider -> connection
	used     map[string]bool
}

func parseRecipes(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isRecipe)
	for _, o := range objects {
		name, at := o.Node.Get("name").Str(), artifact.At(o.Node, o.Path)
		if name == "" {
			name = a.Path
		}
		r := &recipe{f, f.AutomationID(recipeID(f, name), export.Label(name), at), map[string]inventory.SlotRef{}, map[string]bool{}}
		f.Attr(r.id, inventory.AttrNeeds, "next run", "", at)
		d := o.Node.Get("description")
		export.Purpose(f, r.id, d.Str(), artifact.At(d, o.Path.Key("description")))
		r.config(o.Node.Get("config"), o.Path.Key("config"))
		r.trigger(o.Node.Get("code"), o.Path.Key("code"))
		r.block(o.Node.Get("code"), o.Path.Key("code"), 0)
	}
	return err
}

// config reads which connection each application logs in with.
func (r *recipe) config(n *tree.Node, p tree.Path) {
	for i, c := range n.List() {
		name, at := c.Get("account_id", "name"), artifact.At(c, p.Index(i))
		if name.Str() == "" || c.Get("provider").Str() == "" {
			continue
		}
		app := c.Get("provider").Str()
		r.accounts[app] = connection(r.f, name.Str())
		slot := r.f.Slot(r.accounts[app], at)
		r.f.Attr(slot, inventory.AttrType, app, "", at)
		r.f.Edge(inventory.Reads, r.id, slot, "workato-connection", inventory.Certain, at)
		if id, ok := provider.ServiceOfNode(Platform, app); ok {
			r.f.Service(slot, id, "workato-provider", inventory.Certain, at)
		}
	}
}

func (r *recipe) trigger(n *tree.Node, p tree.Path) {
	app, at := n.Get("provider").Str(), artifact.At(n, p)
	if app == "clock" {
		every, err := strconv.Atoi(n.Get("input", "trigger_every").Str())
		if unit := n.Get("input", "time_unit").Str(); err == nil && unit != "" {
			r.f.Attr(r.id, inventory.AttrSchedule, export.Every(every, unit), "", at)
			return
		}
	}
	if app == "" {
		return
	}
	r.f.Attr(r.id, inventory.AttrTrigger, app+"."+n.Get("name").Str(), "", at)
}

// maxNested bounds steps within steps.
const maxNested = 100

func (r *recipe) block(n *tree.Node, p tree.Path, depth int) {
	if depth > maxNested || !n.IsMap() {
		return
	}
	app := n.Get("provider").Str()
	key := n.Get("as").Str()
	if key == "" || r.used[key] {
		key = string(p)
	}
	r.used[key] = true
	name := n.Get("name").Str()
	if name == "" {
		name = n.Get("keyword").Str()
	}
	part := r.f.Part(r.id, key, name, "step", artifact.At(n, p))
	skip := n.Get("skip").Str() == "true"
	h := export.Holder{Facts: r.f, Node: part, Idle: skip, Template: isFormula}
	if ref, ok := r.accounts[app]; ok {
		at := artifact.At(n, p)
		r.f.Slot(ref, at)
		r.f.Refs--
		h.Reads(ref.ID(), "workato-connection", inventory.Certain, at)
	}
	if id, ok := provider.ServiceOfNode(Platform, app); ok {
		r.f.Service(part, id, "workato-provider", inventory.Certain, artifact.At(n, p))
	}
	if callee := n.Get("input", "flow_id", "name"); callee.Str() != "" && !skip {
		r.f.Edge(inventory.Runs, part, recipeID(r.f, callee.Str()), "workato-recipe-call", inventory.High, artifact.At(callee, p.Key("input").Key("flow_id")))
	}
	h.Leaves("input", n.Get("input"), p.Key("input"))
	for i, child := range n.Get("block").List() {
		r.block(child, p.Key("block").Index(i), depth+1)
	}
}

func isFormula(s string) bool {
	return strings.HasPrefix(s, "=") || strings.Contains(s, "#{") || strings.Contains(s, "{{")
}

func parseConnections(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isConnection)
	for _, o := range objects {
		at := artifact.At(o.Node, o.Path)
		slot := f.Slot(connection(f, o.Node.Get("name").Str()), at)
		f.Defined(slot, inventory.DefinedOutside, at)
		app := o.Node.Get("provider").Str()
		if app == "" {
			app = o.Node.Get("provider", "name").Str()
		}
		if app != "" {
			f.Attr(slot, inventory.AttrType, app, "", at)
		}
		if id, ok := provider.ServiceOfNode(Platform, app); ok {
			f.Service(slot, id, "workato-provider", inventory.Certain, at)
		}
	}
	return err
}
