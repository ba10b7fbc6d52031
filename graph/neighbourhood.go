package graph

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	dgraph "github.com/dominikbraun/graph"

	"github.com/rotamap/rotamap/graph/inventory"
)

// MaxPicture is the number of nodes beyond which a picture stops being read: equal leaves collapse, and then
// the nodes furthest from the credential are left out and counted.
const MaxPicture = 400

// PictureNode is one node of a picture: a node of the graph, or several equal leaves collapsed into one.
type PictureNode struct {
	ID    string
	Kind  inventory.NodeKind
	Name  string
	Lane  int // 0 where it lives, 1 credential, 2 reference, 3 automation, 4 service, schedule, owner
	Count int // how many leaves it stands for, 1 for a node of its own

	Members []string // ids of the leaves that it stands for, sorted; nil for a node of its own
}

// PictureEdge joins two nodes of a picture; Kinds lists all kinds of edges between them.
type PictureEdge struct {
	From, To   string
	Kinds      []string
	Confidence inventory.Confidence
}

// Picture is the condensed neighbourhood of one credential, as people look at it: from what holds it to what
// depends on it. Nodes and edges are sorted.
type Picture struct {
	Credential string
	Nodes      []PictureNode
	Edges      []PictureEdge
	Left       int // nodes left out beyond MaxPicture
}

// collapseFrom is the number of equal leaves from which on they are drawn as one node with a count.
const collapseFrom = 7

// Neighbourhood draws the dependents of a credential. It is held in a dominikbraun/graph: one edge for each pair
// of nodes, with the kinds in its data, keys never empty.
func (g *Graph) Neighbourhood(c *Credential) (Picture, error) { return g.NeighbourhoodOf(g.Impact(c)) }

// NeighbourhoodOf draws what an impact lists; see Neighbourhood.
func (g *Graph) NeighbourhoodOf(impact Impact) (Picture, error) {
	c := &impact.Credential
	p := newPicture(c)
	for _, id := range c.Slots {
		p.add(PictureNode{ID: id, Kind: inventory.Slot, Name: g.label(id), Lane: 0, Count: 1})
		p.join(p.root, id, "lives-in", inventory.Certain)
	}
	chains := map[string][][]string{} // what leaves have in common -> their chains
	for _, d := range slices.Concat(impact.Dependents, impact.Possible) {
		if d.Kind == inventory.Part {
			continue // drawn as its automation
		}
		chain := g.chain(d, p.root)
		key := string(d.Kind) + "|" + d.Platform + "|" + strings.Join(chain[1:], "|")
		chains[key] = append(chains[key], chain)
	}
	for _, key := range slices.Sorted(maps.Keys(chains)) {
		p.addChains(g, chains[key])
	}
	return p.freeze(c.ID)
}

// chain lists the nodes that a picture shows between a dependent and the credential, the dependent first.
// Bindings, parts and values are left out: the evidence of the path names them.
func (g *Graph) chain(d Dependent, root string) []string {
	out := []string{d.ID}
	for i, hop := range d.Path {
		next := hop.To
		if hop.Kind == inventory.PartOf {
			next = hop.From
		}
		n := g.Node(next)
		if n == nil || i == len(d.Path)-1 {
			break
		}
		switch n.Kind {
		case inventory.Binding, inventory.Part, inventory.Value:
		case inventory.Code:
			id, _, _ := inventory.ContextOf(n.ID)
			out = append(out, id)
		default:
			out = append(out, n.ID)
		}
	}
	return append(slices.Compact(out), root)
}

func (g *Graph) label(id string) string {
	n := g.Node(id)
	switch {
	case n == nil:
		return id
	case n.Kind == inventory.Slot:
		return n.Attr(inventory.AttrStore) + " " + n.Name
	case n.Name == "":
		return id
	}
	return n.Name
}

type pictureData struct {
	kinds []string
	sure  inventory.Confidence
}

type picture struct {
	d     dgraph.Graph[string, PictureNode]
	root  string
	left  map[string]bool
	count int
}

func newPicture(c *Credential) *picture {
	p := &picture{d: dgraph.New(func(n PictureNode) string { return n.ID }, dgraph.Directed()),
		left: map[string]bool{}, root: "credential:" + c.ID}
	p.add(PictureNode{ID: p.root, Kind: "credential", Name: c.Name, Lane: 1, Count: 1})
	return p
}

// addChains draws dependents whose ways to the credential are the same: one by one, or collapsed when many.
func (p *picture) addChains(g *Graph, chains [][]string) {
	first := chains[0]
	if len(chains) >= collapseFrom {
		n := g.Node(first[0])
		id := "many:" + strings.Join(first, "|")
		name := fmt.Sprintf("%d x %s", len(chains), platformOf(n))
		p.addChain(g, append([]string{id}, first[1:]...), PictureNode{ID: id, Kind: n.Kind, Name: name,
			Lane: laneOf(n.Kind), Count: len(chains), Members: leaves(chains)})
		return
	}
	for _, chain := range chains {
		n := g.Node(chain[0])
		if n == nil {
			continue
		}
		p.addChain(g, chain, PictureNode{ID: chain[0], Kind: n.Kind, Name: g.label(chain[0]), Lane: laneOf(n.Kind), Count: 1})
	}
}

// leaves lists the first nodes of chains, sorted.
func leaves(chains [][]string) []string {
	out := make([]string, len(chains))
	for i, chain := range chains {
		out[i] = chain[0]
	}
	slices.Sort(out)
	return out
}

func (p *picture) addChain(g *Graph, chain []string, leaf PictureNode) {
	p.add(leaf)
	for i, id := range chain[1:] {
		if n := g.Node(id); n != nil {
			p.add(PictureNode{ID: id, Kind: n.Kind, Name: g.label(id), Lane: laneOf(n.Kind), Count: 1})
		}
		p.join(chain[i], id, "needs", inventory.Certain)
	}
}

func (p *picture) add(n PictureNode) {
	if n.ID == "" {
		return
	}
	if p.count >= MaxPicture {
		if _, err := p.d.Vertex(n.ID); err != nil {
			p.left[n.ID] = true
		}
		return
	}
	if p.d.AddVertex(n) == nil {
		p.count++
	}
}

// join adds an edge, or its kind to the edge that is there; edges to nodes that were left out are dropped.
func (p *picture) join(from, to, kind string, sure inventory.Confidence) {
	if e, err := p.d.Edge(from, to); err == nil {
		data, ok := e.Properties.Data.(*pictureData)
		if ok && !slices.Contains(data.kinds, kind) {
			data.kinds = append(data.kinds, kind)
		}
		return
	}
	_ = p.d.AddEdge(from, to, dgraph.EdgeData(&pictureData{[]string{kind}, sure})) // fails only for a node left out
}

func laneOf(k inventory.NodeKind) int {
	switch k {
	case inventory.Slot, inventory.Value, inventory.Pattern:
		return 0
	case inventory.Automation:
		return 3
	case inventory.Service, inventory.Owner:
		return 4
	}
	return 2
}

// freeze lists nodes and edges in order.
func (p *picture) freeze(credential string) (Picture, error) {
	adjacency, err := p.d.AdjacencyMap()
	if err != nil {
		return Picture{}, fmt.Errorf("drawing the neighbourhood of %q: %w", credential, err)
	}
	out := Picture{Credential: credential, Left: len(p.left)}
	for id, to := range adjacency {
		n, err := p.d.Vertex(id)
		if err != nil {
			return Picture{}, fmt.Errorf("drawing the neighbourhood of %q: %w", credential, err)
		}
		out.Nodes = append(out.Nodes, n)
		for _, e := range to {
			if data, ok := e.Properties.Data.(*pictureData); ok {
				slices.Sort(data.kinds)
				out.Edges = append(out.Edges, PictureEdge{e.Source, e.Target, data.kinds, data.sure})
			}
		}
	}
	slices.SortFunc(out.Nodes, func(a, b PictureNode) int {
		return cmp.Or(cmp.Compare(a.Lane, b.Lane), strings.Compare(a.ID, b.ID))
	})
	slices.SortFunc(out.Edges, func(a, b PictureEdge) int {
		return cmp.Or(strings.Compare(a.From, b.From), strings.Compare(a.To, b.To))
	})
	return out, nil
}
