package resolve

import "github.com/rotamap/rotamap/graph/inventory"

// classByUse says of an entry of a secret store that it is a credential when some consumer sees it under a name that
// says so: the key "url" of an entry tells nothing, the variable SLACK_WEBHOOK_TOKEN that it fills does.
func classByUse(v *View) {
	for _, b := range v.Nodes(inventory.Binding) {
		if b.Attr(inventory.AttrClass) != string(inventory.ClassCredential) {
			continue
		}
		for _, e := range v.Out(b.ID, inventory.BoundFrom) {
			n := v.Node(e.To)
			if n == nil || n.Kind != inventory.Slot || e.Confidence < inventory.High || !KeepsSecrets(n.Attr(inventory.AttrStore)) {
				continue
			}
			v.AddNode(inventory.Node{ID: n.ID, Kind: n.Kind, Attrs: []inventory.Attr{{Key: inventory.AttrClass,
				Value: string(inventory.ClassCredential), Detail: "a consumer sees it as " + b.Name, Rule: "class-use",
				Confidence: inventory.Medium, Evidence: e.Evidence}}})
		}
	}
}

// KeepsSecrets reports whether a store is made to keep secrets.
func KeepsSecrets(store string) bool {
	switch store {
	case "k8s", "eso", "spc", "aws-sm", "aws-ssm", "gcp-sm", "azkv", "vault", "op", "doppler", "infisical", "bws",
		"compose-secret", "build-secret":
		return true
	}
	return false
}
