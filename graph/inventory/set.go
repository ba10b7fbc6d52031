package inventory

import (
	"slices"
	"strings"
)

// Set gathers nodes and edges and keeps each once. The zero value is not ready; use NewSet.
type Set struct {
	nodes map[string]Node
	edges map[edgeKey]Edge
}

type edgeKey struct {
	from, to string
	kind     EdgeKind
	rule     string
	sure     Confidence
}

// NewSet returns an empty set.
func NewSet() *Set {
	return &Set{nodes: map[string]Node{}, edges: map[edgeKey]Edge{}}
}

// AddNode adds a node, joined with an equal one that is there. A node without an ID is dropped.
func (s *Set) AddNode(n Node) {
	if n.ID == "" {
		return
	}
	if old, ok := s.nodes[n.ID]; ok {
		s.nodes[n.ID] = MergeNodes(old, n)
		return
	}
	n.Attrs, n.Evidence = MergeAttrs(n.Attrs, nil), MergeEvidence(n.Evidence, nil)
	s.nodes[n.ID] = n
}

// AddEdge adds an edge, joined with an equal one that is there. An edge without both ends, or from a node to
// itself, is dropped.
func (s *Set) AddEdge(e Edge) {
	if e.From == "" || e.To == "" || e.From == e.To {
		return
	}
	k := edgeKey{e.From, e.To, e.Kind, e.Rule, e.Confidence}
	if old, ok := s.edges[k]; ok {
		s.edges[k] = MergeEdges(old, e)
		return
	}
	e.Attrs, e.Evidence = MergeAttrs(e.Attrs, nil), MergeEvidence(e.Evidence, nil)
	s.edges[k] = e
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

// Node returns the node with the ID.
func (s *Set) Node(id string) (Node, bool) { n, ok := s.nodes[id]; return n, ok }

// Remove drops the nodes that drop chooses, and every edge that touches one.
func (s *Set) Remove(drop func(Node) bool) {
	gone := map[string]bool{}
	for id, n := range s.nodes {
		if drop(n) {
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

// Nodes returns all nodes, sorted by ID.
func (s *Set) Nodes() []Node {
	out := make([]Node, 0, len(s.nodes))
	for _, n := range s.nodes {
		out = append(out, n)
	}
	slices.SortFunc(out, func(a, b Node) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// Edges returns all edges, sorted.
func (s *Set) Edges() []Edge {
	out := make([]Edge, 0, len(s.edges))
	for _, e := range s.edges {
		out = append(out, e)
	}
	slices.SortFunc(out, Edge.Compare)
	return out
}
