package policy

import (
	"fmt"
	"strings"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/register"
)

var keyBesideCiphertext = Rule{
	ID: "key-beside-ciphertext", Severity: High,
	Title:  "The key of encrypted credentials stands beside them",
	Why:    "Whoever has the files can decrypt them: they are as good as plain text.",
	Fix:    "Take the key out of the source, change it, and rotate what it has encrypted.",
	Before: "credentials.json and the settings with its encryption key in one repository",
	After:  "the key is handed in at run time from a secret store",
	check: func(p *pass) {
		p.credentials(func(c *graph.Credential, _ []*register.Entry) {
			for _, l := range literals(p.g, c) {
				opens := opensWhat(p.g, l)
				if opens == "" {
					continue
				}
				f := Finding{Credential: c.ID, Node: l.slots[0], Fingerprint: fingerprintOf(l.value), Evidence: l.places, Confidence: inventory.High,
					Title: fmt.Sprintf("%s: the key of %s stands in the source", l.places[0], opens)}
				if l.past {
					f.Severity = Medium
					f.Title += "'s history"
				}
				p.report(f)
			}
		})
	},
}

// keysOfCiphertext maps the plain name of a key to what it opens.
var keysOfCiphertext = map[string]string{
	"n8nencryptionkey": "n8n's credentials", "encryptionkey": "an automation platform's credentials",
	"credentialsecret": "Node-RED's credentials", "railsmasterkey": "Rails' encrypted credentials",
	"sopsagekey": "files encrypted with SOPS", "ansiblevaultpassword": "Ansible Vault files",
	"airflowcorefernetkey": "Airflow's connections", "fernetkey": "Airflow's connections",
}

// opensWhat says what a literal decrypts, "" when its name does not say that it is such a key.
func opensWhat(g *graph.Graph, l literal) string {
	for _, id := range l.slots {
		n := g.Node(id)
		if n == nil {
			continue
		}
		name := strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(lastName(n)))
		if what := keysOfCiphertext[name]; what != "" {
			return what
		}
		for _, e := range n.Evidence {
			if strings.HasSuffix("/"+e.Path, "/config/master.key") {
				return "Rails' encrypted credentials"
			}
		}
	}
	return ""
}
