package source

import (
	"maps"
	"slices"
)

// fewFiles is up to how many files are read one by one: to read them in the order of the packs, the headers of all objects
// are read first.
const fewFiles = 300

// some reads files of other branches in the order of the packs: what their blobs stand on is built once, and of versions
// of one file only what is new has to be looked at.
func (w *walk) some(files []file) error {
	if len(files) <= fewFiles {
		return w.blobs(files)
	}
	for _, f := range files {
		w.waiting.files[f.blob] = append(w.waiting.files[f.blob], f)
	}
	w.src.save()
	known := map[oid]*scanned{} // of the present
	for at, k := range w.present.known {
		known[at.id] = k
	}
	blobs := slices.Collect(maps.Keys(w.waiting.files))
	if err := w.run(func(put func(job) bool) {
		for i, p := range w.src.repo.objects.packs {
			if !w.somePack(i, p.plan(), blobs, known, put) {
				return
			}
		}
	}); err != nil {
		return err
	}
	return w.blobs(w.waiting.rest())
}

// somePack puts the families of a pack in which files wait as jobs.
func (w *walk) somePack(number int, g *plan, blobs []oid, known map[oid]*scanned, put func(job) bool) bool {
	o := w.src.repo.objects
	wanted := make([]bool, len(g.at))
	for _, id := range blobs {
		if n, ok := g.pack.find(id); ok && !o.before(id, number) {
			if i, ok := slices.BinarySearch(g.at, g.pack.offset(n)); ok {
				wanted[i] = true
			}
		}
	}
	parent := g.parents()
	for i := range wanted {
		for up := parent[i]; wanted[i] && up >= 0 && !wanted[up]; up = parent[up] {
			wanted[up] = true
		}
	}
	var roots []int32
	for _, i := range g.roots {
		if wanted[i] && g.kind[i] == blobKind {
			roots = append(roots, i)
		}
	}
	for batch := range slices.Chunk(roots, batch) {
		if !put(func(worker int) error { return w.someFamilies(worker, g, batch, wanted, known) }) {
			return false
		}
	}
	return true
}

// parents returns what each object stands on, -1 for nothing.
func (g *plan) parents() []int32 {
	out := make([]int32, len(g.at))
	for i := range out {
		out[i] = -1
	}
	for i := range g.at {
		for c := g.child[i]; c >= 0; c = g.next[c] {
			out[c] = int32(i)
		}
	}
	return out
}

// someFamilies reads the wanted members of some families. What waits for one that cannot be built is read by itself.
func (w *walk) someFamilies(worker int, g *plan, roots []int32, wanted []bool, known map[oid]*scanned) error {
	o := w.src.repo.objects
	z := o.pool.Get().(*inflater)
	defer o.pool.Put(z)
	for _, root := range roots {
		err := g.readSome(z, root, w.opt.MaxFile, nil, wanted, func(b built) (*scanned, error) {
			if w.ctx.Err() != nil {
				return nil, w.ctx.Err()
			}
			k := known[b.id]
			if b.err != nil {
				return k, nil
			}
			for _, f := range w.waiting.take(b.id) {
				f.data, f.origin = b.data, b.origin
				said, err := w.handle(worker, f)
				if err != nil {
					return nil, err
				}
				if k == nil {
					k = said
				}
			}
			return k, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
