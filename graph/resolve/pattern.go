package resolve

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// expandPatterns is R7 for whole sets: a consumer that takes in all keys (envFrom, env_file, a mounted volume) gets
// a binding for each key that is known, here or in what the set is copied from. What the set holds beyond that
// stays a pattern. A prefix of the binding's name is kept: the binding's name is the prefix followed by "*".
func expandPatterns(v *View) {
	x := expander{v: v, under: slotsByEntry(v), memo: map[string][]member{}}
	for _, p := range v.Nodes(inventory.Pattern) {
		if !strings.HasSuffix(p.ID, "#*") || len(v.In(p.ID, "")) == 0 {
			continue
		}
		members := x.members(p, 0)
		for _, e := range v.In(p.ID, "") {
			if e.Kind == inventory.BoundFrom || e.Kind == inventory.Reads {
				x.expand(e, members)
			}
		}
	}
}

// member is a key of a set.
type member struct {
	key  string
	slot string
	sure inventory.Confidence
	at   []inventory.Evidence
}

type expander struct {
	v     *View
	under map[string][]address // known keys, by entry
	memo  map[string][]member
}

func slotsByEntry(v *View) map[string][]address {
	out := map[string][]address{}
	for _, a := range v.addresses(inventory.Slot, func(string) bool { return true }) {
		if a.key != "" {
			out[a.entry()] = append(out[a.entry()], a)
		}
	}
	return out
}

// members lists the known keys of a set: its own, and those of the sets it is copied from, under their own names.
func (x *expander) members(p *inventory.Node, depth int) []member {
	if got, ok := x.memo[p.ID]; ok || depth > maxCopies {
		return got
	}
	x.memo[p.ID] = nil // cuts cycles
	a, ok := addressOf(p)
	if !ok || a.key != "*" {
		return nil
	}
	out := x.own(a)
	has := map[string]bool{}
	for _, m := range out {
		has[m.key] = true
	}
	for _, e := range x.v.Out(p.ID, inventory.CopiesFrom) {
		q := x.v.Node(e.To)
		if q == nil || q.Kind != inventory.Pattern {
			continue
		}
		for _, m := range x.members(q, depth+1) {
			if has[m.key] {
				continue
			}
			out = append(out, x.copied(a, m, e))
		}
	}
	x.memo[p.ID] = out
	return out
}

// own lists the keys that are known under the entry itself.
func (x *expander) own(a address) []member {
	var out []member
	for _, s := range x.under[a.entry()] {
		if s.scope == a.scope {
			out = append(out, member{s.key, s.node.ID, inventory.High, s.node.Evidence})
		}
	}
	return out
}

// copied makes the key of a copied set a key of the copy.
func (x *expander) copied(a address, m member, e inventory.Edge) member {
	r := a.ref()
	r.Key = m.key
	id := x.v.addSlot(r, x.v.Node(m.slot), e.Evidence)
	x.v.AddEdge(inventory.Edge{From: id, To: m.slot, Kind: inventory.CopiesFrom, Rule: "R7-env-from",
		Confidence: inventory.Weakest(inventory.High, e.Confidence), Evidence: e.Evidence, Attrs: wholeOf(e)})
	return member{m.key, id, inventory.High, inventory.MergeEvidence(m.at, e.Evidence)}
}

// expand gives one consumer of a set its keys.
func (x *expander) expand(e inventory.Edge, members []member) {
	b := x.v.Node(e.From)
	if b == nil || len(members) == 0 {
		return
	}
	if b.Kind != inventory.Binding || !strings.HasSuffix(b.Name, "*") {
		for _, m := range members {
			x.v.AddEdge(inventory.Edge{From: e.From, To: m.slot, Kind: e.Kind, Rule: "R7-env-from",
				Confidence: inventory.Weakest(m.sure, e.Confidence), Evidence: e.Evidence})
		}
		return
	}
	prefix := strings.TrimSuffix(b.Name, "*")
	for _, reads := range x.v.In(b.ID, inventory.Reads) {
		for _, m := range members {
			x.bind(b, reads, e, prefix+m.key, m)
		}
	}
}

func (x *expander) bind(b *inventory.Node, reads, from inventory.Edge, name string, m member) {
	v := x.v
	id := inventory.BindingID(reads.From, name)
	if n := v.Node(id); n != nil && n.Kind == inventory.Binding && !v.sameOrigin(id, from) {
		return // env beats envFrom
	}
	v.AddNode(inventory.Node{ID: id, Kind: inventory.Binding, Name: path.Clean(name), Attrs: b.Attrs, Evidence: b.Evidence})
	v.AddEdge(inventory.Edge{From: reads.From, To: id, Kind: inventory.Reads, Rule: "R7-env-from",
		Confidence: inventory.High, Evidence: reads.Evidence})
	v.AddEdge(inventory.Edge{From: id, To: m.slot, Kind: inventory.BoundFrom, Rule: "R7-env-from",
		Confidence: inventory.Weakest(m.sure, from.Confidence), Evidence: inventory.MergeEvidence(from.Evidence, m.at)})
}

// sameOrigin reports whether a binding was made from the very set that an edge takes in: a base that several
// environments share yields one binding that may come from each of them.
func (v *View) sameOrigin(binding string, from inventory.Edge) bool {
	for _, e := range v.Out(binding, inventory.BoundFrom) {
		if e.Rule != "R7-env-from" {
			return false
		}
		for _, x := range from.Evidence {
			for _, y := range e.Evidence {
				if x.Path == y.Path && x.Line == y.Line {
					return true
				}
			}
		}
	}
	return false
}
