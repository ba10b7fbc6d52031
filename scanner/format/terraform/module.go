package terraform

import (
	"path"
	"sort"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// budget bounds the attributes of one file.
const budget = 100_000

// module is one file, seen as a part of its module.
type module struct {
	*artifact.Facts
	scope        string // <source>/<folder>: that of the slots
	dir          string
	whole        string                      // id of the automation
	blocks       map[string]*hclsyntax.Block // T.N, data.T.N, var.x, module.m ...
	locals       map[string]hclsyntax.Expression
	constants    map[string]string               // values of variables that files of values give
	rowsOf       map[string]hclsyntax.Expression // the same, as they are written
	sensitive    map[string]bool                 // variables that say so
	each         map[string]string               // the instance that is read: key and value
	instance     hclsyntax.Expression            // the value of that instance, when it is written out
	calls        map[*hclsyntax.Block]string     // calls of modules that are workloads, with their ids
	followed     map[string]bool                 // attributes that were followed to what they are given
	bound        map[string]bool                 // arguments of those that are variables, by their pointers
	several      bool                            // the file is one of several that may give a value
	dependencies map[string]string               // of a unit of Terragrunt: the folder of each

	left  int
	steps int // of the text that is evaluated
}

func newModule(facts *artifact.Facts, body *hclsyntax.Body) *module {
	a := facts.Artifact
	m := &module{Facts: facts, dir: a.Dir(), scope: path.Join(a.Source, a.Dir()), left: budget,
		whole: inventory.FileID(ID, a.Source, a.Dir()), blocks: map[string]*hclsyntax.Block{},
		locals: map[string]hclsyntax.Expression{}, constants: map[string]string{}, rowsOf: map[string]hclsyntax.Expression{}, sensitive: map[string]bool{}, calls: map[*hclsyntax.Block]string{}, bound: map[string]bool{}, followed: map[string]bool{}}
	m.index(body)
	return m
}

// maxSiblings bounds the files of one module that are read for their constants.
const maxSiblings = 60

// siblings reads the constants of the other files of the module.
func (m *module) siblings() {
	var names []string
	for name := range m.Artifact.Siblings {
		if name != m.Artifact.Path && path.Dir(name) == path.Dir(m.Artifact.Path) {
			names = append(names, name)
		}
	}
	sort.Strings(names)
	for i, name := range names {
		if i == maxSiblings || !(isCode(name) || isValues(name)) {
			continue
		}
		body := siblingBody(m.Artifact.Siblings[name])
		switch {
		case body == nil:
		case isCode(name):
			m.index(body)
		default:
			for key, attr := range body.Attributes {
				m.rowsOf[key] = attr.Expr
				if v := m.text(attr.Expr); !strings.Contains(v, "*") {
					m.constants[key] = v
				}
			}
		}
	}
}

// siblingBody returns what another file of the module holds, which all files of the folder share; nil where it does not parse.
func siblingBody(a *artifact.Artifact) *hclsyntax.Body {
	if known, ok := a.Parsed.(*hclsyntax.Body); ok {
		return known
	}
	body, _ := read(a)
	a.Parsed = body
	return body
}

// index notes the blocks and local values of a file. What the file itself defines goes first.
func (m *module) index(body *hclsyntax.Body) {
	for _, b := range body.Blocks {
		if b.Type == "locals" {
			for name, attr := range b.Body.Attributes {
				if m.locals[name] == nil {
					m.locals[name] = attr.Expr
				}
			}
			continue
		}
		key := address(b)
		if key != "" && m.blocks[key] == nil {
			m.blocks[key] = b
		}
		if b.Type == "variable" && literal(b.Body.Attributes["sensitive"]) == "true" {
			m.sensitive[key] = true
		}
	}
}

// address returns the name by which expressions know a block, "" for one that has none.
func address(b *hclsyntax.Block) string {
	switch {
	case b.Type == "resource" && len(b.Labels) == 2:
		return b.Labels[0] + "." + b.Labels[1]
	case (b.Type == "data" || b.Type == "ephemeral") && len(b.Labels) == 2:
		return b.Type + "." + b.Labels[0] + "." + b.Labels[1]
	case b.Type == "variable" && len(b.Labels) == 1:
		return "var." + b.Labels[0]
	case b.Type == "module" && len(b.Labels) == 1:
		return "module." + b.Labels[0]
	case b.Type == "output" && len(b.Labels) == 1:
		return "output." + b.Labels[0]
	case b.Type == "provider" && len(b.Labels) == 1:
		return "provider." + b.Labels[0]
	}
	return ""
}

// read adds the facts of the file.
func (m *module) read(body *hclsyntax.Body) {
	for _, b := range body.Blocks {
		if !m.spend() {
			return
		}
		switch b.Type {
		case "variable":
			m.variable(b)
		case "locals":
			for _, attr := range ordered(b.Body) {
				m.local(attr)
			}
		case "output":
			m.output(b)
		case "resource", "data", "ephemeral":
			m.instances(b)
		case "module":
			m.moduleCall(b)
		case "provider", "terraform":
			m.consumer(b)
		}
	}
}

func (m *module) spend() bool {
	m.left--
	if m.left == -1 {
		m.Skip("more entries than the limit: the rest of the file is left out")
	}
	return m.left >= 0
}

// at returns the place of a range.
func at(r hcl.Range, pointer string) artifact.Place {
	return artifact.Place{Line: r.Start.Line, Column: r.Start.Column, Pointer: pointer}
}

// in is at for a range that may be in another file of the module.
func (m *module) in(r hcl.Range, pointer string) artifact.Place {
	p := at(r, pointer)
	if r.Filename != "" && r.Filename != m.Artifact.Base() {
		p.File = path.Join(m.dir, r.Filename)
	}
	return p
}

// ordered returns the attributes of a body in the order of the file.
func ordered(body *hclsyntax.Body) []*hclsyntax.Attribute {
	out := make([]*hclsyntax.Attribute, 0, len(body.Attributes))
	for _, a := range body.Attributes {
		out = append(out, a)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].SrcRange.Start.Byte < out[j].SrcRange.Start.Byte })
	return out
}

// slot adds the slot of something that the module names.
func (m *module) slot(name string, place artifact.Place) string {
	r := inventory.SlotRef{Store: "tf", Scope: m.scope, Name: name}
	if call, out, ok := strings.Cut(strings.TrimPrefix(name, "module."), "."); ok && strings.HasPrefix(name, "module.") {
		if dir, local := m.callee(m.blocks["module."+call]); local {
			r.Scope, r.Name = dir, "output."+out
		}
	}
	id := m.Slot(r, place)
	m.Refs--
	return id
}

// callee returns the scope of the module that a block calls, when it is one of this source.
func (m *module) callee(b *hclsyntax.Block) (string, bool) {
	if b == nil {
		return "", false
	}
	source := literal(b.Body.Attributes["source"])
	if !strings.HasPrefix(source, "./") && !strings.HasPrefix(source, "../") {
		return "", false
	}
	dir := path.Join(m.dir, source)
	return path.Join(m.Artifact.Source, dir), dir != ".." && !strings.HasPrefix(dir, "../")
}

// variable reads a variable that holds a credential, with its default.
func (m *module) variable(b *hclsyntax.Block) {
	if len(b.Labels) != 1 {
		return
	}
	name := "var." + b.Labels[0]
	place := at(b.DefRange(), address(b))
	if !m.secretName(name) {
		return
	}
	id := m.slot(name, place)
	m.Defined(id, inventory.DefinedInScan, place)
	if m.sensitive[name] {
		m.Attr(id, inventory.AttrTag, "sensitive", "", place)
	}
	if d := literalText(b.Body.Attributes["description"]); d != "" && len(d) < 300 {
		m.Attr(id, inventory.AttrPurpose, d, "", place)
	}
	if attr := b.Body.Attributes["default"]; attr != nil {
		m.literal(id, b.Labels[0], attr.Expr, address(b)+".default")
	}
	m.Cover(id, b.Range().Start.Line, b.Range().End.Line)
}

// local reads a local value that holds a credential.
func (m *module) local(attr *hclsyntax.Attribute) {
	pointer := "local." + attr.Name
	m.fill(func() string { return m.slot(pointer, at(attr.NameRange, pointer)) }, attr.Name, attr.Expr, pointer)
}

// output reads what the module hands to its caller.
func (m *module) output(b *hclsyntax.Block) {
	attr := b.Body.Attributes["value"]
	if len(b.Labels) != 1 || attr == nil {
		return
	}
	slot := func() string { return m.slot("output."+b.Labels[0], at(b.DefRange(), address(b))) }
	m.fill(slot, b.Labels[0], attr.Expr, address(b)+".value")
	if namesEntry(b.Labels[0]) {
		m.handsOut(slot, m.pointers(attr.Expr, address(b)+".value"))
	}
}

// fill joins a slot, added on demand, to the credentials that an expression uses; a literal counts when the name
// speaks of a credential.
func (m *module) fill(slot func() string, name string, e hclsyntax.Expression, pointer string) {
	refs := m.references(e, pointer, strong(name))
	for _, r := range refs {
		m.copies(slot(), r)
	}
	if v := literalValue(e); len(refs) == 0 && strong(name) && v != "" && v != "true" && v != "false" {
		m.literal(slot(), name, e, pointer)
	}
}

func (m *module) copies(slot string, r reference) {
	if r.whole {
		m.EdgeWith(inventory.CopiesFrom, slot, r.id, "R15-terraform", inventory.Certain, r.at, inventory.AttrWhole, "true")
		return
	}
	m.Edge(inventory.CopiesFrom, slot, r.id, "R15-terraform", inventory.Certain, r.at)
}

// literal adds the value of a slot that stands in the file.
func (m *module) literal(slot, name string, e hclsyntax.Expression, pointer string) {
	value := literalValue(e)
	if value == "" || value == "true" || value == "false" {
		return
	}
	place := at(e.Range(), pointer)
	in := m.Inline(pointer, place)
	m.Literal(in, name, value, place)
	if m.several {
		m.Edge(inventory.CopiesFrom, slot, in, "R15-terraform", inventory.High, place)
		return
	}
	m.EdgeWith(inventory.CopiesFrom, slot, in, "R15-terraform", inventory.Certain, place, inventory.AttrWhole, "true")
}

// strong reports whether a name speaks of a credential.
func strong(name string) bool {
	return detect.ClassifyName(name).Class == inventory.ClassCredential
}
