package source

import (
	"slices"
	"sync"
)

// waiting are files of the present state whose contents are read together with the history, in the order of the
// packs: a content is built once, on its base, and only what is new in it has to be looked at. Without a reading
// of the whole history they are read one by one.
type waiting struct {
	files map[oid][]file

	mu sync.Mutex
}

// waits reports whether the packs are read as a whole, in the end.
func (w *walk) waits() bool {
	return !w.opt.NoHistory && !w.opt.NoUnreachable && w.opt.Scope == ScopeAll
}

// wait puts files off until the packs are read.
func (w *walk) wait(files []file) error {
	if !w.waits() {
		return w.blobs(files)
	}
	for _, f := range files {
		w.waiting.files[f.blob] = append(w.waiting.files[f.blob], f)
	}
	return nil
}

// blobs reads files one by one, by their blobs.
func (w *walk) blobs(files []file) error {
	return w.run(func(put func(job) bool) {
		for _, f := range files {
			if !put(func(worker int) error { return w.blob(worker, f) }) {
				return
			}
		}
	})
}

// take returns the files that wait for a blob; they wait no longer.
func (q *waiting) take(id oid) []file {
	q.mu.Lock()
	defer q.mu.Unlock()
	list := q.files[id]
	delete(q.files, id)
	return list
}

// put lets a file wait on.
func (q *waiting) put(f file) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.files[f.blob] = append(q.files[f.blob], f)
}

// rest returns the files that still wait: their blobs stand in no pack of the repository.
func (q *waiting) rest() []file {
	var out []file
	for _, list := range q.files {
		out = append(out, list...)
	}
	slices.SortFunc(out, func(a, b file) int { return placed{a.path, a.blob}.compare(placed{b.path, b.blob}) })
	q.files = map[oid][]file{}
	return out
}

// settle hands out the files that wait for an object of a pack, and returns what is known of it then: under the
// path that the history has for it.
func (h *historian) settle(worker int, b built) (*scanned, error) {
	w := h.walk
	for _, f := range w.waiting.take(b.id) {
		if b.err != nil || b.kind != blobKind {
			h.stints[worker].fail(nil)
			if err := w.blob(worker, f); err != nil {
				return nil, err
			}
			continue
		}
		f.data, f.origin, f.stint = b.data, b.origin, h.stints[worker]
		if err := w.deliver(worker, f); err != nil {
			return nil, err
		}
	}
	return h.present.knows(placed{h.names.path(b.id), b.id}), nil
}
