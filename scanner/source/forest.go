package source

import "context"

// forest knows which trees of a repository lead to wanted blobs. All trees are read once, in the order of the
// packs; of each one only the numbers of its subtrees are kept.
type forest struct {
	repo *repository
	want map[oid]bool
	ids  map[oid]int32
	kids [][]int32
	hit  []verdict
	read []bool
}

// verdict says whether a wanted blob lies below a tree.
type verdict uint8

const (
	unasked verdict = iota
	holding
	barren
)

func newForest(r *repository, want map[oid]bool) *forest {
	return &forest{repo: r, want: want, ids: map[oid]int32{}}
}

// plant reads the trees of all packs, then those that are reachable and lie elsewhere.
func (f *forest) plant(ctx context.Context) error {
	o := f.repo.objects
	z := new(inflater)
	for _, p := range o.packs {
		g := newPlan(p)
		for _, root := range g.roots {
			if g.kind[root] != treeKind {
				continue
			}
			err := g.read(z, root, maxMeta, func(b built) (*scanned, error) {
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
	var todo []int32
	names := map[int32]oid{}
	for id, n := range f.ids {
		if !f.read[n] {
			names[n] = id
			todo = append(todo, n)
		}
	}
	for _, c := range f.repo.commits {
		if n := f.number(c.tree); !f.read[n] && names[n] == (oid{}) {
			names[n] = c.tree
			todo = append(todo, n)
		}
	}
	for len(todo) > 0 && ctx.Err() == nil {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if f.read[n] {
			continue
		}
		f.read[n] = true
		entries, _ := f.repo.tree(names[n])
		for _, e := range entries {
			if kid := f.note(n, e.mode, e.id); kid >= 0 && !f.read[kid] {
				names[kid] = e.id
				todo = append(todo, kid)
			}
		}
	}
	return ctx.Err()
}

// number gives a tree its number.
func (f *forest) number(id oid) int32 {
	n, ok := f.ids[id]
	if !ok {
		n = int32(len(f.kids))
		f.ids[id] = n
		f.kids, f.hit, f.read = append(f.kids, nil), append(f.hit, unasked), append(f.read, false)
	}
	return n
}

// add reads a tree.
func (f *forest) add(id oid, data []byte) {
	n := f.number(id)
	if f.read[n] {
		return
	}
	f.read[n] = true
	parseTree(f.repo.hash, data, func(mode uint32, _ []byte, id oid) { f.note(n, mode, id) })
}

// note takes in one entry of a tree; it returns the number of a subtree, else -1.
func (f *forest) note(n int32, mode uint32, id oid) int32 {
	e := treeEntry{mode: mode}
	switch {
	case e.isTree():
		kid := f.number(id)
		f.kids[n] = append(f.kids[n], kid)
		return kid
	case !e.isGitlink() && f.want[id]:
		f.hit[n] = holding
	}
	return -1
}

// holds reports whether a wanted blob lies below a tree.
func (f *forest) holds(id oid) bool {
	n, ok := f.ids[id]
	return ok && f.ask(n, 0) == holding
}

// ask finds the verdict of a tree. A ring of trees, which only a forged pack has, holds nothing.
func (f *forest) ask(n int32, depth int) verdict {
	if f.hit[n] != unasked || depth > maxDepth {
		return f.hit[n]
	}
	f.hit[n] = barren
	for _, kid := range f.kids[n] {
		if f.ask(kid, depth+1) == holding {
			f.hit[n] = holding
			break
		}
	}
	return f.hit[n]
}
