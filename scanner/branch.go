package scanner

import (
	"slices"
	"sync"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// foldBranches adds what stands at the heads of other branches. A fact that the present has keeps its places there
// alone: a repository has hundreds of branches, each with nearly the same files. What of a node of the present only
// another branch says (a name, a schedule) is left out, save where it is defined.
func (w *worker) foldBranches() {
	if w.branch.Len() == 0 {
		return
	}
	for _, n := range w.branch.Nodes() {
		if now, ok := w.set.Node(n.ID); ok && len(now.Evidence) > 0 {
			if now.Attr(inventory.AttrDefined) != "" {
				continue
			}
			n = inventory.Node{ID: n.ID, Attrs: n.All(inventory.AttrDefined)}
		}
		w.set.AddNode(n)
	}
	present := map[edgeEnds]bool{}
	w.set.EachEnds(func(from, to string, kind inventory.EdgeKind) { present[edgeEnds{from, to, kind}] = true })
	for _, e := range w.branch.Edges() {
		if !present[edgeEnds{e.From, e.To, e.Kind}] {
			w.set.AddEdge(e)
		}
	}
}

type edgeEnds struct {
	from, to string
	kind     inventory.EdgeKind
}

// presence is what the workers have met of the present so far. What a branch repeats of it need not wait for foldBranches:
// most of what stands at the heads of hundreds of branches never takes up memory.
type presence struct {
	mu      sync.RWMutex
	nodes   map[string]bool // those with a place; true where one is said to be defined
	edges   map[edgeEnds]bool
	imports map[importEnds]bool
	alone   bool // the source has no branches
}

type importEnds struct{ from, path string }

func newPresence() *presence {
	return &presence{nodes: map[string]bool{}, edges: map[edgeEnds]bool{}, imports: map[importEnds]bool{}}
}

// note takes in the facts of a file of the present.
func (p *presence) note(s *inventory.Set) {
	if p.alone {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	s.EachNode(func(n inventory.Node) {
		if len(n.Evidence) > 0 {
			p.nodes[n.ID] = p.nodes[n.ID] || n.Attr(inventory.AttrDefined) != ""
		}
	})
	s.EachEnds(func(from, to string, kind inventory.EdgeKind) { p.edges[edgeEnds{from, to, kind}] = true })
}

// reduce takes out of the facts of a file of a branch what foldBranches would.
func (p *presence) reduce(s *inventory.Set) {
	p.mu.RLock()
	defer p.mu.RUnlock()
	s.Reduce(func(id string, attrs []inventory.Attr) ([]inventory.Attr, bool) {
		defined, present := p.nodes[id]
		if !present || defined {
			return nil, !present
		}
		n := inventory.Node{Attrs: attrs}
		return n.All(inventory.AttrDefined), false
	}, func(from, to string, kind inventory.EdgeKind) bool { return !p.edges[edgeEnds{from, to, kind}] })
}

// reduceImports leaves out those of a file of a branch that the present has in it, and takes in those of the present.
func (p *presence) reduceImports(list []programImport) []programImport {
	if len(list) == 0 {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.DeleteFunc(list, func(i programImport) bool {
		ends := importEnds{i.from, i.path}
		if i.evidence.State == inventory.Branch {
			return p.imports[ends]
		}
		p.imports[ends] = true
		return false
	})
}

// takeIn adds the facts of an artifact, and what it loads.
func (w *worker) takeIn(a *artifact.Artifact, t *worker) {
	if g := w.groups.of(a); g != nil {
		g.take(t.set, t.imports)
		return
	}
	w.addImports(t.imports)
	w.take(a, t.set)
}

// take adds facts of an artifact, which are gone then.
func (w *worker) take(a *artifact.Artifact, s *inventory.Set) {
	switch {
	case w.branch == nil: // a worker for one artifact
		w.set.Pour(s)
	case a.State == inventory.Branch:
		w.present.reduce(s)
		w.branch.Pour(s)
	default:
		w.present.note(s)
		w.set.Pour(s)
	}
}
