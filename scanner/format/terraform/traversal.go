package terraform

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// traversals lists the names that an expression uses. Unlike the parser's own list it keeps what follows a computed
// index or a splat: T.N[count.index].result, T.N[*].result.
func (m *module) traversals(e hclsyntax.Expression) []hcl.Traversal {
	found := hclsyntax.Variables(e)
	if len(found) == 0 {
		return nil
	}
	rest := map[int]hcl.Traversal{}
	_ = hclsyntax.VisitAll(e, func(n hclsyntax.Node) hcl.Diagnostics {
		if x, ok := n.(hclsyntax.Expression); ok {
			if base, more := m.indexed(x); base != nil {
				rest[base.SrcRange.Start.Byte] = more
			}
		}
		return nil
	})
	for i, t := range found {
		if more := rest[t.SourceRange().Start.Byte]; more != nil {
			found[i] = append(t[:len(t):len(t)], more...)
		}
	}
	return found
}

// indexed splits T.N[i].attr and T.N[*].attr into the name and what follows: an index whose text is known, as that
// of each.key, stays.
func (m *module) indexed(e hclsyntax.Expression) (*hclsyntax.ScopeTraversalExpr, hcl.Traversal) {
	switch x := e.(type) {
	case *hclsyntax.RelativeTraversalExpr:
		i, ok := x.Source.(*hclsyntax.IndexExpr)
		if !ok {
			return nil, nil
		}
		base, ok := i.Collection.(*hclsyntax.ScopeTraversalExpr)
		if !ok {
			return nil, nil
		}
		if key := m.text(i.Key); !strings.Contains(key, "*") {
			return base, append(hcl.Traversal{hcl.TraverseIndex{Key: cty.StringVal(key)}}, x.Traversal...)
		}
		return base, x.Traversal
	case *hclsyntax.SplatExpr:
		base, ok := x.Source.(*hclsyntax.ScopeTraversalExpr)
		each, relative := x.Each.(*hclsyntax.RelativeTraversalExpr)
		if ok && relative {
			return base, each.Traversal
		}
	}
	return nil, nil
}

// split splits a traversal into the block that it names, with its instance, and the attributes behind that.
func split(t hcl.Traversal) (name string, words, rest []string) {
	n := 2
	if t.RootName() == "data" || t.RootName() == "ephemeral" {
		n = 3
	}
	for i, step := range t {
		key, index := "", false
		switch step := step.(type) {
		case hcl.TraverseRoot:
			key = step.Name
		case hcl.TraverseAttr:
			key = step.Name
		case hcl.TraverseIndex:
			index = true
			if step.Key.Type() == cty.String && step.Key.IsKnown() && !step.Key.IsNull() {
				key = step.Key.AsString()
			}
		}
		switch {
		case i < n:
			words = append(words, key)
			name = strings.Join(words, ".")
		case i == n && index && key != "":
			name += "[" + key + "]"
		case i == n && index, key == "":
		default:
			rest = append(rest, key)
		}
	}
	return name, words, rest
}

// single returns the name that an expression is, and nothing else.
func (m *module) single(e hclsyntax.Expression) (hcl.Traversal, bool) {
	for range maxEval {
		switch x := e.(type) {
		case *hclsyntax.ScopeTraversalExpr:
			return x.Traversal, true
		case *hclsyntax.ParenthesesExpr:
			e = x.Expression
		case *hclsyntax.TemplateWrapExpr:
			e = x.Wrapped
		case *hclsyntax.FunctionCallExpr:
			if len(x.Args) != 1 || !unchanged[x.Name] {
				return nil, false
			}
			e = x.Args[0]
		case *hclsyntax.RelativeTraversalExpr, *hclsyntax.SplatExpr:
			base, more := m.indexed(x)
			if base == nil {
				return nil, false
			}
			return append(base.Traversal[:len(base.Traversal):len(base.Traversal)], more...), true
		default:
			return nil, false
		}
	}
	return nil, false
}

// unchanged are functions that hand a value on as it is.
var unchanged = map[string]bool{"sensitive": true, "nonsensitive": true, "tostring": true, "trimspace": true, "one": true}
