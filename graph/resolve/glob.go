package resolve

import (
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinGlobs is R15 for names of which a part is computed (${var.component}-POSTGRES-PASS): the name becomes a glob. It
// joins the one entry of its store that it matches at medium, each of several at low, as possible. A glob that says
// what an entry is made from is needed by the entry, any other needs it.
func joinGlobs(v *View) {
	byStore := map[string][]address{}
	for _, a := range v.addresses(inventory.Slot, anyStore) {
		byStore[a.store] = append(byStore[a.store], a)
	}
	for _, p := range v.addresses(inventory.Pattern, anyStore) {
		if !strings.Contains(p.name, "*") || strings.Trim(p.name, "*/") == "" || strings.HasSuffix(p.name, "/*") {
			continue
		}
		found := matching(p, byStore[p.store])
		if len(found) > maxCandidates {
			continue
		}
		for _, d := range found {
			linkGlob(v, p, d, len(found))
		}
	}
}

func linkGlob(v *View, p, d address, found int) {
	e := inventory.Edge{From: p.node.ID, To: d.node.ID, Kind: inventory.CopiesFrom, Rule: "R15-glob", Confidence: inventory.Medium,
		Evidence: inventory.MergeEvidence(p.node.Evidence, d.node.Evidence)}
	if v.leaves(p.node.ID, inventory.CopiesFrom) && !v.leaves(d.node.ID, inventory.CopiesFrom) {
		e.From, e.To = e.To, e.From
	}
	if found > 1 {
		e.Kind, e.Confidence = inventory.MayBe, inventory.Low
	}
	v.AddEdge(e)
}

// matching returns the entries that a glob matches. The entries are in order of their ids; what stands before the first
// "*" of the glob bounds where they can be.
func matching(p address, all []address) []address {
	fixed, _, _ := strings.Cut(p.store+":"+p.scope+"/"+p.name, "*")
	i, _ := slices.BinarySearchFunc(all, fixed, func(a address, id string) int { return strings.Compare(a.node.ID, id) })
	var out []address
	for ; i < len(all) && strings.HasPrefix(all[i].node.ID, fixed) && len(out) <= maxCandidates; i++ {
		a := all[i]
		if a.key != "" && p.key != "" && p.key != "*" && a.key != p.key || (a.key == "") != (p.key == "") {
			continue
		}
		if sameScope(p, a) && matchPath(p.name, a.name) {
			out = append(out, a)
		}
	}
	return out
}

// matchPath matches a glob element by element, so that a "*" stays within one.
func matchPath(glob, name string) bool {
	g, n := strings.Split(glob, "/"), strings.Split(name, "/")
	if len(g) != len(n) {
		return false
	}
	for i := range g {
		if !matchElement(g[i], n[i]) {
			return false
		}
	}
	return true
}
