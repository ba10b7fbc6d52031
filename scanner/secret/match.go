package secret

import (
	"bytes"
	"strings"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// match is one place where a rule fired. Offsets are those of the file, also for decoded text.
type match struct {
	rule       *rule
	start, end int
	value      string
	name       string
	why        string
	encoding   string
	suppressed string
}

// Rules of gitleaks that take more than the secret: user and password together, the key of a manifest with its value.
const (
	userAndPassword = "curl-auth-user"
	keyAndValue     = "kubernetes-secret-yaml"
)

// secretIn leaves out of what such a rule takes all that is no secret.
func secretIn(r *rule, text []byte, start, end int) (int, int) {
	if r.own || r.id != userAndPassword && r.id != keyAndValue {
		return start, end
	}
	start += bytes.IndexByte(text[start:end], ':') + 1
	if r.id == keyAndValue {
		start += len(text[start:end]) - len(bytes.TrimLeft(text[start:end], "|>+- \t\r\n\"'"))
	}
	return start, start + len(bytes.TrimRight(text[start:end], `"'`))
}

// matched checks what an expression found, cheap tests first, and keeps it.
func (p *pass) matched(r *rule, body []byte, base int, loc []int) {
	start, end := group(r, loc)
	start, end = secretIn(r, body[base:], start, end)
	whole := strings.Trim(string(body[base+loc[0]:base+loc[1]]), "\n")
	m := match{rule: r, start: base + start, end: base + end, value: string(body[base+start : base+end])}
	p.start = base + loc[0]
	if r.entropy > 0 && entropy(m.value) <= r.entropy {
		return
	}
	line := string(p.text.line(base+loc[0], 2000))
	if r.own {
		p.judged(&m)
		return
	}
	for _, a := range r.allow {
		if a.allows(&p.memo, p.file.artifact.Path, p.file.artifact.Commit, m.value, whole, line) {
			if r.generic {
				return
			}
			m.suppressed = because("the rule's allowlist", a.description)
		}
	}
	for _, a := range p.detector.allow {
		if m.suppressed == "" && a.allows(&p.memo, "", "", m.value, whole, line) {
			m.suppressed = because("the global allowlist", a.description)
		}
	}
	p.judged(&m)
}

func because(what, description string) string {
	if description == "" {
		return what
	}
	return what + ": " + description
}

// group returns the offsets of the secret in a match.
func group(r *rule, loc []int) (start, end int) {
	if g := r.group; g > 0 && 2*g+1 < len(loc) && loc[2*g] >= 0 {
		return loc[2*g], loc[2*g+1]
	}
	for i := 2; i+1 < len(loc) && r.group == 0; i += 2 {
		if loc[i] >= 0 && loc[i] < loc[i+1] {
			return loc[i], loc[i+1]
		}
	}
	return loc[0], loc[1]
}

// judged gives a match of an expression its opinion and keeps it.
func (p *pass) judged(m *match) {
	m.why = "matches the pattern of " + m.rule.id
	if m.suppressed == "" {
		m.suppressed = p.opinionOn(m).reason
	}
	p.keep(*m)
}

func (p *pass) opinionOn(m *match) opinion {
	switch {
	case m.rule.generic:
		m.name = p.text.nameBefore(m.start)
		if p.text.kind == codeKind && p.text.carrier == nil && p.text.operand(m) {
			return notLiteral("an identifier or another argument")
		}
		if m.name != "" && nameStrength(m.name) == noName {
			return notLiteral("its name is one of something else")
		}
		return p.memo.value(p.detector.judge, m.value, max(nameStrength(m.name), weakName))
	case m.rule.id == keyAndValue && certificate(m.value):
		return notLiteral("a certificate or public key")
	case m.rule.judged != noName:
		return p.memo.value(p.detector.judge, m.value, m.rule.judged)
	case strings.HasPrefix(m.value, "-----BEGIN"):
		return pemOpinion(m.value)
	case strings.HasPrefix(m.value, "ey"):
		return tokenHeader(m.value)
	case lettersOnly(m.value) && p.detector.judge.words.wordy(m.value):
		// The pattern of a provider without a marker of its own took what stands behind the provider's name: airtable:FindRecords.
		return notLiteral("made of words")
	}
	return p.detector.judge.universal(m.value)
}

// operand reports whether a match in program text is no value that its name is given: a name itself, which is not in
// quotes, or the next argument, behind the comma after a name without quotes. What an equals sign stands directly before
// may be part of a URL.
func (t *text) operand(m *match) bool {
	i := m.start
	if i == 0 || bytes.IndexByte([]byte("\"'`"), t.body[i-1]) < 0 {
		return i > 0 && t.body[i-1] != '=' && identifierForm.MatchString(m.value)
	}
	for i--; i > 0 && (t.body[i-1] == ' ' || t.body[i-1] == '\t'); i-- {
	}
	return i > 1 && t.body[i-1] == ',' && isNameByte(t.body[i-2])
}

var identifierForm = lazy.New(`^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$`)

func lettersOnly(s string) bool {
	for i := range len(s) {
		if letter(s[i]) == 0 {
			return false
		}
	}
	return true
}
