package source

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// naming gives every blob of a repository its least path: the one with the fewest elements, then the least in
// the order of its elements. Each unique tree is read once, whatever number of paths leads to it.
type naming struct {
	repo    *repository
	workers int
	fail    func(tree oid, err error)
	nodes   []nameNode
	ids     map[nameNode]int32
	trees   map[oid]bool  // trees that were read
	blobs   map[oid]int32 // node of a blob
}

// nameNode is a path as its last element and the node of the folder above; node 0 is the root.
type nameNode struct {
	above int32
	name  string
}

func newNaming(r *repository, workers int, fail func(oid, error)) *naming {
	return &naming{
		repo: r, workers: workers, fail: fail, nodes: make([]nameNode, 1), ids: map[nameNode]int32{},
		trees: map[oid]bool{}, blobs: map[oid]int32{},
	}
}

// name reads the trees below the roots, level by level, and names the blobs in them that have no name yet.
func (n *naming) name(ctx context.Context, roots []oid) error {
	level := map[oid]int32{}
	for _, id := range roots {
		if !n.trees[id] {
			level[id] = 0
		}
	}
	for depth := 0; len(level) > 0 && depth < maxDepth; depth++ {
		for id := range level {
			n.trees[id] = true
		}
		offers, err := n.below(ctx, level)
		if err != nil {
			return err
		}
		level = n.settle(offers)
	}
	return nil
}

// offer is what the trees of one level call the objects in them: of several names the least.
type offer struct{ trees, blobs map[oid]nameNode }

// chunk is how many trees a worker reads at a time; they are neighbours in the pack, so that the base of one is
// likely at hand when it is read.
const chunk = 256

// below reads the trees of one level. What was named before is only read meanwhile.
func (n *naming) below(ctx context.Context, level map[oid]int32) ([]offer, error) {
	order := n.repo.objects.inPackOrder(slices.Collect(maps.Keys(level)))
	offers := make([]offer, n.workers)
	var next atomic.Int64
	g, ctx := errgroup.WithContext(ctx)
	for i := range offers {
		offers[i] = offer{map[oid]nameNode{}, map[oid]nameNode{}}
		g.Go(func() error {
			for ctx.Err() == nil {
				from := int(next.Add(chunk)) - chunk
				if from >= len(order) {
					break
				}
				for _, id := range order[from:min(from+chunk, len(order))] {
					n.read(offers[i], id, level[id])
				}
			}
			return ctx.Err()
		})
	}
	return offers, g.Wait()
}

// read takes in one tree.
func (n *naming) read(o offer, id oid, node int32) {
	err := guarded(func() error { return n.take(o, id, node) }, func() { n.fail(id, errShrunk) })
	if err != nil {
		n.fail(id, err)
	}
}

// take offers a name to each entry of a tree that has none yet.
func (n *naming) take(o offer, id oid, node int32) error {
	kind, data, err := n.repo.objects.get(id, maxMeta)
	if err != nil {
		return err
	}
	ok := kind == treeKind && parseTree(n.repo.hash, data, func(mode uint32, name []byte, id oid) {
		e := treeEntry{mode: mode}
		switch {
		case e.isGitlink():
		case e.isTree():
			if !n.trees[id] {
				n.offer(o.trees, id, node, name)
			}
		default:
			if _, named := n.blobs[id]; !named {
				n.offer(o.blobs, id, node, name)
			}
		}
	})
	if !ok {
		return errCorrupt
	}
	return nil
}

// offer keeps the lesser of the names offered for an object. All names of one level are equally deep.
func (n *naming) offer(into map[oid]nameNode, id oid, above int32, name []byte) {
	old, ok := into[id]
	if ok && old.above == above && old.name <= string(name) {
		return
	}
	if fresh := (nameNode{above, string(name)}); !ok || n.compare(fresh, old) < 0 {
		into[id] = fresh
	}
}

// settle joins the offers of all workers, names the blobs, and returns the next level.
func (n *naming) settle(offers []offer) map[oid]int32 {
	all := offers[0]
	for _, o := range offers[1:] {
		n.least(all.trees, o.trees)
		n.least(all.blobs, o.blobs)
	}
	for id, name := range all.blobs {
		n.blobs[id] = n.intern(name)
	}
	next := make(map[oid]int32, len(all.trees))
	for id, name := range all.trees {
		next[id] = n.intern(name)
	}
	return next
}

// least joins offers into those of another worker.
func (n *naming) least(into, from map[oid]nameNode) {
	for id, name := range from {
		if old, ok := into[id]; !ok || n.compare(name, old) < 0 {
			into[id] = name
		}
	}
}

// intern returns the node of a name.
func (n *naming) intern(name nameNode) int32 {
	if i, ok := n.ids[name]; ok {
		return i
	}
	i := int32(len(n.nodes))
	n.nodes = append(n.nodes, name)
	n.ids[name] = i
	return i
}

// compare orders two names of one depth by their elements, the first one first.
func (n *naming) compare(a, b nameNode) int {
	result := strings.Compare(a.name, b.name)
	for x, y := a.above, b.above; x != y; x, y = n.nodes[x].above, n.nodes[y].above {
		if c := strings.Compare(n.nodes[x].name, n.nodes[y].name); c != 0 {
			result = c
		}
	}
	return result
}

// path returns the least path of a blob, "" when no tree holds it.
func (n *naming) path(id oid) string {
	node, ok := n.blobs[id]
	if !ok {
		return ""
	}
	var parts []string
	for ; node != 0; node = n.nodes[node].above {
		parts = append(parts, n.nodes[node].name)
	}
	slices.Reverse(parts)
	return strings.Join(parts, "/")
}
