package source

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/cache"
)

// stint is some families that one worker reads one after the other. What they give depends on the pack and on the paths and
// the states of their members alone, so it is kept as one record: a scan after one commit reads those families anew in
// which a path or a state has changed, and takes over the others without asking for each member.
type stint struct {
	key  cache.Key
	pack *pack

	seen    []sized // contents of the history
	skips   []inventory.Skipped
	counts  map[string]int
	waiters map[placed]cache.Key // files of the present that wait for a member: their facts have records of their own
	failed  bool                 // what was read cannot be kept
}

type sized struct {
	id   oid
	size int
}

func newStint(p *pack, k cache.Key) *stint {
	return &stint{key: k, pack: p, counts: map[string]int{}, waiters: map[placed]cache.Key{}}
}

// past reports whether a file belongs to what the run itself gives.
func (r *stint) past(f *file) bool { return r != nil && f.state == inventory.History }

func (r *stint) looked(f *file, id oid, size int) {
	if r.past(f) && !f.message && f.depth == 0 {
		r.seen = append(r.seen, sized{id, size})
	}
}

func (r *stint) skip(f *file, path, reason string) {
	if r.past(f) {
		r.skips = append(r.skips, inventory.Skipped{Path: path, Reason: reason})
	}
}

func (r *stint) count(f *file, reason string) {
	if r.past(f) {
		r.counts[reason]++
	}
}

// fail says that the run cannot be kept: for a file of the history, or for the run itself.
func (r *stint) fail(f *file) {
	if r != nil && (f == nil || f.state == inventory.History) {
		r.failed = true
	}
}

// wait notes the identity of a file of the present state.
func (r *stint) wait(f *file, k cache.Key) {
	if r == nil || f.state == inventory.History || f.depth > 0 {
		return
	}
	r.waiters[placed{f.path, f.blob}] = k
}

// enter names a run; nil where nothing is kept, or the pack is not what its index says.
func (h *historian) enter(worker, number int, g *plan, roots []int32) *stint {
	w := h.walk
	if w.src.table == nil || g.pack.table == nil || w.src.memory.Begin == nil {
		return nil
	}
	d := &stintDigest{historian: h, number: number, plan: g, sum: sha256.New()}
	for _, root := range roots {
		if !d.family(root) {
			return nil
		}
	}
	o := w.opt
	d.number64(int64(len(roots)), int64(o.MaxDepth), o.MaxUnpacked)
	if o.NoArchives {
		d.number64(1)
	}
	d.flush()
	r := newStint(g.pack, w.src.table.Key("run", g.pack.identity, d.sum.Sum(nil)))
	h.stints[worker] = r
	return r
}

// stintDigest sums up what a run depends on.
type stintDigest struct {
	historian *historian
	number    int
	plan      *plan
	sum       hash.Hash
	buffer    []byte
	todo      []int32
}

func (d *stintDigest) number64(list ...int64) {
	for _, n := range list {
		d.buffer = binary.AppendVarint(d.buffer, n)
	}
	if len(d.buffer) > 1<<12 {
		d.flush()
	}
}

func (d *stintDigest) flush() {
	_, _ = d.sum.Write(d.buffer)
	d.buffer = d.buffer[:0]
}

// family adds the members of a family; false when the pack is damaged.
func (d *stintDigest) family(root int32) bool {
	g := d.plan
	d.number64(int64(root))
	d.todo = append(d.todo[:0], root)
	for len(d.todo) > 0 {
		i := d.todo[len(d.todo)-1]
		d.todo = d.todo[:len(d.todo)-1]
		if !g.intact(i) {
			return false
		}
		d.member(i, g.kind[root])
		for c := g.child[i]; c >= 0; c = g.next[c] {
			d.todo = append(d.todo, c)
		}
	}
	return true
}

// member adds an object: its path, and how it stands in the present.
func (d *stintDigest) member(i int32, kind objectKind) {
	h, id := d.historian, d.plan.id(i)
	state := int64(0)
	switch {
	case d.number > 0 && h.walk.src.repo.objects.before(id, d.number):
		d.number64(1)
		return
	case kind != blobKind:
		return
	case h.present.blobs[id]:
		state = 2
	}
	d.number64(state)
	d.buffer = append(d.buffer, h.names.digestOf(d.plan.pack, d.plan.pos[i])...)
	if state == 0 {
		return
	}
	if known := h.present.knows(placed{h.names.path(id), id}); known != nil {
		d.buffer = append(d.buffer, known.key[:]...)
	}
	waiting := h.walk.waiting.of(id)
	d.number64(int64(len(waiting)))
	for _, f := range waiting {
		d.number64(int64(len(f.path)))
		d.buffer = append(append(d.buffer, f.path...), f.state...)
	}
}

// of returns the files that wait for a blob, by path; they wait on.
func (q *waiting) of(id oid) []file {
	q.mu.Lock()
	defer q.mu.Unlock()
	out := slices.Clone(q.files[id])
	slices.SortFunc(out, func(a, b file) int { return strings.Compare(a.path, b.path) })
	return out
}

// resume takes over what an earlier scan made of a run; false when it must be read.
func (h *historian) resume(worker int, r *stint) bool {
	if r == nil {
		return false
	}
	w := h.walk
	data, ok := w.src.table.Get(r.key)
	if ok {
		ok = h.replay(worker, r, data)
	}
	if ok {
		h.stints[worker] = nil
		return true
	}
	*r = *newStint(r.pack, r.key)
	w.src.memory.Begin(worker)
	return false
}

// leave keeps what a run gave, when it was read in full.
func (h *historian) leave(worker int, r *stint, whole bool) {
	if r == nil {
		return
	}
	h.stints[worker] = nil
	record, ok := h.walk.src.memory.End(worker)
	if ok && !r.failed && whole {
		h.walk.src.table.Put(r.key, r.encode(record))
	}
}

// encode writes a run, with what the visitor wrote of it.
func (r *stint) encode(record []byte) []byte {
	w := &numberWriter{pack: r.pack}
	w.int(int64(len(r.seen)))
	for _, s := range r.seen {
		w.id(s.id)
		w.int(int64(s.size))
	}
	w.int(int64(len(r.waiters)))
	for at, k := range r.waiters {
		w.id(at.id)
		w.text(at.path)
		w.out = append(w.out, k[:]...)
	}
	w.int(int64(len(r.skips)))
	for _, s := range r.skips {
		w.text(s.Path)
		w.text(s.Reason)
	}
	w.int(int64(len(r.counts)))
	for reason, n := range r.counts {
		w.text(reason)
		w.int(int64(n))
	}
	return append(w.out, record...)
}

// decode reads a run, and returns what the visitor wrote of it.
func (r *stint) decode(data []byte) (record []byte, ok bool) {
	in := &numberReader{pack: r.pack, in: data}
	for range in.count() {
		r.seen = append(r.seen, sized{in.id(), int(in.int())})
	}
	for range in.count() {
		var k cache.Key
		at := placed{id: in.id(), path: in.text()}
		if len(in.in) < len(k) {
			return nil, false
		}
		in.in = in.in[copy(k[:], in.in):]
		r.waiters[at] = k
	}
	for range in.count() {
		r.skips = append(r.skips, inventory.Skipped{Path: in.text(), Reason: in.text()})
	}
	for range in.count() {
		reason := in.text()
		r.counts[reason] += int(in.int())
	}
	return in.in, !in.broken
}

// replay takes over a run: first the files of the present that wait for its members, then what the history gave.
func (h *historian) replay(worker int, r *stint, data []byte) bool {
	w := h.walk
	record, ok := r.decode(data)
	if !ok || !h.replayWaiting(worker, r) || !w.src.memory.Resume(worker, record) {
		return false
	}
	w.tally.replay(r)
	return true
}

// replayWaiting takes over what is known of the files that wait for members of a run. One of which nothing is known waits
// on, and the run must be read.
func (h *historian) replayWaiting(worker int, r *stint) bool {
	w := h.walk
	all := true
	for at := range r.waiters {
		for _, f := range w.waiting.take(at.id) {
			var known *scanned
			k, ok := r.waiters[placed{f.path, f.blob}]
			if ok {
				known, ok = w.recallAs(worker, f, k)
			}
			if !ok {
				all = false
				w.waiting.put(f)
				continue
			}
			if known != nil {
				h.present.know(placed{f.path, f.blob}, known)
			}
		}
	}
	return all
}

// replay counts what a run of an earlier scan looked at.
func (t *tally) replay(r *stint) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, s := range r.seen {
		if !t.seen[s.id] { // no other run has it
			t.cov.Blobs++
			t.cov.Bytes += int64(s.size)
		}
	}
	for _, s := range r.skips {
		t.cov.Skip(cleanPath(s.Path), s.Reason)
	}
	for reason, n := range r.counts {
		t.counts[reason] += n
	}
}
