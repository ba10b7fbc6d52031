package resolve

import (
	"iter"
	"slices"

	"github.com/rotamap/rotamap/graph/inventory"
)

// edgeKey says which edges are one: those of the same ends, kind and rule. The ends are numbers of entries, so that
// the ids, which are long, are looked up once.
type edgeKey struct {
	from, to int32
	label    int32 // a number for kind and rule
}

type edgeLabel struct {
	kind inventory.EdgeKind
	rule string
}

func (v *View) label(e *inventory.Edge) int32 {
	l := edgeLabel{e.Kind, e.Rule}
	n, ok := v.labels[l]
	if !ok {
		n = int32(len(v.labels))
		v.labels[l] = n
	}
	return n
}

// AddEdge adds an edge or joins it with an equal one: of two confidences the greater stands. An end that no
// fragment describes gets a node of its own, whose kind follows from its id.
func (v *View) AddEdge(e inventory.Edge) {
	if e.From == "" || e.To == "" || e.From == e.To {
		return
	}
	from, to := v.end(e.From, e.Kind, true), v.end(e.To, e.Kind, false)
	k := edgeKey{from.number, to.number, v.label(&e)}
	if i, ok := v.seen[k]; ok {
		old := &v.edges[i]
		old.Confidence = max(old.Confidence, e.Confidence)
		*old = inventory.MergeEdges(*old, e)
		return
	}
	n := int32(len(v.edges))
	v.seen[k] = n
	from.out = append(from.out, n)
	to.in = append(to.in, n)
	v.edges = append(v.edges, e)
	v.byKind[e.Kind] = append(v.byKind[e.Kind], n)
}

// dropEdge takes an edge out again: a rule knows better than the file that stated it.
func (v *View) dropEdge(e inventory.Edge) {
	from, to := v.nodes[e.From], v.nodes[e.To]
	if from == nil || to == nil {
		return
	}
	k := edgeKey{from.number, to.number, v.label(&e)}
	i, ok := v.seen[k]
	if !ok {
		return
	}
	delete(v.seen, k)
	isIt := func(n int32) bool { return n == i }
	from.out, to.in = slices.DeleteFunc(from.out, isIt), slices.DeleteFunc(to.in, isIt)
	v.edges[i] = inventory.Edge{}
	v.dropped = true
}

// end returns the entry of one end of an edge. A node that no fragment describes gets its kind from its id and
// from the edge.
func (v *View) end(id string, edge inventory.EdgeKind, from bool) *entry {
	e, ok := v.nodes[id]
	if !ok {
		e = v.enter(inventory.Node{ID: id})
	}
	if e.node.Kind == "" {
		e.node.Kind, e.node.Name = kindOf(id, edge, from), nameOf(id)
		v.list(e)
	}
	return e
}

// Out returns the edges of a kind that leave a node; of every kind for "".
func (v *View) Out(id string, kind inventory.EdgeKind) []inventory.Edge {
	e, ok := v.nodes[id]
	if !ok {
		return nil
	}
	return v.pick(e.out, kind)
}

// In returns the edges of a kind that enter a node; of every kind for "".
func (v *View) In(id string, kind inventory.EdgeKind) []inventory.Edge {
	e, ok := v.nodes[id]
	if !ok {
		return nil
	}
	return v.pick(e.in, kind)
}

// pick copies the edges of a kind out of the list of a node.
func (v *View) pick(indices []int32, kind inventory.EdgeKind) []inventory.Edge {
	count := len(indices)
	if kind != "" {
		count = 0
		for _, i := range indices {
			if v.edges[i].Kind == kind {
				count++
			}
		}
	}
	if count == 0 {
		return nil
	}
	out := make([]inventory.Edge, 0, count)
	for _, i := range indices {
		if kind == "" || v.edges[i].Kind == kind {
			out = append(out, v.edges[i])
		}
	}
	return out
}

// leaves reports whether an edge of the kind leaves the node; of any kind for "".
func (v *View) leaves(id string, kind inventory.EdgeKind) bool {
	e, ok := v.nodes[id]
	if !ok {
		return false
	}
	return slices.ContainsFunc(e.out, func(i int32) bool { return kind == "" || v.edges[i].Kind == kind })
}

// Edges returns all edges, in the order in which they were added.
func (v *View) Edges() []inventory.Edge {
	if !v.dropped {
		return v.edges
	}
	return slices.DeleteFunc(slices.Clone(v.edges), func(e inventory.Edge) bool { return e.Kind == "" })
}

// EdgesOf yields the edges of a kind, in the order in which they were added. Those that are added meanwhile are not
// among them.
func (v *View) EdgesOf(kind inventory.EdgeKind) iter.Seq[inventory.Edge] {
	all := v.byKind[kind]
	return func(yield func(inventory.Edge) bool) {
		for _, i := range all {
			if e := v.edges[i]; e.Kind == kind && !yield(e) {
				return
			}
		}
	}
}
