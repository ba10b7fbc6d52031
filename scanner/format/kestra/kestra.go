// Package kestra reads Kestra flows: tasks, their secrets, and what triggers them.
package kestra

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/provider"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Platform is the id of the row, and the store of Kestra's secrets. A flow sees the secrets of its namespace and of
// those above it; the source is taken to be one instance.
const Platform = "kestra"

// Format is the row of flows, and of files with defaults for plugins.
func Format() artifact.Format {
	return artifact.Format{
		ID: Platform, Title: "Kestra flow", Doc: "https://kestra.io/docs/workflow-components/flow",
		Match: func(a *artifact.Artifact) bool {
			return a.MayBeYAML() && a.HasKey("type") &&
				(a.Has("namespace:") || a.Has("io.kestra.")) &&
				export.Holds(a, func(n *tree.Node) bool { return isFlow(n) || isDefaults(n) })
		},
		Parse: parse,
	}
}

// isFlow recognises an id, a namespace and a list of tasks that have an id and a type.
func isFlow(n *tree.Node) bool {
	tasks := n.Get("tasks")
	if n.Get("id").Str() == "" || n.Get("namespace").Str() == "" || !tasks.IsSeq() || len(tasks.Items) == 0 {
		return false
	}
	for _, t := range tasks.Items {
		if t.Get("id") == nil || !strings.Contains(t.Get("type").Str(), ".") {
			return false
		}
	}
	return true
}

// isDefaults recognises a list of plugin types with values.
func isDefaults(n *tree.Node) bool {
	if !n.IsSeq() || len(n.Items) == 0 {
		return false
	}
	for _, d := range n.Items {
		if !strings.HasPrefix(d.Get("type").Str(), "io.kestra.") || !d.Get("values").IsMap() {
			return false
		}
	}
	return true
}

func parse(a *artifact.Artifact, f *artifact.Facts) error {
	defaults, err := export.Unwrap(a, isDefaults)
	for _, o := range defaults {
		read(f, export.Holder{Facts: f, Template: isTemplate}, o.Node, o.Path)
	}
	if err != nil {
		return err
	}
	objects, err := export.Unwrap(a, isFlow)
	for _, o := range objects {
		readFlow(f, o)
	}
	return err
}

func flowID(f *artifact.Facts, namespace, id string) string {
	return inventory.FileID(Platform, f.Artifact.Source, namespace+"/"+id)
}

// flow is one flow while it is read.
type flow struct {
	f         *artifact.Facts
	id        string
	namespace string
	used      map[string]bool
}

func readFlow(f *artifact.Facts, o export.Object) {
	n, at := o.Node, artifact.At(o.Node, o.Path)
	fl := &flow{f: f, namespace: n.Get("namespace").Str(), used: map[string]bool{}}
	fl.id = f.AutomationID(flowID(f, fl.namespace, n.Get("id").Str()), n.Get("id").Str(), at)
	f.Attr(fl.id, inventory.AttrNeeds, "next run", "", at)
	f.Attr(fl.id, inventory.AttrEndpoint, "/kestra/"+fl.namespace+"/"+n.Get("id").Str(), "", at)
	f.Attr(fl.id, inventory.AttrNamespace, fl.namespace, "", artifact.At(n.Get("namespace"), o.Path.Key("namespace")))
	if off := n.Get("disabled"); off.Str() == "true" {
		f.Attr(fl.id, inventory.AttrActive, "false", "", artifact.At(off, o.Path.Key("disabled")))
	}
	export.Purpose(f, fl.id, n.Get("description").Str(), artifact.At(n.Get("description"), o.Path.Key("description")))
	fl.labels(n.Get("labels"), o.Path.Key("labels"))
	fl.triggers(n.Get("triggers"), o.Path.Key("triggers"))
	for _, key := range taskKeys {
		fl.tasks(n.Get(key), o.Path.Key(key), 0)
	}
	for _, key := range []string{"variables", "pluginDefaults", "taskDefaults"} {
		read(f, export.Holder{Facts: f, Node: fl.id, Template: isTemplate}, n.Get(key), o.Path.Key(key))
	}
}

func (fl *flow) labels(n *tree.Node, p tree.Path) {
	label := func(key string, v *tree.Node, at tree.Path) {
		if v.Str() == "" {
			return
		}
		if k := strings.ToLower(key); k == "owner" || k == "team" {
			fl.f.Owner(fl.id, export.Person(v.Str()), "kestra-label", inventory.Certain, artifact.At(v, at))
		}
		fl.f.Attr(fl.id, inventory.AttrTag, key+"="+export.Label(v.Str()), "", artifact.At(v, at))
	}
	for _, e := range n.Entries() {
		label(e.Key, e.Value, p.Key(e.Key))
	}
	if n.IsSeq() {
		for i, item := range n.Items {
			label(item.Get("key").Str(), item.Get("value"), p.Index(i))
		}
	}
}

func (fl *flow) triggers(n *tree.Node, p tree.Path) {
	for i, t := range n.List() {
		at, kind := p.Index(i), t.Get("type").Str()
		if t.Get("disabled").Str() == "true" {
			continue
		}
		place := artifact.At(t, at)
		switch short := kind[strings.LastIndexByte(kind, '.')+1:]; short {
		case "":
			continue
		case "Schedule":
			if cron := t.Get("cron").Str(); cron != "" {
				fl.f.Attr(fl.id, inventory.AttrSchedule, cron, t.Get("timezone").Str(), place)
			}
		case "Flow":
			fl.upstream(t, at)
		case "Webhook":
			fl.f.Attr(fl.id, inventory.AttrTrigger, "webhook", "", place)
			key := t.Get("key")
			export.Holder{Facts: fl.f, Node: fl.id, Template: isTemplate}.Sure("key", key.Str(), artifact.At(key, at.Key("key")))
		default:
			fl.f.Attr(fl.id, inventory.AttrTrigger, short, "", place)
		}
		read(fl.f, export.Holder{Facts: fl.f, Node: fl.id, Template: isTemplate}, t, at)
	}
}

// upstream reads which flows start this one when they end.
func (fl *flow) upstream(t *tree.Node, p tree.Path) {
	t.Walk(p, func(at tree.Path, n *tree.Node) bool {
		if id := n.Get("flowId").Str(); id != "" {
			namespace := n.Get("namespace").Str()
			if namespace == "" {
				namespace = fl.namespace
			}
			fl.f.Edge(inventory.TriggeredBy, fl.id, flowID(fl.f, namespace, id), "kestra-flow-trigger", inventory.High, artifact.At(n, at))
		}
		return true
	})
}

// taskKeys are the keys below which a flow or a task holds tasks.
var taskKeys = []string{"tasks", "errors", "finally", "afterExecution", "then", "else", "listeners"}

// maxNested bounds tasks within tasks.
const maxNested = 50

func (fl *flow) tasks(list *tree.Node, p tree.Path, depth int) {
	if depth > maxNested || !list.IsSeq() {
		return
	}
	for i, t := range list.Items {
		at := p.Index(i)
		if t.Get("type").Str() == "" {
			if inner := t.Get("task"); inner != nil { // a step of a DAG of tasks
				fl.tasks(&tree.Node{Kind: tree.Seq, Items: []*tree.Node{inner}}, at.Key("task"), depth+1)
			}
			continue
		}
		fl.task(t, at)
		for _, key := range taskKeys {
			fl.tasks(t.Get(key), at.Key(key), depth+1)
		}
		for _, c := range t.Get("cases").Entries() {
			fl.tasks(c.Value, at.Key("cases").Key(c.Key), depth+1)
		}
	}
}

func (fl *flow) task(t *tree.Node, p tree.Path) {
	f, kind := fl.f, t.Get("type").Str()
	key := t.Get("id").Str()
	if key == "" || fl.used[key] {
		key = string(p)
	}
	fl.used[key] = true
	part := f.Part(fl.id, key, t.Get("id").Str(), "task", artifact.At(t, p))
	h := export.Holder{Facts: f, Node: part, Idle: t.Get("disabled").Str() == "true", Template: isTemplate}
	if h.Idle {
		f.Attr(part, inventory.AttrActive, "false", "", artifact.At(t, p))
	}
	if id, ok := provider.ServiceOfNode(Platform, kind); ok {
		f.Service(part, id, "kestra-plugin", inventory.Certain, artifact.At(t.Get("type"), p.Key("type")))
	}
	if id := t.Get("flowId").Str(); id != "" && !isTemplate(id) && !h.Idle {
		f.Edge(inventory.Runs, part, flowID(f, t.Get("namespace").Str(), id), "kestra-subflow", inventory.High, artifact.At(t.Get("flowId"), p.Key("flowId")))
	}
	nested := false
	for _, e := range t.Entries() {
		if contains(taskKeys, e.Key) || e.Key == "cases" {
			nested = true
			continue
		}
		read(f, h, &tree.Node{Kind: tree.Map, Pairs: []tree.Pair{e}}, p)
	}
	if !nested {
		f.Cover(part, t.Line, export.LastLine(t))
	}
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}

func isTemplate(s string) bool { return strings.Contains(s, "{{") || strings.Contains(s, "{%") }

var reference = lazy.New(`\b(secret|kv|envs)(?:\(\s*(?:key\s*=\s*)?["']([^"'\n]{1,200})["']|\.([A-Za-z_]\w*))`)

// read reads the secrets, stored values, variables and literals below n.
func read(f *artifact.Facts, h export.Holder, n *tree.Node, p tree.Path) {
	n.Walk(p, func(at tree.Path, c *tree.Node) bool {
		if !c.IsString() || !strings.Contains(c.Value, "{") {
			return true
		}
		for _, m := range reference.FindAllStringSubmatch(c.Value, 100) {
			store := map[string]string{"secret": Platform, "kv": "kestra-kv", "envs": "kestra-env"}[m[1]]
			if name := m[2] + m[3]; (m[1] == "envs") == (m[3] != "") {
				place := artifact.At(c, at)
				h.Reads(f.Slot(inventory.SlotRef{Store: store, Scope: f.Artifact.Source, Name: name}, place), "kestra-"+m[1], inventory.Certain, place)
			}
		}
		return true
	})
	h.Secrets(n, p)
	for _, e := range n.Entries() {
		switch e.Key {
		case "script", "commands", "beforeCommands":
			for i, line := range e.Value.List() {
				h.Code("shell", line, p.Key(e.Key).Index(i), inventory.SlotRef{})
			}
		case "headers":
			h.Pairs(e.Value, p.Key(e.Key))
		}
	}
}
