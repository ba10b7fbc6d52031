// Package retool reads what Retool keeps in a repository: apps written as .rsx files, the resources that their queries
// use, and apps exported as JSON. A resource's login is kept by Retool alone.
//
// Shapes: a public repository with 279 .rsx files and its resources; docs.retool.com/source-control. The JSON export
// is from its description.
package retool

import (
	"bytes"
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/provider"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Platform is the id of the row of apps, and the store of Retool's resources.
const Platform = "retool"

// Apps is the row of apps and their parts.
func Apps() artifact.Format {
	return artifact.Format{
		ID: Platform, Title: "Retool app", Doc: "https://docs.retool.com/source-control/concepts/toolscript",
		Match: func(a *artifact.Artifact) bool {
			if a.LooksLikeJSON() {
				return a.Has(`"appState"`) && export.Holds(a, isExport, "data", "app")
			}
			return a.Has("resourceName=") && element.Match(bytes.TrimLeft(a.Content, " \t\r\n"))
		},
		Parse: parseApp,
	}
}

// Resources is the row of resources.
func Resources() artifact.Format {
	return artifact.Format{
		ID: "retool-resource", Title: "Retool resource", Doc: "https://docs.retool.com/source-control/guides/protect/resources",
		Match: func(a *artifact.Artifact) bool {
			return a.LooksLikeJSON() && a.Has(`"toolscriptVersion"`) && export.Holds(a, isResource)
		},
		Parse: parseResource,
	}
}

var (
	element   = lazy.New(`^<[A-Z]\w*[\s>]`)
	opening   = lazy.New(`^\s*<([A-Z]\w*)`)
	attribute = lazy.New(`^\s*(id|query|resourceName|resourceDisplayName|resourceTypeOverride|headers)=(?:"([^"]*)"|\{"([^"]*)"\})`)
	uuidForm  = lazy.New(`(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
)

func isExport(n *tree.Node) bool { return n.Get("page", "data", "appState").IsString() }

func isResource(n *tree.Node) bool {
	return n.Get("toolscriptVersion") != nil && n.Get("uuid").IsString() && n.Get("type").IsString() && n.Get("options") != nil
}

// query is one element with what its attributes say.
type query struct {
	kind, id, resource, display, url string
	at                               artifact.Place
	first, last                      int
}

func parseApp(a *artifact.Artifact, f *artifact.Facts) error {
	if a.LooksLikeJSON() {
		return parseExport(a, f)
	}
	id := app(a, f)
	var q query
	line := 0
	for text := range strings.Lines(string(a.Content)) {
		line++
		if m := opening.FindStringSubmatch(text); m != nil {
			q.last = line - 1
			q.add(f, id)
			q = query{kind: m[1], first: line}
			continue
		}
		m := attribute.FindStringSubmatch(text)
		if m == nil || q.kind == "" {
			continue
		}
		switch value := m[2] + m[3]; m[1] {
		case "id":
			q.id = value
		case "query":
			q.url = value
		case "resourceName":
			q.resource, q.at = value, artifact.Place{Line: line, Column: 1 + strings.Index(text, "resourceName")}
		case "resourceDisplayName":
			q.display = value
		}
	}
	q.last = line
	q.add(f, id)
	return nil
}

// app adds the app that a file belongs to: the folder that holds its parts.
func app(a *artifact.Artifact, f *artifact.Facts) string {
	dir := a.Dir()
	for base := path.Base(dir); base == "src" || base == "lib"; base = path.Base(dir) {
		dir = path.Dir(dir)
	}
	at := artifact.Place{Line: 1}
	id := f.AutomationID(inventory.FileID(Platform, a.Source, dir), path.Base("/"+dir), at)
	f.Attr(id, inventory.AttrNeeds, "nothing", "", at)
	f.Attr(id, inventory.AttrTrigger, "a person uses the app", "", at)
	return id
}

// builtIn are the resources that name no login.
func builtIn(resource string) bool {
	return resource == "" || !uuidForm.MatchString(resource) && (strings.HasSuffix(resource, "WithoutResource") || strings.HasPrefix(resource, "Javascript") ||
		strings.Contains(resource, "{{") || resource == "Query JSON with SQL" || resource == "JSON-SQL")
}

func (q *query) add(f *artifact.Facts, app string) {
	if q.resource == "" {
		return
	}
	name := q.id
	if name == "" {
		name = q.kind
	}
	part := f.Part(app, name, name, "query", q.at)
	f.Cover(part, q.first, q.last)
	h := export.Holder{Facts: f, Node: part}
	if strings.Contains(q.url, "://") {
		h.URL("query", q.url, q.at)
	}
	if builtIn(q.resource) {
		return
	}
	slot := resourceSlot(f, q.resource, q.at)
	if q.display != "" {
		f.Attr(slot, inventory.AttrAlias, export.Label(q.display), "", q.at)
	}
	h.Reads(slot, "retool-resource", inventory.Certain, q.at)
}

func resourceSlot(f *artifact.Facts, id string, at artifact.Place) string {
	return f.Slot(inventory.SlotRef{Store: Platform, Scope: f.Artifact.Source, Name: id}, at)
}

// pair matches a key and its text in the list form in which an exported app keeps its state.
var pair = lazy.New(`"(resourceName|resourceDisplayName)","([^"\\]{1,200})"`)

func parseExport(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isExport, "data", "app")
	for _, o := range objects {
		state, p := o.Node.Get("page", "data", "appState"), o.Path.Key("page").Key("data").Key("appState")
		name := export.Label(o.Node.Get("name").Str())
		if name == "" {
			name = strings.TrimSuffix(a.Base(), ".json")
		}
		key := ""
		if len(objects) > 1 {
			key = string(o.Path)
		}
		at := artifact.At(state, p)
		id := f.Automation(key, name, at)
		f.Attr(id, inventory.AttrNeeds, "nothing", "", at)
		h, last := export.Holder{Facts: f, Node: id}, ""
		for _, m := range pair.FindAllStringSubmatch(state.Value, 2000) {
			if m[1] == "resourceDisplayName" && last != "" {
				f.Attr(last, inventory.AttrAlias, export.Label(m[2]), "", at)
				continue
			}
			if last = ""; m[1] == "resourceName" && !builtIn(m[2]) {
				last = resourceSlot(f, m[2], at)
				h.Reads(last, "retool-resource", inventory.Certain, at)
			}
		}
		h.Text(state.Value, at)
	}
	return err
}

// parseResource reads a resource: what it is for, where, and the headers that it always sends.
func parseResource(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isResource)
	for _, o := range objects {
		n, at := o.Node, artifact.At(o.Node, o.Path)
		slot := resourceSlot(f, n.Get("uuid").Str(), at)
		f.Attr(slot, inventory.AttrAlias, path.Base("/"+a.Dir()), "", at)
		f.Attr(slot, inventory.AttrType, n.Get("type").Str(), "", at)
		if e := n.Get("environment"); e.Str() != "" {
			f.Attr(slot, inventory.AttrEnvironment, e.Str(), "", artifact.At(e, o.Path.Key("environment")))
		}
		if id, ok := provider.ServiceOfNode(Platform, n.Get("type").Str()); ok {
			f.Service(slot, id, "retool-type", inventory.Certain, artifact.At(n.Get("type"), o.Path.Key("type")))
		}
		host := n.Get("host")
		name := export.Host(host.Str())
		if name == "" {
			name = export.Host("https://" + host.Str())
		}
		if name != "" {
			f.Attr(slot, inventory.AttrHost, name, "", artifact.At(host, o.Path.Key("host")))
			if id := export.ServiceOf(name); id != "" {
				f.Service(slot, id, "host", inventory.High, artifact.At(host, o.Path.Key("host")))
			}
		}
		export.Holder{Facts: f}.Secrets(n.Get("options"), o.Path.Key("options"))
		export.Holder{Facts: f}.Leaves("", n.Get("options"), o.Path.Key("options"))
	}
	return err
}
