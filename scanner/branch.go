package scanner

import "github.com/rotamap/rotamap/graph/inventory"

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
	w.set.EachEdge(func(e inventory.Edge) { present[edgeEnds{e.From, e.To, e.Kind}] = true })
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
