package nodered

import (
	"cmp"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
)

// located is a node of a flow with its place in the file.
type located struct {
	n    *tree.Node
	path tree.Path
}

func (l located) get(key string) string { return l.n.Get(key).Str() }

func (l located) at() artifact.Place { return artifact.At(l.n, l.path) }

// field returns the value of a property with its place.
func (l located) field(key string) (*tree.Node, tree.Path) { return l.n.Get(key), l.path.Key(key) }

// flows is a set of nodes while it is read.
type flows struct {
	f       *artifact.Facts
	list    []located
	byID    map[string]located
	secrets map[string]bool   // nodes that have credentials, as far as the files in the folder show
	homes   map[string]string // node -> automation: the tab or subflow that it is in
	links   map[string]string // link in -> automation
	parts   map[string]string // node -> part

	globals     []located           // nodes that set variables for all tabs
	subscribers map[string][]string // MQTT broker and topic -> automations that listen
}

func parseFlows(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isFlows)
	for _, o := range objects {
		newFlows(f, nodesOf(o)).read()
	}
	return err
}

// nodesOf lists the nodes of a flow file or of an API answer, in which the tab is the object itself.
func nodesOf(o export.Object) []located {
	var out []located
	add := func(n *tree.Node, p tree.Path) {
		for i, item := range n.List() {
			if item.Get("id").IsString() {
				out = append(out, located{item, p.Index(i)})
			}
		}
	}
	if o.Node.IsSeq() {
		add(o.Node, o.Path)
		return out
	}
	if o.Node.Get("label") != nil {
		out = append(out, located{o.Node, o.Path})
	}
	for _, key := range []string{"flows", "nodes", "configs", "subflows"} {
		add(o.Node.Get(key), o.Path.Key(key))
	}
	return out
}

func newFlows(f *artifact.Facts, list []located) *flows {
	fl := &flows{
		f: f, list: list, byID: map[string]located{}, secrets: map[string]bool{}, homes: map[string]string{},
		links: map[string]string{}, parts: map[string]string{}, subscribers: map[string][]string{},
	}
	for _, l := range list {
		fl.byID[l.get("id")] = l
		if l.get("type") == "global-config" {
			fl.globals = append(fl.globals, l)
		}
	}
	for _, s := range f.Artifact.Siblings {
		fl.beside(s)
	}
	return fl
}

// beside notes which nodes have credentials in a file of the same folder.
func (fl *flows) beside(a *artifact.Artifact) {
	if a == nil || a.Dir() != fl.f.Artifact.Dir() || !Credentials().Match(a) {
		return
	}
	for _, d := range a.Documents() {
		nodes := d.Root
		if c := nodes.Get("$"); c != nil {
			company := *a
			company.Siblings = fl.f.Artifact.Siblings
			nodes, _ = decrypted(&company, c)
		}
		for _, p := range nodes.Entries() {
			for _, field := range p.Value.Entries() {
				// Those of a tab or a sub-flow are variables, which nodes ask for by name.
				if loginFields[field.Key] || userFields[field.Key] {
					fl.secrets[p.Key] = true
				}
			}
		}
	}
}

func (fl *flows) read() {
	for _, l := range fl.list {
		if isHome(l) {
			fl.home(l)
		}
	}
	for _, l := range fl.list {
		if fl.homes[l.get("z")] != "" && l.get("type") != "group" && !isHome(l) {
			fl.part(l)
		}
	}
	var spans []artifact.Span
	for _, l := range fl.list {
		if id := fl.parts[l.get("id")]; id != "" {
			fl.step(l, id).read()
			spans = append(spans, artifact.Span{Node: id, First: l.n.Line, Last: export.LastLine(l.n)})
			continue
		}
		fl.config(l)
	}
	export.Cover(fl.f, spans)
}

// isHome reports whether a node is a tab or the definition of a subflow: something that runs.
func isHome(l located) bool {
	t := l.get("type")
	return t == "tab" || t == "subflow" || t == "" && l.n.Get("label") != nil
}

func (fl *flows) home(l located) {
	id, name := l.get("id"), l.get("label")
	if l.get("type") == "subflow" {
		name = l.get("name")
	}
	auto := fl.f.AutomationID(automation(fl.f.Artifact, id), export.Label(name), l.at())
	fl.homes[id] = auto
	disabled, p := l.field("disabled")
	switch disabled.Str() {
	case "true":
		fl.f.Attr(auto, inventory.AttrActive, "false", "", artifact.At(disabled, p))
	case "false":
		fl.f.Attr(auto, inventory.AttrActive, "true", "", artifact.At(disabled, p))
	}
	fl.f.Attr(auto, inventory.AttrNeeds, "redeploy", "", l.at())
	fl.info(auto, l)
	fl.environment(auto, l, disabled.Str() == "true")
}

// info reads the description of a tab: what it is for, and a line that names its owner.
func (fl *flows) info(auto string, l located) {
	n, p := l.field("info")
	text := strings.TrimSpace(n.Str())
	if text == "" {
		return
	}
	at := artifact.At(n, p)
	for _, line := range strings.Split(text, "\n") {
		key, owner, ok := strings.Cut(line, ":")
		owner = strings.TrimSpace(owner)
		if ok && strings.EqualFold(strings.TrimSpace(key), "owner") && owner != "" && owner == export.Label(owner) && len(owner) < 80 {
			fl.f.Owner(auto, owner, "node-red-info", inventory.High, at)
		}
	}
	export.Purpose(fl.f, auto, text, at)
}

func (fl *flows) part(l located) {
	id := l.get("id")
	name := l.get("name")
	if name == "" {
		name = l.get("type")
	}
	fl.parts[id] = fl.f.Part(fl.homes[l.get("z")], id, export.Label(name), "node", l.at())
	switch l.get("type") {
	case "link in":
		fl.links[id] = fl.homes[l.get("z")]
	case "mqtt in":
		if to, home := topic(l), fl.homes[l.get("z")]; !slices.Contains(fl.subscribers[to], home) {
			fl.subscribers[to] = append(fl.subscribers[to], home)
		}
	}
}

// environment reads the variables that a tab, subflow, group or instance sets: of type cred the value is kept
// with the credentials, of type env it comes from the process.
func (fl *flows) environment(node string, l located, idle bool) {
	h := fl.holder(node, idle)
	list, p := l.field("env")
	for i, e := range list.List() {
		name, v := e.Get("name").Str(), e.Get("value")
		at := artifact.At(e, p.Index(i))
		switch e.Get("type").Str() {
		case "cred":
			s := fl.f.Slot(slot(fl.f.Artifact, l.get("id"), name), at)
			if owner := cmp.Or(l.get("label"), l.get("name")); owner != "" {
				fl.f.Attr(s, inventory.AttrAlias, export.Label(owner)+"#"+name, "", at)
			}
			h.Reads(s, "node-red-env", inventory.Certain, at)
			if v.Str() != "" {
				fl.f.AddLiteral(artifact.Literal{Slot: s, Name: name, Secret: artifact.Seal(v.Str()), Place: artifact.At(v, p.Index(i).Key("value")), Sure: true})
			}
		case "env":
			if v.Str() != "" {
				h.Reads(fl.f.Slot(environment(fl.f.Artifact, v.Str()), at), "node-red-env", inventory.Certain, at)
			}
		case "str", "json", "":
			h.Value(name, v, p.Index(i).Key("value"))
		}
	}
}

func (fl *flows) holder(node string, idle bool) export.Holder {
	return export.Holder{Facts: fl.f, Node: node, Idle: idle}
}

// config reads a node that belongs to no tab: it does nothing by itself, others log in with it.
func (fl *flows) config(l located) {
	if isHome(l) || l.get("type") == "" {
		return
	}
	s := &step{fl: fl, l: l, kind: l.get("type"), home: l}
	s.literals()
	fl.environment("", l, false)
}

// step prepares a node for reading: it is idle when it or its tab is switched off.
func (fl *flows) step(l located, part string) *step {
	home := fl.byID[l.get("z")]
	return &step{
		fl: fl, l: l, part: part, kind: l.get("type"), home: home, auto: fl.homes[l.get("z")],
		idle: l.get("d") == "true" || home.get("disabled") == "true",
	}
}
