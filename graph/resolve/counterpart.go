package resolve

import (
	"slices"
	"strings"
	"unicode"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinCounterparts is R20. Two credentials of one service whose names are the same words, in different stores, may
// hold one value: the same token in a repository's secrets and in a .env file. That is a guess: low, may-be, and not
// made where both values are known.
func joinCounterparts(v *View) {
	groups := map[string][]counterpart{}
	sets := componentsOf(v)
	for e := range v.EdgesOf(inventory.TalksTo) {
		n := v.Node(e.From)
		if n == nil || n.Kind != inventory.Slot || n.Attr(inventory.AttrClass) != string(inventory.ClassCredential) {
			continue
		}
		words := nameWords(n)
		if words == "" || n.Attr(inventory.AttrStore) == "inline" {
			continue
		}
		k := e.To + " " + words
		c := counterpart{n, n.Attr(inventory.AttrStore), sets.find(n.ID)}
		if !slices.ContainsFunc(groups[k], func(o counterpart) bool { return o.node == n }) && len(groups[k]) <= maxCounterparts {
			groups[k] = append(groups[k], c)
		}
	}
	known := componentsWithValue(v, sets)
	for _, k := range sortedKeys(groups) {
		if len(groups[k]) <= maxCounterparts {
			linkCounterparts(v, groups[k], known)
		}
	}
}

// maxCounterparts bounds how many slots of one service and name are compared: beyond it, the name says nothing.
const maxCounterparts = 8

type counterpart struct {
	node      *inventory.Node
	store     string
	component string
}

func linkCounterparts(v *View, all []counterpart, known map[string]bool) {
	for _, a := range all {
		for _, b := range all {
			if a.store == b.store || a.component == b.component || known[a.component] && known[b.component] || related(a.store, b.store) {
				continue
			}
			v.AddEdge(inventory.Edge{From: a.node.ID, To: b.node.ID, Kind: inventory.MayBe, Rule: CounterpartRule,
				Confidence: inventory.Low, Evidence: inventory.MergeEvidence(firstOf(a.node.Evidence), firstOf(b.node.Evidence))})
		}
	}
}

// ImportRule is the rule of edges from a file to one that it imports; the scanner makes them.
const ImportRule = "R5-import"

// CounterpartRule is the rule of edges that only guess at a common value.
const CounterpartRule = "R20-counterpart"

func firstOf(list []inventory.Evidence) []inventory.Evidence { return list[:min(1, len(list))] }

// related reports whether two stores are levels of one: their may-be edges are made where the names stand.
func related(a, b string) bool { return strings.HasPrefix(a, b+"-") || strings.HasPrefix(b, a+"-") }

// nameWords returns the words of a slot's name in order, "" for a name of one short word.
func nameWords(n *inventory.Node) string {
	name := n.Attr(inventory.AttrKeyName)
	if name == "" {
		name = n.Name[strings.LastIndexByte(n.Name, '/')+1:]
	}
	words := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if len(words) < 2 || strings.Contains(name, "*") {
		return ""
	}
	slices.Sort(words)
	return strings.Join(slices.Compact(words), " ")
}

// components is a disjoint-set forest over ids.
type components map[string]string

func (c components) find(id string) string {
	root := id
	for c[root] != "" {
		root = c[root]
	}
	for id != root {
		next := c[id]
		c[id] = root
		id = next
	}
	return root
}

// componentsOf joins the ends of copies and of current values.
func componentsOf(v *View) components {
	c := components{}
	for _, kind := range []inventory.EdgeKind{inventory.CopiesFrom, inventory.Holds} {
		for e := range v.EdgesOf(kind) {
			a, b := c.find(e.From), c.find(e.To)
			if a != b && (kind == inventory.CopiesFrom || e.Attr(inventory.AttrHeld) != inventory.HeldPast) {
				c[max(a, b)] = min(a, b)
			}
		}
	}
	return c
}

func componentsWithValue(v *View, c components) map[string]bool {
	out := map[string]bool{}
	for e := range v.EdgesOf(inventory.Holds) {
		if n := v.Node(e.To); n != nil && n.Attr(inventory.AttrWeak) == "" && e.Attr(inventory.AttrHeld) != inventory.HeldPast {
			out[c.find(e.From)] = true
		}
	}
	return out
}
