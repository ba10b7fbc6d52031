package resolve

import "github.com/rotamap/rotamap/graph/inventory"

// joinN8n joins credentials of n8n that are known under two scopes: a workflow that was downloaded from the editor
// names its instance, an export of credentials and one of the command line do not. The id with the type says that
// it is the same entry; n8n's ids are random, those of old versions are small numbers, which only the name beside
// them makes sure of. Two instances are never joined for sure: a promoted credential keeps its id and has another value;
// a workflow that was copied by hand names the same entry. So the one may be the other.
//
// Confidence: high within one source, medium across sources or when several definitions fit, low between instances.
func joinN8n(v *View) {
	defined := map[[2]string][]address{}
	all := v.addresses(inventory.Slot, func(store string) bool { return store == "n8n" })
	for _, a := range all {
		if a.key == "" && a.node.Attr(inventory.AttrDefined) == inventory.DefinedInScan {
			k := n8nEntry(a)
			defined[k] = append(defined[k], a)
		}
	}
	for _, ref := range all {
		if ref.key != "" || ref.node.Attr(inventory.AttrDefined) == inventory.DefinedInScan {
			continue
		}
		var fit []address
		for _, d := range defined[n8nEntry(ref)] {
			if sameN8n(ref, d) {
				fit = append(fit, d)
			}
		}
		linkN8n(v, ref, fit)
	}
	linkInstances(v, all)
}

// maxInstances bounds the instances of one source that are compared: templates of many people have one each.
const maxInstances = 8

// linkInstances says of one random id in several instances of one source that these may be one credential.
func linkInstances(v *View, all []address) {
	groups := map[string][]address{}
	for _, a := range all {
		if a.key == "" && len(a.name) >= minRandomID && ofInstance(a) {
			k := a.name + " " + a.node.Attr(inventory.AttrType)
			groups[k] = append(groups[k], a)
		}
	}
	for _, k := range sortedKeys(groups) {
		for _, a := range groups[k] {
			for _, b := range groups[k] {
				if len(groups[k]) <= maxInstances && a.node != b.node && sharesSource(a, b) {
					v.AddEdge(inventory.Edge{From: a.node.ID, To: b.node.ID, Kind: inventory.MayBe, Rule: "n8n-id", Confidence: inventory.Low,
						Evidence: inventory.MergeEvidence(firstOf(a.node.Evidence), firstOf(b.node.Evidence))})
				}
			}
		}
	}
}

func n8nEntry(a address) [2]string { return [2]string{a.name, a.node.Attr(inventory.AttrType)} }

// minRandomID is the length from which an id of n8n is random.
const minRandomID = 12

// sameN8n reports whether a reference and a definition of one id and type can mean one credential.
func sameN8n(ref, d address) bool {
	if ofInstance(ref) && ofInstance(d) || ref.node.Attr(inventory.AttrType) == "" {
		return false
	}
	r, o := ref.node.Attr(inventory.AttrAlias), d.node.Attr(inventory.AttrAlias)
	return len(ref.name) >= minRandomID || r != "" && r == o
}

// ofInstance reports whether the scope of a credential is an instance, not the source it was found in.
func ofInstance(a address) bool {
	return len(a.node.Evidence) > 0 && a.node.Evidence[0].Source != a.scope
}

func linkN8n(v *View, ref address, fit []address) {
	for _, d := range fit {
		sure := sureOf(len(fit))
		if !sharesSource(ref, d) {
			sure = inventory.Medium
		}
		v.copyOf(ref.node.ID, d.node.ID, "n8n-id", sure, inventory.MergeEvidence(ref.node.Evidence, d.node.Evidence))
	}
}

// sharesSource reports whether both were seen in one source.
func sharesSource(a, b address) bool {
	for _, x := range a.node.Evidence {
		for _, y := range b.node.Evidence {
			if x.Source == y.Source {
				return true
			}
		}
	}
	return false
}
