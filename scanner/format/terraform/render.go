package terraform

import (
	"bytes"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/code"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Bounds of the templates that one file may fill, and of the places at which one of them uses a variable.
const (
	maxTemplates = 40
	maxUses      = 20
)

var templateName = lazy.New(`(?:templatefile\(\s*|\btemplate\s*=\s*"?\$?\{?file\(\s*)"(?:\$\{path\.(?:module|root|cwd)\}/)?([\w./ -]+)"`)

// templateFiles lists the templates that a file names in full, as seen from its folder.
func templateFiles(text []byte) []string {
	if !bytes.Contains(text, []byte("templatefile(")) && !bytes.Contains(text, []byte("template_file")) {
		return nil
	}
	var out []string
	for _, m := range templateName.FindAllSubmatch(text, maxTemplates) {
		out = append(out, strings.TrimPrefix(string(m[1]), "./"))
	}
	return out
}

// rendered reads the templates that an argument is made from (user_data = templatefile("init.sh", {...})): the lines at which they use
// what they are given. Container definitions have a row of their own.
func (m *module) rendered(b *hclsyntax.Block, e hclsyntax.Expression, pointer string) {
	if len(m.Artifact.Siblings) == 0 {
		return
	}
	if t, ok := m.single(e); ok && t.RootName() == "local" {
		if words := route(t); len(words) == 2 && m.locals[words[1]] != nil {
			e = m.locals[words[1]]
		}
	}
	for _, call := range callsOf(e, "templatefile") {
		if len(call.Args) == 2 {
			m.render(b, call, call.Args[1], at(call.Range(), pointer))
		}
	}
	for _, t := range m.traversals(e) {
		words := route(t)
		if len(words) < 4 || words[0] != "data" || words[1] != "template_file" || words[3] != "rendered" {
			continue
		}
		from := m.blocks[strings.Join(words[:3], ".")]
		if from == nil || from.Body.Attributes["template"] == nil || from.Body.Attributes["vars"] == nil {
			continue
		}
		for _, call := range callsOf(from.Body.Attributes["template"].Expr, "file") {
			m.render(b, call, from.Body.Attributes["vars"].Expr, m.in(t.SourceRange(), pointer))
		}
	}
}

// render says that a block is made from a file, and which of its variables stand where in it.
func (m *module) render(b *hclsyntax.Block, call *hclsyntax.FunctionCallExpr, vars hclsyntax.Expression, place artifact.Place) {
	file := m.fileOf(call)
	text, object := m.Artifact.Siblings[file], objectOf(vars)
	if text == nil || object == nil || matchContainers(text) {
		return
	}
	id := inventory.FileID("code", m.Artifact.Source, file)
	uses := templateUses(text.Content)
	for _, item := range object.Items {
		key := objectKey(item.KeyExpr)
		if key == "" || uses[key] == nil || !m.spend() {
			continue
		}
		refs := m.references(item.ValueExpr, place.Pointer+"."+key, strong(key))
		for i, offset := range uses[key] {
			if len(refs) == 0 || i == maxUses {
				break
			}
			in := text.PlaceOf(offset)
			in.File = file
			m.template(id, text)
			binding := m.Binding(id, key, "argument", in)
			m.Edge(inventory.Reads, id, binding, "terraform-template", inventory.High, in)
			m.Edge(inventory.Runs, m.part(b), id, "terraform-template", inventory.Certain, place)
			for _, r := range refs {
				m.Edge(inventory.BoundFrom, binding, r.id, "terraform-template", inventory.High, r.at)
			}
		}
	}
}

// template adds the node of a file that is filled in. One that is program text is read as such, too.
func (m *module) template(id string, text *artifact.Artifact) {
	whole := artifact.Place{File: text.Path}
	m.Node(inventory.Code, id, text.Path, whole)
	if code.Language(text.Path, text.Content[:min(len(text.Content), 256)]) == "" {
		m.Attr(id, inventory.AttrPlatform, "terraform-template", "", whole)
	}
}

var (
	templateHole = lazy.New(`[$%]\{[^{}\n]*\}`)
	templateWord = lazy.New(`[A-Za-z_][\w-]*`)
)

// templateUses returns where a template uses each name within ${} and %{}. $${ and %%{ are no holes.
func templateUses(text []byte) map[string][]int {
	out := map[string][]int{}
	for _, m := range templateHole.FindAllIndex(text, -1) {
		if m[0] > 0 && text[m[0]-1] == text[m[0]] {
			continue
		}
		for _, w := range templateWord.FindAllIndex(text[m[0]:m[1]], -1) {
			name := string(text[m[0]+w[0] : m[0]+w[1]])
			out[name] = append(out[name], m[0]+w[0])
		}
	}
	return out
}
