// Package stepfunctions reads state machines in the Amazon States Language, in JSON and in YAML. When they run is not
// in the file: a rule or a schedule of EventBridge starts them.
package stepfunctions

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Platform is the id of the row.
const Platform = export.StateMachine

// Format is the row of state machines.
func Format() artifact.Format {
	return artifact.Format{
		ID: Platform, Title: "AWS Step Functions state machine", Doc: "https://states-language.net/",
		Match: func(a *artifact.Artifact) bool {
			return a.Has("StartAt") && a.Has("States") && export.Holds(a, isMachine)
		},
		Parse: parse,
	}
}

// isMachine recognises the name of the first state and a map of states, each with a type. What is no map is tolerated:
// real files hold stray settings there.
func isMachine(n *tree.Node) bool {
	states := n.Get("States")
	if !n.Get("StartAt").IsString() || len(states.Entries()) == 0 {
		return false
	}
	found := false
	for _, s := range states.Entries() {
		if s.Value.IsMap() && s.Value.Get("Type") == nil {
			return false
		}
		found = found || s.Value.IsMap()
	}
	return found
}

func parse(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isMachine)
	for _, o := range objects {
		at, key := artifact.At(o.Node, o.Path), ""
		if len(objects) > 1 {
			key = string(o.Path)
		}
		name := a.Base()
		for _, suffix := range []string{".json", ".yaml", ".yml", ".asl"} {
			name = strings.TrimSuffix(name, suffix)
		}
		auto := f.Automation(key, name, at)
		f.Attr(auto, inventory.AttrNeeds, "next run", "", at)
		comment := o.Node.Get("Comment")
		export.Purpose(f, auto, comment.Str(), artifact.At(comment, o.Path.Key("Comment")))
		(&machine{f, auto, map[string]bool{}}).states(o.Node.Get("States"), o.Path.Key("States"), 0)
	}
	return err
}

// Define adds the states of a machine that a template holds within itself, as parts of the automation that stands for it
// there. Anything else than a machine is left alone.
func Define(f *artifact.Facts, id string, n *tree.Node, p tree.Path) {
	if isMachine(n) {
		(&machine{f, id, map[string]bool{}}).states(n.Get("States"), p.Key("States"), 0)
	}
}

type machine struct {
	f    *artifact.Facts
	id   string
	used map[string]bool
}

// maxNested bounds machines within maps and branches.
const maxNested = 50

func (m *machine) states(n *tree.Node, p tree.Path, depth int) {
	if depth > maxNested {
		return
	}
	for _, s := range n.Entries() {
		at := p.Key(s.Key)
		if !s.Value.IsMap() {
			continue
		}
		m.state(s, at)
		for _, key := range []string{"Iterator", "ItemProcessor"} {
			m.states(s.Value.Get(key, "States"), at.Key(key).Key("States"), depth+1)
		}
		for i, b := range s.Value.Get("Branches").List() {
			m.states(b.Get("States"), at.Key("Branches").Index(i).Key("States"), depth+1)
		}
	}
}

func (m *machine) state(s tree.Pair, p tree.Path) {
	key := s.Key
	if m.used[key] {
		key = string(p)
	}
	m.used[key] = true
	part := m.f.Part(m.id, key, s.Key, "state", artifact.AtPair(s, p))
	if s.Value.Get("Branches") == nil && s.Value.Get("Iterator") == nil && s.Value.Get("ItemProcessor") == nil {
		m.f.Cover(part, s.Line, export.LastLine(s.Value))
	}
	resource := s.Value.Get("Resource").Str()
	if strings.HasPrefix(resource, "arn:") {
		m.f.Service(part, "aws", "step-functions-resource", inventory.Certain, artifact.At(s.Value.Get("Resource"), p.Key("Resource")))
	}
	h := export.Holder{Facts: m.f, Node: part, Template: isExpression}
	for _, group := range []string{"Parameters", "Arguments"} {
		n, at := s.Value.Get(group), p.Key(group)
		m.references(h, resource, n, at)
		for _, e := range n.Entries() {
			if !pointers[e.Key] {
				h.Leaves(e.Key, e.Value, at.Key(e.Key))
			}
		}
	}
}

// pointers are the parameters that name where a credential is.
var pointers = map[string]bool{"Authentication": true, "InvocationConfig": true, "ConnectionArn": true, "SecretId": true}

// isExpression reports whether the value is computed: a path, a JSONata expression, or a substitution of a template.
func isExpression(s string) bool {
	return strings.HasPrefix(s, "$") || strings.Contains(s, "{%") || strings.Contains(s, "${") || strings.HasPrefix(s, "States.")
}

// references reads what a task logs in with and which machine it starts.
func (m *machine) references(h export.Holder, resource string, n *tree.Node, p tree.Path) {
	read := func(v *tree.Node, at tree.Path, store, rule string) {
		if ref, ok := arnSlot(store, v.Str()); ok {
			place := artifact.At(v, at)
			h.Reads(m.f.Slot(ref, place), rule, inventory.Certain, place)
		}
	}
	switch {
	case strings.Contains(resource, ":http:invoke"):
		v, at := n.Get("ConnectionArn"), p.Key("ConnectionArn")
		if v == nil {
			v, at = n.Get("InvocationConfig", "ConnectionArn"), p.Key("InvocationConfig").Key("ConnectionArn")
		}
		if v == nil {
			v, at = n.Get("Authentication", "ConnectionArn"), p.Key("Authentication").Key("ConnectionArn")
		}
		read(v, at, "aws-events-connection", "step-functions-connection")
		if url := n.Get("ApiEndpoint"); export.Host(url.Str()) != "" {
			h.Talks(export.Host(url.Str()), artifact.At(url, p.Key("ApiEndpoint")))
		}
	case strings.Contains(strings.ToLower(resource), ":secretsmanager:getsecretvalue"):
		read(n.Get("SecretId"), p.Key("SecretId"), "aws-sm", "step-functions-secret")
	case strings.Contains(strings.ToLower(resource), ":ssm:getparameter"):
		read(n.Get("Name"), p.Key("Name"), "aws-ssm", "step-functions-parameter")
	case strings.Contains(resource, "states:startExecution"):
		v := n.Get("StateMachineArn")
		if m := machineName.FindStringSubmatch(v.Str()); m != nil {
			to := inventory.FileID(Platform, h.Facts.Artifact.Source, m[1])
			h.Facts.Edge(inventory.Runs, h.Node, to, "step-functions-execution", inventory.Medium, artifact.At(v, p.Key("StateMachineArn")))
		}
	}
}

var (
	machineName = lazy.New(`^arn:aws[\w-]*:states:[^:]*:[^:]*:stateMachine:([\w-]+)$`)
	arn         = lazy.New(`^arn:aws[\w-]*:[\w-]+:([\w-]*):(\d*):(?:secret:|parameter/|connection/)?(.+)$`)
	suffix      = lazy.New(`-[A-Za-z0-9]{6}$`)
)

// arnSlot names the slot of an ARN or of a bare name. A secret's ARN ends with six characters that are not its name.
func arnSlot(store, text string) (inventory.SlotRef, bool) {
	if text == "" || isExpression(text) {
		return inventory.SlotRef{}, false
	}
	ref := inventory.SlotRef{Store: store, Scope: "*/*", Name: strings.TrimPrefix(text, "/")}
	if m := arn.FindStringSubmatch(text); m != nil {
		ref.Scope, ref.Name = known(m[2])+"/"+known(m[1]), m[3]
		if store == "aws-sm" {
			ref.Name = suffix.ReplaceAllString(m[3], "")
		}
		if store == "aws-events-connection" {
			ref.Name, _, _ = strings.Cut(m[3], "/")
		}
	}
	return ref, true
}

func known(s string) string {
	if s == "" {
		return "*"
	}
	return s
}
