package policy

import (
	"fmt"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/register"
)

var unreferenced = Rule{
	ID: "unreferenced", Severity: Info,
	Title:  "No reference to a credential was found",
	Why:    "What nobody refers to is often forgotten. What this scan did not read may still use it.",
	Fix:    "Look at the provider's own record of its last use before anything is deleted.",
	Before: "a Secret that no manifest mentions",
	After:  "it is found in use elsewhere and tracked, or retired after a look at its last use",
	check: func(p *pass) {
		sources := len(p.g.Sources())
		p.credentials(func(c *graph.Credential, _ []*register.Entry) {
			if p.referred(c) || !p.definedHere(c) {
				return
			}
			p.report(Finding{Credential: c.ID, Node: c.ID, Evidence: p.evidence(c), Confidence: inventory.Low,
				Title: fmt.Sprintf("%s: no reference found in the %s scanned", c.Name, counted(sources, "source"))})
		})
	},
}

// referred reports whether anything depends, or may depend, on a credential.
func (p *pass) referred(c *graph.Credential) bool {
	for _, id := range c.Slots {
		for _, e := range p.g.In(id) {
			if e.Kind.Effect() != inventory.Nothing {
				return true
			}
		}
	}
	return false
}

// definedHere reports whether the scan saw where the credential is defined, in the present state.
func (p *pass) definedHere(c *graph.Credential) bool {
	for _, id := range c.Slots {
		n := p.g.Node(id)
		if n == nil || len(n.Evidence) == 0 || n.Evidence[0].State == inventory.History {
			continue
		}
		for _, a := range n.All(inventory.AttrDefined) {
			if a.Value == inventory.DefinedInScan {
				return true
			}
		}
	}
	return false
}
