package inventory

import (
	"slices"
	"strings"
	"sync"
)

// Set gathers nodes and edges and keeps each once. The zero value is not ready; use NewSet.
//
// What is added to a node or an edge that is there waits in a list and is made a sorted set when it is asked for, or
// when the list has doubled: adding n places to one node costs n log n, not n squared.
type Set struct {
	nodes table[nodeItem, *nodeItem]
	edges table[edgeItem, *edgeItem]
	last  *nodeItem // what was added to last: facts on one node come one after the other
	room  []Attr    // memory of lists of attributes
	again bool      // the set is filled again and again
}

// nodeItem is a node whose attributes and evidence may still be unsorted.
type nodeItem struct {
	entry
	id, name string
	kind     NodeKind
	said
}

// edgeItem is an edge likewise.
type edgeItem struct {
	entry
	from, to string
	kind     EdgeKind
	rule     string
	sure     Confidence
	said
}

// NewSet returns an empty set.
func NewSet() *Set { return &Set{} }

// node returns the item of an id, a new one where there is none.
func (s *Set) node(id string) *nodeItem {
	if s.last != nil && s.last.id == id {
		return s.last
	}
	h := hashOf(id)
	p := s.nodes.find(h, func(p *nodeItem) bool { return p.id == id })
	if p == nil {
		p = s.nodes.add(h)
		p.id, p.sorted = id, -1
	}
	s.last = p
	return p
}

func (s *Set) lookup(id string) *nodeItem {
	return s.nodes.find(hashOf(id), func(p *nodeItem) bool { return p.id == id })
}

// edge returns the item of an edge, a new one where there is none.
func (s *Set) edge(e *Edge) *edgeItem {
	h := hashOf(e.From, e.To, string(e.Kind), e.Rule) + uint64(e.Confidence)
	p := s.edges.find(h, func(p *edgeItem) bool {
		return p.from == e.From && p.to == e.To && p.kind == e.Kind && p.rule == e.Rule && p.sure == e.Confidence
	})
	if p == nil {
		p = s.edges.add(h)
		p.from, p.to, p.kind, p.rule, p.sure, p.sorted = e.From, e.To, e.Kind, e.Rule, e.Confidence, -1
	}
	return p
}

// AddNode adds a node, joined with an equal one that is there. A node without an ID is dropped.
func (s *Set) AddNode(n Node) {
	if n.ID == "" {
		return
	}
	p := s.node(n.ID)
	p.kind, p.name = least(p.kind, n.Kind), least(p.name, n.Name)
	p.add(n.Attrs, n.Evidence)
}

// AddAttr adds an attribute to a node, as AddNode does.
func (s *Set) AddAttr(id string, a Attr) {
	if id == "" {
		return
	}
	p := s.node(id)
	p.shown = p.shown && len(p.attrs) < cap(p.attrs)
	p.attrs = append(p.attrs, a)
	p.grew()
}

// AddEdge adds an edge, joined with an equal one that is there. An edge without both ends, or from a node to
// itself, is dropped.
func (s *Set) AddEdge(e Edge) {
	if e.From == "" || e.To == "" || e.From == e.To {
		return
	}
	s.edge(&e).add(e.Attrs, e.Evidence)
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
	if s.Len() == 0 {
		*s, *o = *o, Set{}
		return
	}
	s.last = nil
	moved := func(p *said) said { return *p }
	if o.Len() < manyItems {
		s.takeNodes(o, moved)
		s.takeEdges(o, moved)
	} else {
		var nodes sync.WaitGroup
		nodes.Go(func() { s.takeNodes(o, moved) })
		s.takeEdges(o, moved)
		nodes.Wait()
	}
	*o = Set{}
}

// manyItems is from how many items on two goroutines take them over.
const manyItems = 1 << 12

// Pour is Absorb for a set that is filled again: it copies what is kept, in just the memory that it needs, and o keeps its
// own. Nothing that o has handed out may be used any more.
func (s *Set) Pour(o *Set) {
	moved := func(p *said) said {
		p.settle()
		return said{attrs: s.keep(p.attrs), evidence: p.evidence, sorted: p.sorted}
	}
	s.last = nil
	s.takeNodes(o, moved)
	s.takeEdges(o, moved)
	o.Reset()
}

// takeNodes adds the nodes of o, each with what moved makes of its lists.
func (s *Set) takeNodes(o *Set, moved func(*said) said) {
	o.nodes.each(func(p *nodeItem) {
		q := s.nodes.find(p.hash, func(q *nodeItem) bool { return q.id == p.id })
		if q != nil {
			q.kind, q.name = least(q.kind, p.kind), least(q.name, p.name)
			q.add(p.attrs, p.evidence)
			return
		}
		q = s.nodes.add(p.hash)
		q.id, q.name, q.kind, q.said = p.id, p.name, p.kind, moved(&p.said)
	})
}

// takeEdges is takeNodes for the edges.
func (s *Set) takeEdges(o *Set, moved func(*said) said) {
	o.edges.each(func(p *edgeItem) {
		q := s.edges.find(p.hash, func(q *edgeItem) bool {
			return p.from == q.from && p.to == q.to && p.kind == q.kind && p.rule == q.rule && p.sure == q.sure
		})
		if q != nil {
			q.add(p.attrs, p.evidence)
			return
		}
		q = s.edges.add(p.hash)
		q.from, q.to, q.kind, q.rule, q.sure, q.said = p.from, p.to, p.kind, p.rule, p.sure, moved(&p.said)
	})
}

// roomSize is how many attributes are allocated at once.
const roomSize = 256

// keep copies attributes.
func (s *Set) keep(list []Attr) []Attr {
	n := len(list)
	if n == 0 {
		return nil
	}
	if n > len(s.room) {
		s.room = make([]Attr, max(n, roomSize))
	}
	out := s.room[:n:n]
	s.room = s.room[n:]
	copy(out, list)
	return out
}

// Reset empties the set, which keeps its memory. Nothing that it has handed out may be used any more.
func (s *Set) Reset() {
	s.last, s.again = nil, true
	s.nodes.reset(s.emptyNode)
	s.edges.reset(s.emptyEdge)
}

func (s *Set) emptyNode(p *nodeItem) { *p = nodeItem{said: p.emptied(s.again)} }
func (s *Set) emptyEdge(p *edgeItem) { *p = edgeItem{said: p.emptied(s.again)} }

// Reduce asks keep of each node, which may take attributes out of the list that it gets, in no order: a node that is not
// kept whole keeps these alone, and goes when there are none. An edge goes unless keepEdge says otherwise.
func (s *Set) Reduce(keep func(id string, attrs []Attr) (left []Attr, whole bool), keepEdge func(from, to string, kind EdgeKind) bool) {
	s.dropNodes(func(p *nodeItem) bool {
		left, whole := keep(p.id, p.attrs)
		if whole {
			return false
		}
		p.kind, p.name, p.said = "", "", said{attrs: left, sorted: -1}
		return len(left) == 0
	})
	s.edges.drop(func(p *edgeItem) bool { return !keepEdge(p.from, p.to, p.kind) }, s.emptyEdge)
}

// Len is how many nodes and edges the set holds.
func (s *Set) Len() int { return s.nodes.len + s.edges.len }

// EachNode visits the nodes in no order.
func (s *Set) EachNode(visit func(Node)) { s.nodes.each(func(p *nodeItem) { visit(p.node()) }) }

// EachPlace visits the evidence of the nodes of one kind in no order, until visit says that it has seen enough of a node.
func (s *Set) EachPlace(kind NodeKind, visit func(id string, e Evidence) (more bool)) {
	s.nodes.each(func(p *nodeItem) {
		if p.kind != kind {
			return
		}
		p.settle()
		for _, e := range p.evidence {
			if !visit(p.id, e) {
				return
			}
		}
	})
}

// EachEdge visits the edges in no order.
func (s *Set) EachEdge(visit func(Edge)) { s.edges.each(func(p *edgeItem) { visit(p.edge()) }) }

// EachEnds visits the ends and kinds of the edges in no order.
func (s *Set) EachEnds(visit func(from, to string, kind EdgeKind)) {
	s.edges.each(func(p *edgeItem) { visit(p.from, p.to, p.kind) })
}

func (p *edgeItem) edge() Edge {
	e := Edge{From: p.from, To: p.to, Kind: p.kind, Rule: p.rule, Confidence: p.sure}
	e.Attrs, e.Evidence = p.show()
	return e
}

func (p *nodeItem) node() Node {
	n := Node{ID: p.id, Kind: p.kind, Name: p.name}
	n.Attrs, n.Evidence = p.show()
	return n
}

// Node returns the node with the ID.
func (s *Set) Node(id string) (Node, bool) {
	p := s.lookup(id)
	if p == nil {
		return Node{}, false
	}
	return p.node(), true
}

// Remove drops the nodes that drop chooses, and every edge that touches one.
func (s *Set) Remove(drop func(Node) bool) {
	gone := map[string]bool{}
	s.dropNodes(func(p *nodeItem) bool {
		if !drop(p.node()) {
			return false
		}
		gone[p.id] = true
		return true
	})
	if len(gone) > 0 {
		s.edges.drop(func(p *edgeItem) bool { return gone[p.from] || gone[p.to] }, s.emptyEdge)
	}
}

// RemoveIDs drops the nodes with these IDs, and every edge that touches one.
func (s *Set) RemoveIDs(gone map[string]bool) {
	if len(gone) > 0 {
		s.dropNodes(func(p *nodeItem) bool { return gone[p.id] })
		s.edges.drop(func(p *edgeItem) bool { return gone[p.from] || gone[p.to] }, s.emptyEdge)
	}
}

// RemoveUnrelated drops the nodes that drop chooses among those that have no relation but to what they are part of.
func (s *Set) RemoveUnrelated(drop func(Node) bool) {
	const is, has = 1, 2 // a node that an edge leads to, or that has an edge to more than its whole
	s.nodes.each(func(p *nodeItem) { p.mark = 0 })
	s.edges.each(func(e *edgeItem) {
		if p := s.lookup(e.to); p != nil {
			p.mark |= is
		}
		if e.kind == PartOf {
			return
		}
		if p := s.lookup(e.from); p != nil {
			p.mark |= has
		}
	})
	gone := map[string]bool{}
	s.dropNodes(func(p *nodeItem) bool {
		if p.mark != 0 || !drop(p.node()) {
			return false
		}
		gone[p.id] = true
		return true
	})
	if len(gone) > 0 {
		s.edges.drop(func(p *edgeItem) bool { return gone[p.from] }, s.emptyEdge)
	}
}

func (s *Set) dropNodes(drop func(*nodeItem) bool) {
	s.last = nil
	s.nodes.drop(drop, s.emptyNode)
}

// Nodes returns all nodes, sorted by ID.
func (s *Set) Nodes() []Node {
	all := s.nodes.all()
	slices.SortFunc(all, func(a, b *nodeItem) int { return strings.Compare(a.id, b.id) })
	out := make([]Node, len(all))
	for i, p := range all {
		out[i] = p.node()
	}
	return out
}

// Edges returns all edges, sorted.
func (s *Set) Edges() []Edge {
	all := s.edges.all()
	slices.SortFunc(all, (*edgeItem).compare)
	out := make([]Edge, len(all))
	for i, p := range all {
		out[i] = p.edge()
	}
	return out
}

// compare is Edge.Compare.
func (p *edgeItem) compare(q *edgeItem) int {
	return compareEdges(p.from, q.from, p.to, q.to, p.kind, q.kind, p.rule, q.rule, p.sure, q.sure)
}

// NodesAndEdges returns both, sorted, for less time by the clock than one after the other.
func (s *Set) NodesAndEdges() ([]Node, []Edge) {
	nodes := make(chan []Node)
	go func() { nodes <- s.Nodes() }()
	edges := s.Edges()
	return <-nodes, edges
}
