package powerautomate

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/provider"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// maxNested bounds actions within actions.
const maxNested = 100

func (fl *flow) read() {
	fl.f.Attr(fl.id, inventory.AttrNeeds, "next run", "", artifact.At(fl.definition, fl.path))
	used := map[string]bool{}
	for _, t := range fl.definition.Get("triggers").Entries() {
		at := fl.path.Key("triggers").Key(t.Key)
		fl.trigger(t, at)
		fl.action(t, at, "trigger", used)
	}
	fl.actions(fl.definition.Get("actions"), fl.path.Key("actions"), used, 0)
}

// actions reads a map of actions and those inside them: scopes, loops, branches and cases.
func (fl *flow) actions(n *tree.Node, p tree.Path, used map[string]bool, depth int) {
	if depth > maxNested {
		return
	}
	for _, a := range n.Entries() {
		at := p.Key(a.Key)
		fl.action(a, at, "action", used)
		fl.actions(a.Value.Get("actions"), at.Key("actions"), used, depth+1)
		fl.actions(a.Value.Get("else", "actions"), at.Key("else").Key("actions"), used, depth+1)
		fl.actions(a.Value.Get("default", "actions"), at.Key("default").Key("actions"), used, depth+1)
		for _, branch := range []string{"cases", "tools"} {
			for _, c := range a.Value.Get(branch).Entries() {
				fl.actions(c.Value.Get("actions"), at.Key(branch).Key(c.Key).Key("actions"), used, depth+1)
			}
		}
	}
}

// step is one action or trigger while it is read.
type step struct {
	fl   *flow
	n    *tree.Node
	path tree.Path
	part string
}

func (fl *flow) action(a tree.Pair, at tree.Path, role string, used map[string]bool) {
	key := a.Key
	if used[key] {
		key = string(at)
	}
	used[key] = true
	name := strings.ReplaceAll(a.Key, "_", " ")
	s := &step{fl, a.Value, at, fl.f.Part(fl.id, key, export.Label(name), role, artifact.AtPair(a, at))}
	s.uses()
	s.connection()
	s.subFlow()
	s.literals()
	if len(a.Value.Get("actions").Entries()) == 0 {
		fl.f.Cover(s.part, a.Line, export.LastLine(a.Value))
	}
}

// uses says what the action does: an operation of a connector, or a call.
func (s *step) uses() {
	inputs, p := s.n.Get("inputs"), s.path.Key("inputs")
	op := inputs.Get("host", "operationId")
	api := path.Base(inputs.Get("host", "apiId").Str())
	if api == "." {
		api = "connector"
	}
	if op.Str() != "" {
		s.holder().Operation(api+": "+op.Str(), artifact.At(op, p.Key("host").Key("operationId")))
	}
	uri := inputs.Get("uri")
	s.holder().Call(inputs.Get("method").Str(), uri.Str(), artifact.At(uri, p.Key("uri")))
}

func (s *step) holder() export.Holder {
	return export.Holder{Facts: s.fl.f, Node: s.part, Template: isExpression}
}

// isExpression reports whether the language computes the value: @parameters('x'), a @{...} b, and ARM's [...].
func isExpression(t string) bool {
	return strings.HasPrefix(t, "@") || strings.Contains(t, "@{") || strings.HasPrefix(t, "[") || strings.Contains(t, "{{")
}

var connectionName = lazy.New(`\$connections'\)\['([^']+)'\]`)

// connection reads the name under which the action logs in, in each of its forms.
func (s *step) connection() {
	inputs, p := s.n.Get("inputs"), s.path.Key("inputs")
	host, hostAt := inputs.Get("host"), p.Key("host")
	api := host.Get("apiId").Str()
	if n := host.Get("connectionName"); n.Str() != "" {
		s.refer(n, hostAt.Key("connectionName"), n.Str(), api)
		return
	}
	if n := host.Get("connection", "referenceName"); n.Str() != "" {
		s.refer(n, hostAt.Key("connection").Key("referenceName"), n.Str(), api)
		return
	}
	if n := host.Get("connection", "name"); n.Str() != "" {
		if m := connectionName.FindStringSubmatch(n.Str()); m != nil {
			s.refer(n, hostAt.Key("connection").Key("name"), m[1], api)
		}
		return
	}
	config := inputs.Get("serviceProviderConfiguration")
	if n := config.Get("connectionName"); n.Str() != "" {
		s.refer(n, p.Key("serviceProviderConfiguration").Key("connectionName"), n.Str(), config.Get("serviceProviderId").Str())
	}
}

// refer adds the reference to a connection by its key in the flow's list of connections.
func (s *step) refer(n *tree.Node, p tree.Path, key, api string) {
	f, at := s.fl.f, artifact.At(n, p)
	ref, described := s.fl.connectionOf(key)
	if api == "" {
		api = described
	}
	if api == "" {
		api = key
	}
	slot := f.Slot(ref, at)
	f.Edge(inventory.Reads, s.part, slot, s.fl.store+"-connection", inventory.Certain, at)
	f.Attr(slot, inventory.AttrType, path.Base(api), "", at)
	if id, ok := provider.ServiceOfNode(s.fl.store, api); ok {
		f.Service(slot, id, "connector", inventory.Certain, at)
		f.Service(s.part, id, "connector", inventory.Certain, at)
	}
}

// connectionOf resolves a key: to the logical name that a solution binds, to the name of a connection, or to
// nothing but the key in this very flow. It returns the API too.
func (fl *flow) connectionOf(key string) (ref inventory.SlotRef, api string) {
	ref = inventory.SlotRef{Store: fl.store, Scope: fl.scope, Name: key}
	c := fl.references.Get(key)
	for _, n := range []*tree.Node{c.Get("api", "name"), c.Get("api", "id"), c.Get("id")} {
		if n.Str() != "" && api == "" {
			api = n.Str()
		}
	}
	for _, n := range []*tree.Node{
		c.Get("connection", "connectionReferenceLogicalName"), c.Get("connectionReferenceLogicalName"), c.Get("connectionName"),
		c.Get("connection", "id"), c.Get("connectionId"), c.Get("connection", "name"),
	} {
		if t := n.Str(); t != "" && !isExpression(t) && path.Base(t) != "/" {
			ref.Name = path.Base(t)
			return ref, api
		}
	}
	if fl.store == Flow {
		ref.Name = fl.f.Artifact.Path + "#" + key
	}
	return ref, api
}

func (s *step) subFlow() {
	host, p := s.n.Get("inputs", "host"), s.path.Key("inputs").Key("host")
	n, at := host.Get("workflowReferenceName"), p.Key("workflowReferenceName")
	if n.Str() == "" {
		n, at = host.Get("workflow", "id"), p.Key("workflow").Key("id")
	}
	id := n.Str()
	if m := armName.FindStringSubmatch(id); m != nil {
		id = literal(s.fl.f.Artifact, "[parameters('"+m[1]+"')]")
	} else if isExpression(id) {
		return
	}
	if id != "" {
		s.fl.f.Edge(inventory.Runs, s.part, s.fl.callee(id), s.fl.store+"-workflow", inventory.High, artifact.At(n, at))
	}
}

var armName = lazy.New(`^\[resourceId\('Microsoft\.Logic/workflows',\s*parameters\('([^']+)'\)\)\]$`)

// literals reads what the action sends, and the references in it.
func (s *step) literals() {
	h := s.holder()
	inputs, p := s.n.Get("inputs"), s.path.Key("inputs")
	auth := inputs.Get("authentication")
	for _, field := range []string{"password", "secret", "pfx", "value", "key"} {
		if v := auth.Get(field); v.IsString() {
			h.Sure(field, v.Value, artifact.At(v, p.Key("authentication").Key(field)))
		}
	}
	for _, e := range inputs.Entries() {
		at := p.Key(e.Key)
		switch e.Key {
		case "host", "authentication", "schema", "serviceProviderConfiguration":
		case "headers", "queries":
			h.Pairs(e.Value, at)
		case "uri", "url":
			h.Value(e.Key, e.Value, at)
		case "code":
			h.Code("javascript", e.Value, at, inventory.SlotRef{})
		default:
			h.Leaves(e.Key, e.Value, at)
		}
	}
	if inputs.IsString() {
		h.Text(inputs.Value, artifact.At(inputs, p))
	}
	inputs.Walk(p, func(at tree.Path, n *tree.Node) bool {
		s.references(n, at)
		return true
	})
}

var (
	appSetting    = lazy.New(`(?i)\bappsetting\('([^']{1,200})'\)`)
	flowParameter = lazy.New(`\bparameters\('([^'$][^']{0,200})'\)`)
	schemaName    = lazy.New(`\(([A-Za-z0-9]+_[A-Za-z0-9_]+)\)$`)
)

// references reads @appsetting('X'), which may stand for a secret of a vault, and @parameters('X'): an environment
// variable of Dataverse, or a parameter whose name suggests a credential.
func (s *step) references(n *tree.Node, p tree.Path) {
	if !n.IsString() || !strings.Contains(n.Value, "'") {
		return
	}
	at, h := artifact.At(n, p), s.holder()
	for _, m := range appSetting.FindAllStringSubmatch(n.Value, -1) {
		h.Reads(s.fl.f.Slot(appSettingRef(s.fl.scope, m[1]), at), "appsetting", inventory.Certain, at)
	}
	for _, m := range flowParameter.FindAllStringSubmatch(n.Value, -1) {
		if ref, ok := s.fl.parameter(m[1]); ok {
			h.Reads(s.fl.f.Slot(ref, at), "parameter", inventory.Certain, at)
		}
	}
}

func appSettingRef(scope, name string) inventory.SlotRef {
	return inventory.SlotRef{Store: "azure-appsetting", Scope: scope, Name: name}
}

func (fl *flow) parameter(name string) (inventory.SlotRef, bool) {
	if m := schemaName.FindStringSubmatch(name); m != nil && fl.store == Flow {
		return inventory.SlotRef{Store: "dataverse-env", Scope: fl.scope, Name: m[1]}, true
	}
	kind := strings.ToLower(fl.definition.Get("parameters", name, "type").Str())
	if strings.HasPrefix(kind, "secure") || export.Suggests(name) && !strings.Contains(strings.ToLower(name), "connections") {
		return inventory.SlotRef{Store: fl.store + "-parameter", Scope: fl.scope, Name: name}, true
	}
	return inventory.SlotRef{}, false
}
