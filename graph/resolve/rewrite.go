package resolve

import (
	"maps"
	"slices"

	"github.com/rotamap/rotamap/graph/inventory"
)

// rewrite builds the view anew with the names of Kubernetes objects written out in the places that
// kustomizations give to their files. A node that several files mention is split by file.
func (v *View) rewrite(k *kustomizations) {
	w := rewriter{k: k, open: map[string]address{}, out: emptyView(len(v.nodes), len(v.edges))}
	for _, kind := range []inventory.NodeKind{inventory.Slot, inventory.Pattern} {
		for _, a := range v.addresses(kind, inCluster) {
			w.open[a.node.ID] = a
		}
	}
	for _, n := range v.Nodes("") {
		w.node(n)
	}
	for _, e := range v.Edges() {
		w.edge(e)
	}
	*v = *w.out
}

type rewriter struct {
	k    *kustomizations
	open map[string]address // slots and patterns that live in a cluster, by id
	out  *View
}

// file is one file of a source.
type file struct{ source, path string }

func byFile(list []inventory.Evidence) map[file][]inventory.Evidence {
	out := map[file][]inventory.Evidence{}
	for _, e := range list {
		f := file{e.Source, e.Path}
		out[f] = append(out[f], e)
	}
	return out
}

func filesOf[V any](m map[file]V) []file {
	return slices.SortedFunc(maps.Keys(m), func(a, b file) int {
		return compareStrings(a.source, b.source, a.path, b.path)
	})
}

// node writes a node out for each place of each file that mentions it.
func (w *rewriter) node(n *inventory.Node) {
	a, ok := w.open[n.ID]
	files := byFile(n.Evidence)
	if !ok || len(files) == 0 {
		w.out.AddNode(*n)
		return
	}
	for _, f := range filesOf(files) {
		refs := w.k.written(a, f.source, f.path)
		if len(refs) == 0 {
			refs = []inventory.SlotRef{a.ref()}
		}
		for _, r := range refs {
			w.out.AddNode(w.placed(n, r, f, files[f]))
		}
	}
}

// placed is a node as one file means it in one place.
func (w *rewriter) placed(n *inventory.Node, r inventory.SlotRef, f file, at []inventory.Evidence) inventory.Node {
	out := inventory.Node{ID: r.ID(), Kind: n.Kind, Name: n.Name, Evidence: at}
	p := placeOf(address{store: r.Store, scope: r.Scope})
	for _, a := range n.Attrs {
		if len(a.Evidence) > 0 {
			if a.Evidence = byFile(a.Evidence)[f]; len(a.Evidence) == 0 {
				continue
			}
		}
		switch a.Key {
		case inventory.AttrScope:
			a.Value = r.Scope
		case inventory.AttrGlob:
			a.Value = out.ID
		}
		out.Attrs = append(out.Attrs, a)
	}
	for _, g := range w.k.of(f.source, f.path) {
		if g.word != "" && g.environment == p.environment && n.Attr(inventory.AttrEnvironment) == "" {
			out.Attrs = append(out.Attrs, inventory.Attr{Key: inventory.AttrEnvironment, Value: g.word, Detail: "kustomization",
				Rule: "R7-kustomize", Confidence: inventory.High, Evidence: g.at})
			break
		}
	}
	return out
}

// edge writes an edge out: both ends are meant in the same place.
func (w *rewriter) edge(e inventory.Edge) {
	from, fromOpen := w.open[e.From]
	to, toOpen := w.open[e.To]
	files := byFile(e.Evidence)
	if !fromOpen && !toOpen || len(files) == 0 {
		w.out.AddEdge(e)
		return
	}
	for _, f := range filesOf(files) {
		part := e
		part.Evidence = files[f]
		given := w.k.of(f.source, f.path)
		fromRefs, toRefs := w.ends(from, fromOpen, f), w.ends(to, toOpen, f)
		if len(fromRefs) == 0 && len(toRefs) == 0 {
			w.out.AddEdge(part)
			continue
		}
		for i := range max(len(fromRefs), len(toRefs)) {
			if e.Kind == inventory.CopiesFrom && i < len(fromRefs) && fromRefs[i] != from.ref() && patched(given, f, fromRefs[i]) {
				continue // the place changes the object: its own file says what it copies
			}
			w.out.AddEdge(one(part, fromRefs, toRefs, i, given))
		}
	}
}

// patched reports whether a place changes the object of a file that fills a Secret.
func patched(given []givenPlace, f file, r inventory.SlotRef) bool {
	p := placeOf(address{store: r.Store, scope: r.Scope})
	return slices.ContainsFunc(given, func(g givenPlace) bool {
		return g.environment == p.environment && (g.namespace == p.namespace || g.namespace == "") && slices.Contains(g.patched, f.path+"#"+r.Name)
	})
}

func (w *rewriter) ends(a address, open bool, f file) []inventory.SlotRef {
	if !open {
		return nil
	}
	return w.k.written(a, f.source, f.path)
}

// one is an edge in the i-th of its places. What holds in one of several environments only is medium; a slot and
// what it is made from are in the same one.
func one(e inventory.Edge, from, to []inventory.SlotRef, i int, given []givenPlace) inventory.Edge {
	if len(from) > 0 {
		e.From = from[min(i, len(from)-1)].ID()
	}
	if len(to) > 0 {
		e.To = to[min(i, len(to)-1)].ID()
	}
	if len(from) == 0 && len(to) > 1 {
		e.Confidence = inventory.Weakest(e.Confidence, inventory.Medium)
	}
	for _, g := range given {
		p := place{}
		if len(to) > 0 {
			p = placeOf(address{store: to[min(i, len(to)-1)].Store, scope: to[min(i, len(to)-1)].Scope})
		} else {
			p = placeOf(address{store: from[i].Store, scope: from[i].Scope})
		}
		if g.environment == p.environment && (g.namespace == p.namespace || g.namespace == "") {
			e.Evidence = inventory.MergeEvidence(e.Evidence, g.at)
		}
	}
	return e
}
