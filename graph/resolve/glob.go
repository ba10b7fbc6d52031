package resolve

import (
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinGlobs is R15 for names of which a part is computed (${var.component}-POSTGRES-PASS): the name becomes a glob. It
// joins the one entry of its store that it matches at medium, and each of several where the computed part is the name of an
// environment; each of several others at low, as possible. A glob that says
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
		apart := eachEnvironment(p, found)
		for _, d := range found {
			linkGlob(v, p, d, len(found) > 1 && !apart)
		}
	}
}

// environmentWords are the words that name an environment.
var environmentWords = map[string]bool{"prod": true, "production": true, "prd": true, "live": true, "staging": true, "stage": true, "stg": true,
	"preprod": true, "uat": true, "int": true, "test": true, "testing": true, "qa": true, "e2e": true, "sandbox": true, "demo": true, "dev": true,
	"development": true, "local": true, "nonprod": true, "perf": true, "preview": true, "research": true}

// eachEnvironment reports whether what the computed part stands for is another environment in each of the entries: then the
// name means all of them, one at a time.
func eachEnvironment(p address, found []address) bool {
	whole := func(a address) string { return a.scope + "/" + a.name }
	before, after, ok := strings.Cut(whole(p), "*")
	if !ok || strings.Contains(after, "*") || len(found) < 2 {
		return false
	}
	for _, d := range found {
		word, first := strings.CutPrefix(whole(d), before)
		if word, last := strings.CutSuffix(word, after); !first || !last || !environmentWords[strings.ToLower(strings.Trim(word, "-_./"))] {
			return false
		}
	}
	return true
}

func linkGlob(v *View, p, d address, open bool) {
	e := inventory.Edge{From: p.node.ID, To: d.node.ID, Kind: inventory.CopiesFrom, Rule: "R15-glob", Confidence: inventory.Medium,
		Evidence: inventory.MergeEvidence(p.node.Evidence, d.node.Evidence)}
	if v.leaves(p.node.ID, inventory.CopiesFrom) && !v.leaves(d.node.ID, inventory.CopiesFrom) {
		e.From, e.To = e.To, e.From
	}
	if open {
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
