package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/register"
)

var sameInProduction = Rule{
	ID: "same-in-production", Severity: High,
	Title:  "Production shares a credential with another environment",
	Why:    "Whoever can read the lower environment can act in production, and neither can be rotated alone: there is nowhere to rehearse.",
	Fix:    "Mint a credential of its own for each environment, the lower one first.",
	Before: "one value in overlays/production and overlays/staging",
	After:  "a value for each overlay",
	check: func(p *pass) {
		p.credentials(func(c *graph.Credential, _ []*register.Entry) {
			others := otherEnvironments(c.Environments)
			if len(others) == 0 || len(c.Slots) < 2 {
				return
			}
			var places []inventory.Evidence
			for _, e := range c.Environments {
				places = append(places, e.Evidence...)
			}
			p.report(Finding{Credential: c.ID, Node: c.ID, Evidence: places, Confidence: inventory.Medium,
				Title: fmt.Sprintf("%s: the same credential is used in production and in %s", c.Name, strings.Join(others, ", "))})
		})
	},
}

// otherEnvironments lists the environments beside production, none when production is not among them.
func otherEnvironments(all []graph.Environment) []string {
	var others []string
	production := false
	for _, e := range all {
		switch {
		case e.Confidence < inventory.Medium:
		case e.Name == "production":
			production = true
		default:
			others = append(others, e.Name)
		}
	}
	if !production {
		return nil
	}
	slices.Sort(others)
	return slices.Compact(others)
}
