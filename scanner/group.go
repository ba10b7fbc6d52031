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
			r := &record{artifact: &artifact.Artifact{Source: source, Path: path, State: inventory.Branch}, once: true, heads: true}
			one.put(r)
			if !r.broken {
				g.table.Put(one.key, r.out)
			}
		}
		w.present.reduce(one.set)
		w.branch.Absorb(one.set)
		w.imports = append(w.imports, w.present.reduceImports(one.imports)...)
	}
}

// put writes what the versions say together.
func (g *group) put(r *record) {
	r.putNodes(g.set.Nodes())
	r.putEdges(g.set.Edges())
	r.putInt(len(g.imports))
	for _, i := range g.imports {
		r.broken = r.broken || i.from != r.artifact.Path
		r.putImport(i)
	}
}

// read reads what an earlier scan kept; false when it is not whole.
func (g *group) read(first *artifact.Artifact, data []byte) bool {
	r := &record{artifact: first, in: data, once: true, heads: true}
	set := inventory.NewSet()
	set.Add(r.nodes(), r.edges())
	var imports []programImport
	for range r.count() {
		imports = append(imports, r.programImport(first.Path))
	}
	if r.broken || len(r.in) > 0 {
		return false
	}
	g.set, g.imports = set, imports
	return true
}

// putVersion writes evidence in one of several versions: commit and branches stand once.
func (r *record) putVersion(e inventory.Evidence) {
	if e.Source != r.artifact.Source || e.Path != r.artifact.Path || e.State != inventory.Branch || e.FirstSeen()+e.LastSeen() != "" {
		r.broken = true
	}
	key := e.Commit + "\x00" + strings.Join(e.Branches(), "\x00")
	n := r.versions[key]
	r.putInt(n)
	if n == 0 {
		if r.versions == nil {
			r.versions = map[string]int{}
		}
		r.versions[key] = len(r.versions) + 1
		r.putString(e.Commit)
		r.putStrings(e.Branches())
	}
	r.putInt(e.Line)
	r.putInt(e.Column)
	r.putString(e.Pointer)
}

// version returns the evidence of a version, without a place in it.
func (r *record) version() inventory.Evidence {
	n := r.int()
	if n < 0 || n > len(r.seen) {
		r.broken = true
		return inventory.Evidence{}
	}
	if n > 0 {
		return r.seen[n-1]
	}
	e := inventory.Evidence{Source: r.artifact.Source, Path: r.artifact.Path, State: inventory.Branch, Commit: r.string(),
		Seen: inventory.SeenAt(r.strings(), "", "")}
	r.seen = append(r.seen, e)
	return e
}
