// Package postman reads Postman collections (formats 1, 2.0 and 2.1), environments, and the dump of all data.
//
// A variable in double braces is a slot of the collection when the collection sets it; else it is that of whichever
// environment is chosen when the collection runs.
package postman

import (
	"errors"
	"path"
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Platform is the id of the row of collections, and the store of their variables.
const Platform = "postman"

// Collections is the row of collections.
func Collections() artifact.Format {
	return artifact.Format{
		ID: Platform, Title: "Postman collection", Doc: "https://schema.postman.com/",
		Match: func(a *artifact.Artifact) bool {
			return a.LooksLikeJSON() && a.Has("schema.getpostman.com") && export.Holds(a, isCollection, "collection") ||
				mayBeFlat(a) && export.Holds(a, isFlat, "collections")
		},
		Parse: func(a *artifact.Artifact, f *artifact.Facts) error {
			return errors.Join(parseCollections(a, f), parseFlat(a, f))
		},
	}
}

// Environments is the row of environments and globals.
func Environments() artifact.Format {
	return artifact.Format{
		ID: "postman-environment", Title: "Postman environment", Doc: "https://learning.postman.com/docs/sending-requests/variables/environment-variables/",
		Match: func(a *artifact.Artifact) bool {
			return a.LooksLikeJSON() && a.Has(`"_postman_variable_scope"`) && export.Holds(a, isEnvironment, "environment") ||
				mayBeFlat(a) && export.Holds(a, isDump)
		},
		Parse: parseEnvironments,
	}
}

func isCollection(n *tree.Node) bool {
	return strings.Contains(n.Get("info", "schema").Str(), "schema.getpostman.com") && n.Get("item").IsSeq()
}

func isEnvironment(n *tree.Node) bool {
	return n.Get("_postman_variable_scope").IsString() && n.Get("values").IsSeq()
}

// collection is one collection while it is read.
type collection struct {
	f     *artifact.Facts
	id    string
	scope string
	set   map[string]bool // variables that the collection sets itself
	used  map[string]int
	spans []artifact.Span
}

func parseCollections(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isCollection, "collection")
	for _, o := range objects {
		info, at := o.Node.Get("info"), artifact.At(o.Node, o.Path)
		key := info.Get("_postman_id").Str()
		name := export.Label(info.Get("name").Str())
		c := &collection{f: f, set: map[string]bool{}, used: map[string]int{}}
		switch {
		case key != "":
			c.id = f.AutomationID(inventory.FileID(Platform, a.Source, key), name, at)
			c.scope = path.Join(a.Source, key)
		case len(objects) > 1:
			c.id, c.scope = f.Automation(string(o.Path), name, at), path.Join(a.Source, a.Path)
		default:
			c.id, c.scope = f.Automation("", name, at), path.Join(a.Source, a.Path)
		}
		c.variables(o.Node, o.Path)
		c.shared(c.id, o.Node, o.Path)
		c.items(o.Node.Get("item"), o.Path.Key("item"), c.id, 0)
		export.Cover(f, c.spans)
	}
	return err
}

// variables reads what the collection sets itself.
func (c *collection) variables(n *tree.Node, p tree.Path) {
	for _, key := range []string{"variable", "variables"} {
		for i, v := range n.Get(key).List() {
			name, value := first(v, "key", "id"), v.Get("value")
			if name == "" || value.Str() == "" {
				continue
			}
			c.set[name] = true
			if !export.Suggests(name) || strings.Contains(value.Str(), "{{") {
				continue
			}
			at := artifact.At(value, p.Key(key).Index(i).Key("value"))
			slot := c.f.Slot(inventory.SlotRef{Store: Platform, Scope: c.scope, Name: name}, at)
			c.f.Defined(slot, inventory.DefinedInScan, at)
			c.f.Literal(slot, name, value.Str(), at)
		}
	}
}

func first(n *tree.Node, keys ...string) string {
	for _, k := range keys {
		if v := n.Get(k).Str(); v != "" {
			return v
		}
	}
	return ""
}

// maxNested bounds folders within folders.
const maxNested = 50

func (c *collection) items(list *tree.Node, p tree.Path, whole string, depth int) {
	if depth > maxNested {
		return
	}
	for i, item := range list.List() {
		at := p.Index(i)
		if !item.IsMap() {
			continue
		}
		name := export.Label(item.Get("name").Str())
		role := "folder"
		if item.Get("request") != nil {
			role = "request"
		}
		part := c.f.Part(whole, c.key(whole, name), name, role, artifact.At(item, at))
		c.shared(part, item, at)
		if role == "request" {
			c.request(part, item.Get("request"), at.Key("request"))
			c.spans = append(c.spans, artifact.Span{Node: part, First: item.Line, Last: export.LastLine(item)})
		}
		c.items(item.Get("item"), at.Key("item"), part, depth+1)
	}
}

// key makes the name of an item unique beside its siblings.
func (c *collection) key(whole, name string) string {
	c.used[whole+"\x00"+name]++
	if n := c.used[whole+"\x00"+name]; n > 1 || name == "" {
		return name + "~" + strconv.Itoa(n)
	}
	return name
}

func (c *collection) holder(node string) export.Holder {
	return export.Holder{Facts: c.f, Node: node}
}

// shared reads what a collection, a folder and a request may all have: a login and scripts.
func (c *collection) shared(node string, n *tree.Node, p tree.Path) {
	h := c.holder(node)
	c.login(h, n.Get("auth"), p.Key("auth"))
	for i, e := range n.Get("event").List() {
		exec, at := e.Get("script", "exec"), p.Key("event").Index(i).Key("script").Key("exec")
		c.script(h, exec, at)
	}
}

// login reads auth.<type>: a list of {key, value} in format 2.1, an object in 2.0.
func (c *collection) login(h export.Holder, auth *tree.Node, p tree.Path) {
	kind := auth.Get("type").Str()
	settings, at := auth.Get(kind), p.Key(kind)
	if kind == "apikey" {
		c.apiKey(h, settings, at)
	} else {
		h.Login(settings, at)
	}
	h.Mentions(settings, at, braces, "postman-variable", c.anyVariable)
}

// apiKey reads the one login whose secret is called value.
func (c *collection) apiKey(h export.Holder, n *tree.Node, p tree.Path) {
	value, at := n.Get("value"), p.Key("value")
	for i, item := range n.List() {
		if item.Get("key").Str() == "value" {
			value, at = item.Get("value"), p.Index(i).Key("value")
		}
	}
	if value.IsString() {
		h.Sure("value", value.Value, artifact.At(value, at))
	}
}

var (
	braces   = lazy.New(`\{\{\s*([A-Za-z_][\w./-]{0,100})\s*\}\}`)
	scripted = lazy.New(`\b(?:pm\.(?:environment|globals|variables|collectionVariables)\.get|postman\.get(?:Environment|Global)Variable)\(\s*["']([^"'\n]{1,100})["']`)
	vaulted  = lazy.New(`\bpm\.vault\.get\(\s*["']([^"'\n]{1,100})["']`)
)

// anyVariable names the slot of a variable that stands where a secret stands.
func (c *collection) anyVariable(name string) (inventory.SlotRef, bool) {
	if c.set[name] {
		return inventory.SlotRef{Store: Platform, Scope: c.scope, Name: name}, true
	}
	return inventory.SlotRef{Store: Platform, Scope: c.f.Artifact.Source, Name: name}, true
}

// variable names the slot of a variable whose name suggests a credential; others are addresses and numbers.
func (c *collection) variable(name string) (inventory.SlotRef, bool) {
	if !export.Suggests(name) {
		return inventory.SlotRef{}, false
	}
	return c.anyVariable(name)
}

func (c *collection) script(h export.Holder, n *tree.Node, p tree.Path) {
	var lines []string
	for _, line := range n.List() {
		lines = append(lines, line.Str())
	}
	if len(lines) == 0 {
		return
	}
	text := &tree.Node{Tag: "!!str", Value: strings.Join(lines, "\n"), Line: n.Line, Column: n.Column}
	h.Code("javascript", text, p, inventory.SlotRef{})
	h.Mentions(text, p, scripted, "postman-variable", c.variable)
	h.Mentions(text, p, vaulted, "postman-vault", func(name string) (inventory.SlotRef, bool) {
		return inventory.SlotRef{Store: "postman-vault", Scope: c.f.Artifact.Source, Name: name}, true
	})
}

func (c *collection) request(part string, r *tree.Node, p tree.Path) {
	h := c.holder(part)
	h.Mentions(r, p, braces, "postman-variable", c.variable)
	if r.IsString() {
		h.URL("url", r.Value, artifact.At(r, p))
		return
	}
	c.login(h, r.Get("auth"), p.Key("auth"))
	url, at := r.Get("url"), p.Key("url")
	if url.IsMap() {
		url, at = url.Get("raw"), at.Key("raw")
	}
	if url.IsString() {
		h.URL("url", url.Value, artifact.At(url, at))
	}
	h.Pairs(r.Get("header"), p.Key("header"))
	body, at := r.Get("body"), p.Key("body")
	for _, mode := range []string{"urlencoded", "formdata"} {
		h.Pairs(body.Get(mode), at.Key(mode))
	}
	if raw := body.Get("raw"); raw.IsString() {
		h.JSONText(raw, at.Key("raw"))
	}
}
