package source

import (
	"bytes"
	"cmp"
	"maps"
	"slices"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// history hands out every blob that was not handed out yet, under its least path, and the messages of commits
// and tags that may hold something.
func (w *walk) history(p *present) error {
	if w.opt.NoHistory {
		return nil
	}
	r := w.src.repo
	w.src.save()
	if err := r.forest.plant(w.ctx, w.opt.Workers); err != nil {
		return err
	}
	names := newNaming(r.forest, func(id oid, err error) { w.object("tree", id, err) })
	if err := names.name(w.ctx, r.commits); err != nil {
		return err
	}
	h := &historian{walk: w, present: p, names: names, stints: make([]*stint, w.opt.Workers)}
	if w.opt.NoUnreachable {
		w.tally.note("unreachable objects and reflogs were not read (--no-unreachable)")
		return h.reachable()
	}
	if err := names.name(w.ctx, w.lost()); err != nil {
		return err
	}
	names.settled()
	r.objects.bases.drop()
	if w.src.table != nil {
		names.digest(w.src.memory.Excluded)
	}
	if err := h.everything(); err != nil {
		return err
	}
	if w.src.table != nil {
		r.objects.vouch()
	}
	return nil
}

// historian hands out the objects of the history.
type historian struct {
	walk    *walk
	present *present
	names   *naming
	stints  []*stint // of the workers, nil for none
}

// lost returns the commits of the object store that no ref leads to, those that a reflog names included.
func (w *walk) lost() map[oid]commit {
	r := w.src.repo
	out := map[oid]commit{}
	r.reach(r.refs.logs, out, r.commits, false)
	maps.Copy(out, r.packed)
	r.objects.odd(commitKind, func(id oid) {
		if _, known := r.commits[id]; known {
			return
		}
		if c, err := r.commit(id); err == nil {
			out[id] = c
		}
	})
	return out
}

// reachable hands out what a commit leads to.
func (h *historian) reachable() error {
	w := h.walk
	return w.run(func(put func(job) bool) {
		for id := range h.names.all() {
			if !h.present.blobs[id] && !put(func(worker int) error { return h.object(worker, id) }) {
				return
			}
		}
		for id := range w.src.repo.commits {
			if !put(func(worker int) error { return h.object(worker, id) }) {
				return
			}
		}
		for _, t := range w.src.repo.refs.named {
			if !put(func(worker int) error { return h.object(worker, t.id) }) {
				return
			}
		}
	})
}

// everything hands out all objects of the store, and says which ones a tree names and the store lacks.
func (h *historian) everything() error {
	r := h.walk.src.repo
	for id := range h.names.strange() {
		if kind := r.objects.kind(id); kind != blobKind && !h.present.blobs[id] {
			// Borrowed from an alternate, missing or damaged: reading it finds out.
			if err := h.object(0, id); err != nil {
				return err
			}
		}
	}
	if err := h.packs(); err != nil {
		return err
	}
	return h.walk.blobs(h.walk.waiting.rest())
}

// packs hands out the objects of the packs, and the loose ones.
func (h *historian) packs() error {
	r := h.walk.src.repo
	return h.walk.run(func(put func(job) bool) {
		for i, p := range r.objects.packs {
			if !h.pack(r.objects, i, p.plan(), put) {
				return
			}
		}
		for id := range r.objects.loose {
			if p, _ := r.objects.packed(id); p == nil && !h.present.blobs[id] {
				put(func(worker int) error { return h.object(worker, id) })
			}
		}
	})
}

// batch is how many objects one job reads, more or less: families are small, mostly.
const batch = 128

// pack puts the families of a pack as jobs, the largest ones first, then the others as they stand in the file.
func (h *historian) pack(o *objects, number int, g *plan, put func(job) bool) bool {
	roots := slices.DeleteFunc(slices.Clone(g.roots), func(i int32) bool { return g.kind[i] == treeKind || g.silent != nil && g.silent[i] })
	slices.SortStableFunc(roots, func(a, b int32) int { return cmp.Compare(g.size[b]/batch, g.size[a]/batch) })
	for len(roots) > 0 {
		n, sum := 0, 0
		for n < len(roots) && sum < batch {
			sum += int(g.size[roots[n]])
			n++
		}
		some := roots[:n]
		roots = roots[n:]
		if !put(func(worker int) error { return h.families(worker, o, number, g, some) }) {
			return false
		}
	}
	return put(func(worker int) error {
		for _, i := range g.stray {
			if h.present.blobs[g.id(i)] {
				continue // it waits, and is read at the end
			}
			if err := h.object(worker, g.id(i)); err != nil {
				return err
			}
		}
		return nil
	})
}

// families reads some families of a pack. An object that cannot be built from this pack may stand in another.
func (h *historian) families(worker int, o *objects, number int, g *plan, roots []int32) error {
	s := h.enter(worker, number, g, roots)
	if h.resume(worker, s) {
		return nil
	}
	whole := false
	defer func() { h.leave(worker, s, whole) }() // also when the pack is cut short meanwhile
	err := h.read(worker, o, number, g, roots)
	whole = err == nil
	return err
}

// read builds the members of some families and hands them out.
func (h *historian) read(worker int, o *objects, number int, g *plan, roots []int32) error {
	z := o.pool.Get().(*inflater)
	defer o.pool.Put(z)
	kin := new(artifact.Kin)
	for _, root := range roots {
		var known *skim
		if h.walk.src.table != nil {
			known = &skim{historian: h, worker: worker, plan: g, number: number, kind: g.kind[root], seen: map[int32]skimmed{}}
		}
		err := g.read(z, root, h.walk.opt.MaxFile, known, func(b built) (*scanned, error) {
			b.origin.kin = kin
			switch {
			case h.walk.ctx.Err() != nil: // a family may have tens of thousands of large members
				return nil, h.walk.ctx.Err()
			case o.before(b.id, number):
				return nil, nil
			case h.present.blobs[b.id]:
				return h.settle(worker, b)
			case b.err != nil:
				return nil, h.object(worker, b.id)
			}
			return h.hand(worker, b)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// object hands out one object, whatever its kind.
func (h *historian) object(worker int, id oid) error {
	w := h.walk
	kind, data, err := w.src.repo.objects.get(id, w.opt.MaxFile)
	if err != nil {
		w.object("object", id, err)
		h.stints[worker].fail(nil)
		return nil
	}
	if h.names.has(id) && kind != blobKind {
		w.object("object", id, errCorrupt)
		h.stints[worker].fail(nil)
	}
	_, err = h.hand(worker, built{id: id, kind: kind, data: data})
	return err
}

// hand hands out the content of an object: a blob, or a message worth reading.
func (h *historian) hand(worker int, b built) (*scanned, error) {
	w := h.walk
	name := w.hash.text(b.id)
	f := file{state: inventory.History, message: true, stint: h.stints[worker]}
	ok := true
	switch b.kind {
	case blobKind:
		f = h.file(worker, b.id)
		f.data, f.origin = b.data, b.origin
		return w.handle(worker, f)
	case commitKind:
		_, f.data, ok = parseCommit(w.hash, b.id, b.data)
		f.path, f.commit = gitDir+"/commits/"+name, name
	case tagKind:
		_, f.data, ok = parseTag(w.hash, b.data)
		f.path = gitDir + "/tags/" + name
	default:
		return nil, nil
	}
	if !ok {
		w.object("object", b.id, errCorrupt)
		f.stint.fail(&f)
	} else if !telling(f.data) {
		w.src.table.Put(w.message(b.id), nil)
	}
	if !telling(f.data) {
		return nil, nil
	}
	return w.handle(worker, f)
}

// file is a blob of the history under its path.
func (h *historian) file(worker int, id oid) file {
	f := file{state: inventory.History, blob: id, path: h.names.path(id), stint: h.stints[worker]}
	if f.path == "" {
		f.path = gitDir + "/objects/" + h.walk.hash.text(id)
	}
	return f
}

// tellingWords are what a message that holds a credential is likely to say beside it.
var tellingWords = [][]byte{
	[]byte("pass"), []byte("pwd"), []byte("secret"), []byte("token"), []byte("key"), []byte("credential"), []byte("bearer"),
	[]byte("auth"), []byte("://"),
}

// telling reports whether a message may hold a credential: it speaks of one, or has a long word of letters and
// digits that is no object id and no Change-Id.
func telling(message []byte) bool {
	lower := bytes.ToLower(message)
	for _, word := range tellingWords {
		if bytes.Contains(lower, word) {
			return true
		}
	}
	for word := range bytes.FieldsSeq(message) {
		if len(word) >= 16 && mixed(word) {
			return true
		}
	}
	return false
}

// mixed reports whether a word has letters beyond f and digits: hexadecimal ids have not.
func mixed(word []byte) bool {
	digit, letter := false, false
	for _, c := range bytes.TrimLeft(word, "I") {
		digit = digit || c >= '0' && c <= '9'
		letter = letter || c >= 'g' && c <= 'z' || c >= 'G' && c <= 'Z'
	}
	return digit && letter
}
