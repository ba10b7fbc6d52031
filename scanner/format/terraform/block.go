package terraform

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// maxInstances bounds how many instances of a for_each are read one by one.
const maxInstances = 100

// instances reads a resource or data source, once for each instance that for_each writes out.
func (m *module) instances(b *hclsyntax.Block) {
	if len(b.Labels) != 2 {
		return
	}
	list := m.forEach(b)
	for i, each := range list {
		if i == maxInstances || !m.spend() {
			break
		}
		m.each, m.instance = each.words, each.value
		m.block(b, len(list) == 1)
	}
	m.each, m.instance = nil, nil
}

// forEach returns the instances of a block: one without a key when they are not written out.
func (m *module) forEach(b *hclsyntax.Block) []instance {
	attr := b.Body.Attributes["for_each"]
	if attr == nil {
		return []instance{{}}
	}
	out := m.literalSet(attr.Expr, 0)
	if len(out) == 0 {
		return []instance{{}}
	}
	return out
}

// instance is one instance of a block: the texts of its key and value, and the expression of the value in a map.
type instance struct {
	words map[string]string
	value hclsyntax.Expression
}

func (m *module) literalSet(e hclsyntax.Expression, depth int) []instance {
	var out []instance
	switch e := e.(type) {
	case *hclsyntax.FunctionCallExpr:
		if (e.Name == "toset" || e.Name == "tomap") && len(e.Args) == 1 {
			return m.literalSet(e.Args[0], depth)
		}
	case *hclsyntax.ScopeTraversalExpr:
		if words := route(e.Traversal); len(words) == 2 && words[0] == "local" && m.locals[words[1]] != nil && depth < maxEval {
			return m.literalSet(m.locals[words[1]], depth+1)
		}
	case *hclsyntax.TupleConsExpr:
		for _, x := range e.Exprs {
			if v := m.text(x); !strings.Contains(v, "*") {
				out = append(out, instance{words: map[string]string{"key": v, "value": v}})
			}
		}
	case *hclsyntax.ObjectConsExpr:
		for _, item := range e.Items {
			if k := objectKey(item.KeyExpr); k != "" {
				out = append(out, instance{map[string]string{"key": k, "value": m.text(item.ValueExpr)}, item.ValueExpr})
			}
		}
	}
	return out
}

// objectKey returns the key of an object's item, "" for one that is computed.
func objectKey(e hclsyntax.Expression) string {
	if k, ok := e.(*hclsyntax.ObjectConsKeyExpr); ok {
		if word := hcl.ExprAsKeyword(k.Wrapped); word != "" && !k.ForceNonLiteral {
			return word
		}
		e = k.Wrapped
	}
	return literalValue(e)
}

// block reads one instance. Alone says that it is the only one, so that its slot is that of its entry.
func (m *module) block(b *hclsyntax.Block, alone bool) {
	name := address(b)
	place := at(b.DefRange(), name)
	switch {
	case b.Type == "resource" && generated[b.Labels[0]]:
		id := m.slot(name, place)
		m.Defined(id, inventory.DefinedInScan, place)
		m.Attr(id, inventory.AttrType, b.Labels[0], "", place)
		m.grants(b, id)
		m.consumer(b)
	case stores[b.Labels[0]] != nil:
		m.entry(b, alone)
	case workloads[b.Labels[0]]:
		m.workload(b)
	case b.Type == "data" && b.Labels[0] == "template_file":
		m.templateBlock(b)
	case b.Labels[0] == "aws_cloudwatch_event_target":
		m.eventTarget(b)
	default:
		m.consumer(b)
	}
}

// automation adds the module itself, when something of it is of interest.
func (m *module) automation(place artifact.Place) string {
	name := m.dir
	if name == "" {
		name = m.Artifact.Source
	}
	place.Pointer = ""
	m.AutomationID(m.whole, name, place)
	m.Attr(m.whole, inventory.AttrNeeds, "next apply", "", place)
	return m.whole
}

// part adds a block as a part of its module.
func (m *module) part(b *hclsyntax.Block) string {
	if id := m.calls[b]; id != "" {
		return id
	}
	place := at(b.DefRange(), address(b))
	name := address(b)
	if name == "" {
		name = b.Type
	}
	id := m.Part(m.automation(place), name, name, b.Type, place)
	m.Cover(id, b.Range().Start.Line, b.Range().End.Line)
	return id
}

// skipped are attributes that hand nothing on.
var skipped = map[string]bool{
	"depends_on": true, "count": true, "for_each": true, "provider": true, "providers": true, "lifecycle": true, "triggers": true,
	"source": true, "version": true, "description": true, "policy": true, "assume_role_policy": true, "filter": true, "validation": true,
	"keepers": true, "replace_triggered_by": true, "required_providers": true, "required_version": true,
}

// consumer reads a block that may be handed credentials: a provider, a module call, any resource.
func (m *module) consumer(b *hclsyntax.Block) {
	if b.Type == "provider" {
		m.owners(b)
	}
	if b.Labels != nil && b.Labels[0] == "aws_iam_policy_document" {
		return
	}
	m.arguments(b, b.Body, address(b), 0)
}

// arguments reads the attributes of a body and of the blocks in it.
func (m *module) arguments(b *hclsyntax.Block, body *hclsyntax.Body, route string, depth int) {
	for _, attr := range ordered(body) {
		if !skipped[attr.Name] && m.spend() {
			m.argument(b, attr.Name, attr.Expr, route+"."+attr.Name)
		}
	}
	for _, inner := range body.Blocks {
		if !skipped[inner.Type] && depth < 10 {
			m.arguments(b, inner.Body, route+"."+strings.Join(append([]string{inner.Type}, inner.Labels...), "."), depth+1)
		}
	}
}

// argument reads one value. The items of an object are read one by one.
func (m *module) argument(b *hclsyntax.Block, name string, e hclsyntax.Expression, pointer string) {
	if object, ok := e.(*hclsyntax.ObjectConsExpr); ok {
		for _, item := range object.Items {
			if key := objectKey(item.KeyExpr); key != "" && m.spend() {
				m.argument(b, key, item.ValueExpr, pointer+"."+key)
			}
		}
		return
	}
	m.rendered(b, e, pointer)
	m.publicKey(name, e, pointer)
	refs := m.references(e, pointer, strong(name))
	if _, local := m.callee(b); local && len(refs) == 0 {
		refs = m.pointers(e, pointer)
	}
	value := ""
	if len(refs) == 0 {
		if strong(name) || len(literalValue(e)) >= 16 && b.Type != "terraform" {
			value = literalValue(e)
		}
		if value == "" || value == "true" || value == "false" || !strong(name) && !urlWithUser(value) {
			return
		}
	}
	place := at(e.Range(), pointer)
	id := m.argumentNode(b, pointer, place)
	m.handed(b, id, pointer, refs)
	if value != "" {
		m.given(b, id, name, e, pointer)
	}
}

// publicKey says that a variable which is handed over as a public key is no credential, whatever its name.
func (m *module) publicKey(name string, e hclsyntax.Expression, pointer string) {
	if name != "public_key" && name != "ssh_public_key" && name != "public_key_material" {
		return
	}
	t, ok := m.single(e)
	if !ok || t.RootName() != "var" {
		return
	}
	if words := route(t); len(words) == 2 {
		place := m.in(t.SourceRange(), pointer)
		m.Attr(m.slot("var."+words[1], place), inventory.AttrClass, string(inventory.ClassIdentifier), "a public key", place)
	}
}

// handed joins an argument to what it is given.
func (m *module) handed(b *hclsyntax.Block, id, pointer string, refs []reference) {
	for _, r := range refs {
		if !strings.HasPrefix(id, "tf:") {
			m.Edge(inventory.BoundFrom, id, r.id, "R15-terraform", inventory.Certain, r.at)
			continue
		}
		m.copies(id, r)
		if !m.bound[pointer] {
			m.Edge(inventory.Reads, m.part(b), r.id, "R15-terraform", inventory.Certain, r.at)
		}
	}
}

// urlWithUser reports whether a text is an address that may hold a password.
func urlWithUser(s string) bool {
	i := strings.Index(s, "://")
	return i > 0 && strings.Contains(s[i:], "@") && strings.Contains(s[i+3:], ":")
}

// argumentNode returns the node that takes an argument: the variable of a called module of this source, else a
// binding of the block. The variable is that of every call of the module, so what one call is handed is read by the call
// itself: calls must not meet in it.
func (m *module) argumentNode(b *hclsyntax.Block, pointer string, place artifact.Place) string {
	id := m.part(b)
	short := strings.TrimPrefix(pointer, address(b)+".")
	if scope, ok := m.callee(b); b.Type == "module" && ok {
		name, _, _ := strings.Cut(short, ".")
		slot := m.Slot(inventory.SlotRef{Store: "tf", Scope: scope, Name: "var." + name}, place)
		m.Refs--
		return slot
	}
	binding := m.Binding(id, short, "argument", place)
	m.Edge(inventory.Reads, id, binding, "R15-terraform", inventory.Certain, place)
	return binding
}

// given adds a literal that an argument is given.
func (m *module) given(b *hclsyntax.Block, id, name string, e hclsyntax.Expression, pointer string) {
	place := at(e.Range(), pointer)
	if strings.HasPrefix(id, "tf:") {
		m.literal(id, name, e, pointer)
		m.Edge(inventory.Reads, m.part(b), m.Inline(pointer, place), "inline", inventory.Certain, place)
		return
	}
	slot := m.Inline(pointer, place)
	m.Literal(slot, name, literalValue(e), place)
	m.Edge(inventory.BoundFrom, id, slot, "inline", inventory.Certain, place)
}

// owners reads the owner among the tags that a provider puts on everything.
func (m *module) owners(b *hclsyntax.Block) {
	for _, inner := range b.Body.Blocks {
		if inner.Type != "default_tags" {
			continue
		}
		m.tagged(inner.Body, address(b)+".default_tags", "default-tags", m.automation)
	}
}

// tagged reads the owner and the environment among the tags of a block, which say so of what id returns.
func (m *module) tagged(body *hclsyntax.Body, pointer, rule string, id func(artifact.Place) string) {
	for _, name := range []string{"tags", "labels"} {
		for _, tags := range objectsOf(attribute(body, name)) {
			for _, item := range tags.Items {
				key := strings.ToLower(objectKey(item.KeyExpr))
				value := m.text(item.ValueExpr)
				place := at(item.ValueExpr.Range(), pointer+"."+key)
				switch {
				case value == "" || strings.Contains(value, "*") || len(value) > 200:
				case key == "owner" || key == "team" || key == "contact":
					m.Owner(id(place), value, rule, inventory.High, place)
				case key == "environment" || key == "env" || key == "stage":
					m.Attr(id(place), inventory.AttrEnvironment, value, "", place)
				}
			}
		}
	}
}

func attribute(body *hclsyntax.Body, name string) hclsyntax.Expression {
	if a := body.Attributes[name]; a != nil {
		return a.Expr
	}
	return nil
}
