package secret

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// Verdict is the opinion on a literal that a format reported.
type Verdict struct {
	Secret   bool   // it is a credential's value
	Weak     bool   // it is one that anyone guesses: a credential only where the place is sure to hold one
	Sample   bool   // it is a placeholder or a documented sample: suppressed with Reason, not silently left out
	Reason   string // why, in words, without any text of the file
	Provider bool   // a provider's own pattern matched
	Rule     string // id of the rule, "" when Secret is false
	Severity string // critical, high, medium, low
	Service  string // provider row, "" unknown
	Marker   string // public type marker such as ghp_, "" for none
}

// Judge decides what a literal is that a format reported: a secret, a reference or expression, a placeholder, or
// plain configuration. It reads the value by the name that it has in its file, and l.Sure.
func (d *Detector) Judge(l artifact.Literal, a *artifact.Artifact) Verdict {
	v := strings.TrimSpace(artifact.Reveal(l.Secret))
	if o := written(v); o.reason != "" && !strings.HasPrefix(v, "-----BEGIN") {
		return Verdict{Reason: o.reason, Sample: o.literal}
	}
	if verdict, ok := d.byPattern(v, a); ok {
		return verdict
	}
	if certificate(v) {
		return Verdict{Reason: "a certificate or public key"}
	}
	if credentialID(l.Name, v) {
		return Verdict{Reason: "the id of a credential"}
	}
	s := nameStrength(l.Name)
	if l.Sure {
		s = max(s, secretName)
	}
	if c := detect.ClassifyName(l.Name).Class; s == noName || c == inventory.ClassIdentifier || c == inventory.ClassPointer {
		return Verdict{Reason: "its name does not speak of a secret"}
	}
	if weakValues[strings.ToLower(v)] && (l.Sure || s == passName) {
		return Verdict{Secret: l.Sure, Weak: true, Reason: weakReason, Rule: "password", Severity: "medium"}
	}
	if !l.Sure && coin(l.Name, v) {
		return Verdict{Reason: "a public address of a blockchain"}
	}
	if o := d.judge.structured(v, s, l.Sure); o.reason != "" {
		return Verdict{Reason: o.reason, Sample: o.literal}
	}
	out := Verdict{Secret: true, Rule: "assigned-secret", Severity: "high", Reason: "the field " + describes(l) + " is given a literal"}
	if s == passName {
		out.Rule = "assigned-password"
	}
	return out
}

func describes(l artifact.Literal) string {
	if l.Sure {
		return "is one for credentials and"
	}
	return "has the name of a credential and"
}

// structured judges a value whose place is known from the structure of its file.
func (j *judge) structured(v string, s strength, sure bool) opinion {
	if !sure {
		return j.value(v, s)
	}
	if o := j.universal(v); o.reason != "" {
		return o
	}
	if filler(v) && len(v) < 60 && j.words.wordy(v) {
		return sample("a placeholder")
	}
	if len(v) < 3 || v == "true" || v == "false" {
		return notLiteral("too short for a credential")
	}
	return possible
}

// certificate reports whether a value is a certificate or public key in PEM, as text or in base64, and no private key
// stands behind it.
func certificate(v string) bool {
	if strings.HasPrefix(v, "LS0tLS1CRUdJTi") { // -----BEGIN
		if plain, ok := decodeBase64([]byte(v)); ok {
			v = string(plain)
		}
	}
	return strings.HasPrefix(v, "-----BEGIN ") && publicKey.MatchString(v) && !strings.Contains(v, "PRIVATE KEY")
}

// byPattern runs the expressions of providers over the value alone.
func (d *Detector) byPattern(v string, a *artifact.Artifact) (Verdict, bool) {
	inner := &artifact.Artifact{Source: a.Source, Path: a.Path, Content: []byte(v), State: a.State}
	s := &scan{detector: d, file: d.newText(inner)}
	s.read(s.file, []span{{0, len(v)}})
	for _, m := range s.settle() {
		if !m.rule.provider && m.rule.id != "private-key" && m.rule.id != "url-password" {
			continue
		}
		out := Verdict{
			Secret: m.suppressed == "", Sample: m.suppressed != "", Reason: m.why, Provider: m.rule.provider,
			Rule: m.rule.id, Severity: m.rule.severity, Service: serviceOf(m.rule), Marker: marker(m.value),
		}
		if m.suppressed != "" {
			out.Reason, out.Rule = m.suppressed, ""
		}
		return out, true
	}
	return Verdict{}, false
}

// markers are the public prefixes that providers give their tokens. They say what a token is, and nothing of it.
var markers = []string{
	"ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "gldt-", "glrt-", "xoxb-", "xoxp-", "xoxa-", "xoxe-", "xapp-",
	"sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_", "AKIA", "ASIA", "AIza", "ya29.", "SG.", "key-", "npm_", "pypi-", "dop_v1_",
	"hvs.", "hvb.", "dckr_pat_", "shpat_", "shpss_", "sk-ant-", "sk-proj-", "hf_", "PMAK-", "NRAK-", "glsa_", "lin_api_", "ATATT", "eyJ",
	"AGE-SECRET-KEY-1", "-----BEGIN",
}

// marker returns the public type marker that v begins with, "" for none.
func marker(v string) string {
	for _, m := range markers {
		if strings.HasPrefix(v, m) && len(v) > len(m)+8 {
			return m
		}
	}
	return ""
}
