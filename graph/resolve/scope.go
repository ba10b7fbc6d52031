package resolve

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinOpenScopes is R9 for the scopes of stores: an entry that is named without its account, region, project,
// vault or folder is the one of that name whose scope fits, and all references to one entry meet there. One
// scope that fits joins at high, several at medium. Names in a cluster have rules of their own.
func joinOpenScopes(v *View) {
	named := map[string][]address{}
	var open []address
	for _, a := range v.addresses(inventory.Slot, hasOpenScope) {
		if a.scope == "" {
			continue
		}
		k := a.entry() + "#" + a.key
		named[k] = append(named[k], a)
		if strings.Contains(a.scope, "*") {
			open = append(open, a)
		}
	}
	for _, a := range open {
		found := closest(a, named[a.entry()+"#"+a.key])
		defines := v.leaves(a.node.ID, inventory.CopiesFrom)
		for _, d := range found {
			from, to := a.node.ID, d.node.ID
			if defines && !v.leaves(to, inventory.CopiesFrom) {
				from, to = to, from // the open name is that of the definition
			}
			v.copyOf(from, to, "R9-scope", sureOf(len(found)), inventory.MergeEvidence(a.node.Evidence, d.node.Evidence))
		}
	}
}

func hasOpenScope(store string) bool {
	switch store {
	case "dotenv", "inline", "env", "property", "file", "tf":
		return false
	}
	return !inCluster(store)
}

func sureOf(candidates int) inventory.Confidence {
	if candidates > 1 {
		return inventory.Medium
	}
	return inventory.High
}

// closest returns the entries that a reference with an open scope can mean, without those that are no more than
// another reference to one of the rest.
func closest(a address, all []address) []address {
	var fit, out []address
	for _, d := range all {
		if d.scope != a.scope && narrower(d.scope, a.scope) {
			fit = append(fit, d)
		}
	}
	for _, d := range fit {
		last := true
		for _, o := range fit {
			if o.scope != d.scope && narrower(o.scope, d.scope) {
				last = false
			}
		}
		if last {
			out = append(out, d)
		}
	}
	if len(out) > maxCandidates {
		return nil
	}
	return out
}

// maxCandidates bounds how many entries one reference may mean: beyond it, its name says nothing.
const maxCandidates = 20

// narrower reports whether a scope says at least what an open one says: part by part, the open one is a glob.
// Scopes that are open at different parts may mean the same; the one with fewer open parts counts as narrower.
func narrower(scope, open string) bool {
	s, o := strings.Split(scope, "/"), strings.Split(open, "/")
	if len(s) != len(o) {
		return false
	}
	for i := range s {
		if !matchElement(o[i], s[i]) && s[i] != "*" {
			return false
		}
	}
	return strings.Count(scope, "*") < strings.Count(open, "*")
}
