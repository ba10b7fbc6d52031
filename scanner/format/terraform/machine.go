package terraform

import (
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
	"github.com/rotamap/rotamap/scanner/format/stepfunctions"
)

// machine reads a state machine: the file that defines it, or the definition that the resource holds within itself, as
// an object or as JSON in a text.
func (w *running) machine() {
	a := w.block.Body.Attributes["definition"]
	if a == nil {
		return
	}
	pointer := address(w.block) + ".definition"
	for _, call := range templateCalls(a.Expr) {
		if file := w.fileOf(call); file != "" {
			to := inventory.FileID(export.StateMachine, w.Artifact.Source, file)
			w.Edge(inventory.Runs, w.add(), to, "terraform-definition", inventory.Certain, at(a.Range(), pointer))
		}
	}
	var n *tree.Node
	switch e := a.Expr.(type) {
	case *hclsyntax.FunctionCallExpr:
		if e.Name == "jsonencode" && len(e.Args) == 1 {
			n = w.node(e.Args[0], 0)
		}
	case *hclsyntax.TemplateExpr:
		n = w.json(e)
	}
	if n.Get("States").IsMap() {
		stepfunctions.Define(w.Facts, w.add(), n, tree.Path(pointer))
	}
}

// node returns an object of the language as a tree, with "*" in texts for what is not known.
func (m *module) node(e hclsyntax.Expression, depth int) *tree.Node {
	r := e.Range()
	n := &tree.Node{Kind: tree.Scalar, Tag: "!!str", Line: r.Start.Line, Column: r.Start.Column}
	if depth > maxEval || !m.spend() {
		return n
	}
	switch x := e.(type) {
	case *hclsyntax.ParenthesesExpr:
		return m.node(x.Expression, depth+1)
	case *hclsyntax.ObjectConsExpr:
		n.Kind = tree.Map
		for _, item := range x.Items {
			if key := objectKey(item.KeyExpr); key != "" {
				at := item.KeyExpr.Range().Start
				n.Pairs = append(n.Pairs, tree.Pair{Key: key, Line: at.Line, Column: at.Column, Value: m.node(item.ValueExpr, depth+1)})
			}
		}
	case *hclsyntax.TupleConsExpr:
		n.Kind = tree.Seq
		for _, item := range x.Exprs {
			n.Items = append(n.Items, m.node(item, depth+1))
		}
	default:
		if n.Value = m.addressOf(e); n.Value == "" {
			n.Value = m.text(e)
		}
	}
	return n
}

// addressOf returns the address that a resource of the module has under its name: that of a connection of EventBridge. ""
// for any other expression.
func (m *module) addressOf(e hclsyntax.Expression) string {
	t, ok := m.single(e)
	if !ok {
		return ""
	}
	name, words, rest := split(t)
	if words[0] != "aws_cloudwatch_event_connection" || len(rest) != 1 || rest[0] != "arn" || m.blocks[withoutInstance(name)] == nil {
		return ""
	}
	if own := m.name(m.blocks[withoutInstance(name)], "name"); !strings.Contains(own, "*") {
		return "arn:aws:events:::connection/" + own
	}
	return ""
}

// json reads JSON that stands in a text, with what is known of the parts that the language fills in. What stands
// outside of a string there is no text.
func (m *module) json(e *hclsyntax.TemplateExpr) *tree.Node {
	var b strings.Builder
	for _, part := range e.Parts {
		text := ""
		if lit, ok := part.(*hclsyntax.LiteralValueExpr); ok {
			text = scalar(lit.Val)
		} else if strings.Count(b.String(), `"`)%2 == 0 {
			text = "null"
		} else if text = m.addressOf(part); text == "" {
			text = strings.Map(plainRune, m.text(part))
		}
		if b.WriteString(text); b.Len() > 200_000 {
			return nil
		}
	}
	docs, err := tree.JSON([]byte(b.String()))
	if err != nil || len(docs) != 1 || len(e.Parts) == 0 {
		return nil
	}
	first := e.Parts[0].Range().Start.Line - 1
	docs[0].Walk("", func(_ tree.Path, n *tree.Node) bool {
		n.Line += first
		for i := range n.Pairs {
			n.Pairs[i].Line += first
		}
		return true
	})
	return docs[0]
}

// plainRune leaves out of a text what would end or break a string of JSON.
func plainRune(r rune) rune {
	if r == '"' || r == '\\' || r < ' ' {
		return -1
	}
	return r
}
