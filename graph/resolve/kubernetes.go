package resolve

import (
	"slices"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinKubernetesScopes joins a slot, or the pattern of all keys of a Secret, that is referred to without its
// namespace, or from a base that several environments share, to those of that name which some file defines: with
// its keys, or by what fills it (an ExternalSecret that takes in whatever the store holds). One candidate joins at
// high, several (one for each environment) at medium: the workload breaks in the environment whose Secret changes.
// Across sources the names join at medium, and only when both say the same namespace.
func joinKubernetesScopes(v *View) {
	slots := v.addresses(inventory.Slot, ofKubernetes)
	patterns := v.addresses(inventory.Pattern, ofKubernetes)
	defined := definedNames(v, slots, patterns)
	for _, ref := range slots {
		if ref.node.Attr(inventory.AttrDefined) != inventory.DefinedInScan {
			linkKubernetes(v, ref, fitting(ref, defined))
		}
	}
	for _, ref := range patterns {
		if ref.key == "*" && !v.leaves(ref.node.ID, inventory.CopiesFrom) {
			linkPattern(v, ref, fitting(ref, defined))
		}
	}
}

func ofKubernetes(store string) bool {
	return store == "k8s" || store == "k8s-configmap" || store == "spc"
}

// definitions lists what is defined, by source and name of the entry, and by namespace and name.
type definitions map[string][]definition

type definition struct {
	address
	at place
}

func (d definitions) add(a address) {
	at := placeOf(a)
	for _, k := range []string{"source " + at.source, "namespace " + at.namespace} {
		d[k+" "+a.entry()] = append(d[k+" "+a.entry()], definition{a, at})
	}
}

func definedNames(v *View, slots, patterns []address) definitions {
	out := definitions{}
	for _, a := range slots {
		if a.node.Attr(inventory.AttrDefined) == inventory.DefinedInScan || a.store == "spc" && v.leaves(a.node.ID, inventory.CopiesFrom) {
			out.add(a)
		}
	}
	for _, a := range patterns {
		if a.key == "*" && v.leaves(a.node.ID, inventory.CopiesFrom) {
			out.add(a)
		}
	}
	return out
}

// near lists what may be meant from a place: what its own source defines, what no source is known of, and what has the
// same namespace elsewhere.
func (d definitions) near(at place, entry string) []definition {
	out := d["source "+at.source+" "+entry]
	if at.source != "*" {
		out = slices.Concat(out, d["source * "+entry])
	}
	if at.namespace == "*" || at.namespace == "default" {
		return out
	}
	for _, o := range d["namespace "+at.namespace+" "+entry] {
		if o.at.source != at.source && o.at.source != "*" {
			out = append(out[:len(out):len(out)], o)
		}
	}
	return out
}

// fitting returns the definitions that a reference can mean. A definition in the reference's own place leaves the
// others out.
func fitting(ref address, defined definitions) []address {
	var near, out []address
	at := placeOf(ref)
	for _, d := range defined.near(at, ref.entry()) {
		if !at.compatible(d.at) || d.key != "*" && ref.key != "*" && d.key != ref.key {
			continue
		}
		if d.scope == ref.scope {
			near = append(near, d.address)
		}
		out = append(out, d.address)
	}
	if len(near) > 0 {
		return near
	}
	return out
}

// scopes counts the places of definitions.
func scopes(found []address) int {
	seen := map[string]bool{}
	for _, d := range found {
		seen[d.scope] = true
	}
	return len(seen)
}

// surely is the confidence of a join to definitions in a number of places.
func surely(ref, d address, places int) inventory.Confidence {
	if places > 1 || placeOf(ref).source != placeOf(d).source {
		return inventory.Medium
	}
	return inventory.High
}

func linkKubernetes(v *View, ref address, found []address) {
	places := scopes(found)
	exact := map[string]bool{} // places where the key itself is defined
	for _, d := range found {
		exact[d.scope] = exact[d.scope] || d.key != "*"
	}
	for _, d := range found {
		if d.key == "*" && exact[d.scope] {
			continue
		}
		r := d.ref()
		r.Key = ref.key
		at := inventory.MergeEvidence(ref.node.Evidence, d.node.Evidence)
		v.copyOf(ref.node.ID, v.addSlot(r, ref.node, d.node.Evidence), "R7-namespace", surely(ref, d, places), at)
	}
}

// linkPattern joins the pattern of all keys of a Secret in an unknown namespace to the pattern in each place where
// the Secret is defined.
func linkPattern(v *View, ref address, found []address) {
	places := scopes(found)
	for _, d := range found {
		r := d.ref()
		r.Key = "*"
		at := inventory.MergeEvidence(ref.node.Evidence, d.node.Evidence)
		v.copyOf(ref.node.ID, v.addSlot(r, nil, d.node.Evidence), "R7-namespace", surely(ref, d, places), at)
	}
}
