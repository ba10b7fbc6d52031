package policy

import (
	"slices"
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/rules/register"
)

// Change is what a check compares: a state with the one before it.
type Change struct {
	Base   string   `json:"base"` // what it was compared with: a revision, or the path of a map
	Growth []Growth `json:"growth"`
	Asking []Asking `json:"asking"`
}

// Asking is a line of the register that the change adds, and that counts only once it has been agreed upon: the check
// holds to the register of before.
type Asking struct {
	What     string `json:"what"` // accept or credential
	Name     string `json:"name"` // the rule and what it matches, or the entry's name
	Reason   string `json:"reason"`
	Owner    string `json:"owner"`
	Until    string `json:"until"`
	Line     int    `json:"line"`
	Findings int    `json:"findings"` // how many of the findings it is about
}

// String says it in one sentence.
func (a *Asking) String() string {
	text := "the entry " + strconv.Quote(a.Name)
	if a.What == "accept" {
		text = "accepting " + a.Name + " until " + a.Until
	}
	if a.Owner != "" {
		text += ", by " + a.Owner
	}
	if a.Reason != "" {
		text += ": " + a.Reason
	}
	return text + " (" + counted(a.Findings, "finding") + ")"
}

// Proposed lists the acceptances and entries that a register has and the one before it has not, or not so.
func Proposed(g *graph.Graph, before, after *register.Register, findings []Finding) []Asking {
	out := []Asking{}
	p := newPass(g, after, Options{})
	for i := range after.Accepts {
		a := &after.Accepts[i]
		if slices.ContainsFunc(before.Accepts, func(b register.Accept) bool { return sameAcceptance(*a, b) }) {
			continue
		}
		asks := Asking{What: "accept", Name: strings.TrimSpace(a.Rule + " " + a.Match), Reason: a.Reason, Owner: a.Owner, Until: a.Until.String(), Line: a.Line}
		for j := range findings {
			if p.accepts(a, &findings[j]) {
				asks.Findings++
			}
		}
		out = append(out, asks)
	}
	for i := range after.Credentials {
		e := &after.Credentials[i]
		if old := before.Entry(e.Name); old != nil && slices.Equal(old.Slots, e.Slots) {
			continue
		}
		asks := Asking{What: "credential", Name: e.Name, Owner: e.Owner, Reason: e.Purpose, Line: e.Line}
		for _, f := range findings {
			if c := g.Credential(f.Credential); c != nil && slices.Contains(after.Matches(register.View{Slots: c.Slots, Fingerprints: c.Joinable()}), e) {
				asks.Findings++
			}
		}
		out = append(out, asks)
	}
	return out
}

func sameAcceptance(a, b register.Accept) bool {
	return a.Rule == b.Rule && a.Match == b.Match && a.Until.Equal(b.Until.Time)
}
