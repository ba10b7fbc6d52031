package source

import "sort"

// treeReader reads trees for one worker, until they are numbered.
type treeReader struct {
	hash    hashKind
	ids     *numbers // of the forest; nil where nothing is numbered
	pending []*treeText
	runs    []run
	fresh   []freshEntry
	spelt   []byte // the names of the new entries
}

// treeText is a tree as it was read: where its entries begin, and the end of the last one.
type treeText struct {
	id            oid
	seat          seat
	number        int32 // once it is numbered
	base          *treeText
	starts        []int32
	runs, runsEnd int // in those of the reader
	fault         error
}

// freshEntry is an entry that the base of the tree has not.
type freshEntry struct {
	name, nameEnd int // in spelt
	mode          uint32
	id            oid
	seat          seat
}

// read takes in a tree: the entries that it takes over from its base are told as runs.
func (r *treeReader) read(b built) *treeText {
	t := &treeText{id: b.id, seat: r.locate(b.id), runs: len(r.runs)}
	pieces := b.origin.pieces
	if b.origin.base != nil && b.origin.base.tree != nil && pieces != nil {
		t.base = b.origin.base.tree
		t.starts = make([]int32, 0, len(t.base.starts)+2)
	}
	data, at := b.data, 0
	for at < len(data) {
		for len(pieces) > 0 && pieces[0].to+pieces[0].size <= at {
			pieces = pieces[1:]
		}
		if t.base != nil && len(pieces) > 0 && pieces[0].to <= at {
			if next := r.over(t, pieces[0], at); next > at {
				at = next
				continue
			}
		}
		next := r.entry(t, data, at)
		if next == at {
			t.fault = errCorrupt
			break
		}
		at = next
	}
	t.starts = append(t.starts, int32(at))
	t.runsEnd = len(r.runs)
	r.pending = append(r.pending, t)
	return t
}

// locate finds where an object is numbered, while no other worker has to wait for it.
func (r *treeReader) locate(id oid) seat {
	if r.ids == nil {
		return seatless
	}
	return r.ids.locate(id)
}

// over takes over the entries of the base that a piece holds whole, and returns where they end.
func (r *treeReader) over(t *treeText, p piece, at int) int {
	starts := t.base.starts
	from := int32(p.from + at - p.to)
	first := sort.Search(len(starts), func(i int) bool { return starts[i] >= from })
	if first == len(starts) || starts[first] != from {
		return at
	}
	n := first
	for n+1 < len(starts) && int(starts[n+1]) <= p.from+p.size {
		t.starts = append(t.starts, starts[n]+int32(p.to-p.from))
		n++
	}
	if n > first {
		r.runs = append(r.runs, run{int32(first), int32(n - first)})
	}
	return int(starts[n]) + p.to - p.from
}

// entry reads an entry and returns where it ends; where it begins when it is malformed.
func (r *treeReader) entry(t *treeText, data []byte, at int) int {
	mode, name, size := parseEntry(r.hash, data[at:])
	if size == 0 {
		return at
	}
	next := at + size
	id := r.hash.from(data[next-int(r.hash):])
	r.fresh = append(r.fresh, freshEntry{len(r.spelt), len(r.spelt) + len(name), mode, id, r.locate(id)})
	r.spelt = append(r.spelt, name...)
	t.starts = append(t.starts, int32(at))
	if n := len(r.runs); n > t.runs && r.runs[n-1].from < 0 {
		r.runs[n-1].n++
	} else {
		r.runs = append(r.runs, run{^int32(len(r.fresh) - 1), 1})
	}
	return next
}

// listCache keeps the entries of some trees, the last ones that were asked for.
type listCache struct {
	lists map[int32][]lead
	older map[int32][]lead
	size  int
}

// maxListed bounds the entries of one half of a listCache.
const maxListed = 1 << 19

func newListCache() *listCache { return &listCache{lists: map[int32][]lead{}} }

func (c *listCache) get(n int32) ([]lead, bool) {
	if list, ok := c.lists[n]; ok {
		return list, true
	}
	list, ok := c.older[n]
	return list, ok
}

func (c *listCache) put(n int32, list []lead) {
	if c.size > maxListed {
		c.older, c.lists, c.size = c.lists, map[int32][]lead{}, 0
	}
	c.lists[n] = list
	c.size += len(list) + 8
}
