package source

import (
	"encoding/binary"
	"hash/crc32"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/cache"
)

// Memory is what a visitor remembers from one scan to the next. Its functions are called like the visitor, by the same
// workers.
type Memory struct {
	// Recall is called for an artifact whose content was visited before under the same identity; when it says no, the
	// content is read and visited.
	Recall func(worker int, a *artifact.Artifact) bool
	// Begin and End enclose a run: artifacts of the history that are visited one after the other. End returns what they
	// gave, for the cache; false when that cannot be kept.
	Begin func(worker int)
	End   func(worker int) (record []byte, ok bool)
	// Resume takes over what an earlier scan made of a run; false when its artifacts must be visited.
	Resume func(worker int, record []byte) bool
	// Heads is called once before files at the heads of other branches are visited: with all of them, without their
	// contents.
	Heads func(list []*artifact.Artifact)
	// Excluded says which paths the visitor leaves out; nil for none.
	Excluded func(path string) bool
}

// Remember makes the next walk use what earlier ones learned of contents.
func (s *Source) Remember(t *cache.Table, m Memory) { s.table, s.memory = t, m }

// MessageOf returns the id of the commit or tag whose message is an artifact of a path, "" for another artifact.
func MessageOf(path string) string {
	for _, kind := range []string{"/commits/", "/tags/"} {
		if id, ok := strings.CutPrefix(path, gitDir+kind); ok {
			return id
		}
	}
	return ""
}

// Holds reports whether the object store of the source has an object.
func (s *Source) Holds(blob string) bool {
	if s.repo == nil {
		return false
	}
	id, ok := s.repo.hash.parse(blob)
	if !ok {
		return false
	}
	p, _ := s.repo.objects.packed(id)
	return p != nil || s.repo.objects.loose[id]
}

// Text returns the text of a blob, or the message of a commit or tag; false when it is none or cannot be had. It is called
// while the source is walked.
func (s *Source) Text(blob string) ([]byte, bool) {
	if s.repo == nil {
		return nil, false
	}
	id, ok := s.repo.hash.parse(blob)
	if !ok {
		return nil, false
	}
	kind, data, err := s.repo.objects.get(id, s.opt.MaxFile)
	if err != nil || s.repo.hash.object(kind, data) != id { // a value is read from nothing else
		return nil, false
	}
	switch kind {
	case commitKind:
		_, data, ok = parseCommit(s.repo.hash, id, data)
	case tagKind:
		_, data, ok = parseTag(s.repo.hash, data)
	}
	if !ok || kind == treeKind {
		return nil, false
	}
	return decode(data)
}

// outcome is what a walk learned of a blob or a message.
type outcome struct {
	kind  outcomeKind
	size  int
	known bool // what of it is marked is known, so that others can stand on it
	marks []artifact.Range
}

type outcomeKind byte

const (
	textOutcome     outcomeKind = iota
	quietOutcome                // text of which there is nothing to tell
	binaryOutcome               // no text, and nothing to tell
	lfsOutcome                  // stands for a content that is elsewhere
	gitCryptOutcome             // encrypted as a whole
	transcryptOutcome
)

func (o outcome) encode() []byte {
	b := binary.AppendUvarint([]byte{byte(o.kind)}, uint64(o.size))
	if !o.known {
		return b
	}
	b = append(b, 1)
	at := 0
	for _, m := range o.marks { // in order and apart
		b = binary.AppendVarint(binary.AppendVarint(b, int64(m.Start-at)), int64(m.End-m.Start))
		at = m.End
	}
	return b
}

func decodeOutcome(b []byte) (o outcome, ok bool) {
	if len(b) < 2 {
		return o, false
	}
	o.kind = outcomeKind(b[0])
	size, n := binary.Uvarint(b[1:])
	if o.size = int(size); n <= 0 {
		return o, false
	}
	b = b[1+n:]
	if o.known = len(b) > 0; !o.known {
		return o, true
	}
	b = b[1:]
	for at := 0; len(b) > 0; {
		start, n := binary.Varint(b)
		length, m := binary.Varint(b[max(n, 0):])
		if n <= 0 || m <= 0 {
			return o, false
		}
		r := artifact.Range{Start: at + int(start), End: at + int(start) + int(length)}
		o.marks, at, b = append(o.marks, r), r.End, b[n+m:]
	}
	return o, true
}

// identify names a blob at a path, and what of it is new: that depends on the base that it is told against.
func (w *walk) identify(f *file) cache.Key {
	var base []byte
	if b := f.origin.base; b != nil {
		base = b.key[:]
	}
	history := byte(0)
	if f.state == inventory.History {
		history = 1
	}
	return w.src.table.Key("blob", f.blob[:], []byte(cleanPath(f.path)), []byte{history}, base)
}

// message names the message of a commit or tag.
func (w *walk) message(id oid) cache.Key { return w.src.table.Key("message", id[:]) }

// remembered returns what is known of a blob.
func (w *walk) remembered(k cache.Key) (outcome, bool) {
	data, ok := w.src.table.Get(k)
	if !ok {
		return outcome{}, false
	}
	return decodeOutcome(data)
}

// introduce gives an artifact its identity, and says what is known of it.
func (w *walk) introduce(f *file, a *artifact.Artifact) (cache.Key, outcome) {
	if w.src.table == nil || f.blob == (oid{}) {
		return cache.Key{}, outcome{}
	}
	k := w.identify(f)
	o, ok := w.remembered(k)
	a.Identity, a.Known, a.Quiet = string(k[:]), ok, o.kind == quietOutcome
	return k, o
}

// learn keeps what this walk learned of a blob.
func (w *walk) learn(f *file, k cache.Key, o outcome) {
	if w.src.table != nil && f.blob != (oid{}) {
		w.src.table.Put(k, o.encode())
	}
}

// recall takes over what an earlier walk learned of a blob, without its content; false when it must be read.
func (w *walk) recall(worker int, f file) (*scanned, bool) {
	k := w.identify(&f)
	f.stint.wait(&f, k)
	return w.recallAs(worker, f, k)
}

// recallAs is recall for a blob whose identity is known.
func (w *walk) recallAs(worker int, f file, k cache.Key) (*scanned, bool) {
	o, ok := w.remembered(k)
	if !ok {
		return nil, false
	}
	switch o.kind {
	case binaryOutcome:
		if !w.src.memory.Recall(worker, &artifact.Artifact{Path: cleanPath(f.path), State: f.state, Quiet: true}) {
			return nil, false
		}
		w.tally.count(binaryRead)
		f.stint.count(&f, binaryRead)
	case lfsOutcome, gitCryptOutcome, transcryptOutcome:
		w.tally.skip(f.path, leftOut[o.kind])
		f.stint.skip(&f, f.path, leftOut[o.kind])
	default:
		a := f.artifact(w, nil)
		a.Identity, a.Known, a.Quiet = string(k[:]), true, o.kind == quietOutcome
		if !w.src.memory.Recall(worker, a) {
			return nil, false
		}
	}
	w.tally.looked(f.blob, o.size, f.state == inventory.Head)
	f.stint.looked(&f, f.blob, o.size)
	return o.scanned(f.path, k), true
}

// scanned is what other blobs may stand on.
func (o outcome) scanned(path string, k cache.Key) *scanned {
	if !o.known {
		return nil
	}
	return &scanned{path: cleanPath(path), marks: o.marks, key: k}
}

// skim takes over what is known of the objects of one pack, family by family.
type skim struct {
	historian *historian
	worker    int
	plan      *plan
	number    int // of the pack
	kind      objectKind
	seen      map[int32]skimmed
}

// skimmed is the verdict on one object: what is known of it, whether it need not be visited, and whether neither it nor
// what stands on it need be built.
type skimmed struct {
	known       *scanned
	done, whole bool
}

// ask judges an object, and all that stand on it as far as they are known.
func (s *skim) ask(i int32, base *scanned) skimmed {
	if v, ok := s.seen[i]; ok {
		return v
	}
	var v skimmed
	if v.known, v.done = s.recall(i, base); v.done {
		v.whole = true
		for c := s.plan.child[i]; c >= 0; c = s.plan.next[c] {
			if !s.ask(c, v.known).whole {
				v.whole = false
			}
		}
	}
	s.seen[i] = v
	return v
}

// recall takes over what is known of one object. Its bytes in the pack are checked all the same: damage is told by
// every scan.
func (s *skim) recall(i int32, base *scanned) (*scanned, bool) {
	h := s.historian
	id := s.plan.id(i)
	if h.walk.src.repo.objects.before(id, s.number) {
		return nil, true // read from the other pack
	}
	if !s.plan.intact(i) {
		return nil, false
	}
	switch s.kind {
	case commitKind, tagKind:
		_, silent := h.walk.src.table.Get(h.walk.message(id))
		return nil, silent
	case blobKind:
		if h.present.blobs[id] {
			return h.recallWaiting(s.worker, id, base)
		}
		f := h.file(s.worker, id)
		f.origin.base = base
		return h.walk.recall(s.worker, f)
	}
	return nil, false
}

// recallWaiting takes over what is known of the files that wait for an object.
func (h *historian) recallWaiting(worker int, id oid, base *scanned) (*scanned, bool) {
	w := h.walk
	done := true
	for _, f := range w.waiting.take(id) {
		f.origin.base, f.stint = base, h.stints[worker]
		known, ok := w.recall(worker, f)
		if !ok {
			done = false
			w.waiting.put(f)
			continue
		}
		if known != nil {
			h.present.know(placed{f.path, id}, known)
		}
	}
	return h.present.knows(placed{h.names.path(id), id}), done
}

// end returns where the bytes of an object end in the pack.
func (g *plan) end(i int) int64 {
	end := int64(len(g.pack.data)) - int64(g.pack.hash)
	if i+1 < len(g.at) {
		end = min(end, g.at[i+1])
	}
	return end
}

// intact reports whether the bytes of an object are those that the index of the pack tells of.
func (g *plan) intact(i int32) bool {
	p := g.pack
	if p.vouched {
		return true
	}
	end := g.end(int(i))
	if g.at[i] >= end || g.at[i] < 12 {
		return false
	}
	want := binary.BigEndian.Uint32(p.idx[idxHeader+p.n*int(p.hash)+4*int(g.pos[i]):])
	if crc32.ChecksumIEEE(p.data[g.at[i]:end]) != want {
		return false
	}
	g.compared[i/32].Or(1 << (i % 32))
	return true
}
