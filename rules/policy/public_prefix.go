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
		var names []string
		nodes := map[string][]*inventory.Node{}
		for _, kind := range []inventory.NodeKind{inventory.Slot, inventory.Binding} {
			for _, n := range p.g.Nodes(kind) {
				name := lastName(n)
				if browserPrefix(name) == "" || !p.isCredential(n) {
					continue
				}
				if nodes[name] == nil {
					names = append(names, name)
				}
				nodes[name] = append(nodes[name], n)
			}
		}
		for _, name := range names {
			p.report(p.shipped(name, nodes[name]))
		}
	},
}

// shipped is the finding for all that bears one name.
func (p *pass) shipped(name string, nodes []*inventory.Node) Finding {
	f := Finding{Node: nodes[0].ID, Credential: p.credentialOf(nodes[0].ID), Confidence: inventory.Medium,
		Title: fmt.Sprintf("%s: what starts with %s is shipped to the browser", name, browserPrefix(name))}
	if browserKey(name) {
		f.Severity, f.Fix = Low, "Such keys are made for pages. See at the service that this one is bound to your domains and may do nothing else."
	}
	for _, n := range nodes {
		f.Evidence = append(f.Evidence, n.Evidence...)
	}
	return f
}

// browserServices are those that give out keys for use in pages: maps, counters of visits and errors, forms, search.
var browserServices = []string{"MAPBOX", "MAPS", "MAPTILER", "GMAP", "FIREBASE", "POSTHOG", "MIXPANEL", "AMPLITUDE", "SEGMENT", "SENTRY", "ALGOLIA",
	"RECAPTCHA", "HCAPTCHA", "TURNSTILE", "GA_", "GTM", "PUBLISHABLE", "LAUNCHDARKLY_CLIENT", "DATADOG_CLIENT", "BUGSNAG", "ROLLBAR_CLIENT", "STORYBLOK", "ANON"}

// browserKey reports whether a name is that of a key which is made to be shown, and not of a secret one beside it.
func browserKey(name string) bool {
	return !strings.Contains(name, "SECRET") && slices.ContainsFunc(browserServices, func(s string) bool { return strings.Contains(name, s) })
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
