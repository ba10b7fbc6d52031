package policy

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/register"
)

var ownerLeft = Rule{
	ID: "owner-left", Severity: Medium,
	Title:  "The owner of a credential is not known any more",
	Why:    "Neither the list of teams nor CODEOWNERS names the owner: the credential may outlive the person.",
	Fix:    "Name a team that exists, or add the team: [[team]] name = \"...\".",
	Before: "owner = \"@somebody-who-left\"",
	After:  "owner = \"payments\"",
	check: func(p *pass) {
		known := p.knownOwners()
		if len(known) == 0 {
			return // nothing says who is there
		}
		for _, e := range p.register.Credentials {
			for _, who := range owners(&e) {
				if !slices.Contains(known, plainOwner(who)) {
					p.report(Finding{Node: "register:" + e.Name, Evidence: p.place(e.Line), Confidence: inventory.Medium,
						Title: fmt.Sprintf("%q names %s, whom neither the teams nor CODEOWNERS know", e.Name, who)})
				}
			}
		}
	},
}

// owners lists those whom an entry names, each once.
func owners(e *register.Entry) []string {
	var out []string
	for _, who := range append([]string{e.Owner}, e.Approvers...) {
		if who != "" && !slices.Contains(out, who) {
			out = append(out, who)
		}
	}
	return out
}

// knownOwners lists the teams of the register with their members, and every owner that a scanned file names.
func (p *pass) knownOwners() []string {
	var out []string
	for _, t := range p.register.Teams {
		out = append(out, plainOwner(t.Name))
		for _, m := range t.Members {
			out = append(out, plainOwner(m))
		}
	}
	for _, n := range p.g.Nodes(inventory.Owner) {
		out = append(out, plainOwner(n.Name))
	}
	return out
}

// plainOwner drops the organisation and the @ that CODEOWNERS writes: @acme/payments is payments.
func plainOwner(who string) string {
	return strings.ToLower(strings.TrimPrefix(who[strings.LastIndexByte(who, '/')+1:], "@"))
}
