package githubactions

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// triggers reads "on": a name, a list of names, or a map of names to filters.
func (f *file) triggers(root *tree.Node) {
	on := root.Get("on")
	if on == nil {
		on = root.Get("true") // as a YAML 1.1 tool writes the key back
	}
	events := 0
	add := func(name string, at artifact.Place, filters *tree.Node) {
		if name == "" || strings.Contains(name, "${{") {
			return
		}
		events++
		f.Attr(f.id, inventory.AttrTrigger, name, detail(filters), at)
		f.trigger(name, filters)
	}
	for i, n := range on.List() {
		if !n.IsMap() {
			p := tree.Path("on")
			if on.IsSeq() {
				p = p.Index(i)
			}
			add(n.Str(), artifact.At(n, p), nil)
		}
	}
	f.entries(on, "on", func(pair tree.Pair, p tree.Path) {
		add(pair.Key, artifact.AtPair(pair, p), pair.Value)
	})
	f.call.only = f.call.callable && events == 1
}

// detail names the branches, or the types, that an event is limited to.
func detail(filters *tree.Node) string {
	for _, key := range []string{"branches", "types", "workflows"} {
		var words []string
		for _, n := range filters.Get(key).List() {
			if n.Str() != "" {
				words = append(words, n.Str())
			}
		}
		if len(words) > 0 {
			return key + ": " + strings.Join(words, ", ")
		}
	}
	return ""
}

func (f *file) trigger(name string, n *tree.Node) {
	switch name {
	case "schedule":
		f.schedules(n)
	case "workflow_run":
		f.afterWorkflows(n.Get("workflows"))
	case "workflow_dispatch":
		f.addInputs(n.Get("inputs"))
	case "workflow_call":
		f.addInputs(n.Get("inputs"))
		f.call.callable = true
		f.call.outputs = n.Get("outputs")
		f.call.declared = map[string]bool{}
		f.entries(n.Get("secrets"), "on.workflow_call.secrets", func(pair tree.Pair, p tree.Path) {
			f.call.declared[strings.ToUpper(pair.Key)] = true
			f.Binding(f.id, "secrets."+strings.ToUpper(pair.Key), "argument", artifact.AtPair(pair, p))
		})
	}
}

// schedules reads the cron entries; GitHub runs them in UTC unless an entry names its zone.
func (f *file) schedules(n *tree.Node) {
	for i, entry := range n.List() {
		p := tree.Path("on.schedule").Index(i).Key("cron")
		cron := entry.Get("cron")
		if cron.Str() == "" || !f.spend() {
			continue
		}
		zone := entry.Get("timezone").Str()
		if zone == "" {
			zone = "UTC"
		}
		f.Attr(f.id, inventory.AttrSchedule, cron.Str(), zone, artifact.At(cron, p))
	}
}

// afterWorkflows says that the workflow starts when others end; they are named, and joined by name on load.
func (f *file) afterWorkflows(n *tree.Node) {
	for i, w := range n.List() {
		if w.Str() == "" || !f.spend() {
			continue
		}
		at := artifact.At(w, tree.Path("on.workflow_run.workflows").Index(i))
		id := inventory.FileID("gh-workflow-name", f.Artifact.Source, w.Str())
		f.Node(inventory.Pattern, id, w.Str(), at)
		f.Attr(id, inventory.AttrGlob, w.Str(), "workflow name", at)
		f.Edge(inventory.TriggeredBy, f.id, id, "gha-workflow-run", inventory.High, at)
	}
}

// addInputs keeps the inputs of both kinds of trigger for constant folding.
func (f *file) addInputs(n *tree.Node) {
	all := &tree.Node{Kind: tree.Map}
	all.Pairs = append(append(all.Pairs, f.inputs.Entries()...), n.Entries()...)
	f.inputs = all
}
