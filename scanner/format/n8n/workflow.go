package n8n

import (
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
)

// maxInlined bounds workflows that hold workflows.
const maxInlined = 5

// workflow is one workflow while it is read.
type workflow struct {
	f       *artifact.Facts
	root    *tree.Node
	path    tree.Path
	id      string // of the automation; of the part that holds it when the workflow stands inside a node
	scope   string // of its credentials: the instance, else the source
	zone    string // time zone of its schedules, "" unknown
	inlined int
	idle    bool              // it stands inside a node that is switched off
	parts   map[string]string // node name -> part
	used    map[string]bool   // part keys that are taken
}

func newWorkflow(f *artifact.Facts, o export.Object, several bool) *workflow {
	w := &workflow{f: f, root: o.Node, path: o.Path, scope: f.Artifact.Source}
	name, at := o.Node.Get("name").Str(), artifact.At(o.Node, o.Path)
	if name == "" {
		name = strings.TrimSuffix(f.Artifact.Base(), ".json")
	}
	name = export.Label(name)
	switch id := o.Node.Get("id").Str(); {
	case id != "":
		w.id = f.AutomationID(automationID(f, id), name, at)
	case several:
		w.id = f.Automation(string(o.Path), name, at)
	default:
		w.id = f.Automation("", name, at)
	}
	if instance := o.Node.Get("meta", "instanceId").Str(); isInstance(instance) {
		w.scope = instance
	}
	w.zone = o.Node.Get("settings", "timezone").Str()
	return w
}

// isInstance reports whether a text is the id of an instance: a hash in hex. Scripts that write workflows put their version
// or the name of a template there.
func isInstance(id string) bool {
	for _, c := range []byte(id) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return len(id) >= 8
}

// automationID returns the id of a workflow by n8n's own id. Ids are those of an instance; a source is taken to
// hold the workflows of one.
func automationID(f *artifact.Facts, id string) string {
	return inventory.FileID(Platform, f.Artifact.Source, id)
}

func (w *workflow) read() {
	w.state()
	w.tags()
	n := w.root.Get("description")
	export.Purpose(w.f, w.id, n.Str(), artifact.At(n, w.path.Key("description")))
	w.owner()
	w.errorFlow()
	w.f.Attr(w.id, inventory.AttrNeeds, "next run", "", artifact.At(w.root, w.path))
	w.nodes()
	w.data()
}

// state says whether the workflow is switched on. What the export leaves out stays unknown.
func (w *workflow) state() {
	say := func(n *tree.Node, key, value, detail string) {
		w.f.Attr(w.id, inventory.AttrActive, value, detail, artifact.At(n, w.path.Key(key)))
	}
	active, version := w.root.Get("active"), w.root.Get("activeVersionId")
	switch archived := w.root.Get("isArchived"); {
	case archived.Str() == "true":
		say(archived, "isArchived", "false", "archived")
	case active.Str() == "true" || active.Str() == "false":
		say(active, "active", active.Str(), "")
	case version.Str() != "":
		say(version, "activeVersionId", "true", "")
	}
}

func (w *workflow) tags() {
	at := w.path.Key("tags")
	for i, tag := range w.root.Get("tags").List() {
		name := tag
		if tag.IsMap() {
			name = tag.Get("name")
		}
		if name.Str() != "" {
			w.f.Attr(w.id, inventory.AttrTag, name.Str(), "", artifact.At(name, at.Index(i)))
		}
	}
}

// owner reads the project that owns the workflow. The name of a personal project ends with its owner's mail
// address, which is left out.
func (w *workflow) owner() {
	say := func(n *tree.Node, at tree.Path) {
		name, _, _ := strings.Cut(n.Str(), "<")
		if name = strings.TrimSpace(name); name != "" && !strings.Contains(name, "@") {
			w.f.Owner(w.id, name, "n8n-project", inventory.Certain, artifact.At(n, at))
		}
	}
	at := w.path.Key("shared")
	for i, s := range w.root.Get("shared").List() {
		if s.Get("role").Str() == "workflow:owner" {
			say(s.Get("project", "name"), at.Index(i).Key("project").Key("name"))
		}
	}
	say(w.root.Get("homeProject", "name"), w.path.Key("homeProject").Key("name"))
}

// errorFlow says that the workflow for errors is started by this one.
func (w *workflow) errorFlow() {
	n := w.root.Get("settings", "errorWorkflow")
	if id := n.Str(); plainID(id) {
		at := artifact.At(n, w.path.Key("settings").Key("errorWorkflow"))
		w.f.Edge(inventory.TriggeredBy, automationID(w.f, id), w.id, "n8n-error-workflow", inventory.High, at)
	}
}

// plainID reports whether a text is an id, rather than an expression or a placeholder.
func plainID(id string) bool {
	return id != "" && len(id) <= 64 && !strings.HasPrefix(id, "=") && !strings.ContainsAny(id, "{}<>$ \"'\\/#") && !placeholder(id)
}

func placeholder(s string) bool {
	s = strings.ToUpper(s)
	for _, word := range []string{"YOUR", "PLACEHOLDER", "REPLACE", "CREDENTIAL", "CHANGE_ME", "XXXX", "EXAMPLE_ID"} {
		if strings.Contains(s, word) {
			return true
		}
	}
	return false
}

func (w *workflow) nodes() {
	list, at := key(w.root, "nodes"), w.path.Key("nodes")
	w.parts, w.used = make(map[string]string, len(list.List())), make(map[string]bool, len(list.List()))
	var spans []artifact.Span
	for i, n := range list.List() {
		if !n.Get("type").IsString() {
			continue
		}
		s := w.step(n, at.Index(i), i)
		s.read()
		if s.part != "" {
			spans = append(spans, artifact.Span{Node: s.part, First: n.Line, Last: export.LastLine(n)})
		}
	}
	export.Cover(w.f, spans)
}

// data reads what n8n keeps beside the nodes: pinned test data and the memory of past runs. Both hold real
// payloads.
func (w *workflow) data() {
	for _, pin := range w.root.Get("pinData").Entries() {
		w.holder(w.parts[pin.Key]).Leaves("", pin.Value, w.path.Key("pinData").Key(pin.Key))
	}
	static, at := w.root.Get("staticData"), w.path.Key("staticData")
	if inner := export.Inner(w.f.Artifact, static); inner != nil {
		static = inner
	}
	w.holder("").Leaves("", static, at)
}

// holder returns the reader of literals of a part, or of the workflow itself.
func (w *workflow) holder(part string) export.Holder {
	if part == "" {
		part = w.id
	}
	return export.Holder{Facts: w.f, Node: part, Idle: w.idle, Template: isExpression}
}

// isExpression reports whether n8n computes the value.
func isExpression(s string) bool {
	return strings.Contains(s, "{{") || strings.Contains(s, "$(") || strings.Contains(s, "${") || strings.HasPrefix(s, "$")
}

// partKey returns a key for a node that is unique in its workflow: its name, as n8n's own connections use it.
func (w *workflow) partKey(n *tree.Node, i int) string {
	key := n.Get("name").Str()
	if key == "" || len(key) > 200 || w.used[key] {
		key = "nodes[" + strconv.Itoa(i) + "]"
	}
	w.used[key] = true
	return key
}
