package source

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/rotamap/rotamap/scanner/cache"
)

// The reasons for which an object cannot be had. They never quote what the object holds.
var (
	errMissing = errors.New("missing object")
	errCorrupt = errors.New("corrupt object")
	errLimit   = errors.New("limit: object too large")
	errPack    = errors.New("corrupt pack or index")
)

// objectKind is the type of an object as a pack numbers it.
type objectKind uint8

const (
	commitKind   objectKind = 1
	treeKind     objectKind = 2
	blobKind     objectKind = 3
	tagKind      objectKind = 4
	ofsDeltaKind objectKind = 6
	refDeltaKind objectKind = 7
)

// pack is an open pack file with its index (version 2), both mapped into memory.
// Format: https://git-scm.com/docs/pack-format
type pack struct {
	name string // pack-<id>, for messages
	hash hashKind
	data []byte // the pack
	idx  []byte // the index
	n    int    // objects

	once     sync.Once
	recent   atomic.Int64 // bytes that were read since the mapping was released
	planned  *plan
	table    *cache.Table // what earlier scans learned of it; nil for nothing
	identity []byte       // the digest of the index, where there is a table
	state    []byte       // what stateOf says of the file
	vouched  bool         // an earlier scan has compared all objects of this very file with the index
}

const idxHeader = 8 + 256*4

// openPack opens the pack whose path without extension is given.
func openPack(base, name string, k hashKind) (*pack, error) {
	data, state, err := mapFile(base + ".pack")
	if err != nil {
		return nil, err
	}
	idx, _, err := mapFile(base + ".idx")
	if err != nil {
		unmapFile(data)
		return nil, err
	}
	p := &pack{name: name, hash: k, data: data, idx: idx, state: state}
	if err := p.check(); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

// close gives the memory back; nothing of the pack may be used after.
func (p *pack) close() {
	unmapFile(p.data)
	unmapFile(p.idx)
}

// releaseEvery is after how many bytes that were read of a pack its mapping gives its memory back: they are seldom asked for again.
const releaseEvery = 16 << 20

// passed counts bytes that were read.
func (p *pack) passed(n int64) {
	if p.recent.Add(n) >= releaseEvery {
		p.recent.Store(0)
		releaseFile(p.data)
	}
}

// check reads the headers and makes sure that every table lies inside the index.
func (p *pack) check() error {
	if len(p.data) < 12+int(p.hash) || !bytes.Equal(p.data[:4], []byte("PACK")) {
		return errPack
	}
	if len(p.idx) < idxHeader || !bytes.Equal(p.idx[:8], []byte{0xff, 't', 'O', 'c', 0, 0, 0, 2}) {
		return errPack
	}
	p.n = int(binary.BigEndian.Uint32(p.idx[idxHeader-4:]))
	if need := int64(idxHeader) + int64(p.n)*int64(int(p.hash)+8) + 2*int64(p.hash); int64(len(p.idx)) < need {
		return errPack
	}
	last := uint32(0)
	for i := range 256 {
		v := binary.BigEndian.Uint32(p.idx[8+4*i:])
		if v < last || v > uint32(p.n) {
			return errPack
		}
		last = v
	}
	return nil
}

// id returns the id of the i-th object of the index.
func (p *pack) id(i int) oid { return p.hash.from(p.idx[idxHeader+i*int(p.hash):]) }

// offset returns where the i-th object of the index stands in the pack; 0 when the index is wrong.
func (p *pack) offset(i int) int64 {
	table := idxHeader + p.n*(int(p.hash)+4)
	v := binary.BigEndian.Uint32(p.idx[table+4*i:])
	if v&(1<<31) == 0 {
		return int64(v)
	}
	large := table + 4*p.n + 8*int(v&^(1<<31))
	if large < 0 || large+8 > len(p.idx) {
		return 0
	}
	return int64(binary.BigEndian.Uint64(p.idx[large:]))
}

// find returns the position of an object in the index. Ids are evenly spread, so that one stands close to where its
// first bytes say: the search begins there, and goes on in steps that double.
func (p *pack) find(id oid) (int, bool) {
	lo, hi := 0, int(binary.BigEndian.Uint32(p.idx[8+4*int(id[0]):]))
	if id[0] > 0 {
		lo = int(binary.BigEndian.Uint32(p.idx[8+4*(int(id[0])-1):]))
	}
	if lo >= hi {
		return 0, false
	}
	want := binary.BigEndian.Uint64(id[:8])
	less := func(i int) bool { // whether the object at i stands before the wanted one
		at := idxHeader + i*int(p.hash)
		if v := binary.BigEndian.Uint64(p.idx[at:]); v != want {
			return v < want
		}
		return bytes.Compare(p.idx[at:at+int(p.hash)], id[:p.hash]) < 0
	}
	from, to := lo, hi // the first object that does not stand before it is in from..to
	guess := lo + int(uint64(hi-lo)*uint64(binary.BigEndian.Uint32(id[1:5]))>>32)
	if less(guess) {
		from = guess + 1
		for step := 8; from+step < hi; step *= 2 {
			if !less(from + step) {
				to = from + step
				break
			}
			from += step + 1
		}
	} else {
		to = guess
		for step := 8; to-step > lo; step *= 2 {
			if less(to - step) {
				from = to - step + 1
				break
			}
			to -= step
		}
	}
	for from < to {
		if mid := int(uint(from+to) / 2); less(mid) {
			from = mid + 1
		} else {
			to = mid
		}
	}
	if from < hi && p.id(from) == id {
		return from, true
	}
	return 0, false
}

// entry is the header of one object in a pack.
type entry struct {
	kind objectKind
	size int64 // of the inflated body: for a delta, of the delta
	base int64 // offset of the base, for ofsDeltaKind
	ref  oid   // id of the base, for refDeltaKind
	body int64 // where the compressed body starts
}

// entry reads the header at an offset.
func (p *pack) entry(offset int64) (entry, error) {
	end := int64(len(p.data)) - int64(p.hash)
	if offset < 12 || offset >= end {
		return entry{}, errPack
	}
	c := p.data[offset]
	e := entry{kind: objectKind(c >> 4 & 7), size: int64(c & 15)}
	at := offset + 1
	for shift := 4; c&0x80 != 0; shift += 7 {
		if at >= end || shift > 56 {
			return entry{}, errPack
		}
		c = p.data[at]
		at++
		e.size |= int64(c&0x7f) << shift
	}
	e.body = at
	return p.base(e, offset, end)
}

// base reads the base of a delta, which stands between the header and the body.
func (p *pack) base(e entry, offset, end int64) (entry, error) {
	switch e.kind {
	case commitKind, treeKind, blobKind, tagKind:
		return e, nil
	case refDeltaKind:
		if e.body+int64(p.hash) > end {
			return entry{}, errPack
		}
		e.ref = p.hash.from(p.data[e.body:])
		e.body += int64(p.hash)
		return e, nil
	case ofsDeltaKind:
		var back int64
		for i := 0; ; i++ {
			if e.body >= end || i > 8 {
				return entry{}, errPack
			}
			c := p.data[e.body]
			e.body++
			back = back<<7 | int64(c&0x7f)
			if c&0x80 == 0 {
				break
			}
			back++
		}
		if e.base = offset - back; back <= 0 || e.base < 12 {
			return entry{}, errPack
		}
		return e, nil
	}
	return entry{}, errPack
}

// body returns the pack from where the compressed body of an entry starts.
func (p *pack) body(e entry) []byte { return p.data[e.body : len(p.data)-int(p.hash)] }

// inflate returns the body of an entry.
func (p *pack) inflate(z *inflater, e entry, limit int64) ([]byte, error) {
	return z.exactly(p.body(e), e.size, limit)
}

// inflateDelta returns the body of a delta; it stands in a buffer that the next call uses again.
func (p *pack) inflateDelta(z *inflater, e entry, limit int64) ([]byte, error) {
	b, err := z.into(z.scratch, p.body(e), e.size, limit)
	if err == nil {
		z.scratch = b
	}
	return b, err
}

// order returns the positions of all objects, by their place in the pack.
func (p *pack) order() []int {
	const bits = 28 // of a place in an index; what is left of 64 bits holds an offset
	order := make([]int, p.n)
	packed := make([]uint64, p.n)
	small := p.n < 1<<bits && len(p.data) < 1<<(64-bits)
	for i := range order {
		at := p.offset(i)
		small = small && uint64(at) < 1<<(64-bits)
		order[i], packed[i] = i, uint64(at)<<bits|uint64(i)
	}
	if !small {
		slices.SortFunc(order, func(a, b int) int { return cmp.Compare(p.offset(a), p.offset(b)) })
		return order
	}
	for i, v := range radix(packed, bits) {
		order[i] = int(v & (1<<bits - 1))
	}
	return order
}

// radix sorts numbers by what stands above some low bits, 11 bits at a time. Equal ones keep their order.
func radix(list []uint64, low uint) []uint64 {
	const digit = 11
	most := uint64(0)
	for _, v := range list {
		most = max(most, v)
	}
	other := make([]uint64, len(list))
	for shift := low; most>>shift > 0; shift += digit {
		var starts [1 << digit]int
		for _, v := range list {
			starts[v>>shift&(1<<digit-1)]++
		}
		at := 0
		for i, n := range starts {
			starts[i] = at
			at += n
		}
		for _, v := range list {
			d := v >> shift & (1<<digit - 1)
			other[starts[d]] = v
			starts[d]++
		}
		list, other = other, list
	}
	return list
}

// packNames lists the packs of an objects folder that have an index, without extension, sorted.
func packNames(dir string) ([]string, error) {
	list, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("listing packs: %w", err)
	}
	var out []string
	for _, f := range list {
		if name, ok := bytes.CutSuffix([]byte(f.Name()), []byte(".pack")); ok && f.Type().IsRegular() {
			out = append(out, string(name))
		}
	}
	return out, nil
}
