// Package policy judges a graph against the register: one file for each rule, one table of them all.
//
// A finding is a value, not an error. Severity (how bad), confidence (how sure) and acceptance (who lives with
// it until when) are kept apart.
package policy

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/register"
)

// Severity says how bad a finding is.
type Severity uint8

// The severities, least bad first.
const (
	Info Severity = 1 + iota
	Low
	Medium
	High
	Critical
)

var severityNames = []string{"", "info", "low", "medium", "high", "critical"}

// String returns the word used in JSON and on the terminal.
func (s Severity) String() string {
	if int(s) < len(severityNames) {
		return severityNames[s]
	}
	return ""
}

// MarshalText writes the word of the severity.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the word of the severity; an unknown word is an error.
func (s *Severity) UnmarshalText(b []byte) error {
	i := slices.Index(severityNames, string(b))
	if i < 1 {
		return fmt.Errorf("unknown severity %q: write info, low, medium, high or critical", b)
	}
	*s = Severity(i)
	return nil
}

// Finding is one violation of one rule.
type Finding struct {
	Rule        string               `json:"rule"`
	Severity    Severity             `json:"severity"`
	Confidence  inventory.Confidence `json:"confidence"`
	Title       string               `json:"title"`       // what is wrong, with names
	Why         string               `json:"why"`         // why it matters
	Fix         string               `json:"fix"`         // what to do or type
	Credential  string               `json:"credential"`  // id, "" when it is about none
	Node        string               `json:"node"`        // id of what it is about: a slot, an automation, a register entry
	Fingerprint string               `json:"fingerprint"` // of the literal that it is about, "" when it is about none
	Evidence    []inventory.Evidence `json:"evidence"`
	Suppressed  *Suppression         `json:"suppressed"` // null: it counts
}

// Suppression says who lives with a finding, why, and until when.
type Suppression struct {
	Reason string `json:"reason"`
	Owner  string `json:"owner"`
	Until  string `json:"until"` // the last day, as 2026-11-23
}

// Options are what a check needs beside graph and register.
type Options struct {
	Now      time.Time    // the day against which dates are held
	Baseline *graph.Graph // the state before a change, nil for none: rules about changes are silent without it
}

// Rule is one row of the table.
type Rule struct {
	ID       string   // kebab-case, stable, never reused
	Severity Severity // the usual one; a finding may have another and says why
	Title    string
	Why      string
	Fix      string
	Before   string // a short example that breaks the rule
	After    string // and the same mended

	check func(*pass)
}

// All returns the rules, in the order in which they are documented.
func All() []Rule {
	return []Rule{
		hardCodedUntracked,
		hardCodedTracked,
		weakValueInPlaces,
		ownKey,
		keyBesideCiphertext,
		plainStore,
		publicPrefix,
		sameInProduction,
		unowned,
		entryIncomplete,
		overdue,
		expiring,
		temporaryTooLong,
		ownerLeft,
		severalEntries,
		entryOfSeveral,
		entryWithoutCredential,
		newDependent,
		manyAutomations,
		sharedByServices,
		unboundedReach,
		widePermissions,
		undefinedReference,
		unreferenced,
		identifierAsSecret,
		meaninglessName,
		acceptanceEnded,
	}
}

// Check applies every rule. The same input gives the same findings: worst first, then by rule and place.
func Check(g *graph.Graph, r *register.Register, o Options) []Finding {
	p := newPass(g, r, o)
	for _, rule := range All() {
		p.rule = rule
		rule.check(p)
	}
	p.accept()
	slices.SortStableFunc(p.findings, compare)
	return p.findings
}

func compare(a, b Finding) int {
	return cmp.Or(cmp.Compare(b.Severity, a.Severity), strings.Compare(a.Rule, b.Rule),
		strings.Compare(a.Credential, b.Credential), strings.Compare(a.Node, b.Node),
		slices.CompareFunc(a.Evidence, b.Evidence, inventory.Evidence.Compare), strings.Compare(a.Title, b.Title))
}

// AtLeast reports whether a finding counts at a threshold: it is not suppressed and at least as bad.
func (f *Finding) AtLeast(s Severity) bool { return f.Suppressed == nil && f.Severity >= s }
