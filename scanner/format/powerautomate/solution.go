package powerautomate

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/provider"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
)

const solutionDoc = "https://learn.microsoft.com/power-platform/alm/solution-concepts-alm"

// Solution is the row of a solution's customizations.xml: names and states of its flows, and its connection
// references.
func Solution() artifact.Format {
	return artifact.Format{
		ID: "power-automate-solution", Title: "Power Platform solution", Doc: solutionDoc,
		Match: func(a *artifact.Artifact) bool {
			return export.LooksLikeXML(a) && a.Has("<ImportExportXml") &&
				(a.Has("<Workflow ") || a.Has("<connectionreference "))
		},
		Parse: parseSolution,
	}
}

func parseSolution(a *artifact.Artifact, f *artifact.Facts) error {
	root, err := export.XML(a)
	if err != nil {
		return err
	}
	x, p := root.Get("ImportExportXml"), tree.Path("ImportExportXml")
	for i, w := range x.Get("Workflows", "Workflow").List() {
		solutionFlow(f, w, p.Key("Workflows").Key("Workflow").Index(i))
	}
	for i, c := range x.Get("connectionreferences", "connectionreference").List() {
		solutionConnection(f, c, p.Key("connectionreferences").Key("connectionreference").Index(i))
	}
	return nil
}

// modernFlow is the category of a cloud flow; others are classic workflows, business rules and dialogs.
const modernFlow = "5"

func solutionFlow(f *artifact.Facts, w *tree.Node, p tree.Path) {
	id := strings.Trim(w.Get("@WorkflowId").Str(), "{}")
	if category := w.Get("Category").Str(); id == "" || category != "" && category != modernFlow {
		return
	}
	at := artifact.At(w, p)
	auto := f.Node(inventory.Automation, flowID(f, id), export.Label(w.Get("@Name").Str()), at)
	f.Attr(auto, inventory.AttrPlatform, Flow, "", at)
	state := w.Get("StateCode")
	switch state.Str() {
	case "1":
		f.Attr(auto, inventory.AttrActive, "true", "", artifact.At(state, p.Key("StateCode")))
	case "0", "2":
		f.Attr(auto, inventory.AttrActive, "false", "", artifact.At(state, p.Key("StateCode")))
	}
}

func solutionConnection(f *artifact.Facts, c *tree.Node, p tree.Path) {
	name, api := c.Get("@connectionreferencelogicalname").Str(), c.Get("connectorid").Str()
	if name == "" {
		return
	}
	at := artifact.At(c, p)
	slot := f.Slot(inventory.SlotRef{Store: Flow, Scope: f.Artifact.Source, Name: name}, at)
	f.Defined(slot, inventory.DefinedOutside, at)
	f.Attr(slot, inventory.AttrType, path.Base(api), "", at)
	if label := c.Get("connectionreferencedisplayname").Str(); label != "" {
		f.Attr(slot, inventory.AttrAlias, export.Label(label), "", at)
	}
	if id, ok := provider.ServiceOfNode(Flow, api); ok {
		f.Service(slot, id, "connector", inventory.Certain, at)
	}
}

// Variable is the row of an environment variable of a solution: its definition, or its value.
func Variable() artifact.Format {
	return artifact.Format{
		ID: "power-automate-variable", Title: "Power Platform environment variable", Doc: solutionDoc,
		Match: func(a *artifact.Artifact) bool {
			return export.LooksLikeXML(a) && a.Has("<environmentvariabledefinition ") || isValues(a)
		},
		Parse: parseVariable,
	}
}

func isValues(a *artifact.Artifact) bool {
	return a.LooksLikeJSON() && len(a.Content) < 1<<20 && a.Has(`"environmentvariablevalue`) &&
		export.Holds(a, func(n *tree.Node) bool { return n.Get("environmentvariablevalues", "environmentvariablevalue") != nil })
}

// parseVariable reads the default or the present value. A definition and its value lie in one folder, which has
// the variable's name.
func parseVariable(a *artifact.Artifact, f *artifact.Facts) error {
	if a.LooksLikeJSON() {
		for _, d := range a.Documents() {
			v := d.Root.Get("environmentvariablevalues", "environmentvariablevalue", "value")
			p := tree.Path("environmentvariablevalues.environmentvariablevalue.value")
			variable(f, path.Base(a.Dir()), v, p)
		}
		return nil
	}
	root, err := export.XML(a)
	if err != nil {
		return err
	}
	for i, d := range append(root.Get("environmentvariabledefinition").List(), root.Get("environmentvariabledefinitions", "environmentvariabledefinition").List()...) {
		variable(f, d.Get("@schemaname").Str(), d.Get("defaultvalue"), tree.Path("environmentvariabledefinition").Index(i).Key("defaultvalue"))
	}
	return nil
}

func variable(f *artifact.Facts, name string, value *tree.Node, p tree.Path) {
	if name == "" || name == "." {
		return
	}
	at := artifact.At(value, p)
	slot := f.Slot(inventory.SlotRef{Store: "dataverse-env", Scope: f.Artifact.Source, Name: name}, at)
	f.Defined(slot, inventory.DefinedInScan, at)
	f.Literal(slot, name, value.Str(), at)
}
