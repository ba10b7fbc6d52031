package policy

import (
	"fmt"
	"strings"
)

// NewDependentID is the id of the rule whose findings say of each automation what Growth says of a credential.
const NewDependentID = "new-dependent"

var newDependent = Rule{
	ID: NewDependentID, Severity: Low,
	Title:  "A change adds a dependent to a credential",
	Why:    "Each dependent makes the next rotation longer; the credential's owner should know before the change lands.",
	Fix:    "Tell the credential's owner, and look at rotamap plan NAME for the quiet window.",
	Before: "5 automations depend on STRIPE_KEY",
	After:  "a pull request adds the 6th",
	check: func(p *pass) {
		for _, g := range p.growths() {
			for i, a := range g.Added {
				f := Finding{Credential: g.Credential, Node: a.ID, Evidence: a.Evidence, Title: sayAdded(&g, i)}
				switch {
				case g.Entry == "":
					f.Severity = Info
					f.Fix = fmt.Sprintf("Track %s in rotamap.toml, so that somebody answers for it: rotamap register add.", g.Name)
				case g.Before.Fits() && !g.After.Fits():
					f.Severity = Medium
					f.Fix = "Agree on another schedule, or on pausing it for the next rotation: rotamap plan " + g.Entry + "."
				}
				p.report(f)
			}
		}
	},
}

// sayAdded says which automation comes to hang on a credential, whose both are, and what becomes of the quiet window.
func sayAdded(g *Growth, i int) string {
	a, what := g.Added[i], fmt.Sprintf("%q", g.Entry)
	if g.Entry == "" {
		what = g.Name + ", which the register does not track"
	}
	text := fmt.Sprintf("%s becomes automation %d behind %s", a.Name, g.Is-len(g.Added)+i+1, what)
	if len(a.Owners) > 0 {
		text += ", owned by " + a.Owners[0]
	}
	parts := []string{text}
	if len(g.Owners) > 0 {
		parts = append(parts, g.Name+" is owned by "+g.Owners[0])
	}
	if g.Shrinks != "" {
		parts = append(parts, g.Shrinks)
	}
	return strings.Join(parts, "; ")
}
