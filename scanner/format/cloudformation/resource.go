package cloudformation

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
)

// resource reads one resource.
func (f *file) resource(pair tree.Pair, p tree.Path) {
	props, pp := pair.Value.Get("Properties"), p.Key("Properties")
	typ := pair.Value.Get("Type").Str()
	if secretTypes[typ] {
		f.secret(pair, typ, props, pp)
		return
	}
	switch typ {
	case "AWS::Events::Rule":
		f.schedule(pair, p, props, "ScheduleExpression")
		f.targets(pair, props.Get("Targets"))
	case "AWS::Scheduler::Schedule":
		f.schedule(pair, p, props, "ScheduleExpression")
		f.targets(pair, props.Get("Target"))
	}
	f.definition(pair, p, props)
	f.events(pair, p, props.Get("Events"), pp.Key("Events"))
	f.properties(pair, p, props, pp, 0)
}

// secret reads a resource that is an entry of a store. A parameter that is plain configuration is left out.
func (f *file) secret(pair tree.Pair, typ string, props *tree.Node, p tree.Path) {
	at := artifact.AtPair(pair, p)
	name := props.Get("Name")
	if typ == "AWS::SSM::Parameter" && detect.ClassifyName(name.Str()+"/"+pair.Key).Class != inventory.ClassCredential && len(f.uses(props.Get("Value"), p, 0)) == 0 {
		return
	}
	id := f.slot(pair.Key, "", at)
	f.Defined(id, inventory.DefinedInScan, at)
	f.cover(id, pair)
	if name.Str() != "" && name.Tag != "!Ref" {
		r := inventory.SlotRef{Store: "aws-sm", Scope: "*/*", Name: container.Computed(name.Str())}
		if typ == "AWS::SSM::Parameter" {
			r.Store, r.Name = "aws-ssm", strings.TrimPrefix(r.Name, "/")
		}
		if strings.Trim(r.Name, "*/-") != "" {
			entry := f.entry(r, artifact.At(name, p.Key("Name")))
			f.Defined(entry, inventory.DefinedInScan, at)
			f.EdgeWith(inventory.CopiesFrom, entry, id, "cfn-resource", inventory.Certain, at, inventory.AttrWhole, "true")
		}
	}
	for _, key := range []string{"SecretString", "Value"} {
		f.fill(id, pair.Key, props.Get(key), p.Key(key))
	}
	if g := props.Get("GenerateSecretString", "GenerateStringKey"); g.Str() != "" {
		place := artifact.At(g, p.Key("GenerateSecretString").Key("GenerateStringKey"))
		f.Edge(inventory.CopiesFrom, f.slot(pair.Key, g.Str(), place), id, "cfn-key", inventory.Certain, place)
	}
}

// fill reads what fills an entry.
func (f *file) fill(id, name string, n *tree.Node, p tree.Path) {
	found := f.uses(n, p, 0)
	for _, u := range found {
		f.Edge(inventory.CopiesFrom, id, u.id, "cfn-value", inventory.Certain, u.at)
	}
	if len(found) == 0 && isLiteral(n) {
		at := artifact.At(n, p)
		in := f.Inline(string(p), at)
		f.AddLiteral(artifact.Literal{Slot: in, Name: name, Secret: artifact.Seal(n.Value), Place: at, Sure: true})
		f.Edge(inventory.CopiesFrom, id, in, "cfn-value", inventory.Certain, at)
	}
}

// isLiteral reports whether a value is text of its own.
func isLiteral(n *tree.Node) bool {
	return n != nil && n.Kind == tree.Scalar && n.Str() != "" && !strings.HasPrefix(n.Tag, "!R") && !strings.HasPrefix(n.Tag, "!G") && !strings.Contains(n.Value, "${") && !strings.Contains(n.Value, "{{")
}

// globals reads the environment that SAM hands to every function of the template.
func (f *file) globals() {
	vars := f.root.Get("Globals", "Function", "Environment", "Variables")
	p := f.at.Key("Globals").Key("Function").Key("Environment").Key("Variables")
	for _, pair := range vars.Entries() {
		for _, fn := range f.resources.Entries() {
			if fn.Value.Get("Type").Str() == "AWS::Serverless::Function" && f.spend() {
				f.variable(fn, f.at.Key("Resources").Key(fn.Key), pair.Key, pair.Value, p.Key(pair.Key))
			}
		}
	}
}

// variable binds an environment variable of a resource, when it may hold a credential.
func (f *file) variable(pair tree.Pair, p tree.Path, name string, n *tree.Node, np tree.Path) {
	found := f.uses(n, np, 0)
	if len(found) == 0 && (!isLiteral(n) || detect.ClassifyName(name).Score < 1) {
		return
	}
	at := artifact.At(n, np)
	b := container.Env(f.Facts, f.node(pair, p), name, "cfn-env", at)
	for _, u := range found {
		f.Edge(inventory.BoundFrom, b, u.id, "cfn-env", inventory.Certain, u.at)
	}
	if len(found) == 0 {
		container.Value(f.Facts, b, string(np), name, n.Value, at)
	}
}

// properties reads the rest of a resource: environments by their shapes, and any property that is handed a
// credential or named for one.
func (f *file) properties(pair tree.Pair, p tree.Path, n *tree.Node, np tree.Path, depth int) {
	if depth > maxUses {
		return
	}
	for i, item := range n.List() {
		if n.IsSeq() && f.spend() {
			f.properties(pair, p, item, np.Index(i), depth+1)
		}
	}
	if f.listed(pair, p, n, np) {
		return
	}
	for _, prop := range n.Entries() {
		if !f.spend() {
			return
		}
		at := np.Key(prop.Key)
		switch {
		case prop.Key == "Variables" || prop.Key == "EnvironmentVariables" && prop.Value.IsMap():
			for _, v := range prop.Value.Entries() {
				f.variable(pair, p, v.Key, v.Value, at.Key(v.Key))
			}
		case prop.Key == "Image" && prop.Value.Str() != "":
			if id := container.ImageNode(f.Facts, prop.Value.Str(), artifact.At(prop.Value, at)); id != "" {
				f.Edge(inventory.Runs, f.node(pair, p), id, "cfn-image", inventory.Certain, artifact.At(prop.Value, at))
			}
		case prop.Key == "Policies" || prop.Key == "PolicyDocument" || prop.Key == "AssumeRolePolicyDocument" || prop.Key == "Tags":
		case prop.Value.IsMap() && !isFunction(prop.Value) || prop.Value.IsSeq() && prop.Value.Tag != "!GetAtt":
			f.properties(pair, p, prop.Value, at, depth+1)
		default:
			f.argument(pair, p, prop.Key, prop.Value, at)
		}
	}
}

func isFunction(n *tree.Node) bool {
	return len(n.Pairs) == 1 && (n.Pairs[0].Key == "Ref" || strings.HasPrefix(n.Pairs[0].Key, "Fn::"))
}

// listed reads {Name, ValueFrom} and {Name, Value[, Type]} of containers and builds.
func (f *file) listed(pair tree.Pair, p tree.Path, n *tree.Node, np tree.Path) bool {
	name := n.Get("Name").Str()
	from, value := n.Get("ValueFrom"), n.Get("Value")
	if name == "" || from == nil && value == nil || len(n.Entries()) > 3 {
		return false
	}
	if from != nil {
		f.valueFrom(pair, p, name, from, np.Key("ValueFrom"))
		return true
	}
	switch n.Get("Type").Str() {
	case "PARAMETER_STORE":
		f.store(pair, p, name, inventory.SlotRef{Store: "aws-ssm", Scope: "*/*", Name: strings.TrimPrefix(container.Computed(value.Str()), "/")}, artifact.At(value, np.Key("Value")))
	case "SECRETS_MANAGER":
		id, rest, _ := strings.Cut(value.Str(), ":")
		key, _, _ := strings.Cut(rest, ":")
		f.store(pair, p, name, inventory.SlotRef{Store: "aws-sm", Scope: "*/*", Name: container.Computed(id), Key: key}, artifact.At(value, np.Key("Value")))
	default:
		f.variable(pair, p, name, value, np.Key("Value"))
	}
	return true
}

func (f *file) store(pair tree.Pair, p tree.Path, name string, r inventory.SlotRef, at artifact.Place) {
	if strings.Trim(r.Name, "*/") == "" {
		return
	}
	b := container.Env(f.Facts, f.node(pair, p), name, "cfn-env", at)
	f.Edge(inventory.BoundFrom, b, f.entry(r, at), "cfn-env", inventory.Certain, at)
}

// valueFrom reads the entry that a container gets: a reference, an ARN, or the name of a parameter.
func (f *file) valueFrom(pair tree.Pair, p tree.Path, name string, n *tree.Node, np tree.Path) {
	if found := f.uses(n, np, 0); len(found) > 0 {
		f.variable(pair, p, name, n, np)
		return
	}
	text := n.Str()
	if isLiteral(n) && !strings.Contains(text, ":") {
		f.store(pair, p, name, inventory.SlotRef{Store: "aws-ssm", Scope: "*/*", Name: strings.TrimPrefix(text, "/")}, artifact.At(n, np))
		return
	}
	if i := strings.Index(text, ":parameter"); i >= 0 {
		f.store(pair, p, name, inventory.SlotRef{Store: "aws-ssm", Scope: "*/*", Name: strings.TrimPrefix(container.Computed(text[i+len(":parameter"):]), "/")}, artifact.At(n, np))
	} else if i := strings.Index(text, ":secret:"); i >= 0 {
		id, rest, _ := strings.Cut(container.Computed(text[i+len(":secret:"):]), ":")
		key, _, _ := strings.Cut(rest, ":")
		f.store(pair, p, name, inventory.SlotRef{Store: "aws-sm", Scope: "*/*", Name: id, Key: key}, artifact.At(n, np))
	}
}

// argument reads one property.
func (f *file) argument(pair tree.Pair, p tree.Path, name string, n *tree.Node, np tree.Path) {
	found := f.uses(n, np, 0)
	literal := len(found) == 0 && isLiteral(n) && detect.ClassifyName(name).Class == inventory.ClassCredential && n.IsString()
	if len(found) == 0 && !literal {
		return
	}
	at := artifact.At(n, np)
	id := f.node(pair, p)
	short := strings.TrimPrefix(string(np), string(p.Key("Properties"))+".")
	b := f.Binding(id, short, "argument", at)
	f.Edge(inventory.Reads, id, b, "cfn-property", inventory.Certain, at)
	for _, u := range found {
		f.Edge(inventory.BoundFrom, b, u.id, "cfn-property", inventory.Certain, u.at)
	}
	if literal {
		container.Value(f.Facts, b, string(np), name, n.Value, at)
	}
}

// events reads the schedules of a SAM function or state machine.
func (f *file) events(pair tree.Pair, p tree.Path, n *tree.Node, np tree.Path) {
	for _, e := range n.Entries() {
		props := e.Value.Get("Properties")
		switch e.Value.Get("Type").Str() {
		case "Schedule":
			f.scheduled(pair, p, props.Get("Schedule"), "", np.Key(e.Key))
		case "ScheduleV2":
			f.scheduled(pair, p, props.Get("ScheduleExpression"), props.Get("ScheduleExpressionTimezone").Str(), np.Key(e.Key))
		}
	}
}

func (f *file) schedule(pair tree.Pair, p tree.Path, props *tree.Node, key string) {
	f.scheduled(pair, p, props.Get(key), props.Get("ScheduleExpressionTimezone").Str(), p.Key("Properties").Key(key))
}

func (f *file) scheduled(pair tree.Pair, p tree.Path, n *tree.Node, zone string, at tree.Path) {
	if n.Str() == "" || !f.spend() {
		return
	}
	if zone == "" {
		zone = "UTC"
	}
	f.Attr(f.node(pair, p), inventory.AttrSchedule, n.Str(), zone, artifact.At(n, at))
}

// targets joins what a rule starts to the rule.
func (f *file) targets(pair tree.Pair, n *tree.Node) {
	for _, t := range n.List() {
		arn := t.Get("Arn")
		name, _, _ := strings.Cut(arn.Str(), ".")
		if list := arn.Get("Fn::GetAtt").List(); len(list) > 0 {
			name, _, _ = strings.Cut(list[0].Str(), ".")
		} else if arn.IsSeq() && len(arn.Items) > 0 {
			name = arn.Items[0].Str()
		}
		if runs[f.resources.Get(name, "Type").Str()] {
			f.Edge(inventory.TriggeredBy, inventory.PartID(f.id, name), inventory.PartID(f.id, pair.Key), "cfn-target", inventory.Certain, artifact.At(t, ""))
		}
	}
}
