// Package pipedream reads the workflows that Pipedream keeps in a repository: workflow.yaml with its steps, and the
// components that they use. Which account a step logs in with is chosen in the editor: the export names the app.
//
// Shapes: workflows of public repositories with schema workflow/2022.04, and pipedream.com/docs/components.
package pipedream

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

// Platform is the id of the row of workflows, and the store of Pipedream's accounts.
const Platform = "pipedream"

// Workflows is the row of workflow files.
func Workflows() artifact.Format {
	return artifact.Format{
		ID: Platform, Title: "Pipedream workflow", Doc: "https://pipedream.com/docs/projects/git",
		Match: func(a *artifact.Artifact) bool {
			return a.MayBeYAML() && a.HasKey("schema") && a.Has("workflow/2") && a.HasKey("steps") && export.Holds(a, isWorkflow)
		},
		Parse: parseWorkflow,
	}
}

// Components is the row of component code.
func Components() artifact.Format {
	return artifact.Format{
		ID: "pipedream-component", Title: "Pipedream component", Doc: "https://pipedream.com/docs/components/api",
		Match: func(a *artifact.Artifact) bool {
			return a.Has("$auth") && (a.Has("defineComponent") || a.Has("type:") && (a.Has(`"app"`) || a.Has("'app'"))) && component.Match(a.Content)
		},
		Parse: parseComponent,
	}
}

func isWorkflow(n *tree.Node) bool {
	return strings.HasPrefix(n.Get("schema").Str(), "workflow/") && (n.Get("steps").IsSeq() || n.Get("triggers").IsSeq())
}

func parseWorkflow(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isWorkflow)
	for _, o := range objects {
		n, at := o.Node, artifact.At(o.Node, o.Path)
		name := export.Label(n.Get("name").Str())
		if name == "" {
			name = path.Base(a.Dir())
		}
		id := f.Automation("", name, at)
		f.Attr(id, inventory.AttrNeeds, "next run", "", at)
		export.Purpose(f, id, n.Get("description").Str(), artifact.At(n.Get("description"), o.Path.Key("description")))
		for i, t := range n.Get("triggers").List() {
			trigger(f, id, t, o.Path.Key("triggers").Index(i))
		}
		for i, s := range n.Get("steps").List() {
			step(f, id, s, o.Path.Key("steps").Index(i))
		}
	}
	return err
}

// trigger reads what starts a workflow. Most are kept beside the repository: the file has their id alone.
func trigger(f *artifact.Facts, id string, t *tree.Node, p tree.Path) {
	for _, key := range []string{"cron", "schedule"} {
		for _, n := range []*tree.Node{t.Get(key), t.Get("props", key), t.Get("props", "timer", key)} {
			if n.IsString() {
				f.Attr(id, inventory.AttrSchedule, n.Value, t.Get("timezone").Str(), artifact.At(n, p.Key(key)))
			}
		}
	}
	if uses := t.Get("uses").Str(); uses != "" {
		f.Attr(id, inventory.AttrTrigger, uses, "", artifact.At(t.Get("uses"), p.Key("uses")))
	}
}

func step(f *artifact.Facts, id string, s *tree.Node, p tree.Path) {
	name, uses, at := s.Get("namespace").Str(), s.Get("uses").Str(), artifact.At(s, p)
	if name == "" {
		name = string(p)
	}
	part := f.Part(id, name, export.Label(name), "step", at)
	f.Cover(part, s.Line, export.LastLine(s))
	h := export.Holder{Facts: f, Node: part}
	place := artifact.At(s.Get("uses"), p.Key("uses"))
	if strings.HasPrefix(uses, "./") || strings.HasPrefix(uses, "../") {
		f.Runs(part, path.Join(f.Artifact.Dir(), uses), "pipedream-step", inventory.Certain, place)
	} else if app, _, ok := strings.Cut(uses, "-"); ok {
		if id, known := provider.ServiceOfNode(Platform, app); known {
			f.Service(part, id, "pipedream-component", inventory.Certain, place)
		}
	}
	props := s.Get("props")
	for _, e := range props.Entries() {
		account(h, e, p.Key("props").Key(e.Key))
	}
	h.Leaves("", props, p.Key("props"))
	h.Code("javascript", s.Get("code"), p.Key("code"), inventory.SlotRef{})
}

// account reads a reference to a connected account: {authProvisionId: apn_...}.
func account(h export.Holder, e tree.Pair, p tree.Path) {
	id := e.Value.Get("authProvisionId")
	if id.Str() == "" {
		return
	}
	at := artifact.At(id, p.Key("authProvisionId"))
	slot := h.Facts.Slot(inventory.SlotRef{Store: Platform, Scope: h.Facts.Artifact.Source, Name: id.Str()}, at)
	h.Facts.Attr(slot, inventory.AttrType, e.Key, "", at)
	if service, ok := provider.ServiceOfNode(Platform, e.Key); ok {
		h.Facts.Service(slot, service, "pipedream-app", inventory.High, at)
	}
	h.Reads(slot, "pipedream-account", inventory.Certain, at)
}

var (
	component = lazy.New(`\bdefineComponent\s*\(|\btype:\s*["']app["']`)
	prop      = lazy.New(`(\w+)\s*:\s*\{[^{}]{0,200}?\btype:\s*["']app["'][^{}]{0,200}?\bapp:\s*["']([\w-]+)["']`)
)

// parseComponent reads which apps a component logs in to. The account is one of that app; the editor chooses it.
func parseComponent(a *artifact.Artifact, f *artifact.Facts) error {
	node := f.Node(inventory.Code, inventory.FileID("code", a.Source, a.Path), a.Base(), artifact.Place{Line: 1})
	for _, m := range prop.FindAllSubmatchIndex(a.Content, 100) {
		app, at := string(a.Content[m[4]:m[5]]), a.PlaceOf(m[4])
		slot := f.Slot(inventory.SlotRef{Store: Platform, Scope: a.Source, Name: "app:" + app}, at)
		f.Attr(slot, inventory.AttrType, app, "", at)
		if service, ok := provider.ServiceOfNode(Platform, app); ok {
			f.Service(slot, service, "pipedream-app", inventory.Certain, at)
		}
		f.Edge(inventory.Reads, node, slot, "pipedream-app", inventory.Medium, at)
	}
	return nil
}
