package source

import (
	"slices"
	"strings"
)

// naming gives every blob of a repository its least path: the one with the fewest elements, then the least in
// the order of its elements. Each unique tree is read once, whatever number of paths leads to it.
type naming struct {
	repo  *repository
	nodes []nameNode
	ids   map[nameNode]int32
	trees map[oid]bool  // trees that were read
	blobs map[oid]int32 // node of a blob
	fail  func(tree oid, err error)
}

// nameNode is a path as its last element and the node of the folder above; node 0 is the root.
type nameNode struct {
	above int32
	name  string
}

func newNaming(r *repository, fail func(oid, error)) *naming {
	return &naming{
		repo: r, nodes: make([]nameNode, 1), ids: map[nameNode]int32{}, trees: map[oid]bool{}, blobs: map[oid]int32{}, fail: fail,
	}
}

// name reads the trees below the roots, level by level, and names the blobs in them that have no name yet.
func (n *naming) name(roots []oid) {
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
		level = n.below(level)
	}
}

// below reads the trees of one level, names the blobs in them and returns the level under it.
func (n *naming) below(level map[oid]int32) map[oid]int32 {
	next, blobs := map[oid]int32{}, map[oid]int32{}
	for id, node := range level {
		entries, err := n.repo.tree(id)
		if err != nil {
			n.fail(id, err)
		}
		for _, e := range entries {
			switch {
			case e.isTree():
				if !n.trees[e.id] {
					n.offer(next, e.id, nameNode{node, e.name})
				}
			case !e.isGitlink():
				if _, named := n.blobs[e.id]; !named {
					n.offer(blobs, e.id, nameNode{node, e.name})
				}
			}
		}
	}
	for id, node := range blobs {
		n.blobs[id] = node
	}
	return next
}

// offer keeps the lesser of the names offered for an object. All names of one call to below are equally deep.
func (n *naming) offer(into map[oid]int32, id oid, name nameNode) {
	old, ok := into[id]
	if ok && n.nodes[old] == name {
		return
	}
	if node := n.intern(name); !ok || n.compare(node, old) < 0 {
		into[id] = node
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

// compare orders two nodes of one depth by their elements.
func (n *naming) compare(a, b int32) int {
	result := 0
	for a != b {
		if c := strings.Compare(n.nodes[a].name, n.nodes[b].name); c != 0 {
			result = c
		}
		a, b = n.nodes[a].above, n.nodes[b].above
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
