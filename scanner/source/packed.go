package source

import (
	"crypto/sha256"
	"encoding/binary"

	"github.com/rotamap/rotamap/scanner/cache"
)

// A pack never changes under its index: what was read of its commits and trees is kept for the next scan, in a table of its
// own, for a pack may serve several sources. The index names it: it holds the ids of all objects, where they stand and their
// checksums, which are compared with the pack before anything that is kept is believed.

// fewObjects is from how many objects on it is worth to keep what a pack holds.
const fewObjects = 64

// remember opens what earlier scans learned of the packs.
func (o *objects) remember(c *cache.Cache) {
	if c == nil {
		return
	}
	for _, p := range o.packs {
		if p.n >= fewObjects {
			id := sha256.Sum256(p.idx)
			p.identity = id[:]
			p.table = c.Table("\x00pack", append(id[:], byte(p.hash)))
			if p.state != nil {
				_, p.vouched = p.table.Get(p.intactKey())
			}
		}
	}
}

// tables are those of the packs.
func (o *objects) tables() []*cache.Table {
	var out []*cache.Table
	for _, p := range o.packs {
		if p.table != nil {
			out = append(out, p.table)
		}
	}
	return out
}

// intactKey names the record that says that all objects of a file were compared with the index.
func (p *pack) intactKey() cache.Key { return p.table.NumberKey("intact", p.state) }

// vouch compares what a scan has not compared yet, and keeps that a pack is intact: as long as nobody writes to the file, the next scan
// need not read it for that.
func (o *objects) vouch() {
	for _, p := range o.packs {
		if p.table == nil || p.state == nil || p.vouched {
			continue
		}
		g, all := p.plan(), true
		for i := range g.at {
			if all && g.compared[i/32].Load()&(1<<(i%32)) == 0 {
				all = g.intact(int32(i))
				p.passed(g.end(i) - g.at[i])
			}
		}
		if all {
			p.table.Put(p.intactKey(), nil)
		}
	}
}

// intactKind reports whether the bytes of all objects of one kind are those that the index tells of.
func (g *plan) intactKind(kind objectKind) bool {
	for i := range g.at {
		if g.kind[i] == kind && !g.intact(int32(i)) {
			return false
		}
	}
	return true
}

// numberWriter writes a record of numbers and ids.
type numberWriter struct {
	pack *pack
	out  []byte
}

func (w *numberWriter) int(n int64) { w.out = binary.AppendVarint(w.out, n) }

// ints writes numbers that are read in a row.
func (w *numberWriter) ints(list []int32) {
	w.int(int64(len(list)))
	for _, n := range list {
		w.int(int64(n))
	}
}

// id writes an object: its place in the index, or itself where the pack lacks it.
func (w *numberWriter) id(id oid) {
	if at, ok := w.pack.find(id); ok {
		w.int(int64(at))
		return
	}
	w.int(-1)
	w.out = append(w.out, id[:w.pack.hash]...)
}

// numberReader reads what a numberWriter wrote. It is broken when it was cut short.
type numberReader struct {
	pack   *pack
	in     []byte
	broken bool
}

func (r *numberReader) int() int64 {
	n, size := binary.Varint(r.in)
	if size <= 0 {
		r.broken, r.in = true, nil
		return 0
	}
	r.in = r.in[size:]
	return n
}

// count reads how many things follow; each of them takes a byte at least.
func (r *numberReader) count() int {
	n := r.int()
	if n < 0 || n > int64(len(r.in)) {
		r.broken = true
		return 0
	}
	return int(n)
}

func (r *numberReader) ints() []int32 {
	out := make([]int32, r.count())
	in := r.in
	for i := range out {
		if len(in) == 0 {
			r.broken = true
			break
		}
		if b := in[0]; b < 0x80 { // most of them
			out[i], in = int32(b>>1)^-int32(b&1), in[1:]
			continue
		}
		n, size := binary.Varint(in)
		if size <= 0 {
			r.broken = true
			break
		}
		out[i], in = int32(n), in[size:]
	}
	r.in = in
	return out
}

func (r *numberReader) id() oid {
	id, _ := r.idAt()
	return id
}

// idAt is id, and tells the place in the index, -1 for none.
func (r *numberReader) idAt() (oid, int32) {
	at := r.int()
	if at >= 0 && at < int64(r.pack.n) {
		return r.pack.id(int(at)), int32(at)
	}
	if at != -1 || len(r.in) < int(r.pack.hash) {
		r.broken = true
		return oid{}, -1
	}
	id := r.pack.hash.from(r.in)
	r.in = r.in[r.pack.hash:]
	return id, -1
}

// done reports whether all was read, and no more.
func (r *numberReader) done() bool { return !r.broken && len(r.in) == 0 }

// keepCommits keeps the commits of a pack, all of which could be read, and which families of them say nothing.
func (g *plan) keepCommits(list []commit) {
	if g.pack.table == nil || g.count(commitKind) != len(list) {
		return
	}
	w := &numberWriter{pack: g.pack}
	var silent []int32
	for i, s := range g.silent {
		if s {
			silent = append(silent, int32(i))
		}
	}
	w.ints(silent)
	parents := 0
	for _, c := range list {
		parents += len(c.parents)
	}
	w.int(int64(len(list)))
	w.int(int64(parents))
	for _, c := range list {
		w.id(c.id)
		w.id(c.tree)
		w.int(c.time)
		w.int(int64(len(c.parents)))
		for _, p := range c.parents {
			w.id(p)
		}
	}
	g.pack.table.Put(g.pack.table.NumberKey("commits"), w.out)
}

// recallCommits takes over the commits of a pack from an earlier scan; false when they must be read.
func (r *repository) recallCommits(g *plan) bool {
	t := g.pack.table
	data, ok := t.Get(t.NumberKey("commits"))
	if !ok || !g.intactKind(commitKind) {
		return false
	}
	in := &numberReader{pack: g.pack, in: data}
	silent := in.ints()
	largest := len(r.forest.ids.packs) > 0 && r.forest.ids.packs[0] == g.pack
	list := make([]commit, in.count())
	parents := make([]oid, 0, in.count())
	for i := range list {
		c := &list[i]
		var at int32
		c.id = in.id()
		c.tree, at = in.idAt()
		c.time = in.int()
		if largest {
			c.treeAt = at + 1
		}
		from := len(parents)
		for range in.count() {
			parents = append(parents, in.id())
		}
		if len(parents) > from {
			c.parents = parents[from:len(parents):len(parents)]
		}
	}
	if !in.done() {
		return false
	}
	for _, i := range silent {
		if i < 0 || int(i) >= len(g.silent) {
			return false
		}
	}
	for _, i := range silent {
		g.silent[i] = true
	}
	if len(r.packed) == 0 {
		r.packed = make(map[oid]commit, len(list))
	}
	for _, c := range list {
		r.packed[c.id] = c
	}
	return true
}

func (w *numberWriter) text(s string) {
	w.int(int64(len(s)))
	w.out = append(w.out, s...)
}

func (r *numberReader) text() string {
	n := r.count()
	s := string(r.in[:n])
	r.in = r.in[n:]
	return s
}
