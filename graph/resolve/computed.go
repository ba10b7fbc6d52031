package resolve

import "github.com/rotamap/rotamap/graph/inventory"

// standComputed makes an entry of a secret manager of which the name is computed in part (/shop/${environment}/db-password), and
// which no entry of the scan is, an entry of its own: what reads it needs something that exists, though no file says its whole
// name. "*" stands for what is not known.
func standComputed(v *View) {
	for _, p := range v.Nodes(inventory.Pattern) {
		if !inventory.IsComputedEntry(p) || v.comesFrom(p.ID) || !v.taken(p.ID) {
			continue
		}
		e := v.nodes[p.ID]
		e.node.Kind = inventory.Slot
		v.list(e)
	}
}

// taken reports whether something takes a value from an entry, and nothing else is joined with it.
func (v *View) taken(id string) bool {
	used := false
	for _, e := range v.In(id, "") {
		switch e.Kind {
		case inventory.BoundFrom, inventory.Reads:
			used = true
		default:
			return false
		}
	}
	return used
}
