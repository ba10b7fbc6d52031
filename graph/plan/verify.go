package plan

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
)

// Verified is what a scan after a rotation shows, against the map from before it.
type Verified struct {
	Schema     string   `json:"schema"`
	Credential string   `json:"credential"` // id in the older map
	Name       string   `json:"name"`
	Done       bool     `json:"done"`       // the old value is gone from every present place and no dependent was lost
	Comparable bool     `json:"comparable"` // false: the maps were made with different keys
	Stragglers []Held   `json:"stragglers"` // present places that still hold the old value
	History    []Held   `json:"history"`    // older commits that hold it: it is dead there only once it is revoked
	New        []Held   `json:"new"`        // places that hold a new value
	Moved      []string `json:"moved"`      // slots whose text is gone: they refer to a store now, or are gone
	Unseen     []string `json:"unseen"`     // slots whose values no scan can see: look at the store
	Lost       []string `json:"lost"`       // dependents of before that are gone
	Gained     []string `json:"gained"`     // dependents that are new
	Notes      []string `json:"notes"`
}

// Held is a place that holds a value.
type Held struct {
	Slot        string               `json:"slot"`
	Fingerprint string               `json:"fingerprint"`
	At          []inventory.Evidence `json:"at"`
}

// Verify compares the map from before a rotation with the one from after it, for one credential of the older map.
func Verify(before, after *graph.Graph, c *graph.Credential) Verified {
	v := Verified{Schema: "rotamap/verify/1", Credential: c.ID, Name: c.Name, Stragglers: []Held{}, History: []Held{}, New: []Held{},
		Moved: []string{}, Unseen: []string{}, Lost: []string{}, Gained: []string{}, Notes: []string{}}
	d := differ{before: before, after: after}
	v.Comparable = d.oneKey()
	v.Notes = append(v.Notes, d.out.Notes...)
	old := oldForms(before, c)
	v.places(after, old)
	for _, slot := range c.Slots {
		v.slot(before, after, slot, old)
	}
	v.dependents(before, after, c)
	v.Done = v.Comparable && len(v.Stragglers) == 0 && len(v.Lost) == 0
	return v
}

// oldForms are the value nodes of a credential's current values, and of their other forms.
func oldForms(g *graph.Graph, c *graph.Credential) map[string]bool {
	out := map[string]bool{}
	for _, x := range c.Values {
		if x.State != inventory.HeldCurrent || x.Weak {
			continue
		}
		id := inventory.ValueID(x.Fingerprint)
		out[id] = true
		if n := g.Node(id); n != nil {
			for _, a := range n.All(inventory.AttrAlso) {
				out[inventory.ValueID(a.Value)] = true
			}
		}
	}
	return out
}

// places finds the old value, in any of its forms, anywhere in the newer map.
func (v *Verified) places(g *graph.Graph, old map[string]bool) {
	for _, n := range g.Nodes(inventory.Value) {
		if !old[n.ID] && !slices.ContainsFunc(n.All(inventory.AttrAlso), func(a inventory.Attr) bool { return old[inventory.ValueID(a.Value)] }) {
			continue
		}
		for _, e := range g.In(n.ID) {
			if e.Kind != inventory.Holds {
				continue
			}
			h := Held{Slot: e.From, Fingerprint: strings.TrimPrefix(n.ID, "value:"), At: append([]inventory.Evidence{}, e.Evidence...)}
			if e.Attr(inventory.AttrHeld) == inventory.HeldPast {
				v.History = append(v.History, h)
			} else {
				v.Stragglers = append(v.Stragglers, h)
			}
		}
	}
}

// slot says what became of one place of the credential.
func (v *Verified) slot(before, after *graph.Graph, slot string, old map[string]bool) {
	had, has := currentHolds(before, slot), currentHolds(after, slot)
	switch {
	case len(had) > 0 && len(has) == 0:
		v.Moved = append(v.Moved, slot)
	case len(has) == 0:
		v.Unseen = append(v.Unseen, slot)
	}
	for _, e := range has {
		if !old[e.To] {
			v.New = append(v.New, Held{Slot: slot, Fingerprint: strings.TrimPrefix(e.To, "value:"), At: append([]inventory.Evidence{}, e.Evidence...)})
		}
	}
}

func currentHolds(g *graph.Graph, slot string) []*inventory.Edge {
	return slices.DeleteFunc(g.Out(slot), func(e *inventory.Edge) bool {
		return e.Kind != inventory.Holds || e.Attr(inventory.AttrHeld) == inventory.HeldPast
	})
}

func (v *Verified) dependents(before, after *graph.Graph, c *graph.Credential) {
	now := counterpart(after, c)
	if now == nil {
		v.Notes = append(v.Notes, "none of its places is in the newer map: were the same sources scanned?")
	}
	old, current := usage(before)[c.ID], [][2]string{}
	if now != nil {
		current = usage(after)[now.ID]
	}
	for _, a := range old {
		if !slices.Contains(current, a) {
			v.Lost = append(v.Lost, a[1])
		}
	}
	for _, a := range current {
		if !slices.Contains(old, a) {
			v.Gained = append(v.Gained, a[1])
		}
	}
}

// WriteText says for people whether the rotation is done, and what is left.
func (v *Verified) WriteText(w io.Writer) error {
	out := bufio.NewWriter(w)
	switch {
	case !v.Comparable:
		fmt.Fprintf(out, "%s: cannot be verified\n", clean(v.Name))
	case v.Done:
		fmt.Fprintf(out, "%s: the old value is gone from every place that was scanned\n", clean(v.Name))
	default:
		fmt.Fprintf(out, "%s: not done\n", clean(v.Name))
	}
	writeHeld(out, "still holds the old value", v.Stragglers)
	writeHeld(out, "holds a new value", v.New)
	writeLines(out, "holds no text any more", v.Moved)
	writeLines(out, "cannot be seen in files: look at the store", v.Unseen)
	writeLines(out, "depends on it no more", v.Lost)
	writeLines(out, "depends on it now", v.Gained)
	writeHeld(out, "older commits hold the old value: it must be revoked", v.History)
	writeLines(out, "note", v.Notes)
	return out.Flush()
}

func writeHeld(w io.Writer, title string, all []Held) {
	var lines []string
	for _, h := range all {
		lines = append(lines, places(h.At, false)+"  "+h.Slot)
	}
	writeLines(w, title, lines)
}

func writeLines(w io.Writer, title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(w, "  %s\n", title)
	for _, l := range lines {
		fmt.Fprintf(w, "    %s\n", clean(l))
	}
}
