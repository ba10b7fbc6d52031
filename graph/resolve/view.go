// Package resolve joins facts across files, formats and sources when a map is loaded: one file for each rule.
// Nothing it adds is ever stored. Every edge it makes carries the rule's id, the places on both sides and a
// confidence, so that a reader can check it.
package resolve

import (
	"cmp"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// View is all facts of a map, indexed both ways, open for additions by rules.
type View struct {
	nodes  map[string]*entry
	edges  []inventory.Edge
	seen   map[edgeKey]int32
	kinds  map[inventory.NodeKind]*kindList
	byKind map[inventory.EdgeKind][]int32 // indices into edges; some may have been dropped
	labels map[edgeLabel]int32

	dropped bool // some of edges are empty

	aliased map[[2]string][]envAlias // see aliases; nil until asked for

	consumers map[string]map[string]*inventory.Node // bindings by consumer and name; nil until Visible is asked
}

type entry struct {
	node    inventory.Node
	number  int32              // of the entry
	listed  inventory.NodeKind // the list of View.kinds that holds it, "" for none yet
	out, in []int32            // indices into View.edges
}

// kindList is all nodes of one kind. It is put in order when it is asked for.
type kindList struct {
	nodes  []*inventory.Node
	sorted int // how many stand in order already
}

// NewView indexes all fragments of a map. Facts of several fragments about one node join.
func NewView(m inventory.Map) *View {
	nodes, edges := 0, 0
	for i := range m.Fragments {
		nodes += len(m.Fragments[i].Nodes)
		edges += len(m.Fragments[i].Edges)
	}
	v := emptyView(nodes, edges)
	v.addNodes(m, nodes)
	for i := range m.Fragments {
		for _, e := range m.Fragments[i].Edges {
			v.AddEdge(e)
		}
	}
	return v
}

// addNodes adds the nodes of all fragments. Those of one id wait until all are there and are joined at once.
func (v *View) addNodes(m inventory.Map, nodes int) {
	more := map[*entry][]inventory.Node{}
	inOrder := make([]*entry, 0, nodes)
	for i := range m.Fragments {
		for _, n := range m.Fragments[i].Nodes {
			if e, ok := v.nodes[n.ID]; ok {
				more[e] = append(more[e], n)
			} else if n.ID != "" {
				e = v.enter(n)
				inOrder = append(inOrder, e)
			}
		}
	}
	for e, same := range more {
		e.node = inventory.MergeNodes(e.node, same...)
	}
	for _, e := range inOrder {
		v.list(e)
	}
}

func emptyView(nodes, edges int) *View {
	return &View{nodes: make(map[string]*entry, nodes), seen: make(map[edgeKey]int32, edges),
		edges: make([]inventory.Edge, 0, edges), kinds: map[inventory.NodeKind]*kindList{},
		byKind: map[inventory.EdgeKind][]int32{}, labels: map[edgeLabel]int32{}}
}

// enter makes the entry of a node that is not there.
func (v *View) enter(n inventory.Node) *entry {
	e := &entry{node: n, number: int32(len(v.nodes))}
	v.nodes[n.ID] = e
	return e
}

// AddNode adds a node or joins it with the one that is there.
func (v *View) AddNode(n inventory.Node) {
	if n.ID == "" {
		return
	}
	e, ok := v.nodes[n.ID]
	if ok {
		e.node = inventory.MergeNodes(e.node, n)
	} else {
		e = v.enter(n)
	}
	v.list(e)
}

// list puts a node into the list of its kind. A node whose kind was not known before joins it late.
func (v *View) list(e *entry) {
	if e.listed == e.node.Kind {
		return
	}
	if old := v.kinds[e.listed]; old != nil {
		old.nodes = slices.DeleteFunc(old.nodes, func(n *inventory.Node) bool { return n == &e.node })
		old.sorted = 0
	}
	l := v.kinds[e.node.Kind]
	if l == nil {
		l = &kindList{}
		v.kinds[e.node.Kind] = l
	}
	l.nodes = append(l.nodes, &e.node)
	e.listed = e.node.Kind
	if v.consumers != nil && e.node.Kind == inventory.Binding {
		v.consume(&e.node)
	}
}

// kindOf tells the kind of a node that is only referred to.
func kindOf(id string, edge inventory.EdgeKind, from bool) inventory.NodeKind {
	prefix, rest, _ := strings.Cut(id, ":")
	switch prefix {
	case "code", "file", "image", "owner", "service", "source", "value", "identity", "derived":
		return inventory.NodeKind(prefix)
	}
	if strings.HasSuffix(rest, "*") {
		return inventory.Pattern
	}
	switch edge {
	case inventory.Runs, inventory.TriggeredBy, inventory.PartOf:
		return inventory.Automation
	case inventory.BuiltFrom, inventory.GeneratedFrom:
		return inventory.File
	case inventory.ReceivedFrom:
		if from { // what a callee outside of the scan is handed
			return inventory.Binding
		}
	}
	return inventory.Slot
}

func nameOf(id string) string {
	if _, rest, ok := strings.Cut(id, ":"); ok {
		return rest
	}
	return id
}

// Node returns the node with the id, nil when there is none.
func (v *View) Node(id string) *inventory.Node {
	if e, ok := v.nodes[id]; ok {
		return &e.node
	}
	return nil
}

// Nodes returns the nodes of a kind, sorted by id; all nodes for "". The list is the caller's own: rules add nodes
// while they walk over it.
func (v *View) Nodes(kind inventory.NodeKind) []*inventory.Node {
	if kind == "" {
		return v.allNodes()
	}
	l := v.kinds[kind]
	if l == nil {
		return nil
	}
	if l.sorted < len(l.nodes) {
		slices.SortFunc(l.nodes, byID)
		l.sorted = len(l.nodes)
	}
	return slices.Clone(l.nodes)
}

// allNodes merges the lists of all kinds, which are in order, with the nodes of no known kind.
func (v *View) allNodes() []*inventory.Node {
	var lists [][]*inventory.Node
	listed := 0
	for kind := range v.kinds {
		if kind != "" {
			lists = append(lists, v.Nodes(kind))
			listed += len(lists[len(lists)-1])
		}
	}
	if listed < len(v.nodes) {
		var rest []*inventory.Node
		for _, e := range v.nodes {
			if e.node.Kind == "" {
				rest = append(rest, &e.node)
			}
		}
		slices.SortFunc(rest, byID)
		lists = append(lists, rest)
	}
	for len(lists) > 1 {
		slices.SortFunc(lists, func(a, b []*inventory.Node) int { return cmp.Compare(len(a), len(b)) })
		lists = append(lists[2:], mergeByID(lists[0], lists[1]))
	}
	if len(lists) == 0 {
		return nil
	}
	return lists[0]
}

func mergeByID(a, b []*inventory.Node) []*inventory.Node {
	out := make([]*inventory.Node, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0].ID < b[0].ID {
			out, a = append(out, a[0]), a[1:]
		} else {
			out, b = append(out, b[0]), b[1:]
		}
	}
	return append(append(out, a...), b...)
}

func byID(a, b *inventory.Node) int { return strings.Compare(a.ID, b.ID) }
