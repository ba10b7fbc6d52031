// Package zapier reads the Zaps that Zapier exports: the Zapfile.json of an account's data, and the export of
// selected Zaps. Connections are bare ids in both.
//
// Shapes: twelve public exports of six years. Version 2 numbers its Zaps within the file and hides the connection
// ids behind a hash.
package zapier

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/provider"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
)

// Platform is the id of the row, and the store of Zapier's connections.
const Platform = "zapier"

// Format is the row of Zap exports.
func Format() artifact.Format {
	return artifact.Format{
		ID: Platform, Title: "Zapier export", Doc: "https://help.zapier.com/hc/en-us/articles/8496289406349",
		Match: func(a *artifact.Artifact) bool {
			return a.LooksLikeJSON() && a.Has(`"zaps"`) &&
				a.Has(`"selected_api"`) && export.Holds(a, isZapfile)
		},
		Parse: parse,
	}
}

// isZapfile recognises an object with a version and a list of Zaps, each with a map of nodes.
func isZapfile(n *tree.Node) bool {
	zaps := n.Get("zaps")
	if n.Get("metadata", "version") == nil || !zaps.IsSeq() || len(zaps.Items) == 0 {
		return false
	}
	for _, z := range zaps.Items {
		if z.Get("id") == nil || !z.Get("nodes").IsMap() {
			return false
		}
	}
	return true
}

func parse(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isZapfile)
	for _, o := range objects {
		local := o.Node.Get("metadata", "version").Str() == "2"
		var zaps []*zap
		ids := map[string]string{}
		for i, z := range o.Node.Get("zaps").List() {
			next := &zap{f: f, z: z, path: o.Path.Key("zaps").Index(i), others: ids}
			next.name(local)
			if id := z.Get("id").Str(); id != "" {
				ids[id] = next.id
			}
			zaps = append(zaps, next)
		}
		for _, z := range zaps {
			z.read()
		}
	}
	return err
}

// zap is one Zap while it is read.
type zap struct {
	f    *artifact.Facts
	z    *tree.Node
	path tree.Path
	id   string

	others map[string]string // the Zaps of the export by their ids there
}

// name adds the Zap itself. A local id is unique in its file only.
func (z *zap) name(local bool) {
	id, title := z.z.Get("id").Str(), export.Label(z.z.Get("title").Str())
	at := artifact.At(z.z, z.path)
	if id == "" {
		id, local = string(z.path), true
	}
	if title == "" {
		title = id
	}
	if local {
		z.id = z.f.Automation(id, title, at)
	} else {
		z.id = z.f.AutomationID(inventory.FileID(Platform, z.f.Artifact.Source, id), title, at)
	}
	z.f.Attr(z.id, inventory.AttrNeeds, "next run", "", at)
}

// read adds what the Zap does.
func (z *zap) read() {
	z.status()
	var spans []artifact.Span
	for _, p := range z.z.Get("nodes").Entries() {
		st := z.step(p)
		st.read()
		spans = append(spans, artifact.Span{Node: st.part, First: p.Line, Last: export.LastLine(p.Value)})
	}
	export.Cover(z.f, spans)
}

// status says whether the Zap is on. Older exports say only that its trigger is paused or not.
func (z *zap) status() {
	n := z.z.Get("status")
	at := artifact.At(n, z.path.Key("status"))
	switch n.Str() {
	case "on":
		z.f.Attr(z.id, inventory.AttrActive, "true", "", at)
		return
	case "off", "draft":
		z.f.Attr(z.id, inventory.AttrActive, "false", n.Str(), at)
		return
	}
	for _, p := range z.z.Get("nodes").Entries() {
		paused := p.Value.Get("paused")
		place := artifact.At(paused, z.path.Key("nodes").Key(p.Key).Key("paused"))
		switch {
		case !isRoot(p.Value):
		case paused.Str() == "true":
			z.f.AttrSure(z.id, inventory.AttrActive, "false", "paused", inventory.Medium, place)
		case paused.Str() == "false":
			z.f.AttrSure(z.id, inventory.AttrActive, "true", "", inventory.Medium, place)
		}
	}
}

// isRoot reports whether a node is the trigger.
func isRoot(n *tree.Node) bool {
	parent := n.Get("parent_id")
	return parent != nil && parent.Str() == ""
}

// app returns the name of the app behind an API: SlackAPI, CodeCLIAPI@1.0.1.
func app(api string) string {
	api, _, _ = strings.Cut(api, "@")
	for _, suffix := range []string{"CLIAPI", "API"} {
		api = strings.TrimSuffix(api, suffix)
	}
	return strings.TrimSuffix(strings.TrimSuffix(api, "Dev"), "V2")
}

// step is one node while it is read.
type step struct {
	z    *zap
	n    *tree.Node
	path tree.Path
	app  string
	part string
}

func (z *zap) step(p tree.Pair) *step {
	st := &step{z: z, n: p.Value, path: z.path.Key("nodes").Key(p.Key), app: app(p.Value.Get("selected_api").Str())}
	name := st.app
	for _, n := range []*tree.Node{p.Value.Get("meta", "stepTitle"), p.Value.Get("title")} {
		if n.Str() != "" {
			name = n.Str()
			break
		}
	}
	st.part = z.f.Part(z.id, p.Key, export.Label(name), "step", artifact.AtPair(p, st.path))
	return st
}

func (st *step) read() {
	api := st.n.Get("selected_api")
	if id, ok := provider.ServiceOfNode(Platform, st.app); ok {
		st.z.f.Service(st.part, id, "zapier-app", inventory.Certain, artifact.At(api, st.path.Key("selected_api")))
	}
	if action := st.n.Get("action"); action.Str() != "" {
		export.Holder{Facts: st.z.f, Node: st.part}.Operation(st.app+": "+action.Str(), artifact.At(action, st.path.Key("action")))
	}
	st.connection()
	if isRoot(st.n) {
		st.trigger()
	}
	st.owner()
	st.params()
	if st.app == "SubZap" {
		st.calls()
	}
}

// calls says which Zap a step starts: the one of the export whose id stands among what it is given.
func (st *step) calls() {
	params, at := st.n.Get("params"), st.path.Key("params")
	params.Walk(at, func(p tree.Path, n *tree.Node) bool {
		if id := st.z.others[n.Str()]; n.Kind == tree.Scalar && id != "" && id != st.z.id {
			st.z.f.Edge(inventory.Runs, st.part, id, "zapier-sub-zap", inventory.High, artifact.At(n, p))
		}
		return true
	})
}

// connection reads the reference: an id, or a hash of one, in the account where that is named.
func (st *step) connection() {
	n, f := st.n.Get("authentication_id"), st.z.f
	if n.Str() == "" || n.Str() == "0" {
		return
	}
	at := artifact.At(n, st.path.Key("authentication_id"))
	scope := st.n.Get("account_id").Str()
	if scope == "" {
		scope = "*"
	}
	slot := f.Slot(inventory.SlotRef{Store: Platform, Scope: scope, Name: n.Str()}, at)
	f.Attr(slot, inventory.AttrType, st.app, "", at)
	if id, ok := provider.ServiceOfNode(Platform, st.app); ok {
		f.Service(slot, id, "zapier-app", inventory.Certain, at)
	}
	f.Edge(inventory.Reads, st.part, slot, "zapier-connection", inventory.Certain, at)
}

// owner reads the number of the user who made the Zap; a line in rotamap.toml gives it a name.
func (st *step) owner() {
	n := st.n.Get("customuser_id")
	if isRoot(st.n) && n.Str() != "" {
		st.z.f.Owner(st.z.id, "zapier-user-"+n.Str(), "zapier-user", inventory.High, artifact.At(n, st.path.Key("customuser_id")))
	}
}

func (st *step) params() {
	h := export.Holder{Facts: st.z.f, Node: st.part}
	language := "javascript"
	if strings.Contains(strings.ToLower(st.n.Get("action").Str()), "python") {
		language = "python"
	}
	for _, p := range st.n.Get("params").Entries() {
		at := st.path.Key("params").Key(p.Key)
		switch p.Key {
		case "code":
			h.Code(language, p.Value, at, inventory.SlotRef{})
		case "headers", "data", "input", "query_params":
			h.Pairs(p.Value, at)
			if p.Value.IsString() {
				h.Value(p.Key, p.Value, at)
			}
		case "basic_auth":
			_, password, _ := strings.Cut(p.Value.Str(), "|")
			h.Sure("basic_auth", password, artifact.At(p.Value, at))
		case "url":
			h.Value(p.Key, p.Value, at)
		default:
			h.Leaves(p.Key, p.Value, at)
		}
	}
}
