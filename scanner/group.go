package scanner

import (
	"slices"
	"strings"
	"sync"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/cache"
)

// A repository with hundreds of branches has thousands of versions of its files at their heads, which say nearly the same.
// What those of one path say together is one record of the cache: it holds as long as no head has moved that holds one of
// them. What each version gives beside facts (suppressed matches, findings) stays with the version.

// groups are the files at the heads of other branches, by path.
type groups struct {
	table  *cache.Table
	byPath map[string]*group // not changed while files are read
}

// group are the versions of one path.
type group struct {
	key   cache.Key
	known bool // from an earlier scan

	mu      sync.Mutex
	missing int // versions that did not come yet
	failed  bool
	set     *inventory.Set
	imports []programImport
}

// newGroups sorts the files at the heads of other branches into groups, and takes over those that are known.
func newGroups(t *cache.Table, list []*artifact.Artifact, excluded func(path string) bool) *groups {
	g := &groups{table: t, byPath: map[string]*group{}}
	list = slices.DeleteFunc(list, func(a *artifact.Artifact) bool { return excluded != nil && excluded(a.Path) })
	slices.SortFunc(list, func(a, b *artifact.Artifact) int {
		return 2*strings.Compare(a.Path, b.Path) + strings.Compare(a.Blob, b.Blob)
	})
	for from := 0; from < len(list); {
		end := from
		var names [][]byte
		for ; end < len(list) && list[end].Path == list[from].Path; end++ {
			a := list[end]
			names = append(names, []byte(a.Blob), []byte(a.Commit), []byte(strings.Join(a.Branches, "\x00")))
		}
		one := &group{key: t.Key("heads", append(names, []byte(list[from].Path))...), missing: end - from, set: inventory.NewSet()}
		if data, ok := t.Get(one.key); ok {
			one.known = one.read(list[from], data)
		}
		g.byPath[list[from].Path] = one
		from = end
	}
	return g
}

// of returns the group of an artifact, nil for none.
func (g *groups) of(a *artifact.Artifact) *group {
	if g == nil || a.State != inventory.Branch {
		return nil
	}
	return g.byPath[a.Path]
}

// take adds the facts of a version.
func (g *group) take(s *inventory.Set, imports []programImport) {
	if g.known {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.set.Absorb(s)
	g.imports = append(g.imports, imports...)
}

// came counts a version that was read, whole or not.
func (g *group) came(whole bool) {
	if g == nil || g.known {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.missing--
	g.failed = g.failed || !whole
}

// settle adds what all groups say, and keeps what is new. The present is known by then.
func (w *worker) settle(g *groups, source string) {
	if g == nil {
		return
	}
	for path, one := range g.byPath {
		one.imports = mergeImports(one.imports)
		if !one.known && !one.failed && one.missing == 0 {
			r := &groupRecord{versions: map[string]int{}}
			r.artifact = &artifact.Artifact{Source: source, Path: path, State: inventory.Branch}
			r.put(one)
			if !r.broken {
				g.table.Put(one.key, r.out)
			}
		}
		w.present.reduce(one.set)
		w.branch.Absorb(one.set)
		w.imports = append(w.imports, w.present.reduceImports(one.imports)...)
	}
}

// groupRecord is a record of evidence in several versions of one path.
type groupRecord struct {
	stintRecord
	versions map[string]int // when written: by commit and branches
	read     []inventory.Evidence
}

func (r *groupRecord) put(g *group) {
	r.known = map[string]int{}
	nodes, edges := g.set.Nodes(), g.set.Edges()
	r.putInt(len(nodes))
	for _, n := range nodes {
		r.putText(n.ID)
		r.putText(string(n.Kind))
		r.putText(n.Name)
		r.putAttrs(n.Attrs)
		r.putEvidence(n.Evidence)
	}
	r.putInt(len(edges))
	for _, e := range edges {
		r.putText(e.From)
		r.putText(e.To)
		r.putText(string(e.Kind))
		r.putText(e.Rule)
		r.putInt(int(e.Confidence))
		r.putAttrs(e.Attrs)
		r.putEvidence(e.Evidence)
	}
	r.putInt(len(g.imports))
	for _, i := range g.imports {
		r.broken = r.broken || i.from != r.artifact.Path
		r.putText(i.path)
		r.putEvidence([]inventory.Evidence{i.evidence})
	}
}

func (r *groupRecord) putAttrs(list []inventory.Attr) {
	r.putInt(len(list))
	for _, a := range list {
		r.putText(string(a.Key))
		r.putText(a.Value)
		r.putText(a.Detail)
		r.putText(a.Rule)
		r.putInt(int(a.Confidence))
		r.putEvidence(a.Evidence)
	}
}

// putEvidence writes places, each with its version: commit and branches stand once.
func (r *groupRecord) putEvidence(list []inventory.Evidence) {
	r.putInt(len(list))
	for _, e := range list {
		if e.Source != r.artifact.Source || e.Path != r.artifact.Path || e.State != inventory.Branch || e.FirstSeen+e.LastSeen != "" {
			r.broken = true
		}
		key := e.Commit + "\x00" + strings.Join(e.Branches, "\x00")
		n, ok := r.versions[key]
		r.putInt(n)
		if !ok {
			r.versions[key] = len(r.versions) + 1
			r.putText(e.Commit)
			r.putInt(len(e.Branches))
			for _, b := range e.Branches {
				r.putText(b)
			}
		}
		r.putInt(e.Line)
		r.putInt(e.Column)
		r.putText(e.Pointer)
	}
}

// read reads what an earlier scan kept; false when it is not whole.
func (g *group) read(first *artifact.Artifact, data []byte) bool {
	r := &groupRecord{}
	r.artifact, r.in = first, data
	set := inventory.NewSet()
	for range r.count() {
		set.AddNode(inventory.Node{ID: r.text(), Kind: inventory.NodeKind(r.text()), Name: r.text(), Attrs: r.attrs(), Evidence: r.evidence()})
	}
	for range r.count() {
		set.AddEdge(inventory.Edge{From: r.text(), To: r.text(), Kind: inventory.EdgeKind(r.text()), Rule: r.text(),
			Confidence: inventory.Confidence(r.int()), Attrs: r.attrs(), Evidence: r.evidence()})
	}
	var imports []programImport
	for range r.count() {
		i := programImport{from: first.Path, path: r.text()}
		if e := r.evidence(); len(e) == 1 {
			i.evidence = e[0]
		}
		imports = append(imports, i)
	}
	if r.broken || len(r.in) > 0 {
		return false
	}
	g.set, g.imports = set, imports
	return true
}

func (r *groupRecord) attrs() []inventory.Attr {
	n := r.count()
	if n == 0 {
		return nil
	}
	out := make([]inventory.Attr, 0, n)
	for range n {
		out = append(out, inventory.Attr{Key: inventory.AttrKey(r.text()), Value: r.text(), Detail: r.text(), Rule: r.text(),
			Confidence: inventory.Confidence(r.int()), Evidence: r.evidence()})
	}
	return out
}

func (r *groupRecord) evidence() []inventory.Evidence {
	n := r.count()
	if n == 0 {
		return nil
	}
	out := make([]inventory.Evidence, 0, n)
	for range n {
		e := r.version()
		e.Line, e.Column, e.Pointer = r.int(), r.int(), r.text()
		out = append(out, e)
	}
	return out
}

// version returns the evidence of a version, without a place in it.
func (r *groupRecord) version() inventory.Evidence {
	n := r.int()
	if n < 0 || n > len(r.read) {
		r.broken = true
		return inventory.Evidence{}
	}
	if n > 0 {
		return r.read[n-1]
	}
	e := inventory.Evidence{Source: r.artifact.Source, Path: r.artifact.Path, State: inventory.Branch, Commit: r.text()}
	for range r.count() {
		e.Branches = append(e.Branches, r.text())
	}
	r.read = append(r.read, e)
	return e
}
