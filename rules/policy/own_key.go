package policy

import (
	"fmt"
	"strings"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/register"
)

var ownKey = Rule{
	ID: "own-key", Severity: Critical,
	Title:  "A key of Rotamap stands in a scanned source",
	Why:    "With the key and a map, guesses of the fingerprinted values can be tested.",
	Fix:    "Remove it, make a new key (rotamap init), scan again with --previous-key, and delete the old maps.",
	Before: "ROTAMAP_PASSPHRASE=<words> in a .env file",
	After:  "ROTAMAP_PASSPHRASE comes from the CI's secret store",
	check: func(p *pass) {
		p.credentials(func(c *graph.Credential, _ []*register.Entry) {
			for _, l := range literals(p.g, c) {
				n := p.g.Node(l.slots[0])
				if n == nil || !isOwnKey(lastName(n)) {
					continue
				}
				p.report(Finding{Credential: c.ID, Node: n.ID, Fingerprint: fingerprintOf(l.value), Evidence: l.places, Confidence: inventory.High,
					Title: fmt.Sprintf("%s: a key of Rotamap itself stands in %s", c.Name, counted(files(l.places), "file"))})
			}
		})
	},
}

func isOwnKey(name string) bool {
	name = strings.ToUpper(name)
	return name == "ROTAMAP_KEY" || name == "ROTAMAP_PASSPHRASE"
}
