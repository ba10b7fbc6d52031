package policy

import (
	"fmt"

	"github.com/rotamap/rotamap/graph/inventory"
)

var weakValueInPlaces = Rule{
	ID: "weak-value-in-places", Severity: Medium,
	Title:  "A weak value stands in several places",
	Why:    "It can be guessed, and because it is common, equal values do not prove that the places share one credential.",
	Fix:    "Give each place a long random value of its own.",
	Before: "POSTGRES_PASSWORD=<a word>",
	After:  "POSTGRES_PASSWORD=${DB_PASSWORD}   # 32 random characters, from a secret store",
	check: func(p *pass) {
		for _, v := range p.g.Nodes(inventory.Value) {
			p.weak(v)
		}
	},
}

func (p *pass) weak(v *inventory.Node) {
	reasons := v.All(inventory.AttrWeak)
	if len(reasons) == 0 {
		return
	}
	var places []inventory.Evidence
	slot := ""
	for _, e := range p.g.In(v.ID) {
		if e.Kind == inventory.Holds && e.Attr(inventory.AttrHeld) != inventory.HeldPast {
			places = append(places, e.Evidence...)
			if slot == "" {
				slot = e.From
			}
		}
	}
	if n := len(inventory.MergeEvidence(places, nil)); n > 1 {
		p.report(Finding{Node: slot, Fingerprint: fingerprintOf(v.ID), Evidence: places,
			Title: fmt.Sprintf("a weak value (%s) stands in %s", reasons[0].Detail, counted(n, "place"))})
	}
}
