package policy

import (
	"fmt"
	"strings"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/register"
)

var entryWithoutCredential = Rule{
	ID: "entry-without-credential", Severity: Info,
	Title:  "An entry matches nothing that was scanned",
	Why:    "The slot was renamed, the credential is gone, or the place that holds it was not scanned.",
	Fix:    "Correct slots (rotamap list slots shows the ids), or delete the entry.",
	Before: "slots = [\"gh:acme/shop/SLACK_TOKN\"]",
	After:  "slots = [\"gh:acme/shop/SLACK_TOKEN\"]",
	check: func(p *pass) {
		matched := p.matched()
		for _, e := range p.register.Credentials {
			if len(matched[e.Name]) == 0 {
				p.report(Finding{Node: "register:" + e.Name, Evidence: p.place(e.Line), Confidence: inventory.Low, Fix: p.nearestSlot(&e),
					Title: fmt.Sprintf("%q matches no credential in the %s scanned", e.Name, counted(len(p.g.Sources()), "source"))})
			}
		}
	},
}

// nearestSlot says the line to type when a slot of the scan ends in a name like that of the entry's slots.
func (p *pass) nearestSlot(e *register.Entry) string {
	for _, pattern := range e.Slots {
		want := pattern[strings.LastIndexAny(pattern, "/#")+1:]
		best, least := "", 3
		for _, s := range p.g.Slots() {
			name := s.ID[strings.LastIndexAny(s.ID, "/#")+1:]
			if d := register.Distance(name, want); d < least && (s.Class == inventory.ClassCredential || s.Class == inventory.ClassUnknown) {
				best, least = s.ID, d
			}
		}
		if best != "" {
			return fmt.Sprintf("If it is this one: rotamap register update %s --slot %q. Else delete the entry, or scan where it is kept.", e.Name, best)
		}
	}
	return ""
}

// matched lists, for each entry by name, the credentials that it tracks.
func (p *pass) matched() map[string][]*graph.Credential {
	out := map[string][]*graph.Credential{}
	p.credentials(func(c *graph.Credential, entries []*register.Entry) {
		for _, e := range entries {
			out[e.Name] = append(out[e.Name], c)
		}
	})
	return out
}
