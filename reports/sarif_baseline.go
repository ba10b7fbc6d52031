package reports

import (
	"strings"

	"github.com/rotamap/rotamap/rules/policy"
)

// The states of a result against an earlier map, as SARIF names them.
const (
	baselineNew       = "new"
	baselineUnchanged = "unchanged"
	baselineUpdated   = "updated" // the same value or violation, at another line or in another state
	baselineAbsent    = "absent"
)

// sarifBaseline is what an earlier map showed. A nil one compares nothing.
type sarifBaseline struct {
	d        *Document
	prints   bool // fingerprints of both maps are made with one key
	literals map[string]Literal
	findings map[string]policy.Finding
	held     map[Suppressed]bool // what was held to be no secret
}

func newSARIFBaseline(d, before *Document) *sarifBaseline {
	if before == nil {
		return nil
	}
	b := &sarifBaseline{d: before, prints: strings.Join(d.KeyIDs, " ") == strings.Join(before.KeyIDs, " "),
		literals: map[string]Literal{}, findings: map[string]policy.Finding{}, held: map[Suppressed]bool{}}
	for _, l := range before.Literals {
		b.literals[b.literalKey(l)] = l
	}
	for _, f := range before.Findings {
		b.findings[findingKey(f)] = f
	}
	for _, x := range before.Suppressed {
		b.held[x] = true
	}
	return b
}

// literalKey is what makes a place of a value the same one: not its line. With different keys values cannot be
// compared, and the slot stands for them.
func (b *sarifBaseline) literalKey(l Literal) string {
	parts := []string{l.Rule, l.Slot, l.Evidence.Source, l.Evidence.Path}
	if b.prints {
		parts = append(parts, l.Fingerprint)
	}
	return strings.Join(parts, "\x00")
}

func findingKey(f policy.Finding) string {
	key := f.Rule + "\x00" + f.Credential
	if f.Credential == "" {
		key += f.Title
	}
	if len(f.Evidence) > 0 {
		key += "\x00" + f.Evidence[0].Source + "\x00" + f.Evidence[0].Path
	}
	return key
}

func (b *sarifBaseline) literal(l Literal) string {
	if b == nil {
		return ""
	}
	old, ok := b.literals[b.literalKey(l)]
	return baselineState(ok, old.Evidence.Line == l.Evidence.Line && old.Evidence.State == l.Evidence.State)
}

func (b *sarifBaseline) finding(f policy.Finding) string {
	if b == nil {
		return ""
	}
	old, ok := b.findings[findingKey(f)]
	return baselineState(ok, old.Title == f.Title && old.Severity == f.Severity)
}

func (b *sarifBaseline) suppressed(x Suppressed) string {
	if b == nil {
		return ""
	}
	return baselineState(b.held[x], true)
}

func baselineState(known, same bool) string {
	switch {
	case !known:
		return baselineNew
	case same:
		return baselineUnchanged
	}
	return baselineUpdated
}

// absent lists the results of the earlier map in a source that the present one does not have.
func (s *sarifWriter) absent(source string) []sarifResult {
	b := s.before
	if b == nil {
		return nil
	}
	literals, findings := map[string]bool{}, map[string]bool{}
	for _, l := range s.d.Literals {
		literals[b.literalKey(l)] = true
	}
	for _, f := range s.d.Findings {
		findings[findingKey(f)] = true
	}
	var out []sarifResult
	add := func(r sarifResult) {
		r.Baseline = baselineAbsent
		out = append(out, r)
	}
	for _, l := range b.d.Literals {
		if l.Evidence.Source == source && !literals[b.literalKey(l)] {
			add(s.place(l))
		}
	}
	for _, f := range b.d.Findings {
		if len(f.Evidence) > 0 && f.Evidence[0].Source == source && !findings[findingKey(f)] {
			add(s.finding(f))
		}
	}
	return out
}
