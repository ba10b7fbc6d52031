package inventory

import "hash/maphash"

// table holds items in the order in which they came and finds them by a hash. Its places are numbers, so that the
// collector of garbage has one pointer to follow for many items, and it can be emptied and filled again without new memory:
// most sets are those of one file.
type table[T any, P item[T]] struct {
	chunks [][]T
	len    int
	places []int32 // 1 + number of an item, by its hash; 0 for none; a power of two of them, at most three quarters taken
}

// item is a pointer to what a table holds.
type item[T any] interface {
	*T
	at() *entry
}

// entry is what the table notes of an item.
type entry struct {
	hash uint64
	mark uint8 // for those who go through all items
}

func (e *entry) at() *entry { return e }

const (
	chunkBits = 6
	chunkSize = 1 << chunkBits
)

var seed = maphash.MakeSeed()

// hashOf is the hash of a key of several texts.
func hashOf(texts ...string) uint64 {
	h := uint64(0)
	for _, t := range texts {
		h = h*0x9E3779B97F4A7C15 + maphash.String(seed, t)
	}
	return h
}

func (t *table[T, P]) item(n int) P { return &t.chunks[n>>chunkBits][n&(chunkSize-1)] }

// find returns the item of a hash that is the one, nil for none.
func (t *table[T, P]) find(hash uint64, is func(P) bool) P {
	if t.len == 0 {
		return nil
	}
	mask := uint64(len(t.places) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		n := t.places[i]
		if n == 0 {
			return nil
		}
		if p := t.item(int(n - 1)); p.at().hash == hash && is(p) {
			return p
		}
	}
}

// add adds an item that is not there.
func (t *table[T, P]) add(hash uint64) P {
	if 4*(t.len+1) > 3*len(t.places) {
		t.spread(max(chunkSize, 2*len(t.places)))
	}
	if t.len>>chunkBits == len(t.chunks) {
		t.chunks = append(t.chunks, make([]T, chunkSize))
	}
	p := t.item(t.len)
	p.at().hash = hash
	t.len++
	t.put(hash, int32(t.len))
	return p
}

func (t *table[T, P]) put(hash uint64, n int32) {
	mask := uint64(len(t.places) - 1)
	i := hash & mask
	for t.places[i] != 0 {
		i = (i + 1) & mask
	}
	t.places[i] = n
}

// spread gives all items places anew.
func (t *table[T, P]) spread(size int) {
	if size == len(t.places) {
		clear(t.places)
	} else {
		t.places = make([]int32, size)
	}
	for n := range t.len {
		t.put(t.item(n).at().hash, int32(n+1))
	}
}

// all returns the items.
func (t *table[T, P]) all() []P {
	out := make([]P, t.len)
	for n := range out {
		out[n] = t.item(n)
	}
	return out
}

func (t *table[T, P]) each(visit func(P)) {
	for n := 0; n < t.len; n++ {
		visit(t.item(n))
	}
}

// drop takes out the items that gone chooses. empty makes an item one that is new.
func (t *table[T, P]) drop(gone func(P) bool, empty func(P)) {
	left := 0
	for n := range t.len {
		p := t.item(n)
		if gone(p) {
			continue
		}
		if left < n {
			q := t.item(left)
			*q, *p = *p, *q
		}
		left++
	}
	if left == t.len {
		return
	}
	for n := left; n < t.len; n++ {
		empty(t.item(n))
	}
	t.len = left
	t.chunks = t.chunks[:min(len(t.chunks), max(left, keptItems)>>chunkBits+1)]
	t.spread(len(t.places))
}

// keptItems is how many items a table keeps the memory of: that of one very large file is let go.
const keptItems = 1 << 12

// reset empties the table.
func (t *table[T, P]) reset(empty func(P)) {
	if t.len > keptItems {
		*t = table[T, P]{}
		return
	}
	t.each(func(p P) { empty(p) })
	clear(t.places)
	t.len = 0
}
