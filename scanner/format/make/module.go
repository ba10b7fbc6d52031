package make

import (
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/provider"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// step is one module while it is read.
type step struct {
	s    *scenario
	m    *tree.Node
	path tree.Path
	kind string // slack:CreateMessage
	part string
	idle bool
}

var watches = lazy.New(`(?i):(watch|trigger|new|custommailhook)`)

func (s *scenario) step(m *tree.Node, at tree.Path, first bool) *step {
	st := &step{s: s, m: m, path: at, kind: m.Get("module").Str(), idle: m.Get("disabled").Str() == "true"}
	key := m.Get("id").Str()
	if key == "" || s.used[key] {
		key = string(at)
	}
	s.used[key] = true
	name := m.Get("metadata", "designer", "name").Str()
	if name == "" {
		name = st.kind
	}
	st.part = s.f.Part(s.id, key, export.Label(name), "module", artifact.At(m, at))
	if first && (strings.HasPrefix(st.kind, "gateway:") || watches.MatchString(st.kind)) {
		s.f.Attr(s.id, inventory.AttrTrigger, st.kind, "", artifact.At(m, at))
	}
	if first && st.kind == "gateway:CustomWebHook" && s.zone != "*" && !st.idle {
		s.f.Attr(s.id, inventory.AttrEndpoint, export.MakeHook(s.zone), "", artifact.At(m, at))
	}
	return st
}

func (st *step) holder() export.Holder {
	return export.Holder{Facts: st.s.f, Node: st.part, Idle: st.idle}
}

// plumbing are the apps of Make that are no system of their own.
var plumbing = map[string]bool{"http": true, "builtin": true, "util": true, "gateway": true, "scenario-service": true, "json": true, "regexp": true}

func (st *step) read() {
	f := st.s.f
	if st.idle {
		f.Attr(st.part, inventory.AttrActive, "false", "", artifact.At(st.m, st.path.Key("disabled")))
	}
	if id, ok := provider.ServiceOfNode(Platform, st.kind); ok {
		f.Service(st.part, id, "make-module", inventory.Certain, artifact.At(st.m, st.path.Key("module")))
	}
	if app, _, _ := strings.Cut(st.kind, ":"); !plumbing[app] {
		st.holder().Operation(st.kind, artifact.At(st.m, st.path.Key("module")))
	}
	url := st.m.Get("mapper", "url")
	st.holder().Call(st.m.Get("mapper", "method").Str(), url.Str(), artifact.At(url, st.path.Key("mapper").Key("url")))
	st.connections()
	st.subScenario()
	h := st.holder()
	for _, key := range []string{"parameters", "mapper"} {
		st.values(h, st.m.Get(key), st.path.Key(key))
	}
}

// connectionKeys are the parameters that name a connection, a key of the keychain, or a webhook, and the word
// that tells their ids apart.
var connectionKeys = map[string]string{
	"__IMTCONN__": "", "account": "", "accountId": "", "connection": "", "connectionId": "",
	"key": "key:", "auth": "key:", "__IMTKEY__": "key:", "hook": hookWord, "__IMTHOOK__": hookWord,
}

// hookWord stands in front of the number of a hook.
const hookWord = "hook:"

func (st *step) connections() {
	for _, group := range []string{"parameters", "mapper"} {
		for _, p := range st.m.Get(group).Entries() {
			word, ok := connectionKeys[p.Key]
			id, err := strconv.ParseUint(p.Value.Str(), 10, 63)
			if ok && err == nil && id > 0 {
				st.connection(p.Key, word+p.Value.Str(), artifact.AtPair(p, st.path.Key(group).Key(p.Key)))
			}
		}
	}
}

// connection reads a reference by number. Its label and its type stand in the module's metadata.
func (st *step) connection(param, name string, at artifact.Place) {
	f := st.s.f
	slot := f.Slot(inventory.SlotRef{Store: Platform, Scope: st.s.zone, Name: name}, at)
	if strings.HasPrefix(name, hookWord) {
		f.Attr(slot, inventory.AttrEndpoint, export.MakeHook(st.s.zone), "", at)
	}
	st.holder().Reads(slot, "make-connection", inventory.Certain, at)
	restored := st.m.Get("metadata", "restore", "parameters", param)
	if label := restored.Get("label").Str(); label != "" && !strings.HasPrefix(label, "{{") { // a template's blank is no name
		f.Attr(slot, inventory.AttrAlias, export.Label(label), "", at)
	}
	kind := restored.Get("data", "connection").Str()
	for _, d := range st.m.Get("metadata", "parameters").List() {
		if d.Get("name").Str() == param && d.Get("type").Str() != "" {
			kind = d.Get("type").Str()
		}
	}
	if kind != "" {
		f.Attr(slot, inventory.AttrType, kind, "", at)
	}
	st.serviceOf(slot, kind, at)
}

// serviceOf says for which system a connection is: by its type, by the module that uses it, by the host called.
func (st *step) serviceOf(slot, kind string, at artifact.Place) {
	f := st.s.f
	if id, ok := provider.ServiceOfCredentialType(Platform, kind); ok {
		f.Service(slot, id, "make-connection-type", inventory.Certain, at)
		return
	}
	if id, ok := provider.ServiceOfNode(Platform, st.kind); ok {
		f.Service(slot, id, "make-module", inventory.Certain, at)
		return
	}
	if host := export.Host(st.m.Get("mapper", "url").Str()); host != "" {
		f.AttrSure(slot, inventory.AttrHost, host, "", inventory.High, at)
		if id := export.ServiceOf(host); id != "" {
			f.Service(slot, id, "make-url", inventory.High, at)
		}
	}
}

func (st *step) subScenario() {
	if !strings.HasPrefix(st.kind, "scenario-service:Call") {
		return
	}
	for _, group := range []string{"parameters", "mapper"} {
		n := st.m.Get(group, "scenarioId")
		if id, err := strconv.ParseUint(n.Str(), 10, 63); err == nil && !st.idle {
			to := automation(st.s.f, strconv.FormatUint(id, 10))
			st.s.f.Edge(inventory.Runs, st.part, to, "make-sub-scenario", inventory.High, artifact.At(n, st.path.Key(group).Key("scenarioId")))
		}
	}
}

// values reads what a module is set to: headers, query, variables, a password, code, and everything else whose
// name suggests a credential.
func (st *step) values(h export.Holder, n *tree.Node, p tree.Path) {
	for _, pair := range n.Entries() {
		v, at := pair.Value, p.Key(pair.Key)
		switch pair.Key {
		case "headers", "qs", "variables", "formDataFields", "values":
			h.Pairs(v, at)
		case "authPass":
			h.Sure("authPass", v.Str(), artifact.At(v, at))
		case "code":
			h.Code("javascript", v, at, inventory.SlotRef{})
		case "url", "data", "body", "json", "content", "systemPrompt":
			h.Value(pair.Key, v, at)
		default:
			if _, reference := connectionKeys[pair.Key]; !reference || !v.IsString() {
				h.Leaves(pair.Key, v, at)
			}
		}
	}
}
