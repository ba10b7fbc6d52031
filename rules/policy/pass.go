package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/register"
)

// pass is one check: what rules read, and what they found so far.
type pass struct {
	g        *graph.Graph
	register *register.Register
	now      time.Time
	baseline *graph.Graph
	entries  [][]*register.Entry // of each credential, in the order of g.Credentials

	grown   []Growth          // made when a rule asks for it
	usage   usage             // made when a rule asks for it
	classes map[string]string // class of each slot, likewise

	rule     Rule
	findings []Finding
}

func newPass(g *graph.Graph, r *register.Register, o Options) *pass {
	if r == nil {
		r = register.Default()
	}
	p := &pass{g: g, register: r, now: o.Now, baseline: o.Baseline, findings: []Finding{}}
	for _, c := range g.Credentials() {
		p.entries = append(p.entries, r.Matches(register.View{Slots: c.Slots, Fingerprints: c.Joinable()}))
	}
	return p
}

// report adds a finding of the running rule. What the finding leaves open is taken from the rule.
func (p *pass) report(f Finding) {
	f.Rule = p.rule.ID
	if f.Severity == 0 {
		f.Severity = p.rule.Severity
	}
	if f.Confidence == 0 {
		f.Confidence = inventory.Certain
	}
	if f.Why == "" {
		f.Why = p.rule.Why
	}
	if f.Fix == "" {
		f.Fix = p.rule.Fix
	}
	f.Evidence = inventory.MergeEvidence(f.Evidence, nil)
	if f.Evidence == nil {
		f.Evidence = []inventory.Evidence{}
	}
	p.findings = append(p.findings, f)
}

// credentials calls visit for each credential with the entries that track it.
func (p *pass) credentials(visit func(c *graph.Credential, entries []*register.Entry)) {
	all := p.g.Credentials()
	for i := range all {
		visit(&all[i], p.entries[i])
	}
}

// tracked calls visit for each credential that the register tracks, with its first entry.
func (p *pass) tracked(visit func(c *graph.Credential, e *register.Entry)) {
	p.credentials(func(c *graph.Credential, entries []*register.Entry) {
		if len(entries) > 0 {
			visit(c, entries[0])
		}
	})
}

// evidence returns the places of a credential's slots.
func (p *pass) evidence(c *graph.Credential) []inventory.Evidence {
	var out []inventory.Evidence
	for _, id := range c.Slots {
		if n := p.g.Node(id); n != nil {
			out = append(out, n.Evidence...)
		}
	}
	return out
}

// place is the place of an entry in the register.
func (p *pass) place(line int) []inventory.Evidence {
	if p.register.File == "" {
		return nil
	}
	return []inventory.Evidence{{Source: p.register.File, Path: p.register.File, Line: line}}
}

// accept marks the findings that the register accepts, and reports acceptances that have run out. An acceptance
// that has run out suppresses nothing.
func (p *pass) accept() {
	p.rule = acceptanceEnded
	for i := range p.register.Accepts {
		a := &p.register.Accepts[i]
		if !p.now.IsZero() && p.now.After(a.Until.AddDate(0, 0, 1)) {
			p.ended(a)
			continue
		}
		for j := range p.findings {
			if f := &p.findings[j]; f.Suppressed == nil && p.accepts(a, f) {
				f.Suppressed = &Suppression{a.Reason, a.Owner, a.Until.String()}
			}
		}
	}
}

func (p *pass) ended(a *register.Accept) {
	p.report(Finding{
		Title: fmt.Sprintf("the acceptance of %s by %s ended on %s", a.Rule, a.Owner, a.Until),
		Node:  "accept:" + a.Rule + "/" + a.Match, Evidence: p.place(a.Line),
	})
}

// accepts reports whether an acceptance means a finding: by its rule, and by the id of its credential, of one of
// the credential's slots, of its node, or by one of its places (source/path). Without match it means them all.
func (p *pass) accepts(a *register.Accept, f *Finding) bool {
	if !register.Glob(a.Rule, f.Rule) {
		return false
	}
	ids := []string{f.Credential, f.Node}
	if c := p.g.Credential(f.Credential); c != nil {
		ids = append(ids, c.Slots...)
	}
	for _, e := range f.Evidence {
		ids = append(ids, e.Source+"/"+e.Path, e.Path)
	}
	return a.Match == "" || slices.ContainsFunc(ids, func(id string) bool { return id != "" && register.Glob(a.Match, id) })
}

// counted says "1 file", "3 files".
func counted(n int, noun string) string {
	switch {
	case n == 1:
		return "1 " + noun
	case strings.HasSuffix(noun, "y") && noun != "day":
		return fmt.Sprintf("%d %sies", n, strings.TrimSuffix(noun, "y"))
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// listed joins up to four words, and counts the rest.
func listed(words []string) string {
	if len(words) > 4 {
		return fmt.Sprintf("%s and %d more", strings.Join(words[:4], ", "), len(words)-4)
	}
	return strings.Join(words, ", ")
}

// class returns the class of a slot.
func (p *pass) class(id string) inventory.Class {
	if p.classes == nil {
		p.classes = map[string]string{}
		for _, s := range p.g.Slots() {
			p.classes[s.ID] = string(s.Class)
		}
	}
	return inventory.Class(p.classes[id])
}
