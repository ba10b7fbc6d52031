package inventory

import (
	"slices"
	"strings"
)

// Set gathers nodes and edges and keeps each once. The zero value is not ready; use NewSet.
//
// What is added to a node or an edge that is there waits in a list and is made a sorted set when it is asked for, or
// when the list has doubled: adding n places to one node costs n log n, not n squared.
type Set struct {
	nodes map[string]*pending[Node]
	edges map[edgeKey]*pending[Edge]
}

type edgeKey struct {
	from, to string
	kind     EdgeKind
	rule     string
	sure     Confidence
}

// pending is a thing whose attributes and evidence may still be unsorted.
type pending[T any] struct {
	thing    T
	attrs    []Attr
	evidence []Evidence
	sorted   int // how long the lists were when they were sorted last
}

// add appends to the lists, and sorts them when they have doubled. What comes first is not copied: facts of one place
// share its evidence, and most things have one place.
func (p *pending[T]) add(attrs []Attr, evidence []Evidence) {
	p.attrs = grown(p.attrs, attrs)
	p.evidence = grown(p.evidence, evidence)
	if n := len(p.attrs) + len(p.evidence); n > 2*p.sorted+32 {
		p.settle()
	}
}

func grown[E any](list, more []E) []E {
	if len(list) == 0 {
		return slices.Clip(more)
	}
	return append(list, more...)
}

// settle makes the lists sorted sets.
func (p *pending[T]) settle() {
	if len(p.attrs)+len(p.evidence) == p.sorted {
		return
	}
	p.attrs, p.evidence = MergeAttrs(p.attrs, nil), MergeEvidence(p.evidence, nil)
	p.sorted = len(p.attrs) + len(p.evidence)
}

// NewSet returns an empty set.
func NewSet() *Set {
	return &Set{nodes: map[string]*pending[Node]{}, edges: map[edgeKey]*pending[Edge]{}}
}

// AddNode adds a node, joined with an equal one that is there. A node without an ID is dropped.
func (s *Set) AddNode(n Node) {
	if n.ID == "" {
		return
	}
	p, ok := s.nodes[n.ID]
	if !ok {
		p = &pending[Node]{thing: Node{ID: n.ID}, sorted: -1}
		s.nodes[n.ID] = p
	}
	p.thing.Kind, p.thing.Name = least(p.thing.Kind, n.Kind), least(p.thing.Name, n.Name)
	p.add(n.Attrs, n.Evidence)
}

// AddEdge adds an edge, joined with an equal one that is there. An edge without both ends, or from a node to
// itself, is dropped.
func (s *Set) AddEdge(e Edge) {
	if e.From == "" || e.To == "" || e.From == e.To {
		return
	}
	k := edgeKey{e.From, e.To, e.Kind, e.Rule, e.Confidence}
	p, ok := s.edges[k]
	if !ok {
		p = &pending[Edge]{thing: Edge{From: e.From, To: e.To, Kind: e.Kind, Rule: e.Rule, Confidence: e.Confidence}, sorted: -1}
		s.edges[k] = p
	}
	p.add(e.Attrs, e.Evidence)
}

// Add adds all nodes and edges.
func (s *Set) Add(nodes []Node, edges []Edge) {
	for _, n := range nodes {
		s.AddNode(n)
	}
	for _, e := range edges {
		s.AddEdge(e)
	}
}

// Absorb moves all that o holds into s and leaves o empty. It sorts nothing: joining large sets costs a look-up each.
func (s *Set) Absorb(o *Set) {
	for id, p := range o.nodes {
		q, ok := s.nodes[id]
		if !ok {
			s.nodes[id] = p
			continue
		}
		q.thing.Kind, q.thing.Name = least(q.thing.Kind, p.thing.Kind), least(q.thing.Name, p.thing.Name)
		q.add(p.attrs, p.evidence)
	}
	for k, p := range o.edges {
		if q, ok := s.edges[k]; ok {
			q.add(p.attrs, p.evidence)
		} else {
			s.edges[k] = p
		}
	}
	clear(o.nodes)
	clear(o.edges)
}

// Reduce asks keep of each node, which may take attributes out of the list that it gets, in no order: a node that is not
// kept whole keeps these alone, and goes when there are none. An edge goes unless keepEdge says otherwise.
func (s *Set) Reduce(keep func(id string, attrs []Attr) (left []Attr, whole bool), keepEdge func(from, to string, kind EdgeKind) bool) {
	for id, p := range s.nodes {
		left, whole := keep(id, p.attrs)
		switch {
		case whole:
		case len(left) == 0:
			delete(s.nodes, id)
		default:
			s.nodes[id] = &pending[Node]{thing: Node{ID: id}, attrs: left, sorted: -1}
		}
	}
	for k := range s.edges {
		if !keepEdge(k.from, k.to, k.kind) {
			delete(s.edges, k)
		}
	}
}

// Len is how many nodes and edges the set holds.
func (s *Set) Len() int { return len(s.nodes) + len(s.edges) }

// EachNode visits the nodes in no order.
func (s *Set) EachNode(visit func(Node)) {
	for _, p := range s.nodes {
		visit(settledNode(p))
	}
}

// EachEdge visits the edges in no order.
func (s *Set) EachEdge(visit func(Edge)) {
	for _, p := range s.edges {
		visit(settledEdge(p))
	}
}

func settledEdge(p *pending[Edge]) Edge {
	p.settle()
	e := p.thing
	e.Attrs, e.Evidence = p.attrs, p.evidence
	return e
}

// Node returns the node with the ID.
func (s *Set) Node(id string) (Node, bool) {
	p, ok := s.nodes[id]
	if !ok {
		return Node{}, false
	}
	return settledNode(p), true
}

func settledNode(p *pending[Node]) Node {
	p.settle()
	n := p.thing
	n.Attrs, n.Evidence = p.attrs, p.evidence
	return n
}

// Remove drops the nodes that drop chooses, and every edge that touches one.
func (s *Set) Remove(drop func(Node) bool) {
	gone := map[string]bool{}
	for id, p := range s.nodes {
		if drop(settledNode(p)) {
			gone[id] = true
			delete(s.nodes, id)
		}
	}
	for k := range s.edges {
		if gone[k.from] || gone[k.to] {
			delete(s.edges, k)
		}
	}
}

// RemoveUnrelated drops the nodes that drop chooses among those that have no relation but to what they are part of.
func (s *Set) RemoveUnrelated(drop func(Node) bool) {
	related := make(map[string]bool, len(s.nodes))
	for k := range s.edges {
		related[k.to] = true
		related[k.from] = related[k.from] || k.kind != PartOf
	}
	gone := map[string]bool{}
	for id, p := range s.nodes {
		if !related[id] && drop(settledNode(p)) {
			gone[id] = true
			delete(s.nodes, id)
		}
	}
	for k := range s.edges {
		if gone[k.from] {
			delete(s.edges, k)
		}
	}
}

// Nodes returns all nodes, sorted by ID.
func (s *Set) Nodes() []Node {
	out := make([]Node, 0, len(s.nodes))
	for _, p := range s.nodes {
		out = append(out, settledNode(p))
	}
	slices.SortFunc(out, func(a, b Node) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// Edges returns all edges, sorted.
func (s *Set) Edges() []Edge {
	out := make([]Edge, 0, len(s.edges))
	for _, p := range s.edges {
		out = append(out, settledEdge(p))
	}
	slices.SortFunc(out, Edge.Compare)
	return out
}
