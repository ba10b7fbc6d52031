package terraform

import (
	"bytes"
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format/container"
)

// expression reads any other argument of a workload. Container definitions are lists of objects within it.
func (w *running) expression(name string, e hclsyntax.Expression, pointer string) {
	if w.definitions(e, pointer) {
		return
	}
	refs := w.references(e, pointer, strong(name))
	value := ""
	if len(refs) == 0 && strong(name) {
		value = literalValue(e)
	}
	if len(refs) == 0 && value == "" {
		return
	}
	place := at(e.Range(), pointer)
	short := strings.TrimPrefix(pointer, address(w.block)+".")
	b := w.Binding(w.add(), short, "argument", place)
	w.Edge(inventory.Reads, w.id, b, "R15-terraform", inventory.Certain, place)
	for _, r := range refs {
		w.Edge(inventory.BoundFrom, b, r.id, "R15-terraform", inventory.Certain, r.at)
	}
	if value != "" {
		container.Value(w.Facts, b, pointer, name, value, place)
	}
}

// definitions reads the objects of an expression that are containers and their variables. It reports whether there are any.
func (w *running) definitions(e hclsyntax.Expression, pointer string) bool {
	found := false
	if document := w.document(e); document != nil {
		e = document
	}
	_ = hclsyntax.VisitAll(e, func(n hclsyntax.Node) (none hcl.Diagnostics) {
		object, ok := n.(*hclsyntax.ObjectConsExpr)
		if ok && w.spend() && w.definition(object, pointer) {
			found = true
		}
		return none
	})
	return found
}

// document reads the JSON of a text between markers (<<EOF), with what the text takes in: JSON is an expression of the language
// itself, so that every place stays what it is. It is nil for any other expression.
func (w *running) document(e hclsyntax.Expression) hclsyntax.Expression {
	if _, ok := e.(*hclsyntax.TemplateExpr); !ok {
		return nil
	}
	r := e.Range()
	content := w.Artifact.Content
	if r.Filename != "" && r.Filename != w.Artifact.Base() {
		other := w.Artifact.Siblings[path.Join(w.dir, r.Filename)]
		if other == nil {
			return nil
		}
		content = other.Content
	}
	if r.Start.Byte < 0 || r.End.Byte > len(content) || r.Start.Byte > r.End.Byte {
		return nil
	}
	marker, text, ok := bytes.Cut(content[r.Start.Byte:r.End.Byte], []byte("\n"))
	if !ok || !bytes.HasPrefix(marker, []byte("<<")) {
		return nil
	}
	text = text[:bytes.LastIndexAny(text, "]}")+1]
	if t := bytes.TrimSpace(text); len(t) == 0 || t[0] != '[' && t[0] != '{' || tooDeep(text) {
		return nil
	}
	document, diags := hclsyntax.ParseExpression(text, r.Filename, hcl.Pos{Line: r.Start.Line + 1, Column: 1, Byte: r.Start.Byte + len(marker) + 1})
	if diags.HasErrors() {
		return nil
	}
	return document
}

// localsIn lists the local values that an expression is put together from: "[${local.web}, ${local.app}]".
func (w *running) localsIn(e hclsyntax.Expression, depth int) []hclsyntax.Expression {
	var out []hclsyntax.Expression
	for _, t := range hclsyntax.Variables(e) {
		if words := route(t); len(words) == 2 && words[0] == "local" && w.locals[words[1]] != nil && depth < 3 && w.spend() {
			out = append(out, w.locals[words[1]])
			out = append(out, w.localsIn(w.locals[words[1]], depth+1)...)
		}
	}
	return out
}

// definition reads {name, valueFrom} and {name, value} of a container definition. It reports whether the object is
// one.
func (w *running) definition(object *hclsyntax.ObjectConsExpr, pointer string) bool {
	items := map[string]hclsyntax.Expression{}
	for _, item := range object.Items {
		items[objectKey(item.KeyExpr)] = item.ValueExpr
	}
	if items["image"] != nil {
		if text := w.text(items["image"]); text != "*" {
			container.Image(w.Facts, w.add(), text, "terraform-image", w.in(items["image"].Range(), pointer))
		}
	}
	if items["name"] == nil || len(items) > 3 {
		return items["image"] != nil
	}
	name := w.text(items["name"])
	switch {
	case strings.Contains(name, "*"):
	case items["valueFrom"] != nil:
		w.valueFrom(name, items["valueFrom"], pointer+"."+name)
		return true
	case items["value"] != nil:
		w.bind(name, items["value"], pointer+"."+name)
		return true
	}
	return false
}

// valueFrom reads the entry that a container gets: an ARN with an optional key, or the name of a parameter.
func (w *running) valueFrom(name string, e hclsyntax.Expression, pointer string) {
	if all := w.pointers(e, pointer); len(all) > 0 {
		r := all[0]
		if key := arnKey(e); key != "" {
			r.id = w.keyed(strings.TrimPrefix(r.id, "tf:"+w.scope+"/"), key, []artifact.Place{r.at}).id
		}
		w.bound(name, r.at, r.id, "terraform-env")
		return
	}
	if id, place, ok := w.keyOfVariable(e, pointer); ok {
		w.bound(name, place, id, "terraform-env")
		return
	}
	place := w.in(e.Range(), pointer)
	if t, ok := w.single(e); ok && t.RootName() == "var" && len(t) == 3 {
		if id := w.element(t, place); id != "" {
			w.bound(name, place, id, "terraform-env")
			return
		}
	}
	text := w.text(e)
	if r, ok := arn(text); ok {
		if strings.Trim(r.Name, "*") != "" {
			w.bound(name, place, w.storeSlotAt(r, place), "terraform-env")
		}
		return
	}
	if strings.Trim(text, "*/") != "" && !strings.Contains(text, ":") {
		r := inventory.SlotRef{Store: "aws-ssm", Scope: "*/*", Name: strings.TrimPrefix(text, "/")}
		w.bound(name, place, w.storeSlotAt(r, place), "terraform-env")
		return
	}
	if t, ok := w.single(e); ok && len(t) == 2 && (t.RootName() == "var" || t.RootName() == "local") {
		w.bound(name, place, w.slot(strings.Join(route(t), "."), place), "terraform-env") // whatever it is called: a store hands it out
		return
	}
	w.bind(name, e, pointer)
}

// keyOfVariable reads "${var.secret_arn}:key::": one key of the entry that the module is handed.
func (w *running) keyOfVariable(e hclsyntax.Expression, pointer string) (string, artifact.Place, bool) {
	key := arnKey(e)
	if key == "" {
		return "", artifact.Place{}, false
	}
	t, ok := w.single(e.(*hclsyntax.TemplateExpr).Parts[0])
	if !ok || t.RootName() != "var" && t.RootName() != "local" || len(t) < 2 {
		return "", artifact.Place{}, false
	}
	place := w.in(e.Range(), pointer)
	if t.RootName() == "var" && len(t) == 3 && w.element(t, place) != "" {
		name, _, _ := split(t)
		return w.keyed(name, key, []artifact.Place{place}).id, place, true
	}
	return w.keyed(strings.Join(route(t)[:2], "."), key, []artifact.Place{place}).id, place, true
}

// arnKey returns the key behind "${secret.arn}:key::".
func arnKey(e hclsyntax.Expression) string {
	t, ok := e.(*hclsyntax.TemplateExpr)
	if !ok || len(t.Parts) != 2 {
		return ""
	}
	text := literalValue(t.Parts[1])
	if !strings.HasPrefix(text, ":") {
		return ""
	}
	key, _, _ := strings.Cut(text[1:], ":")
	return key
}

// eventTarget joins what an EventBridge rule starts to the rule.
func (m *module) eventTarget(b *hclsyntax.Block) {
	rule, okRule := m.single(attribute(b.Body, "rule"))
	target, okTarget := m.single(attribute(b.Body, "arn"))
	if !okRule || !okTarget {
		return
	}
	from, to := route(target), route(rule)
	if len(from) < 2 || len(to) < 2 || !workloads[from[0]] || to[0] != "aws_cloudwatch_event_rule" {
		return
	}
	place := at(b.DefRange(), address(b))
	m.Edge(inventory.TriggeredBy, inventory.PartID(m.whole, from[0]+"."+from[1]), inventory.PartID(m.whole, to[0]+"."+to[1]),
		"terraform-event-target", inventory.Certain, place)
}
