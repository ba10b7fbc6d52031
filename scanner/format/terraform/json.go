package terraform

import (
	"math/big"
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// jsonReader turns the JSON form of a configuration into the syntax tree of the native one, so that all else reads both alike.
// Source: "JSON configuration syntax" of Terraform's documentation.
type jsonReader struct {
	a    *artifact.Artifact
	name string
}

// readJSON parses a file in JSON.
func readJSON(a *artifact.Artifact) (*hclsyntax.Body, error) {
	docs := a.Documents()
	if len(docs) == 0 || docs[0].Err != nil || !docs[0].Root.IsMap() {
		return nil, errSyntax
	}
	j := jsonReader{a: a, name: path.Base(a.Path)}
	root := docs[0].Root
	if isValues(a.Path) {
		return j.body(root, true), nil
	}
	out := j.empty(root)
	for _, p := range root.Entries() {
		j.blocks(out, p.Key, p, nil, labels[p.Key])
	}
	return out, nil
}

// labels says how many labels a block of each type has.
var labels = map[string]int{"resource": 2, "data": 2, "ephemeral": 2, "variable": 1, "output": 1, "module": 1, "provider": 1}

// plainBlocks are the types of blocks whose members are all arguments.
var plainBlocks = map[string]bool{"locals": true, "variable": true, "output": true, "module": true}

// blocks adds the blocks below a key: below as many names as the type has labels, one body or a list of them.
func (j jsonReader) blocks(out *hclsyntax.Body, kind string, p tree.Pair, names []string, depth int) {
	for _, n := range p.Value.List() {
		switch {
		case !n.IsMap():
		case depth == 0:
			out.Blocks = append(out.Blocks, j.block(kind, names, p, n))
		default:
			for _, inner := range n.Entries() {
				j.blocks(out, kind, inner, append(names[:len(names):len(names)], inner.Key), depth-1)
			}
		}
	}
}

func (j jsonReader) block(kind string, names []string, p tree.Pair, n *tree.Node) *hclsyntax.Block {
	r := j.at(p.Line, p.Column)
	end := j.at(lastLine(n), 1)
	b := &hclsyntax.Block{Type: kind, Labels: names, Body: j.body(n, plainBlocks[kind]), TypeRange: r, OpenBraceRange: r, CloseBraceRange: end}
	for range names {
		b.LabelRanges = append(b.LabelRanges, r)
	}
	return b
}

// lastLine returns the line of the last value in a node.
func lastLine(n *tree.Node) int {
	last := n.Line
	for _, p := range n.Entries() {
		last = max(last, p.Line, lastLine(p.Value))
	}
	if n.IsSeq() {
		for _, item := range n.Items {
			last = max(last, lastLine(item))
		}
	}
	return last
}

func (j jsonReader) empty(n *tree.Node) *hclsyntax.Body {
	r := j.at(n.Line, n.Column)
	return &hclsyntax.Body{Attributes: hclsyntax.Attributes{}, SrcRange: r, EndRange: r}
}

// valueMaps are the arguments whose objects are values, not blocks.
var valueMaps = map[string]bool{"variables": true, "tags": true, "data": true, "string_data": true, "binary_data": true, "app_settings": true, "labels": true,
	"environment_variables": true, "keepers": true, "triggers": true, "runtime_environment_variables": true, "runtime_environment_secrets": true,
	"env_vars": true, "config_vars": true, "sensitive_config_vars": true, "vars": true, "inputs": true, "annotations": true, "metadata_labels": true,
	"required_providers": true, "for_each": true, "default_labels": true, "data_wo": true, "secrets": true, "connection_strings": true}

// body reads the members of an object: texts, numbers and lists of them are arguments, objects and lists of objects are blocks
// unless their name is known for a value. Plain takes every member for an argument.
func (j jsonReader) body(n *tree.Node, plain bool) *hclsyntax.Body {
	out := j.empty(n)
	for _, p := range n.Entries() {
		if p.Key == "//" {
			continue
		}
		if !plain && !valueMaps[p.Key] && holdsObjects(p.Value) {
			for _, item := range p.Value.List() {
				out.Blocks = append(out.Blocks, j.block(p.Key, nil, p, item))
			}
			continue
		}
		r := j.at(p.Line, p.Column)
		out.Attributes[p.Key] = &hclsyntax.Attribute{Name: p.Key, Expr: j.expression(p.Value), SrcRange: r, NameRange: r}
	}
	return out
}

func holdsObjects(n *tree.Node) bool {
	for _, item := range n.List() {
		if !item.IsMap() {
			return false
		}
	}
	return len(n.List()) > 0
}

func (j jsonReader) expression(n *tree.Node) hclsyntax.Expression {
	if n == nil {
		return &hclsyntax.LiteralValueExpr{Val: cty.NullVal(cty.DynamicPseudoType)}
	}
	r := j.at(n.Line, n.Column)
	switch {
	case n.IsMap():
		object := &hclsyntax.ObjectConsExpr{SrcRange: r}
		for _, p := range n.Entries() {
			object.Items = append(object.Items, hclsyntax.ObjectConsItem{KeyExpr: keyExpr(p.Key, j.at(p.Line, p.Column)), ValueExpr: j.expression(p.Value)})
		}
		return object
	case n.IsSeq():
		list := &hclsyntax.TupleConsExpr{SrcRange: r}
		for _, item := range n.Items {
			list.Exprs = append(list.Exprs, j.expression(item))
		}
		return list
	case n.Tag == "!!bool":
		return &hclsyntax.LiteralValueExpr{Val: cty.BoolVal(n.Value == "true"), SrcRange: r}
	case n.Tag == "!!int" || n.Tag == "!!float":
		if f, _, err := big.ParseFloat(n.Value, 10, 64, big.ToNearestEven); err == nil {
			return &hclsyntax.LiteralValueExpr{Val: cty.NumberVal(f), SrcRange: r}
		}
	case n.Tag == "!!null":
		return &hclsyntax.LiteralValueExpr{Val: cty.NullVal(cty.DynamicPseudoType), SrcRange: r}
	}
	return j.template(n, r)
}

// template reads a text with its ${ }.
func (j jsonReader) template(n *tree.Node, r hcl.Range) hclsyntax.Expression {
	plain := &hclsyntax.LiteralValueExpr{Val: cty.StringVal(n.Value), SrcRange: r}
	if !strings.Contains(n.Value, "${") && !strings.Contains(n.Value, "%{") || tooDeep([]byte(n.Value)) {
		return plain
	}
	start := r.Start
	start.Column, start.Byte = start.Column+1, start.Byte+1 // behind the quote
	e, diags := hclsyntax.ParseTemplate([]byte(n.Value), j.name, start)
	if diags.HasErrors() || e == nil {
		return plain
	}
	return e
}

func keyExpr(name string, r hcl.Range) hclsyntax.Expression {
	return &hclsyntax.ObjectConsKeyExpr{Wrapped: &hclsyntax.LiteralValueExpr{Val: cty.StringVal(name), SrcRange: r}, ForceNonLiteral: true}
}

// at returns the range of a place in the file.
func (j jsonReader) at(line, column int) hcl.Range {
	offset := max(0, j.a.LineStart(line)) + max(0, column-1)
	p := hcl.Pos{Line: line, Column: column, Byte: min(offset, len(j.a.Content))}
	return hcl.Range{Filename: j.name, Start: p, End: p}
}
