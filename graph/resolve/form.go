package resolve

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinForms is R17 for values that are written in different ways: a base64 copy, a connection string that holds the
// password, two connection strings with one password. The package documentation of scanner/fingerprint says when two
// prints are one credential; equal prints need no edge.
func joinForms(v *View) {
	j := formJoin{v: v, holders: map[string]string{}, shared: map[string]string{}}
	for e := range v.EdgesOf(inventory.Holds) {
		if e.Attr(inventory.AttrHeld) == inventory.HeldPast {
			continue
		}
		if old, ok := j.holders[e.To]; !ok || e.From < old {
			j.holders[e.To] = e.From
		}
	}
	for _, n := range v.Nodes(inventory.Value) {
		if j.holders[n.ID] == "" || n.Attr(inventory.AttrWeak) != "" {
			continue
		}
		for _, form := range n.All(inventory.AttrAlso) {
			j.join(n, form)
		}
	}
}

type formJoin struct {
	v       *View
	holders map[string]string // value -> the first slot that holds it now
	shared  map[string]string // form -> the first value that holds it as a password
}

func (j *formJoin) join(n *inventory.Node, form inventory.Attr) {
	other := inventory.ValueID(form.Value)
	if o := j.v.Node(other); o != nil && j.holders[other] != "" && o.Attr(inventory.AttrWeak) == "" {
		if takesOut(form.Detail) {
			j.link(n.ID, other)
		} else {
			j.link(other, n.ID)
		}
	}
	if !isPassword(form.Detail) {
		return
	}
	if first, ok := j.shared[form.Value]; ok {
		j.link(n.ID, first)
	} else {
		j.shared[form.Value] = n.ID
	}
}

// takesOut reports whether a form follows from the value by decoding it or taking its password out: then the value
// is the copy.
func takesOut(encoding string) bool {
	return strings.HasPrefix(encoding, "from-") || isPassword(encoding)
}

func isPassword(encoding string) bool { return encoding == "userinfo" || encoding == "basic" }

// link says that what holds one value is a copy of what holds the other.
func (j *formJoin) link(derived, original string) {
	from, to := j.holders[derived], j.holders[original]
	if from == to {
		return
	}
	j.v.copyOf(from, to, "R17-form", inventory.High,
		inventory.MergeEvidence(j.v.Node(from).Evidence, j.v.Node(to).Evidence))
}
