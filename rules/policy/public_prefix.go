package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

var publicPrefix = Rule{
	ID: "public-prefix", Severity: High,
	Title:  "A credential is shipped to the browser",
	Why:    "The framework writes every variable with this prefix into the page that everyone downloads.",
	Fix:    "Keep the credential on the server and drop the prefix.",
	Before: "VITE_STRIPE_SECRET_KEY",
	After:  "STRIPE_SECRET_KEY, read by the server",
	check: func(p *pass) {
		for _, kind := range []inventory.NodeKind{inventory.Slot, inventory.Binding} {
			for _, n := range p.g.Nodes(kind) {
				if prefix := browserPrefix(lastName(n)); prefix != "" && p.isCredential(n) {
					p.report(Finding{Node: n.ID, Credential: p.credentialOf(n.ID), Evidence: n.Evidence, Confidence: inventory.Medium,
						Title: fmt.Sprintf("%s: what starts with %s is shipped to the browser", lastName(n), prefix)})
				}
			}
		}
	},
}

// browserPrefixes are those of Next.js, Vite, Create React App, Nuxt, Expo, Gatsby and SvelteKit.
var browserPrefixes = []string{"NEXT_PUBLIC_", "VITE_", "REACT_APP_", "NUXT_PUBLIC_", "EXPO_PUBLIC_", "GATSBY_", "PUBLIC_"}

func browserPrefix(name string) string {
	for _, p := range browserPrefixes {
		if strings.HasPrefix(name, p) {
			return p
		}
	}
	return ""
}

// isCredential reports whether a slot's class, or what a binding is bound from, is a credential.
func (p *pass) isCredential(n *inventory.Node) bool {
	if n.Kind == inventory.Slot {
		return p.class(n.ID) == inventory.ClassCredential
	}
	return n.Attr(inventory.AttrClass) == string(inventory.ClassCredential) ||
		slices.ContainsFunc(p.g.Out(n.ID), func(e *inventory.Edge) bool {
			return e.Kind == inventory.BoundFrom && p.class(e.To) == inventory.ClassCredential
		})
}
