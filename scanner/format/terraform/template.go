package terraform

import (
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/rotamap/rotamap/graph/inventory"
)

// templates reads the templatefile() calls in an expression, and returns the files of the module that it fills or takes in: those,
// and the templates of data sources that it names.
func (m *module) templates(e hclsyntax.Expression, pointer string) []string {
	var out []string
	if t, ok := m.single(e); ok && t.RootName() == "local" {
		if words := route(t); len(words) == 2 && m.locals[words[1]] != nil {
			e = m.locals[words[1]]
		}
	}
	for _, call := range templateCalls(e) {
		if file := m.fileOf(call); file != "" {
			if len(call.Args) == 2 {
				m.filled(file, call.Args[1], pointer)
			}
			out = append(out, file)
		}
	}
	for _, t := range m.traversals(e) {
		words := route(t)
		if len(words) < 4 || words[0] != "data" || words[1] != "template_file" {
			continue
		}
		if b := m.blocks[strings.Join(words[:3], ".")]; b != nil && b.Body.Attributes["template"] != nil {
			for _, call := range templateCalls(b.Body.Attributes["template"].Expr) {
				if file := m.fileOf(call); file != "" {
					out = append(out, file)
				}
			}
		}
	}
	return out
}

func templateCalls(e hclsyntax.Expression) []*hclsyntax.FunctionCallExpr {
	return callsOf(e, "templatefile", "file")
}

// fileOf returns the path of the file that a call names, from the root of the source; "" for a computed one.
func (m *module) fileOf(call *hclsyntax.FunctionCallExpr) string {
	name := ""
	switch e := call.Args[0].(type) {
	case *hclsyntax.TemplateExpr:
		for _, p := range e.Parts {
			if t, ok := p.(*hclsyntax.ScopeTraversalExpr); ok && t.Traversal.RootName() == "path" {
				continue
			}
			name += literalValue(p)
			if len(hclsyntax.Variables(p)) > 0 {
				return ""
			}
		}
	default:
		name = literalValue(e)
	}
	file := path.Join(m.dir, strings.TrimPrefix(name, "/"))
	if name == "" || strings.HasPrefix(file, "../") {
		return ""
	}
	return file
}

// filled says what fills the variables of a template.
func (m *module) filled(file string, vars hclsyntax.Expression, pointer string) {
	object := objectOf(vars)
	if object == nil {
		return
	}
	for _, item := range object.Items {
		key := objectKey(item.KeyExpr)
		if key == "" || !m.spend() {
			continue
		}
		where := pointer + "." + key
		refs := append(m.references(item.ValueExpr, where, strong(key)), m.pointers(item.ValueExpr, where)...)
		if t, ok := m.single(item.ValueExpr); ok && len(refs) == 0 && t.RootName() == "var" {
			if words := route(t); len(words) == 2 && namesEntry(words[1]) { // the name of an entry that a caller hands over
				place := m.in(t.SourceRange(), where)
				refs = append(refs, reference{id: m.slot("var."+words[1], place), at: place, whole: true})
			}
		}
		for _, r := range refs {
			m.copies(m.Slot(templateVariable(m.Artifact.Source, file, key), r.at), r)
		}
	}
}

// templateBlock reads data "template_file", the data source that templatefile() came to replace.
func (m *module) templateBlock(b *hclsyntax.Block) {
	template, vars := b.Body.Attributes["template"], b.Body.Attributes["vars"]
	if template == nil || vars == nil {
		return
	}
	for _, call := range templateCalls(template.Expr) {
		if file := m.fileOf(call); file != "" {
			m.filled(file, vars.Expr, address(b)+".vars")
		}
	}
}

// containerFile joins a workload to the container definitions that it is made from.
func (w *running) containerFile(e hclsyntax.Expression, pointer string) {
	for _, file := range w.templates(e, pointer) {
		to := inventory.FileID(containersID, w.Artifact.Source, file)
		w.Edge(inventory.Runs, w.add(), to, "terraform-definition", inventory.Certain, at(e.Range(), pointer))
	}
}
