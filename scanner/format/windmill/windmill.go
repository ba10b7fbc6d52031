// Package windmill reads a workspace of Windmill as its command line keeps it in a folder: flows, scripts, schedules,
// triggers, resources and variables. The path of a file is the id of what it holds.
//
// Shapes: windmill.dev/docs/advanced/cli/sync and workspaces of public repositories.
package windmill

import (
	"encoding/base64"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/provider"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Platform is the id of the row of flows and scripts.
const Platform = "windmill"

// The stores of Windmill's variables and resources.
const (
	variables = "windmill-var"
	resources = "windmill-resource"
)

const sync = "https://www.windmill.dev/docs/advanced/cli/sync"

// Workflows is the row of flows, scripts, schedules and triggers.
func Workflows() artifact.Format {
	return artifact.Format{
		ID: Platform, Title: "Windmill flow", Doc: sync,
		Match: func(a *artifact.Artifact) bool {
			return a.MayBeYAML() && (a.HasKey("modules") || a.HasKey("script_path") || a.HasKey("kind") && a.HasKey("lock")) && export.Holds(a, isRunnable)
		},
		Parse: parseRunnable, Siblings: func(a *artifact.Artifact) []string { return beside(a) },
	}
}

// Resources is the row of resources.
func Resources() artifact.Format {
	return artifact.Format{
		ID: resources, Title: "Windmill resource", Doc: sync,
		Match: func(a *artifact.Artifact) bool {
			return a.MayBeYAML() && a.HasKey("resource_type") && export.Holds(a, isResource)
		},
		Parse: parseResource,
	}
}

// Variables is the row of variables.
func Variables() artifact.Format {
	return artifact.Format{
		ID: "windmill-variable", Title: "Windmill variable", Doc: sync,
		Match: func(a *artifact.Artifact) bool {
			return a.MayBeYAML() && a.HasKey("is_secret") && export.Holds(a, isVariable)
		},
		Parse: parseVariable,
	}
}

func isFlow(n *tree.Node) bool {
	modules := n.Get("value", "modules")
	if !modules.IsSeq() {
		return false
	}
	for _, m := range modules.Items {
		if m.Get("value", "type").Str() == "" {
			return false
		}
	}
	return len(modules.Items) > 0 || n.Get("summary").IsString()
}

func isScript(n *tree.Node) bool {
	return n.Get("schema").IsMap() && n.Get("summary").IsString() && (n.Get("kind").IsString() || n.Get("lock") != nil) && n.Get("value") == nil
}

// isStarter recognises a schedule or a trigger.
func isStarter(n *tree.Node) bool { return n.Get("script_path").IsString() && n.Get("is_flow") != nil }

func isRunnable(n *tree.Node) bool { return isFlow(n) || isScript(n) || isStarter(n) }

func isResource(n *tree.Node) bool { return n.Get("resource_type").IsString() && n.Get("value") != nil }

func isVariable(n *tree.Node) bool { return n.Get("is_secret") != nil && n.Get("value") != nil }

// beside names the code that lies beside the description of a script.
func beside(a *artifact.Artifact) []string {
	base, ok := strings.CutSuffix(a.Base(), ".script.yaml")
	if !ok {
		return []string{"*.ts", "*.js", "*.py", "*.go", "*.sh", "*.sql"} // inline scripts of a flow
	}
	return []string{base + ".ts", base + ".js", base + ".py", base + ".go", base + ".sh"}
}

var kindEnding = lazy.New(`(__flow|\.flow)/flow\.ya?ml$|\.(script|schedule|variable|resource|\w+_trigger)\.ya?ml$|\.ya?ml$`)

// pathOf is the id of what a file holds: f/folder/name or u/user/name.
func pathOf(file string) string {
	id := kindEnding.ReplaceAllString(file, "")
	for _, top := range []string{"f/", "u/", "g/"} {
		if strings.HasPrefix(id, top) {
			return id
		}
		if i := strings.LastIndex(id, "/"+top); i >= 0 {
			return id[i+1:]
		}
	}
	return id
}

func automation(f *artifact.Facts, id string) string {
	return inventory.FileID(Platform, f.Artifact.Source, id)
}

func parseRunnable(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isRunnable)
	for _, o := range objects {
		switch {
		case isStarter(o.Node):
			starter(f, o)
		default:
			runnable(f, o)
		}
	}
	return err
}

// runnable reads a flow or a script.
func runnable(f *artifact.Facts, o export.Object) {
	n, at, id := o.Node, artifact.At(o.Node, o.Path), pathOf(f.Artifact.Path)
	name := export.Label(n.Get("summary").Str())
	if name == "" {
		name = id
	}
	auto := f.AutomationID(automation(f, id), name, at)
	f.Attr(auto, inventory.AttrNeeds, "next run", "", at)
	export.Purpose(f, auto, n.Get("description").Str(), artifact.At(n.Get("description"), o.Path.Key("description")))
	owner(f, auto, id, at)
	f.Attr(auto, inventory.AttrEndpoint, "/windmill/"+id, "", at)
	references(f, auto, n.Get("schema"), o.Path.Key("schema"))
	if isScript(n) {
		for _, ending := range []string{".ts", ".js", ".py", ".go", ".sh"} {
			code := strings.TrimSuffix(strings.TrimSuffix(f.Artifact.Path, ".script.yaml"), ".script.yml") + ending
			if s := f.Artifact.Siblings[code]; s != nil {
				f.Runs(auto, code, "windmill-script", inventory.Certain, at)
			}
		}
		return
	}
	fl := &flow{f: f, id: auto, used: map[string]bool{}}
	fl.modules(n.Get("value", "modules"), o.Path.Key("value").Key("modules"), 0)
	for _, key := range []string{"failure_module", "preprocessor_module"} {
		if m := n.Get("value", key); m.IsMap() {
			fl.module(m, o.Path.Key("value").Key(key), 0)
		}
	}
}

// owner reads the first part of a path: a user, or a folder, which is a team's.
func owner(f *artifact.Facts, auto, id string, at artifact.Place) {
	kind, rest, _ := strings.Cut(id, "/")
	name, _, ok := strings.Cut(rest, "/")
	switch {
	case !ok || name == "":
	case kind == "u":
		f.Owner(auto, name, "windmill-user", inventory.High, at)
	case kind == "f":
		f.Attr(auto, inventory.AttrTag, "folder="+name, "", at)
	}
}

// starter reads what starts a script or a flow: a schedule, or a call from outside.
func starter(f *artifact.Facts, o export.Object) {
	n, at := o.Node, artifact.At(o.Node, o.Path)
	auto := automation(f, n.Get("script_path").Str())
	on := n.Get("enabled").Str() != "false" && n.Get("mode").Str() != "disabled"
	switch cron := n.Get("schedule"); {
	case !on:
	case cron.Str() != "":
		f.Attr(auto, inventory.AttrSchedule, cron.Str(), n.Get("timezone").Str(), artifact.At(cron, o.Path.Key("schedule")))
	case n.Get("route_path").Str() != "":
		f.Attr(auto, inventory.AttrTrigger, "http", "", at)
	default:
		f.Attr(auto, inventory.AttrTrigger, "event", "", at)
	}
	references(f, auto, n, o.Path)
}

type flow struct {
	f    *artifact.Facts
	id   string
	used map[string]bool
}

// maxNested bounds modules within modules.
const maxNested = 50

func (fl *flow) modules(list *tree.Node, p tree.Path, depth int) {
	if depth > maxNested {
		return
	}
	for i, m := range list.List() {
		fl.module(m, p.Index(i), depth)
	}
}

func (fl *flow) module(m *tree.Node, p tree.Path, depth int) {
	key, at := m.Get("id").Str(), artifact.At(m, p)
	if key == "" || fl.used[key] {
		key = string(p)
	}
	fl.used[key] = true
	name := export.Label(m.Get("summary").Str())
	if name == "" {
		name = key
	}
	part := fl.f.Part(fl.id, key, name, "module", at)
	v, vp := m.Get("value"), p.Key("value")
	h := export.Holder{Facts: fl.f, Node: part, Template: func(s string) bool { return strings.HasPrefix(s, "$") }}
	references(fl.f, part, v.Get("input_transforms"), vp.Key("input_transforms"))
	for _, e := range v.Get("input_transforms").Entries() {
		h.Value(e.Key, e.Value.Get("value"), vp.Key("input_transforms").Key(e.Key).Key("value"))
	}
	switch v.Get("type").Str() {
	case "script", "flow":
		if to := v.Get("path"); to.Str() != "" && !strings.HasPrefix(to.Str(), "hub/") {
			fl.f.Edge(inventory.Runs, part, automation(fl.f, to.Str()), "windmill-step", inventory.Certain, artifact.At(to, vp.Key("path")))
		}
	case "rawscript":
		fl.raw(h, v, vp)
	}
	fl.modules(v.Get("modules"), vp.Key("modules"), depth+1)
	fl.modules(v.Get("default"), vp.Key("default"), depth+1)
	for i, b := range v.Get("branches").List() {
		fl.modules(b.Get("modules"), vp.Key("branches").Index(i).Key("modules"), depth+1)
	}
}

// raw reads a script that stands in the flow, or in a file beside it: "!inline name.ts".
func (fl *flow) raw(h export.Holder, v *tree.Node, p tree.Path) {
	content := v.Get("content")
	if file, ok := strings.CutPrefix(strings.TrimSpace(content.Str()), "!inline "); ok {
		fl.f.Runs(h.Node, join(fl.f.Artifact.Dir(), strings.TrimSpace(file)), "windmill-inline", inventory.Certain, artifact.At(content, p.Key("content")))
		return
	}
	language := "javascript"
	switch v.Get("language").Str() {
	case "python3":
		language = "python"
	case "bash":
		language = "shell"
	case "go":
		language = "go"
	}
	references(fl.f, h.Node, content, p.Key("content"))
	h.Code(language, content, p.Key("content"), inventory.SlotRef{})
}

func join(dir, file string) string {
	if dir == "" {
		return file
	}
	return dir + "/" + file
}

var (
	mention = lazy.New(`\$(var|res):([fug]/[\w./-]{1,200})`)
	call    = lazy.New(`\bget_(variable|resource)\(\s*["'` + "`" + `]([fug]/[\w./-]{1,200})["'` + "`" + `]`)
)

// spelling brings the names of Windmill's clients together.
var spelling = strings.NewReplacer("getVariable", "get_variable", "getResource", "get_resource")

// references reads $var: and $res:, and the calls of Windmill's clients.
func references(f *artifact.Facts, node string, n *tree.Node, p tree.Path) {
	h := export.Holder{Facts: f, Node: node}
	n.Walk(p, func(at tree.Path, c *tree.Node) bool {
		if !c.IsString() {
			return true
		}
		place, text := artifact.At(c, at), spelling.Replace(c.Value)
		for _, pattern := range []*lazy.Regexp{mention, call} {
			for _, m := range pattern.FindAllStringSubmatch(text, 100) {
				ref := slot(f, strings.HasPrefix(m[1], "var"), m[2])
				h.Reads(f.Slot(ref, place), "windmill-reference", inventory.Certain, place)
			}
		}
		return true
	})
}

func slot(f *artifact.Facts, variable bool, id string) inventory.SlotRef {
	store := resources
	if variable {
		store = variables
	}
	return inventory.SlotRef{Store: store, Scope: f.Artifact.Source, Name: id}
}

// parseResource reads a resource: the login itself, or the variables that it takes it from.
func parseResource(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isResource)
	for _, o := range objects {
		n, at := o.Node, artifact.At(o.Node, o.Path)
		ref := slot(f, false, pathOf(a.Path))
		whole := f.Slot(ref, at)
		f.Defined(whole, inventory.DefinedInScan, at)
		kind := n.Get("resource_type").Str()
		f.Attr(whole, inventory.AttrType, kind, "", at)
		if id, ok := provider.ServiceOfNode(Platform, kind); ok {
			f.Service(whole, id, "windmill-resource-type", inventory.Certain, artifact.At(n.Get("resource_type"), o.Path.Key("resource_type")))
		}
		export.Purpose(f, whole, n.Get("description").Str(), artifact.At(n.Get("description"), o.Path.Key("description")))
		p, count := o.Path.Key("value"), 0
		n.Get("value").Walk(p, func(q tree.Path, v *tree.Node) bool {
			if v.IsString() && (mention.MatchString(v.Value) || isSecret(v, q)) {
				count++
			}
			return true
		})
		n.Get("value").Walk(p, func(q tree.Path, v *tree.Node) bool {
			if v.IsString() {
				field(f, ref, whole, v, q, count == 1)
			}
			return true
		})
	}
	return err
}

// isSecret reports whether a field of a resource is one that it logs in with.
func isSecret(v *tree.Node, q tree.Path) bool {
	return export.Suggests(export.LastKey(q, "value")) || export.Capability(v.Value)
}

// field reads a field of a resource. The only secret of a login is the login.
func field(f *artifact.Facts, ref inventory.SlotRef, whole string, v *tree.Node, q tree.Path, only bool) {
	place, key := artifact.At(v, q), export.LastKey(q, "value")
	if m := mention.FindStringSubmatch(v.Value); m != nil {
		f.Edge(inventory.CopiesFrom, whole, f.Slot(slot(f, m[1] == "var", m[2]), place), "windmill-resource", inventory.Certain, place)
		return
	}
	if key == "host" || key == "base_url" || key == "baseUrl" || key == "url" {
		if host := export.Host(v.Value); host != "" {
			f.Attr(whole, inventory.AttrHost, host, "", place)
		}
	}
	if !isSecret(v, q) {
		return
	}
	own := whole
	if !only {
		ref.Key = key
		own = f.Slot(ref, place)
		f.Refs--
		f.Edge(inventory.CopiesFrom, whole, own, "windmill-resource", inventory.Certain, place)
	}
	f.AddLiteral(artifact.Literal{Slot: own, Name: key, Secret: artifact.Seal(v.Value), Place: place, Sure: export.SecretField(key) || export.Capability(v.Value)})
}

// parseVariable reads a variable. A secret one is encrypted, unless it was written out with --plain-secrets.
func parseVariable(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isVariable)
	for _, o := range objects {
		n, at := o.Node, artifact.At(o.Node, o.Path)
		id := f.Slot(slot(f, true, pathOf(a.Path)), at)
		f.Defined(id, inventory.DefinedInScan, at)
		export.Purpose(f, id, n.Get("description").Str(), artifact.At(n.Get("description"), o.Path.Key("description")))
		value, secret := n.Get("value"), n.Get("is_secret").Str() == "true"
		name := pathOf(a.Path)
		name = name[strings.LastIndexByte(name, '/')+1:]
		switch {
		case value.Str() == "":
		case secret && encrypted(value.Str()):
			f.Skip("encrypted variable of Windmill")
		default:
			f.AddLiteral(artifact.Literal{Slot: id, Name: name, Secret: artifact.Seal(value.Str()), Place: artifact.At(value, o.Path.Key("value")), Sure: secret})
		}
	}
	return err
}

// encrypted holds for what Windmill's cipher writes: whole blocks of 16 bytes in base64.
func encrypted(text string) bool {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	return err == nil && len(raw) > 0 && len(raw)%16 == 0
}
