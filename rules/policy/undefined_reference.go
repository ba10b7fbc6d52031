package policy

import (
	"fmt"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

var undefinedReference = Rule{
	ID: "undefined-reference", Severity: Medium,
	Title:  "A reference names a key that its entry does not have",
	Why:    "The scan saw the entry itself, with other keys: the consumer fails to start, or runs without the value.",
	Fix:    "Correct the key, or add it to the entry.",
	Before: "secretKeyRef: {name: db, key: passwd}   # the Secret db has the key password",
	After:  "secretKeyRef: {name: db, key: password}",
	check: func(p *pass) {
		entries := p.definedEntries()
		for _, s := range p.g.Slots() {
			entry, key, ok := strings.Cut(s.ID, "#")
			others := entries[entry]
			if !ok || s.Defined != inventory.DefinedOutside || len(others) == 0 || p.g.Node(entry+"#*") != nil {
				continue
			}
			p.report(Finding{Node: s.ID, Credential: p.credentialOf(s.ID), Evidence: s.Evidence, Confidence: inventory.Medium,
				Title: fmt.Sprintf("%s has no key %s; this scan saw %s", entry, key, listed(others))})
		}
	},
}

// definedEntries lists, for each entry of a store whose keys all stand in one scanned file, the keys that it has.
func (p *pass) definedEntries() map[string][]string {
	out := map[string][]string{}
	for _, s := range p.g.Slots() {
		if entry, key, ok := strings.Cut(s.ID, "#"); ok && s.Defined == inventory.DefinedInScan && wholeEntries[s.Store] {
			out[entry] = append(out[entry], key)
		}
	}
	return out
}

// wholeEntries are the stores whose entry is defined with all of its keys in one place.
var wholeEntries = map[string]bool{"k8s": true, "k8s-configmap": true}
