// Package activepieces reads flows of Activepieces, as templates and as its API gives them.
//
// Shapes: the demo template and the schema of flow versions in Activepieces' own repository. A step holds the next one;
// loops, branches and routers hold more.
package activepieces

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/provider"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Platform is the id of the row, and the store of Activepieces' connections.
const Platform = "activepieces"

var wrappers = []string{"data", "flows", "template", "version", "flow", "flowVersion"}

// Format is the row of flows.
func Format() artifact.Format {
	return artifact.Format{
		ID: Platform, Title: "Activepieces flow", Doc: "https://www.activepieces.com/docs/operations/git-sync",
		Match: func(a *artifact.Artifact) bool {
			return a.LooksLikeJSON() && a.Has(`"trigger"`) && a.Has(`"displayName"`) &&
				export.Holds(a, isFlow, wrappers...)
		},
		Parse: parse,
	}
}

var triggerType = lazy.New(`^(PIECE|PIECE_TRIGGER|WEBHOOK|SCHEDULE|EMPTY)$`)

// isFlow recognises a name and a trigger of one of the known types with its settings.
func isFlow(n *tree.Node) bool {
	t := n.Get("trigger")
	return n.Get("displayName").IsString() && triggerType.MatchString(t.Get("type").Str()) && t.Get("settings").IsMap() && t.Get("name").IsString()
}

func parse(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isFlow, wrappers...)
	for _, o := range objects {
		read(f, o, len(objects) > 1)
	}
	return err
}

// flow is one flow while it is read.
type flow struct {
	f    *artifact.Facts
	id   string
	used map[string]bool
}

func read(f *artifact.Facts, o export.Object, several bool) {
	n, at := o.Node, artifact.At(o.Node, o.Path)
	name, fl := export.Label(n.Get("displayName").Str()), &flow{f: f, used: map[string]bool{}}
	id := n.Get("flowId").Str()
	if id == "" && o.Around.IsMap() {
		id = o.Around.Get("id").Str()
	}
	switch {
	case id != "":
		fl.id = f.AutomationID(inventory.FileID(Platform, f.Artifact.Source, id), name, at)
	case several:
		fl.id = f.Automation(string(o.Path), name, at)
	default:
		fl.id = f.Automation("", name, at)
	}
	f.Attr(fl.id, inventory.AttrNeeds, "next run", "", at)
	switch status := o.Around.Get("status"); status.Str() {
	case "ENABLED":
		f.Attr(fl.id, inventory.AttrActive, "true", "", artifact.At(status, o.Path))
	case "DISABLED":
		f.Attr(fl.id, inventory.AttrActive, "false", "", artifact.At(status, o.Path))
	}
	export.Purpose(f, fl.id, n.Get("description").Str(), artifact.At(n.Get("description"), o.Path.Key("description")))
	fl.chain(n.Get("trigger"), o.Path.Key("trigger"), true, 0)
}

// maxNested bounds steps within steps.
const maxNested = 500

// inner are the keys under which a step holds others.
var inner = []string{"nextAction", "firstLoopAction", "onSuccessAction", "onFailureAction"}

func (fl *flow) chain(n *tree.Node, p tree.Path, trigger bool, depth int) {
	if depth > maxNested || !n.IsMap() || !n.Get("type").IsString() {
		return
	}
	fl.step(n, p, trigger)
	for _, key := range inner {
		fl.chain(n.Get(key), p.Key(key), false, depth+1)
	}
	for i, child := range n.Get("children").List() {
		fl.chain(child, p.Key("children").Index(i), false, depth+1)
	}
}

var connections = lazy.New(`\bconnections(?:\.([A-Za-z_][\w-]{0,100})|\[['"]([^'"\]\n]{1,100})['"]\])`)

func (fl *flow) step(n *tree.Node, p tree.Path, trigger bool) {
	key, name, place := n.Get("name").Str(), n.Get("displayName").Str(), artifact.At(n, p)
	if key == "" || fl.used[key] {
		key = string(p)
	}
	fl.used[key] = true
	if name == "" {
		name = key
	}
	part := fl.f.Part(fl.id, key, export.Label(name), "step", place)
	h := export.Holder{Facts: fl.f, Node: part, Idle: n.Get("skip").Str() == "true"}
	settings, at := n.Get("settings"), p.Key("settings")
	piece := settings.Get("pieceName")
	app := strings.TrimPrefix(piece.Str()[strings.LastIndexByte(piece.Str(), '/')+1:], "piece-")
	if id, ok := provider.ServiceOfNode(Platform, app); ok {
		fl.f.Service(part, id, "activepieces-piece", inventory.Certain, artifact.At(piece, at.Key("pieceName")))
	}
	if trigger {
		fl.starts(app, settings, at)
	}
	fl.connections(h, app, settings, at)
	input := settings.Get("input")
	if flowID := input.Get("flowId"); flowID.IsString() && !h.Idle && !strings.Contains(flowID.Value, "{{") {
		fl.f.Edge(inventory.Runs, part, inventory.FileID(Platform, fl.f.Artifact.Source, flowID.Value), "activepieces-sub-flow", inventory.High,
			artifact.At(flowID, at.Key("input").Key("flowId")))
	}
	h.Leaves("", input, at.Key("input"))
	if url := input.Get("url"); url.IsString() {
		h.Calls(url.Value, artifact.At(url, at.Key("input").Key("url")))
	}
	for _, where := range []string{"sourceCode", "artifact"} {
		h.Code("javascript", settings.Get(where, "code"), at.Key(where).Key("code"), inventory.SlotRef{})
	}
}

// connections reads {{connections['id']}}: the connection is known by an id that the project chose.
func (fl *flow) connections(h export.Holder, app string, n *tree.Node, p tree.Path) {
	n.Walk(p, func(at tree.Path, c *tree.Node) bool {
		if !c.IsString() || !strings.Contains(c.Value, "connections") {
			return true
		}
		for _, m := range connections.FindAllStringSubmatch(c.Value, 20) {
			place := artifact.At(c, at)
			slot := fl.f.Slot(inventory.SlotRef{Store: Platform, Scope: fl.f.Artifact.Source, Name: m[1] + m[2]}, place)
			fl.f.Attr(slot, inventory.AttrType, app, "", place)
			if id, ok := provider.ServiceOfNode(Platform, app); ok {
				fl.f.Service(slot, id, "activepieces-piece", inventory.High, place)
			}
			h.Reads(slot, "activepieces-connection", inventory.Certain, place)
		}
		return true
	})
}

// starts says what the trigger waits for.
func (fl *flow) starts(app string, settings *tree.Node, p tree.Path) {
	input, at := settings.Get("input"), artifact.At(settings.Get("triggerName"), p.Key("triggerName"))
	if app != "schedule" && settings.Get("cronExpression") == nil {
		if app != "" {
			fl.f.Attr(fl.id, inventory.AttrTrigger, strings.TrimSpace(app+" "+settings.Get("triggerName").Str()), "", at)
		}
		return
	}
	cron := input.Get("cronExpression").Str() + settings.Get("cronExpression").Str()
	hour, day := export.Whole(input.Get("hour_of_the_day").Str(), 0), input.Get("day_of_the_week").Str()
	switch settings.Get("triggerName").Str() {
	case "every_hour":
		cron = "0 * * * *"
	case "every_day":
		cron = export.At(hour, 0)
	case "every_week":
		cron = strings.TrimSuffix(export.At(hour, 0), "*") + day
	case "every_month":
		cron = "0 0 1 * *"
	case "every_x_minutes":
		cron = export.Every(export.Whole(input.Get("minutes").Str(), 0), "minutes")
	}
	if cron != "" {
		fl.f.Attr(fl.id, inventory.AttrSchedule, cron, input.Get("timezone").Str(), at)
	}
}
