package terraform

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// An estate hands its modules one map of entries, secret_arns = local.secret_arns, out of which each takes what it needs:
// var.secret_arns["db"]. The elements of such a variable are slots of their own, var.secret_arns[db].

// element returns the slot of one element of a variable, with the place of the variable; "" for an index that is computed.
func (m *module) element(t hcl.Traversal, place artifact.Place) string {
	name, words, rest := split(t)
	if len(words) != 2 || len(rest) > 0 || withoutInstance(name) == name {
		return ""
	}
	id := m.slot(name, place)
	if b := m.blocks["var."+words[1]]; b != nil {
		m.Defined(id, inventory.DefinedInScan, m.in(b.DefRange(), address(b)))
	}
	return id
}

// handsElements tells a module of this source which entries the elements of one of its variables are.
func (m *module) handsElements(b *hclsyntax.Block, attr *hclsyntax.Attribute) {
	scope, local := m.callee(b)
	if !local {
		return
	}
	object, pointer := m.written(attr.Expr), address(b)+"."+attr.Name
	if object == nil {
		return
	}
	for _, item := range object.Items {
		key := objectKey(item.KeyExpr)
		if key == "" || !m.spend() {
			continue
		}
		refs := m.pointers(item.ValueExpr, pointer+"."+key)
		if len(refs) != 1 {
			continue
		}
		for _, place := range []artifact.Place{refs[0].at, at(attr.Range(), pointer)} {
			id := m.Slot(inventory.SlotRef{Store: "tf", Scope: scope, Name: "var." + attr.Name + "[" + key + "]"}, place)
			m.Refs--
			m.Edge(inventory.CopiesFrom, id, refs[0].id, "R15-terraform", inventory.Certain, place)
		}
	}
}

// written returns the object that an expression is, by the local values that it names.
func (m *module) written(e hclsyntax.Expression) *hclsyntax.ObjectConsExpr {
	for range maxEval {
		t, ok := e.(*hclsyntax.ScopeTraversalExpr)
		if !ok {
			break
		}
		words := route(t.Traversal)
		if len(words) < 2 || words[0] != "local" {
			return nil
		}
		e = within(m.locals[words[1]], words[2:])
	}
	if e == nil {
		return nil
	}
	return objectOf(e)
}
