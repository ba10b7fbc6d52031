package terraform

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/rotamap/rotamap/rules/detect"
)

// maxEval bounds how deep constants are followed.
const maxEval = 12

// maxSteps bounds the work of one text: values that use values twice grow without end.
const maxSteps = 2000

// text returns the constant text of an expression; "*" stands for what is not known.
func (m *module) text(e hclsyntax.Expression) string {
	m.steps = 0
	out := m.eval(e, 0)
	for strings.Contains(out, "**") {
		out = strings.ReplaceAll(out, "**", "*")
	}
	if len(out) > 1000 {
		return "*"
	}
	return out
}

func (m *module) eval(e hclsyntax.Expression, depth int) string {
	if m.steps++; depth > maxEval || m.steps > maxSteps {
		return "*"
	}
	switch e := e.(type) {
	case *hclsyntax.LiteralValueExpr:
		return scalar(e.Val)
	case *hclsyntax.TemplateExpr:
		var b strings.Builder
		for _, p := range e.Parts {
			b.WriteString(m.eval(p, depth+1))
			if b.Len() > 1000 {
				return "*"
			}
		}
		return b.String()
	case *hclsyntax.TemplateWrapExpr:
		return m.eval(e.Wrapped, depth+1)
	case *hclsyntax.ParenthesesExpr:
		return m.eval(e.Expression, depth+1)
	case *hclsyntax.ScopeTraversalExpr:
		return m.constant(e.Traversal, depth+1)
	case *hclsyntax.FunctionCallExpr:
		return m.call(e, depth+1)
	case *hclsyntax.ConditionalExpr:
		if a, b := m.eval(e.TrueResult, depth+1), m.eval(e.FalseResult, depth+1); a == b {
			return a
		}
	}
	return "*"
}

func scalar(v cty.Value) string {
	switch {
	case v.IsNull() || !v.IsKnown():
		return ""
	case v.Type() == cty.String:
		return v.AsString()
	case v.Type() == cty.Number:
		n := v.AsBigFloat()
		if whole, accuracy := n.Int64(); accuracy == big.Exact {
			return strconv.FormatInt(whole, 10)
		}
		return n.Text('f', -1)
	case v.Type() == cty.Bool:
		return fmt.Sprint(v.True())
	}
	return "*"
}

// constant follows a name to a value that the module states.
func (m *module) constant(t hcl.Traversal, depth int) string {
	words := route(t)
	if len(words) < 2 {
		return "*"
	}
	switch words[0] {
	case "var":
		if v, ok := m.constants[words[1]]; ok {
			return v
		}
		if b := m.blocks["var."+words[1]]; b != nil && b.Body.Attributes["default"] != nil && len(words) == 2 {
			if v := m.eval(b.Body.Attributes["default"].Expr, depth); v != "" {
				return v
			}
		}
		return "*"
	case "local":
		if e := within(m.locals[words[1]], words[2:]); e != nil {
			return m.eval(e, depth)
		}
		return "*"
	case "each":
		if v, ok := m.each[words[1]]; ok {
			return v
		}
		return "*"
	}
	return m.attribute(words, depth)
}

// within follows keys into objects that are written out; nil where one is not.
func within(e hclsyntax.Expression, keys []string) hclsyntax.Expression {
	for _, key := range keys {
		object, ok := e.(*hclsyntax.ObjectConsExpr)
		if !ok {
			return nil
		}
		e = nil
		for _, item := range object.Items {
			if objectKey(item.KeyExpr) == key {
				e = item.ValueExpr
			}
		}
	}
	return e
}

// attribute follows T.N.attr to what the block says of it.
func (m *module) attribute(words []string, depth int) string {
	n := 2
	if words[0] == "data" || words[0] == "ephemeral" {
		n = 3
	}
	if len(words) <= n {
		return "*"
	}
	b := m.blocks[strings.Join(words[:n], ".")]
	if b == nil {
		return "*"
	}
	if attr := b.Body.Attributes[words[n]]; attr != nil {
		return m.eval(attr.Expr, depth)
	}
	if name := b.Body.Attributes["name"]; name != nil && words[n] == "repository_url" && words[n-2] == "aws_ecr_repository" {
		return "*/" + m.eval(name.Expr, depth) // <account>.dkr.ecr.<region>.amazonaws.com/<name>
	}
	return "*"
}

// call evaluates the functions that names are usually built with.
func (m *module) call(e *hclsyntax.FunctionCallExpr, depth int) string {
	var args []string
	for _, a := range e.Args {
		args = append(args, m.eval(a, depth))
	}
	if len(args) == 0 {
		return "*"
	}
	switch e.Name {
	case "lower":
		return strings.ToLower(args[0])
	case "upper":
		return strings.ToUpper(args[0])
	case "trimspace", "tostring", "sensitive", "nonsensitive":
		return strings.TrimSpace(args[0])
	case "trimprefix", "trimsuffix", "replace":
		return m.edited(e.Name, args)
	case "format":
		return formatted(args)
	case "join":
		if list, ok := e.Args[len(e.Args)-1].(*hclsyntax.TupleConsExpr); ok {
			var words []string
			for _, x := range list.Exprs {
				words = append(words, m.eval(x, depth))
			}
			return strings.Join(words, args[0])
		}
	}
	return "*"
}

func (m *module) edited(name string, args []string) string {
	switch {
	case strings.Contains(strings.Join(args, ""), "*"), name == "replace" && len(args) != 3, len(args) < 2:
		return "*"
	case name == "trimprefix":
		return strings.TrimPrefix(args[0], args[1])
	case name == "trimsuffix":
		return strings.TrimSuffix(args[0], args[1])
	case strings.HasPrefix(args[1], "/"):
		return "*"
	}
	return strings.ReplaceAll(args[0], args[1], args[2])
}

func formatted(args []string) string {
	out := args[0]
	for _, v := range args[1:] {
		i := strings.IndexByte(out, '%')
		if i < 0 || i+1 >= len(out) {
			break
		}
		out = out[:i] + strings.ReplaceAll(v, "%", "*") + out[i+2:]
	}
	if strings.Contains(out, "%") {
		return "*"
	}
	return out
}

// route returns the names of a traversal; an index by text counts as a name.
func route(t hcl.Traversal) []string {
	var out []string
	for _, step := range t {
		switch step := step.(type) {
		case hcl.TraverseRoot:
			out = append(out, step.Name)
		case hcl.TraverseAttr:
			out = append(out, step.Name)
		case hcl.TraverseIndex:
			if step.Key.Type() == cty.String && step.Key.IsKnown() && !step.Key.IsNull() {
				out = append(out, step.Key.AsString())
			}
		}
	}
	return out
}

// literal returns the text of an attribute that is written out, "" for any other.
func literal(attr *hclsyntax.Attribute) string {
	if attr == nil {
		return ""
	}
	return literalValue(attr.Expr)
}

func literalText(attr *hclsyntax.Attribute) string { return strings.TrimSpace(literal(attr)) }

// literalValue returns the text of an expression without any reference, "" for any other.
func literalValue(e hclsyntax.Expression) string {
	if len(hclsyntax.Variables(e)) > 0 {
		return ""
	}
	out := (&module{}).text(e)
	if out == "*" || len(detect.StoreReferences(out)) > 0 {
		return ""
	}
	return out
}
