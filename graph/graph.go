// Package graph loads an asset map, joins its facts across layers, and answers what depends on a credential.
//
// The whole map is one frozen, sorted index with edges both ways; every walk over it runs there. Only the
// condensed neighbourhood that people look at is a dominikbraun/graph (see neighbourhood.go).
package graph

import (
	"cmp"
	"runtime/debug"
	"slices"
	"sort"
	"sync"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/graph/resolve"
)

// Graph is a loaded map, joined and frozen. It is safe for concurrent readers.
type Graph struct {
	sources []inventory.Fragment // without nodes and edges
	nodes   []inventory.Node     // sorted by id
	edges   []edge               // sorted by ends
	out, in csr

	credentials  []Credential    // all, those that only may be meant included
	listed       []Credential    // those that stand
	credentialOf map[int32]int32 // slot or value node -> index into credentials

	mentioned map[string][]mentioned // key of a name -> where it stands

	coverage Coverage
	walks    sync.Pool // of *walk: a walk costs what it reaches, not what the graph holds
}

// edge is an inventory edge with its ends as node numbers.
type edge struct {
	*inventory.Edge
	from, to int32
	sure     inventory.Confidence // of the walk: low for what only another branch has
	effect   inventory.Effect     // of its kind: walks ask it of each edge, and the edge lies far away
	whole    bool                 // a part of: crossed the other way round
	border   *crossing            // of a module of Terraform; nil for most
	takes    bool                 // an import of some names of a file
	aside    []string             // the branches that alone have it; nil for the present
}

// csr lists, for each node, the edges on one side of it: edges[start[n]:start[n+1]].
type csr struct {
	start []int32
	edges []int32
}

func (c csr) of(n int32) []int32 { return c.edges[c.start[n]:c.start[n+1]] }

// loadGC is how far the heap may grow while a map is loaded: nearly all that is allocated stays, so that looking for
// garbage is work for nothing.
const loadGC = 400

// Load joins the facts of a map and freezes the result. The same map gives the same graph.
func Load(m inventory.Map) *Graph {
	if old := debug.SetGCPercent(loadGC); old > 0 {
		defer debug.SetGCPercent(old)
	}
	v := resolve.Run(m)
	g := &Graph{}
	for _, f := range m.Fragments {
		f.Nodes, f.Edges = nil, nil
		g.sources = append(g.sources, f)
	}
	all := v.Nodes("")
	g.nodes = make([]inventory.Node, len(all))
	numbers := make(map[string]int32, len(all))
	for i, n := range all {
		g.nodes[i] = *n
		numbers[n.ID] = int32(i)
	}
	g.freeze(v.Edges(), numbers)
	g.findCredentials()
	g.indexMentions()
	g.coverage = sumCoverage(g.sources)
	return g
}

// freeze puts the edges in order of their ends and indexes both sides.
func (g *Graph) freeze(all []inventory.Edge, numbers map[string]int32) {
	loose := make([]edge, len(all))
	for i := range all {
		x := edge{Edge: &all[i], from: numbers[all[i].From], to: numbers[all[i].To], sure: all[i].Confidence,
			effect: all[i].Kind.Effect(), whole: all[i].Kind == inventory.PartOf}
		x.takes = len(x.Attrs) > 0 && x.Attr(inventory.AttrTakes) != ""
		x.border = crossingOf(x.Edge, &g.nodes[x.from], &g.nodes[x.to])
		if x.aside = asideOf(all[i].Evidence); x.aside == nil {
			x.aside = asideOf(g.nodes[x.from].Evidence)
		}
		if x.aside != nil {
			x.sure = inventory.Low
		}
		loose[i] = x
	}
	// By the dependent first: that is counting, not comparing. What leaves one node is a short list.
	g.out = index(len(g.nodes), loose, func(e edge) int32 { return e.from })
	g.edges = make([]edge, len(loose))
	for i, at := range g.out.edges {
		g.edges[i] = loose[at]
		g.out.edges[i] = int32(i)
	}
	for n := range g.nodes {
		slices.SortFunc(g.edges[g.out.start[n]:g.out.start[n+1]], func(a, b edge) int {
			if c := cmp.Compare(a.to, b.to); c != 0 {
				return c
			}
			return a.Compare(*b.Edge)
		})
	}
	g.in = index(len(g.nodes), g.edges, func(e edge) int32 { return e.to })
}

// asideOf returns the branches of a fact that the present does not have; nil for any other. Whether such a fact ever
// runs is not known: it may be merged tomorrow, or be left from years ago.
func asideOf(at []inventory.Evidence) []string {
	if len(at) == 0 || at[0].State != inventory.Branch { // the freshest stands first
		return nil
	}
	out := []string{}
	for _, e := range at {
		if e.State == inventory.Branch {
			out = inventory.MergeBranches(out, e.Branches())
		}
	}
	return out
}

func index(nodes int, edges []edge, end func(edge) int32) csr {
	c := csr{start: make([]int32, nodes+1), edges: make([]int32, len(edges))}
	for _, e := range edges {
		c.start[end(e)+1]++
	}
	for i := range nodes {
		c.start[i+1] += c.start[i]
	}
	next := slices.Clone(c.start)
	for i, e := range edges {
		n := end(e)
		c.edges[next[n]] = int32(i)
		next[n]++
	}
	return c
}

// number returns the position of a node by its id.
func (g *Graph) number(id string) (int32, bool) {
	i := sort.Search(len(g.nodes), func(i int) bool { return g.nodes[i].ID >= id })
	if i < len(g.nodes) && g.nodes[i].ID == id {
		return int32(i), true
	}
	return 0, false
}

// Node returns the node with the id, nil when there is none.
func (g *Graph) Node(id string) *inventory.Node {
	if n, ok := g.number(id); ok {
		return &g.nodes[n]
	}
	return nil
}

// Nodes returns the nodes of a kind, sorted by id; all of them for "".
func (g *Graph) Nodes(kind inventory.NodeKind) []*inventory.Node {
	var out []*inventory.Node
	for i := range g.nodes {
		if kind == "" || g.nodes[i].Kind == kind {
			out = append(out, &g.nodes[i])
		}
	}
	return out
}

// Out returns the edges that leave a node.
func (g *Graph) Out(id string) []*inventory.Edge { return g.touching(id, g.out) }

// In returns the edges that enter a node.
func (g *Graph) In(id string) []*inventory.Edge { return g.touching(id, g.in) }

func (g *Graph) touching(id string, side csr) []*inventory.Edge {
	n, ok := g.number(id)
	if !ok {
		return nil
	}
	var out []*inventory.Edge
	for _, e := range side.of(n) {
		out = append(out, g.edges[e].Edge)
	}
	return out
}

// Edges returns how many edges the graph has.
func (g *Graph) Edges() int { return len(g.edges) }

// Sources returns the fragments of the map without their facts: ids, revisions, key ids, coverage.
func (g *Graph) Sources() []inventory.Fragment { return g.sources }
