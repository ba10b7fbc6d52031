package source

import (
	"context"
	"crypto/sha256"
	"iter"
	"slices"
	"strings"
)

// naming gives every blob of a repository its least path: the one with the fewest elements, then the least in
// the order of its elements. Each unique tree is read once, whatever number of paths leads to it.
type naming struct {
	forest *forest
	fail   func(tree oid, err error)
	nodes  []pathNode // path 0 is the root
	ids    map[pathNode]int32
	trees  []named // by the numbers of trees
	blobs  []int32 // paths by the numbers of blobs, unnamed for none
	level  int32
	offers struct{ trees, blobs offers }
	sums   []pathSum // of paths, where a cache asks for them
}

// named is when a tree was read, 0 for never, and under which path.
type named struct{ level, path int32 }

const unnamed = -1

func newNaming(f *forest, fail func(oid, error)) *naming {
	return &naming{forest: f, fail: fail, nodes: make([]pathNode, 1), ids: map[pathNode]int32{}}
}

// offers are what the trees of one level call the objects in them: of several names the least.
type offers struct {
	names  []pathNode // by the numbers of objects
	level  []int32    // in which a name was offered last
	listed []int32    // the objects that were offered one in this level
}

// of returns the name that was offered for an object in a level, for the caller to change; fresh says that there is none.
func (o *offers) of(n, level int32) (name *pathNode, fresh bool) {
	if missing := int(n) + 1 - len(o.names); missing > 0 {
		missing = max(missing, len(o.names)/2, 1024)
		o.names = append(o.names, make([]pathNode, missing)...)
		o.level = append(o.level, make([]int32, missing)...)
	}
	if fresh = o.level[n] != level; fresh {
		o.level[n] = level
		o.listed = append(o.listed, n)
	}
	return &o.names[n], fresh
}

// name reads the trees of commits, level by level, and names the blobs in them that have no name yet.
func (n *naming) name(ctx context.Context, commits map[oid]commit) error {
	var level []int32
	for _, c := range commits {
		if t := n.forest.top(&c); n.tree(t).level == 0 {
			n.trees[t] = named{n.level + 1, 0}
			level = append(level, t)
		}
	}
	for depth := 0; len(level) > 0 && depth < maxDepth; depth++ {
		n.level++
		slices.Sort(level)
		for i, t := range level {
			if i%1024 == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			n.read(t)
		}
		level = n.settle()
	}
	return nil
}

// settled gives back what only the giving of names needs.
func (n *naming) settled() {
	n.trees, n.ids = nil, nil
	n.offers.trees, n.offers.blobs = offers{}, offers{}
	n.forest.lists = newListCache()
}

// tree returns what is known of a tree.
func (n *naming) tree(t int32) named {
	if missing := int(t) + 1 - len(n.trees); missing > 0 {
		n.trees = append(n.trees, make([]named, max(missing, len(n.forest.trees)-len(n.trees)))...)
	}
	return n.trees[t]
}

// read offers a name to each entry of a tree that has none yet. What a tree takes over from one that was read before,
// or is read under the same path, has been offered by that one.
func (n *naming) read(t int32) {
	n.forest.fetch(t)
	if len(n.forest.faults) > 0 {
		if x, ok := n.forest.faults[t]; ok {
			n.fail(x.id, x.err)
		}
	}
	path := n.tree(t).path
	take := func(l lead) { n.offer(l, path) }
	base := n.forest.trees[t].base
	if base < 0 {
		n.forest.new(t, take) // all entries are
		return
	}
	if b := n.tree(base); b.level > 0 && (b.level < n.level || b.path == path) {
		n.forest.new(t, take)
		return
	}
	for _, l := range n.forest.entries(t) {
		take(l)
	}
}

// offer keeps the lesser of the names offered for an object. All names of one level are equally deep.
func (n *naming) offer(l lead, above int32) {
	into, to := &n.offers.trees, l.to
	switch {
	case l.to == nowhere:
		return
	case l.to < 0:
		if into, to = &n.offers.blobs, ^l.to; n.blob(to) != unnamed {
			return
		}
	case n.tree(l.to).level > 0:
		return
	}
	fresh := pathNode{above, l.name}
	if old, first := into.of(to, n.level); first || *old != fresh && n.compare(fresh, *old) < 0 {
		*old = fresh
	}
}

// blob returns the path of a blob.
func (n *naming) blob(b int32) int32 {
	for int(b) >= len(n.blobs) {
		n.blobs = append(n.blobs, unnamed)
	}
	return n.blobs[b]
}

// settle names what was offered a name, and returns the next level.
func (n *naming) settle() []int32 {
	trees, blobs := &n.offers.trees, &n.offers.blobs
	for _, b := range blobs.listed {
		n.blobs[b] = n.intern(blobs.names[b])
	}
	for _, t := range trees.listed {
		n.trees[t] = named{n.level + 1, n.intern(trees.names[t])}
	}
	next := slices.Clone(trees.listed)
	trees.listed, blobs.listed = trees.listed[:0], blobs.listed[:0]
	return next
}

// intern returns the number of a path.
func (n *naming) intern(name pathNode) int32 {
	if i, ok := n.ids[name]; ok {
		return i
	}
	i := int32(len(n.nodes))
	n.nodes = append(n.nodes, name)
	n.ids[name] = i
	return i
}

// compare orders two paths of one depth by their elements, the first one first.
func (n *naming) compare(a, b pathNode) int {
	spelt := n.forest.spelt
	result := strings.Compare(spelt[a.name], spelt[b.name])
	for x, y := a.above, b.above; x != y; x, y = n.nodes[x].above, n.nodes[y].above {
		if c := strings.Compare(spelt[n.nodes[x].name], spelt[n.nodes[y].name]); c != 0 {
			result = c
		}
	}
	return result
}

// has reports whether a tree holds a blob.
func (n *naming) has(id oid) bool {
	b, ok := n.forest.blobs.get(id)
	return ok && int(b) < len(n.blobs) && n.blobs[b] != unnamed
}

// all returns the blobs that have a name.
func (n *naming) all() iter.Seq[oid] {
	return func(yield func(oid) bool) {
		for id, b := range n.forest.blobs.all() {
			if int(b) < len(n.blobs) && n.blobs[b] != unnamed && !yield(id) {
				return
			}
		}
	}
}

// pathSum tells paths apart from one scan to the next.
type pathSum [16]byte

// digest sums up all paths; those that a visitor leaves out are other ones.
func (n *naming) digest(excluded func(string) bool) {
	n.sums = make([]pathSum, len(n.nodes))
	left := []byte{0, 0}
	for i := range n.nodes[1:] {
		node := n.nodes[i+1]
		left[1] = 0
		if excluded != nil && excluded(cleanPath(n.spell(int32(i+1)))) {
			left[1] = 1
		}
		text := append(append(n.sums[node.above][:len(pathSum{}):len(pathSum{})], n.forest.spelt[node.name]...), left...)
		sum := sha256.Sum256(text)
		n.sums[i+1] = pathSum(sum[:len(pathSum{})])
	}
}

// digestOf returns the sum of the least path of a blob of a pack.
func (n *naming) digestOf(p *pack, at int32) []byte {
	b, ok := n.forest.blobs.getAt(p, int(at))
	if !ok || int(b) >= len(n.blobs) || n.blobs[b] == unnamed {
		return nil
	}
	return n.sums[n.blobs[b]][:]
}

// strange returns the blobs that have a name and are no blobs of a pack: those of another store, missing ones, and what is
// no blob.
func (n *naming) strange() iter.Seq[oid] {
	return func(yield func(oid) bool) {
		named := func(b int32) bool { return b >= 0 && int(b) < len(n.blobs) && n.blobs[b] != unnamed }
		ids := n.forest.blobs
		for k, p := range ids.packs {
			g := p.plan()
			for i, kind := range g.kind {
				if at := g.pos[i]; kind != blobKind && named(ids.at[k][at]-1) && !yield(p.id(int(at))) {
					return
				}
			}
		}
		for id, b := range ids.rest {
			if named(b) && !yield(id) {
				return
			}
		}
	}
}

// path returns the least path of a blob, "" when no tree holds it.
func (n *naming) path(id oid) string {
	b, ok := n.forest.blobs.get(id)
	if !ok || int(b) >= len(n.blobs) || n.blobs[b] == unnamed {
		return ""
	}
	return n.spell(n.blobs[b])
}

// spell returns a path as it is written.
func (n *naming) spell(path int32) string {
	var parts []string
	for node := path; node != 0; node = n.nodes[node].above {
		parts = append(parts, n.forest.spelt[n.nodes[node].name])
	}
	slices.Reverse(parts)
	return strings.Join(parts, "/")
}
