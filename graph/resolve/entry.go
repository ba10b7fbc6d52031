package resolve

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinEntries is R9 for keys: a key of an entry whose whole is written elsewhere breaks with the entry, and what
// reads the whole entry may read any of its keys. A set of keys that ends at no known key stands for its entry.
func joinEntries(v *View) {
	entries := map[string][]address{}
	keyed := map[string][]address{}
	patterns := v.addresses(inventory.Pattern, anyStore)
	for _, a := range v.addresses(inventory.Slot, anyStore) {
		if a.key == "" {
			entries[a.entry()] = append(entries[a.entry()], a)
		} else {
			keyed[a.entry()] = append(keyed[a.entry()], a)
		}
	}
	for _, a := range patterns {
		if a.key == "*" && !strings.Contains(a.name, "*") && !v.leaves(a.node.ID, inventory.CopiesFrom) {
			openEntry(v, a, entries, keyed)
		}
	}
	for _, name := range sortedKeys(keyed) {
		if len(entries[name]) == 0 {
			continue
		}
		defined := definedKeys(keyed[name])
		for _, k := range keyed[name] {
			toEntry(v, k, holders(k, entries[name], defined[k.key]))
		}
		for _, e := range entries[name] {
			readersOfWhole(v, e, keyed[name])
		}
	}
}

func anyStore(store string) bool { return store != "dotenv" && store != "inline" && store != "tf" }

// sameScope reports whether two names of one store may be in one scope.
func sameScope(a, b address) bool {
	if inCluster(a.store) {
		return placeOf(a).compatible(placeOf(b))
	}
	s, o := strings.Split(a.scope, "/"), strings.Split(b.scope, "/")
	if len(s) != len(o) {
		return false
	}
	for i := range s {
		if s[i] != o[i] && s[i] != "*" && o[i] != "*" {
			return false
		}
	}
	return true
}

// definedKeys lists, for each key of an entry, the scopes in which it is defined.
func definedKeys(keyed []address) map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for _, k := range keyed {
		if k.node.Attr(inventory.AttrDefined) != inventory.DefinedInScan {
			continue
		}
		if out[k.key] == nil {
			out[k.key] = map[string]bool{}
		}
		out[k.key][k.scope] = true
	}
	return out
}

// holders leaves out, of several entries of one name, those of which other keys are known and this one is not, when one
// is known to have it. has are the scopes in which the key is defined.
func holders(k address, entries []address, has map[string]bool) []address {
	var out []address
	for _, e := range entries {
		if has[e.scope] || e.scope == k.scope {
			out = append(out, e)
		}
	}
	if len(out) == 0 {
		return entries
	}
	return out
}

// toEntry says that a key breaks with its entry.
func toEntry(v *View, k address, entries []address) {
	var found []address
	for _, e := range entries {
		if sameScope(k, e) {
			found = append(found, e)
		}
	}
	if len(found) > maxCandidates {
		return
	}
	for _, e := range found {
		v.AddEdge(inventory.Edge{From: k.node.ID, To: e.node.ID, Kind: inventory.CopiesFrom, Rule: "R9-entry",
			Confidence: sureOf(len(found)), Evidence: inventory.MergeEvidence(k.node.Evidence, e.node.Evidence)})
	}
}

// openEntry gives the set of all keys of an entry something to depend on: the entry where it is known, its known
// keys where there are any, else a slot of its own.
func openEntry(v *View, p address, entries, keyed map[string][]address) {
	if p.store == "k8s-configmap" || p.store == "spc" {
		return
	}
	for _, k := range keyed[p.entry()] {
		if sameScope(p, k) {
			return
		}
	}
	if len(entries[p.entry()]) > 0 {
		toEntry(v, p, entries[p.entry()])
		return
	}
	r := p.ref()
	r.Key = ""
	id := v.addSlot(r, nil, p.node.Evidence)
	v.AddEdge(inventory.Edge{From: p.node.ID, To: id, Kind: inventory.CopiesFrom, Rule: "R9-entry", Confidence: inventory.High,
		Evidence: p.node.Evidence})
}

// readersOfWhole lets what reads an entry as a whole depend on its keys: which of them it takes is not said.
func readersOfWhole(v *View, e address, keys []address) {
	if len(keys) > maxCandidates {
		return
	}
	for _, kind := range []inventory.EdgeKind{inventory.Reads, inventory.BoundFrom} {
		for _, use := range v.In(e.node.ID, kind) {
			for _, k := range keys {
				if sameScope(k, e) {
					v.AddEdge(inventory.Edge{From: use.From, To: k.node.ID, Kind: kind, Rule: "R9-entry", Confidence: inventory.Medium,
						Evidence: use.Evidence})
				}
			}
		}
	}
}
