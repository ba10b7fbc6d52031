// Package powerautomate reads flows of Power Automate (solutions, legacy packages, gallery templates) and of Azure
// Logic Apps (ARM templates, the Azure CLI's answer, projects of the Standard edition). Both have one language of
// definitions: triggers, and a tree of actions that log in through named connections.
//
// A solution's own parts join by id: customizations.xml says the name and state of the flow whose id the file name
// of its definition carries.
package powerautomate

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// The ids of the rows, which are also the stores of their connections.
const (
	Flow      = "power-automate"
	LogicApps = "logic-apps"
)

// Flows is the row of Power Automate flows.
func Flows() artifact.Format {
	return artifact.Format{
		ID: Flow, Title: "Power Automate flow", Doc: "https://learn.microsoft.com/power-automate/export-flow-solution",
		Match: func(a *artifact.Artifact) bool {
			return definitionText(a) && a.Has(`"properties"`) && export.Holds(a, isFlow)
		},
		Parse: parseFlows,
	}
}

// Workflows is the row of Logic Apps workflows.
func Workflows() artifact.Format {
	return artifact.Format{
		ID: LogicApps, Title: "Azure Logic Apps workflow", Doc: "https://learn.microsoft.com/azure/logic-apps/logic-apps-workflow-definition-language",
		Match: func(a *artifact.Artifact) bool {
			return definitionText(a) && !export.Holds(a, isFlow) && export.Holds(a, isWorkflow, "resources", "properties", "template")
		},
		Parse: parseWorkflows,
	}
}

func definitionText(a *artifact.Artifact) bool {
	return a.LooksLikeJSON() && a.Has(`"definition"`) && a.Has(`"triggers"`)
}

// isFlow recognises a flow by its definition below properties, with connection references or the schema of the
// language; an ARM resource says by its type that it is a logic app.
func isFlow(n *tree.Node) bool {
	p := n.Get("properties")
	if strings.EqualFold(n.Get("type").Str(), armType) || !p.Get("definition").IsMap() {
		return false
	}
	return p.Get("connectionReferences") != nil || logicSchema(p.Get("definition"))
}

const armType = "Microsoft.Logic/workflows"

// isWorkflow recognises a logic app: an ARM resource, or an object with a definition of the language's schema.
func isWorkflow(n *tree.Node) bool {
	if strings.EqualFold(n.Get("type").Str(), armType) {
		return n.Get("properties", "definition").IsMap() || n.Get("definition").IsMap()
	}
	return logicSchema(n.Get("definition"))
}

func logicSchema(definition *tree.Node) bool {
	return strings.Contains(definition.Get("$schema").Str(), "Microsoft.Logic/schemas") && definition.Get("triggers").IsMap()
}

// flow is one flow while it is read.
type flow struct {
	f          *artifact.Facts
	store      string
	scope      string // of its connections
	id         string
	definition *tree.Node
	path       tree.Path // of the definition
	references *tree.Node
	refsPath   tree.Path
	callee     func(id string) string // id of an automation that an action starts
}

var guid = lazy.New(`(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

func parseFlows(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isFlow)
	for _, o := range objects {
		p := o.Node.Get("properties")
		fl := &flow{
			f: f, store: Flow, scope: a.Source, definition: p.Get("definition"), path: o.Path.Key("properties").Key("definition"),
			references: p.Get("connectionReferences"), refsPath: o.Path.Key("properties").Key("connectionReferences"),
			callee: func(id string) string { return flowID(f, id) },
		}
		fl.register(o, flowGUID(a, o.Node), p.Get("displayName").Str())
		fl.state(p.Get("state"), o.Path.Key("properties").Key("state"))
		d := p.Get("description")
		export.Purpose(f, fl.id, d.Str(), artifact.At(d, o.Path.Key("properties").Key("description")))
		fl.read()
	}
	return err
}

func flowID(f *artifact.Facts, id string) string {
	return inventory.FileID(Flow, f.Artifact.Source, strings.ToLower(id))
}

// flowGUID finds the id of a flow: its name in a legacy package, the end of its file's name in a solution.
func flowGUID(a *artifact.Artifact, n *tree.Node) string {
	if name := n.Get("name").Str(); name != "" && guid.FindString(name) == name {
		return name
	}
	if n.Get("name") == nil {
		return guid.FindString(a.Base())
	}
	return ""
}

func (fl *flow) register(o export.Object, id, name string) {
	at := artifact.At(o.Node, o.Path)
	if name == "" {
		name = fl.f.Artifact.Base()
		if i := guid.FindStringIndex(name); i != nil && i[0] > 1 {
			name = name[:i[0]-1]
		}
		name = strings.TrimSuffix(name, ".json")
	}
	switch {
	case id != "":
		fl.id = fl.f.AutomationID(flowID(fl.f, id), export.Label(name), at)
	case o.Path != "":
		fl.id = fl.f.Automation(string(o.Path), export.Label(name), at)
	default:
		fl.id = fl.f.Automation("", export.Label(name), at)
	}
}

func (fl *flow) state(n *tree.Node, p tree.Path) {
	switch strings.ToLower(n.Str()) {
	case "enabled", "started":
		fl.f.Attr(fl.id, inventory.AttrActive, "true", "", artifact.At(n, p))
	case "disabled", "stopped", "suspended":
		fl.f.Attr(fl.id, inventory.AttrActive, "false", "", artifact.At(n, p))
	}
}

func parseWorkflows(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isWorkflow, "resources", "properties", "template")
	for _, o := range objects {
		readWorkflow(a, f, o)
	}
	return err
}

func readWorkflow(a *artifact.Artifact, f *artifact.Facts, o export.Object) {
	holder, p := o.Node, o.Path
	if inner := o.Node.Get("properties"); inner.Get("definition").IsMap() {
		holder, p = inner, o.Path.Key("properties")
	}
	fl := &flow{
		f: f, store: LogicApps, scope: a.Source, definition: holder.Get("definition"), path: p.Key("definition"),
		callee: func(id string) string { return inventory.FileID(LogicApps, a.Source, path.Base(id)) },
	}
	fl.references, fl.refsPath = holder.Get("parameters", "$connections", "value"), p.Key("parameters").Key("$connections").Key("value")
	if c := holder.Get("$connections", "value"); c != nil {
		fl.references, fl.refsPath = c, p.Key("$connections").Key("value")
	}
	at := artifact.At(o.Node, o.Path)
	name := literal(a, o.Node.Get("name").Str())
	switch {
	case name != "":
		fl.id = f.AutomationID(inventory.FileID(LogicApps, a.Source, name), name, at)
	case a.Base() == "workflow.json" && a.Dir() != "":
		app := path.Dir(a.Dir())
		fl.scope = path.Join(a.Source, app)
		fl.id = f.AutomationID(inventory.FileID(LogicApps, a.Source, a.Dir()), path.Base(a.Dir()), at)
		fl.callee = func(id string) string { return inventory.FileID(LogicApps, a.Source, path.Join(app, path.Base(id))) }
	case o.Path != "":
		fl.id = f.Automation(string(o.Path), a.Base(), at)
	default:
		fl.id = f.Automation("", strings.TrimSuffix(a.Base(), ".json"), at)
	}
	fl.state(holder.Get("state"), p.Key("state"))
	fl.read()
}

var armParameter = lazy.New(`^\[parameters\('([^']+)'\)\]$`)

// literal returns a resource's name; one that is a parameter has the parameter's default, or the parameter's own
// name in brackets.
func literal(a *artifact.Artifact, name string) string {
	if m := armParameter.FindStringSubmatch(name); m != nil {
		for _, d := range a.Documents() {
			name = d.Root.Get("parameters", m[1], "defaultValue").Str()
		}
		if name == "" || strings.HasPrefix(name, "[") {
			return "[" + m[1] + "]"
		}
	}
	if strings.HasPrefix(name, "[") {
		return ""
	}
	return name
}
