// Package secret finds literal secrets: the detection engine. It is the only user of gitleaks.
package secret

import (
	"github.com/rotamap/rotamap/scanner/artifact"
)

// Hit is a literal that a rule matched.
type Hit struct {
	Rule       string // id of the rule, kebab-case
	Severity   string // critical, high, medium, low
	Service    string // provider row, "" unknown
	Name       string // the key or variable it was assigned to, "" unknown
	Why        string // why it fired, in words, without any text of the file
	Place      artifact.Place
	EndLine    int
	Secret     artifact.Secret
	Encoding   string // the carrier it was decoded from, "" for raw
	Provider   bool   // the rule is a provider's own pattern: the value may join by equality whatever its entropy
	Allowed    bool   // a gitleaks:allow comment stands on its line, which an untrusted source has no right to
	Suppressed string // why it is held to be no secret (placeholder, documented sample, allowlist ...); "" for a finding
}
