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
	nodes map[string]*entry
	edges []inventory.Edge
	seen  map[edgeKey]int32
	kinds map[inventory.NodeKind]*kindList
	count map[inventory.EdgeKind]int // of edges

	dropped bool // some of edges are empty

	aliased map[[2]string][]envAlias // see aliases; nil until asked for

	consumers map[string]map[string]*inventory.Node // bindings by consumer and name; nil until Visible is asked
}

type entry struct {
	node    inventory.Node
	listed  inventory.NodeKind // the list of View.kinds that holds it, "" for none yet
	out, in []int32            // indices into View.edges
}

// kindList is all nodes of one kind. It is put in order when it is asked for.
type kindList struct {
	nodes  []*inventory.Node
	sorted int // how many stand in order already
}

type edgeKey struct {
	from, to string
	kind     inventory.EdgeKind
	rule     string
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
				e = &entry{node: n}
				v.nodes[n.ID] = e
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
		edges: make([]inventory.Edge, 0, edges), kinds: map[inventory.NodeKind]*kindList{}, count: map[inventory.EdgeKind]int{}}
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
		e = &entry{node: n}
		v.nodes[n.ID] = e
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

// consume puts a binding into the index of its consumer.
func (v *View) consume(b *inventory.Node) {
	consumer, ok := strings.CutSuffix(b.ID, b.Name)
	if !ok || !strings.HasSuffix(consumer, "/") {
		return
	}
	consumer = consumer[:len(consumer)-1]
	names := v.consumers[consumer]
	if names == nil {
		names = map[string]*inventory.Node{}
		v.consumers[consumer] = names
	}
	names[b.Name] = b
}

// bindings returns the bindings of a consumer by name.
func (v *View) bindings(consumer string) map[string]*inventory.Node {
	if v.consumers == nil {
		v.consumers = map[string]map[string]*inventory.Node{}
		if l := v.kinds[inventory.Binding]; l != nil {
			for _, b := range l.nodes {
				v.consume(b)
			}
		}
	}
	return v.consumers[consumer]
}

// AddEdge adds an edge or joins it with an equal one: of two confidences the greater stands. An end that no
// fragment describes gets a node of its own, whose kind follows from its id.
func (v *View) AddEdge(e inventory.Edge) {
	if e.From == "" || e.To == "" || e.From == e.To {
		return
	}
	k := edgeKey{e.From, e.To, e.Kind, e.Rule}
	if i, ok := v.seen[k]; ok {
		old := &v.edges[i]
		old.Confidence = max(old.Confidence, e.Confidence)
		*old = inventory.MergeEdges(*old, e)
		return
	}
	n := int32(len(v.edges))
	v.seen[k] = n
	from, to := v.end(e.From, e.Kind, true), v.end(e.To, e.Kind, false)
	from.out = append(from.out, n)
	to.in = append(to.in, n)
	v.edges = append(v.edges, e)
	v.count[e.Kind]++
}

// dropEdge takes an edge out again: a rule knows better than the file that stated it.
func (v *View) dropEdge(e inventory.Edge) {
	k := edgeKey{e.From, e.To, e.Kind, e.Rule}
	i, ok := v.seen[k]
	if !ok {
		return
	}
	delete(v.seen, k)
	isIt := func(n int32) bool { return n == i }
	v.nodes[e.From].out = slices.DeleteFunc(v.nodes[e.From].out, isIt)
	v.nodes[e.To].in = slices.DeleteFunc(v.nodes[e.To].in, isIt)
	v.edges[i] = inventory.Edge{}
	v.count[e.Kind]--
	v.dropped = true
}

// end returns the entry of one end of an edge. A node that no fragment describes gets its kind from its id and
// from the edge.
func (v *View) end(id string, edge inventory.EdgeKind, from bool) *entry {
	e, ok := v.nodes[id]
	if !ok {
		e = &entry{node: inventory.Node{ID: id}}
		v.nodes[id] = e
	}
	if e.node.Kind == "" {
		e.node.Kind, e.node.Name = kindOf(id, edge, from), nameOf(id)
		v.list(e)
	}
	return e
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

// EdgesOf returns all edges of a kind, in the order in which they were added.
func (v *View) EdgesOf(kind inventory.EdgeKind) []inventory.Edge {
	out := make([]inventory.Edge, 0, v.count[kind])
	for i := range v.edges {
		if v.edges[i].Kind == kind {
			out = append(out, v.edges[i])
		}
	}
	return out
}

// Visible returns the binding under which a part sees a name: its own, else that of the part or automation it
// belongs to, and so on outwards. Nil when no level binds the name.
func (v *View) Visible(part, name string) *inventory.Node {
	for range maxNesting {
		if b := v.bindings(part)[name]; b != nil || part == "" {
			return b
		}
		part = v.whole(part)
	}
	return nil
}

// levels returns what a part binds by name, and what those it belongs to do, outwards.
func (v *View) levels(part string) []map[string]*inventory.Node {
	out := []map[string]*inventory.Node{}
	for n := 0; n < maxNesting; n++ {
		if names := v.bindings(part); names != nil {
			out = append(out, names)
		}
		if part == "" {
			break
		}
		part = v.whole(part)
	}
	return out
}

// maxNesting bounds how deep parts nest; a cycle must not hang.
const maxNesting = 20

// whole returns what a part belongs to, "" for none.
func (v *View) whole(part string) string {
	e, ok := v.nodes[part]
	if !ok {
		return ""
	}
	whole := ""
	for _, i := range e.out {
		if v.edges[i].Kind == inventory.PartOf {
			whole = v.edges[i].To
		}
	}
	return whole
}
