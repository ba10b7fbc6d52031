package source

import (
	"context"
	"slices"
)

// forest knows which trees of a repository lead to wanted blobs, and by which names. All trees are read once, in
// the order of the packs; of each one only the numbers of its subtrees and of the wanted blobs in it are kept.
type forest struct {
	repo   *repository
	want   map[oid]int32 // wanted blob -> its number
	ids    map[oid]int32 // tree -> its number
	names  map[string]int32
	spelt  []string // the names by their numbers
	trees  []treeSpan
	leads  []lead // of all trees, one tree after the other
	result []verdict
}

// treeSpan says which leads are those of one tree.
type treeSpan struct{ first, end int32 }

// unread marks a tree that is known by its id alone.
var unread = treeSpan{-1, -1}

// lead is an entry of a tree: to the tree of a number, or to a wanted blob, whose number is ^to.
type lead struct{ name, to int32 }

// verdict says whether a wanted blob lies below a tree.
type verdict uint8

const (
	unasked verdict = iota
	holding
	barren
)

func newForest(r *repository, want map[oid]int32) *forest {
	return &forest{repo: r, want: want, ids: map[oid]int32{}, names: map[string]int32{}}
}

// plant reads the trees of all packs, then those that are reachable and lie elsewhere.
func (f *forest) plant(ctx context.Context) error {
	o := f.repo.objects
	z := new(inflater)
	for _, p := range o.packs {
		g := p.plan()
		for _, root := range g.roots {
			if g.kind[root] != treeKind {
				continue
			}
			err := g.read(z, root, maxMeta, nil, func(b built) (*scanned, error) {
				if b.err == nil {
					f.add(b.id, b.data)
				}
				return nil, ctx.Err()
			})
			if err != nil {
				return err
			}
		}
	}
	return f.plantRest(ctx)
}

// plantRest reads the reachable trees that no pack of the repository gave.
func (f *forest) plantRest(ctx context.Context) error {
	var todo []oid
	for id, n := range f.ids {
		if f.trees[n] == unread {
			todo = append(todo, id)
		}
	}
	for _, c := range f.repo.commits {
		if f.trees[f.number(c.tree)] == unread {
			todo = append(todo, c.tree)
		}
	}
	for len(todo) > 0 && ctx.Err() == nil {
		id := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		kind, data, err := f.repo.objects.get(id, maxMeta)
		if err != nil || kind != treeKind {
			data = nil
		}
		f.add(id, data)
		parseTree(f.repo.hash, data, func(mode uint32, _ []byte, id oid) {
			if (treeEntry{mode: mode}).isTree() && f.trees[f.number(id)] == unread {
				todo = append(todo, id)
			}
		})
	}
	return ctx.Err()
}

// number gives a tree its number.
func (f *forest) number(id oid) int32 {
	n, ok := f.ids[id]
	if !ok {
		n = int32(len(f.trees))
		f.ids[id] = n
		f.trees, f.result = append(f.trees, unread), append(f.result, unasked)
	}
	return n
}

// add reads a tree, unless it was read before.
func (f *forest) add(id oid, data []byte) {
	n := f.number(id)
	if f.trees[n] != unread {
		return
	}
	first := int32(len(f.leads))
	parseTree(f.repo.hash, data, func(mode uint32, name []byte, id oid) {
		e := treeEntry{mode: mode}
		if e.isTree() {
			f.leads = append(f.leads, lead{f.name(name), f.number(id)})
		} else if blob, ok := f.want[id]; ok && !e.isGitlink() {
			f.leads = append(f.leads, lead{f.name(name), ^blob})
			f.result[n] = holding
		}
	})
	f.trees[n] = treeSpan{first, int32(len(f.leads))}
}

// name gives a name its number.
func (f *forest) name(name []byte) int32 {
	n, ok := f.names[string(name)]
	if !ok {
		n = int32(len(f.spelt))
		f.spelt = append(f.spelt, string(name))
		f.names[f.spelt[n]] = n
	}
	return n
}

// below returns the leads of a tree.
func (f *forest) below(n int32) []lead {
	if s := f.trees[n]; s != unread {
		return f.leads[s.first:s.end]
	}
	return nil
}

// holds reports whether a wanted blob lies below a tree.
func (f *forest) holds(n int32) bool { return f.ask(n, 0) == holding }

// ask finds the verdict of a tree. A ring of trees, which only a forged pack has, holds nothing.
func (f *forest) ask(n int32, depth int) verdict {
	if f.result[n] != unasked || depth > maxDepth {
		return f.result[n]
	}
	f.result[n] = barren
	if slices.ContainsFunc(f.below(n), func(l lead) bool { return l.to >= 0 && f.ask(l.to, depth+1) == holding }) {
		f.result[n] = holding
	}
	return f.result[n]
}
