package source

import (
	"cmp"
	"iter"
	"slices"
)

// numbers gives objects numbers from 0 on. Those of the largest packs are found by their place in the pack's index: a
// map of ids takes ten times the memory.
type numbers struct {
	packs []*pack
	at    [][]int32 // number+1 by the place in the pack
	rest  map[oid]int32
	next  int32
}

// maxNumbered bounds the packs that are searched for an object.
const maxNumbered = 4

func newNumbers(packs []*pack) *numbers {
	largest := slices.Clone(packs)
	slices.SortStableFunc(largest, func(a, b *pack) int { return cmp.Compare(b.n, a.n) })
	n := &numbers{packs: largest[:min(len(packs), maxNumbered)], rest: map[oid]int32{}}
	for _, p := range n.packs {
		n.at = append(n.at, make([]int32, p.n))
	}
	return n
}

// seat is where the number of an object is kept: its place in the index of one of the packs.
type seat struct{ pack, at int32 }

// seatless is the seat of what stands in none of them.
var seatless = seat{-1, -1}

// locate returns the seat of an object. It may be called while others give numbers.
func (n *numbers) locate(id oid) seat {
	for i, p := range n.packs {
		if at, ok := p.find(id); ok {
			return seat{int32(i), int32(at)}
		}
	}
	return seatless
}

// get returns the number of an object.
func (n *numbers) get(id oid) (int32, bool) {
	if s := n.locate(id); s != seatless {
		v := n.at[s.pack][s.at]
		return v - 1, v > 0
	}
	v, ok := n.rest[id]
	return v, ok
}

// give returns the number of an object, a new one when it has none yet.
func (n *numbers) give(id oid) (number int32, fresh bool) { return n.seated(id, n.locate(id)) }

// seated is give for an object whose seat is known.
func (n *numbers) seated(id oid, s seat) (number int32, fresh bool) {
	if s == seatless {
		v, ok := n.rest[id]
		if !ok {
			v = n.next
			n.rest[id] = v
			n.next++
		}
		return v, !ok
	}
	v := &n.at[s.pack][s.at]
	if fresh = *v == 0; fresh {
		n.next++
		*v = n.next
	}
	return *v - 1, fresh
}

// all returns the objects that have a number.
func (n *numbers) all() iter.Seq2[oid, int32] {
	return func(yield func(oid, int32) bool) {
		for i, p := range n.packs {
			for at, v := range n.at[i] {
				if v > 0 && !yield(p.id(at), v-1) {
					return
				}
			}
		}
		for id, v := range n.rest {
			if !yield(id, v) {
				return
			}
		}
	}
}

// getAt is get for an object of a pack, by its place in the index.
func (n *numbers) getAt(p *pack, at int) (int32, bool) {
	if len(n.packs) == 0 || n.packs[0] != p {
		return n.get(p.id(at))
	}
	v := n.at[0][at]
	return v - 1, v > 0
}

// order returns all packs, those that number first: what a small pack shares with a large one is read from that.
func (n *numbers) order(packs []*pack) []*pack {
	out := slices.Clone(n.packs)
	for _, p := range packs {
		if !slices.Contains(n.packs, p) {
			out = append(out, p)
		}
	}
	return out
}

// giveAt is give for an object of the k-th of the packs, by its place in the index.
func (n *numbers) giveAt(k, at int) (number int32, fresh bool) {
	if k > 0 {
		return n.give(n.packs[k].id(at))
	}
	return n.seated(oid{}, seat{0, int32(at)})
}

// places returns where the numbered objects stand in a pack, -1 for those that are not numbered by it; nil where the pack
// is none of those that number.
func (n *numbers) places(p *pack) []int32 {
	k := slices.Index(n.packs, p)
	if k < 0 {
		return nil
	}
	out := make([]int32, n.next)
	for i := range out {
		out[i] = -1
	}
	for at, v := range n.at[k] {
		if v > 0 {
			out[v-1] = int32(at)
		}
	}
	return out
}

// id returns the object of a number. It looks through all of them.
func (n *numbers) id(number int32) (oid, bool) {
	for id, v := range n.all() {
		if v == number {
			return id, true
		}
	}
	return oid{}, false
}
