package policy

import (
	"fmt"

	"github.com/rotamap/rotamap/graph/inventory"
)

var identifierAsSecret = Rule{
	ID: "identifier-as-secret", Severity: Info,
	Title:  "An identifier is kept as a secret",
	Why:    "Ids, hosts and bucket names cannot be rotated; among secrets they hide in logs what helps to find a fault.",
	Fix:    "Keep it as a variable of the same store, if it is not confidential for another reason.",
	Before: "${{ secrets.AWS_REGION }}",
	After:  "${{ vars.AWS_REGION }}",
	check: func(p *pass) {
		for _, s := range p.g.Slots() {
			if s.Class == inventory.ClassIdentifier && namedSecretStores[s.Store] {
				p.report(Finding{Node: s.ID, Evidence: s.Evidence, Confidence: inventory.Medium,
					Title: fmt.Sprintf("%s: %s", s.Name, "an identifier, by its name, in a secret store")})
			}
		}
	},
}

// namedSecretStores are the stores whose entries people name one by one and that have a sibling for plain values.
var namedSecretStores = map[string]bool{"gh": true, "gh-org": true, "gitlab": true, "circle": true}
