package source

import (
	"context"
	"math"
	"slices"
	"sync"
)

// forest holds all trees of a repository, read once, family by family. Most trees differ in one entry from the one
// that they are stored on as a delta, so that of each tree only the entries that are new are kept, and which runs of
// entries it takes over: a history has a hundred times as many entries as it has different ones.
type forest struct {
	repo   *repository
	ids    *numbers // of trees
	blobs  *numbers // of what else trees hold
	names  map[string]int32
	spelt  []string // the names by their numbers
	trees  []treeShape
	runs   []run
	leads  []lead // the new entries of all trees
	lists  *listCache
	order  []int32       // the trees in the order in which they were read
	late   map[int32]oid // trees that were not met in a pack
	faults map[int32]treeFault

	readers sync.Pool // of *treeReader

	mu      sync.Mutex
	planted bool
}

// treeFault is why a tree is malformed or not to be had.
type treeFault struct {
	id  oid
	err error
}

// treeShape says how the entries of a tree are put together.
type treeShape struct {
	base       int32 // the tree that runs are taken from, -1 for none
	first, end int32 // of its runs
	size       int32 // entries
}

// unread marks a tree that is known by its id alone.
var unread = treeShape{-1, -1, -1, 0}

// run is a row of entries: those of the base from a number on or, where that is negative, new ones from ^from on.
type run struct{ from, n int32 }

// lead is an entry of a tree: the tree of a number, or something else, whose number is ^to.
type lead struct{ name, to int32 }

// nowhere is where a submodule leads.
const nowhere = math.MinInt32

func newForest(r *repository) *forest {
	return &forest{repo: r, ids: newNumbers(r.objects.packs), blobs: newNumbers(r.objects.packs), names: map[string]int32{},
		lists: newListCache(), late: map[int32]oid{}, faults: map[int32]treeFault{}}
}

// plant reads the trees of all packs, once.
func (f *forest) plant(ctx context.Context, workers int) error {
	if f.planted {
		return nil
	}
	for _, p := range f.ids.order(f.repo.objects.packs) {
		g := p.plan()
		if f.recall(g) {
			continue
		}
		from := len(f.order)
		n := g.count(treeKind)
		f.trees, f.order = slices.Grow(f.trees, n), slices.Grow(f.order, n)
		err := g.families(ctx, treeKind, workers, func(z *inflater, roots []int32) error {
			return f.readFamilies(ctx, z, g, roots)
		})
		if err != nil {
			return err
		}
		f.keep(g, from)
	}
	for id, n := range f.ids.all() {
		if f.trees[n] == unread {
			f.late[n] = id
		}
	}
	f.planted = true
	return nil
}

// readFamilies reads the trees of some families of a pack.
func (f *forest) readFamilies(ctx context.Context, z *inflater, g *plan, roots []int32) error {
	reader, ok := f.readers.Get().(*treeReader)
	if !ok {
		reader = &treeReader{hash: f.repo.hash, ids: f.ids}
	}
	defer f.readers.Put(reader)
	for _, root := range roots {
		err := g.read(z, root, maxMeta, nil, func(b built) (*scanned, error) {
			if b.err != nil {
				return nil, nil // another pack may have it
			}
			text := reader.read(b)
			if len(reader.pending) >= chunk || len(reader.fresh) >= 64*chunk {
				f.take(reader)
			}
			return &scanned{tree: text}, ctx.Err()
		})
		if err != nil {
			return err
		}
	}
	f.take(reader)
	return nil
}

// chunk is how many trees a worker reads before it hands them over.
const chunk = 512

// take numbers the trees that a worker has read.
func (f *forest) take(r *treeReader) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, t := range r.pending {
		f.add(r, t)
	}
	r.pending, r.fresh, r.runs, r.spelt = r.pending[:0], r.fresh[:0], r.runs[:0], r.spelt[:0]
}

// add numbers a tree and its new entries, unless it was read before.
func (f *forest) add(r *treeReader, t *treeText) {
	t.number = f.seated(t.id, t.seat)
	if f.trees[t.number] != unread {
		return
	}
	shape := treeShape{base: -1, first: int32(len(f.runs)), size: int32(len(t.starts) - 1)}
	if t.base != nil {
		shape.base = t.base.number
	}
	for _, x := range r.runs[t.runs:t.runsEnd] {
		if x.from < 0 {
			fresh := r.fresh[^x.from : ^x.from+x.n]
			x.from = ^int32(len(f.leads))
			for _, e := range fresh {
				f.leads = append(f.leads, lead{f.name(r.spelt[e.name:e.nameEnd]), f.target(e)})
			}
		}
		f.runs = append(f.runs, x)
	}
	shape.end = int32(len(f.runs))
	if t.fault != nil {
		f.faults[t.number] = treeFault{t.id, t.fault}
	}
	f.trees[t.number] = shape
	f.order = append(f.order, t.number)
	delete(f.late, t.number)
}

// target numbers what an entry leads to.
func (f *forest) target(e freshEntry) int32 {
	mode := treeEntry{mode: e.mode}
	switch {
	case mode.isGitlink():
		return nowhere
	case mode.isTree():
		return f.seated(e.id, e.seat)
	}
	n, _ := f.blobs.seated(e.id, e.seat)
	return ^n
}

// number gives a tree its number.
func (f *forest) number(id oid) int32 { return f.seated(id, f.ids.locate(id)) }

// seated is number for a tree whose seat is known.
func (f *forest) seated(id oid, s seat) int32 {
	n, fresh := f.ids.seated(id, s)
	if fresh {
		f.trees = append(f.trees, unread)
		if f.planted {
			f.late[n] = id
		}
	}
	return n
}

// top gives the tree of a commit its number.
func (f *forest) top(c *commit) int32 {
	if c.treeAt == 0 {
		return f.number(c.tree)
	}
	n, fresh := f.ids.giveAt(0, int(c.treeAt)-1)
	if fresh {
		f.trees = append(f.trees, unread)
		if f.planted {
			f.late[n] = c.tree
		}
	}
	return n
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

// fetch reads a tree that no pack gave: a loose or borrowed one, or one whose base is in another pack.
func (f *forest) fetch(n int32) {
	if len(f.late) == 0 {
		return
	}
	id, ok := f.late[n]
	if !ok {
		return
	}
	var data []byte
	var kind objectKind
	err := guarded(func() (err error) { kind, data, err = f.repo.objects.get(id, maxMeta); return err }, func() { data = nil })
	if err == nil && kind != treeKind {
		data, err = nil, errCorrupt
	}
	r := &treeReader{hash: f.repo.hash, ids: f.ids}
	t := r.read(built{id: id, data: data})
	if err != nil {
		t.fault = err
	}
	f.add(r, t)
}

// entries returns all entries of a tree, what is known of them. They must not be changed.
func (f *forest) entries(n int32) []lead {
	f.fetch(n)
	if list, ok := f.lists.get(n); ok {
		return list
	}
	// The chain of bases is walked by hand: a forged pack has long ones.
	chain := []int32{n}
	var list []lead
	for base := f.trees[n].base; base >= 0; base = f.trees[base].base {
		if known, ok := f.lists.get(base); ok {
			list = known
			break
		}
		if chain = append(chain, base); len(chain) > maxChain {
			break
		}
	}
	for _, n := range slices.Backward(chain) {
		list = f.compose(n, list)
		f.lists.put(n, list)
	}
	return list
}

// compose puts the entries of a tree together.
func (f *forest) compose(n int32, base []lead) []lead {
	t := f.trees[n]
	if t.size == 0 {
		return nil
	}
	out := make([]lead, 0, t.size)
	for _, x := range f.runs[t.first:t.end] {
		if x.from < 0 {
			out = append(out, f.leads[^x.from:^x.from+x.n]...)
		} else if int(x.from+x.n) <= len(base) {
			out = append(out, base[x.from:x.from+x.n]...)
		}
	}
	return out
}

// new returns the entries of a tree that its base has not.
func (f *forest) new(n int32, visit func(lead)) {
	t := f.trees[n]
	if t == unread {
		return
	}
	for _, x := range f.runs[t.first:t.end] {
		if x.from >= 0 {
			continue
		}
		for _, l := range f.leads[^x.from : ^x.from+x.n] {
			visit(l)
		}
	}
}
