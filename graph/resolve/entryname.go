package resolve

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// maxEntryNames bounds how many names callers may hand to one variable before they say nothing.
const maxEntryNames = 16

// joinEntryNames is R15 for names of entries that a module is handed: what reads the entry that a variable names reads
// each that callers hand over, directly or through modules in between. One is sure; of several, each is that of one call.
func joinEntryNames(v *View) {
	for _, n := range v.Nodes(inventory.Slot) {
		for _, a := range n.All(inventory.AttrNamedBy) {
			found := v.entryNames(a.Value, 0)
			if len(found) > maxEntryNames {
				continue
			}
			store, scope, _ := strings.Cut(a.Detail, " ")
			for _, name := range sortedKeys(found) {
				v.nameEntry(n, store, scope, name, inventory.MergeEvidence(a.Evidence, found[name]), len(found) == 1)
			}
		}
	}
}

// entryNames returns the names that a variable is handed, with the places that say so.
func (v *View) entryNames(variable string, depth int) map[string][]inventory.Evidence {
	out := map[string][]inventory.Evidence{}
	n := v.Node(variable)
	if n == nil || depth > maxNesting/2 {
		return out
	}
	for _, a := range n.All(inventory.AttrNames) {
		out[a.Value] = inventory.MergeEvidence(out[a.Value], a.Evidence)
	}
	for _, e := range v.Out(variable, inventory.CopiesFrom) {
		if e.Rule == "R15-passed" {
			for name, at := range v.entryNames(e.To, depth+1) {
				out[name] = inventory.MergeEvidence(out[name], inventory.MergeEvidence(at, e.Evidence))
			}
		}
	}
	return out
}

func (v *View) nameEntry(n *inventory.Node, store, scope, name string, at []inventory.Evidence, only bool) {
	r := inventory.SlotRef{Store: store, Scope: scope, Name: strings.TrimPrefix(name, "/")}
	if parts := strings.SplitN(name, ":", 7); len(parts) == 7 && parts[0] == "arn" && parts[2] == "secretsmanager" {
		r = inventory.SlotRef{Store: "aws-sm", Scope: parts[4] + "/" + parts[3], Name: parts[6]}
	}
	if store == "azkv" {
		r.Name = strings.ToLower(r.Name)
	}
	if r.Name == "" || strings.Contains(r.Name, "*") {
		return
	}
	id := v.addSlot(r, nil, at)
	if only {
		v.copyOf(n.ID, id, "R15-name", inventory.High, at)
		return
	}
	v.AddEdge(inventory.Edge{From: n.ID, To: id, Kind: inventory.CopiesFrom, Rule: "R15-name", Confidence: inventory.Medium, Evidence: at})
}

// joinPassedKeys is R9 for one key of an entry that a module or a template is handed as a whole: "${var.secret_arn}:key::" is
// that key of the entry which the variable leads to.
func joinPassedKeys(v *View) {
	for _, a := range v.addresses(inventory.Slot, func(store string) bool { return store == "tf" || store == "tf-template" }) {
		if a.key == "" {
			continue
		}
		whole, ok := v.wholeOf(a)
		if !ok {
			continue
		}
		for _, entry := range v.entriesBehind(whole, nil, 0) {
			r := entry.ref()
			r.Key = a.key
			if a.store == "tf-template" {
				r.Key = a.node.Attr(inventory.AttrKeyName)
			}
			at := inventory.MergeEvidence(a.node.Evidence, entry.at)
			v.AddEdge(inventory.Edge{From: a.node.ID, To: v.addSlot(r, a.node, at), Kind: inventory.CopiesFrom, Rule: "R9-passed",
				Confidence: inventory.High, Evidence: at})
		}
	}
}

// wholeOf returns the variable that a key is taken out of.
func (v *View) wholeOf(a address) (string, bool) {
	for _, e := range v.Out(a.node.ID, inventory.CopiesFrom) {
		if strings.HasPrefix(e.To, "tf:") && e.To+"#"+a.key == a.node.ID || a.store == "tf-template" && strings.HasPrefix(a.node.ID, e.To+"#") {
			return e.To, true
		}
	}
	return "", false
}

// entryBehind is an entry with the places of the way to it.
type entryBehind struct {
	address
	at []inventory.Evidence
}

// entriesBehind follows copies of a whole to the entries of secret stores that they come from.
func (v *View) entriesBehind(id string, trail []inventory.Evidence, depth int) []entryBehind {
	var out []entryBehind
	if depth > maxRunDepth {
		return nil
	}
	for _, e := range v.Out(id, inventory.CopiesFrom) {
		n := v.Node(e.To)
		if n == nil {
			continue
		}
		at := inventory.MergeEvidence(trail, e.Evidence)
		a, ok := addressOf(n)
		switch {
		case !ok || a.key != "" && a.store != "tf-template":
		case a.store == "tf" || a.store == "tf-template":
			out = append(out, v.entriesBehind(e.To, at, depth+1)...)
		case KeepsSecrets(a.store):
			out = append(out, entryBehind{a, at})
		}
	}
	for _, e := range v.In(id, inventory.CopiesFrom) { // the entry that a resource of the scan makes
		from := v.Node(e.From)
		if from == nil || e.Rule != "R15-terraform" {
			continue
		}
		if a, ok := addressOf(from); ok && a.key == "" && a.store != "tf" && KeepsSecrets(a.store) {
			out = append(out, entryBehind{a, inventory.MergeEvidence(trail, e.Evidence)})
		}
	}
	return out
}
