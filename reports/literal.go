package reports

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// literals lists every place of a hard-coded value, sorted by place.
func (b *builder) literals() []Literal {
	owner := map[string]string{} // slot -> credential
	for _, c := range b.g.Credentials() {
		for _, s := range c.Slots {
			owner[s] = c.ID
		}
	}
	out := []Literal{}
	for _, n := range b.g.Nodes(inventory.Slot) {
		for _, e := range b.g.Out(n.ID) {
			if e.Kind == inventory.Holds {
				out = append(out, b.placesOf(n, e, owner[n.ID])...)
			}
		}
	}
	slices.SortFunc(out, func(a, b Literal) int {
		return cmp.Or(a.Evidence.Compare(b.Evidence), strings.Compare(a.Slot, b.Slot), strings.Compare(a.Fingerprint, b.Fingerprint))
	})
	return out
}

// placesOf lists the places at which a slot holds a value.
func (b *builder) placesOf(slot *inventory.Node, holds *inventory.Edge, credential string) []Literal {
	value := b.g.Node(holds.To)
	if value == nil {
		return nil
	}
	l := Literal{State: cmp.Or(holds.Attr(inventory.AttrHeld), inventory.HeldCurrent), Slot: slot.ID, Credential: credential,
		Name: literalName(slot), Fingerprint: strings.TrimPrefix(holds.To, inventory.ValueID("")),
		Marker: value.Attr(inventory.AttrMarker), Service: b.serviceOf(credential)}
	if weak := value.All(inventory.AttrWeak); len(weak) > 0 {
		l.Weak = cmp.Or(weak[0].Detail, "weak")
	}
	out := make([]Literal, 0, len(holds.Evidence))
	for _, e := range holds.Evidence {
		l.Evidence, l.FirstSeen, l.LastSeen = e, b.times[e.FirstSeen()], b.times[e.LastSeen()]
		l.Rule, l.Severity = detector(slot, e)
		out = append(out, l)
	}
	return out
}

func (b *builder) serviceOf(credential string) string {
	if c := b.g.Credential(credential); c != nil {
		return c.Service
	}
	return ""
}

// literalName is the name that the value has where it stands.
func literalName(slot *inventory.Node) string {
	return cmp.Or(slot.Attr(inventory.AttrKeyName), slot.Name, slot.ID)
}

// detector returns the rule that recognised a literal at a place, and how bad it says that is.
func detector(slot *inventory.Node, e inventory.Evidence) (rule, severity string) {
	rule, severity = "literal", "high"
	for i, a := range slot.All(inventory.AttrDetector) {
		here := slices.ContainsFunc(a.Evidence, func(o inventory.Evidence) bool { return samePlace(o, e) })
		if i == 0 || here {
			rule, severity = a.Value, cmp.Or(a.Detail, "high")
		}
		if here {
			break
		}
	}
	return rule, severity
}

func samePlace(a, b inventory.Evidence) bool {
	return a.Source == b.Source && a.Path == b.Path && a.Line == b.Line && a.Column == b.Column && a.Pointer == b.Pointer
}

// labelLiterals gives the values of each credential report-local labels: S-003.1 is the first value of S-003. A
// value that belongs to no credential is V-001 and so on. One value has one label.
func (b *builder) labelLiterals() {
	labels := map[string]string{}
	for _, c := range b.d.Credentials {
		for i, v := range c.Values {
			if labels[v.Fingerprint] == "" {
				labels[v.Fingerprint] = fmt.Sprintf("%s.%d", c.Label, i+1)
			}
		}
	}
	rest := 0
	for i := range b.d.Literals {
		l := &b.d.Literals[i]
		if labels[l.Fingerprint] == "" {
			rest++
			labels[l.Fingerprint] = fmt.Sprintf("V-%03d", rest)
		}
		l.Label = labels[l.Fingerprint]
	}
}
