package terraform

import (
	"path"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// values reads a file of values: each variable that holds a credential, in the module of the folder. A file in a
// folder of its own serves the module above it.
func (m *module) values(body *hclsyntax.Body) {
	for _, attr := range ordered(body) {
		if !m.spend() {
			return
		}
		m.value(attr.Name, attr.Expr, attr.Name)
	}
}

// value reads one value. Of an object the entries that are named for a credential count.
func (m *module) value(name string, e hclsyntax.Expression, pointer string) {
	if object, ok := e.(*hclsyntax.ObjectConsExpr); ok {
		for _, item := range object.Items {
			if key := objectKey(item.KeyExpr); key != "" && m.spend() {
				m.value(key, item.ValueExpr, pointer+"."+key)
			}
		}
		return
	}
	text := literalValue(e)
	found := detect.StoreReferences(m.text(e))
	if len(found) == 0 && (text == "" || !strong(name) && !urlWithUser(text)) {
		return
	}
	place := at(e.Range(), pointer)
	variable, _, _ := strings.Cut(pointer, ".")
	slot := m.slot("var."+variable, place)
	m.environment(slot)
	for _, r := range found {
		m.Edge(inventory.CopiesFrom, slot, m.Slot(r.Slot, place), r.Via, inventory.Certain, place)
	}
	if len(found) == 0 {
		m.literal(slot, name, e, pointer)
	}
	if parent := path.Dir(m.dir); m.dir != "" && parent != m.dir {
		if parent == "." {
			parent = ""
		}
		r := inventory.SlotRef{Store: "tf", Scope: path.Join(m.Artifact.Source, parent), Name: "var." + variable}
		m.Edge(inventory.CopiesFrom, r.ID(), slot, "R15-terraform", inventory.Medium, place)
	}
}

// environment says which environment a file of values is for, by its path.
func (m *module) environment(slot string) {
	if e := detect.PathEnvironment(m.Artifact.Path); e != "" {
		m.AttrSure(slot, inventory.AttrEnvironment, e, "path", inventory.High, artifact.Place{})
	}
}
