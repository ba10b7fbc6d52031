package source

import (
	"bytes"
	"cmp"
	"slices"
	"sort"

	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/cache"
)

// maxPieces bounds how finely the making of a content is told; a delta of more pieces is told as a new content.
const maxPieces = 1 << 16

// scanned is what is known of a blob that a visitor has seen. Nil stands for a blob of which nothing is known.
type scanned struct {
	path  string
	marks []artifact.Range // in the bytes as stored, in order and apart
	key   cache.Key        // names all that the marks depend on, where there is a cache
	tree  *treeText        // of a tree, where only its entries are asked for
}

// origin says how a content is made of one that a visitor has seen.
type origin struct {
	base   *scanned
	size   int // of the base
	pieces []piece
	kin    *artifact.Kin // of the run in which it is read; nil for none
}

// change tells what is new in a content of n bytes; nil when all of it is, or when it cannot be told.
func (o origin) change(n int) *artifact.Change {
	if o.base == nil || o.pieces == nil {
		return nil
	}
	c := &artifact.Change{Path: o.base.path, Dirty: make([]artifact.Range, 0, o.seams()+1)}
	from, to := 0, 0
	for _, p := range o.pieces {
		if p.to > to || p.from != from {
			c.Dirty = append(c.Dirty, artifact.Range{Start: to, End: p.to})
		}
		c.Kept = o.base.kept(c.Kept, p)
		from, to = p.from+p.size, p.to+p.size
	}
	if n > to || from != o.size {
		c.Dirty = append(c.Dirty, artifact.Range{Start: to, End: n})
	}
	return c
}

// seams counts the pieces that do not go on where the one before ends.
func (o origin) seams() int {
	n, from, to := 0, 0, 0
	for _, p := range o.pieces {
		if p.to > to || p.from != from {
			n++
		}
		from, to = p.from+p.size, p.to+p.size
	}
	return n
}

// turned tells the base against the content that is made of it: one that is known, of n bytes. Nil where that tells nothing.
func (o origin) turned(known *scanned, n int) *origin {
	if o.pieces == nil {
		return nil
	}
	out := &origin{base: known, size: n, pieces: make([]piece, 0, len(o.pieces))}
	for _, p := range o.pieces {
		out.pieces = append(out.pieces, piece{p.to, p.from, p.size})
	}
	slices.SortFunc(out.pieces, func(a, b piece) int { return cmp.Compare(a.to, b.to) })
	end := 0
	out.pieces = slices.DeleteFunc(out.pieces, func(p piece) bool { // what is taken over twice counts once
		again := p.to < end
		end = max(end, p.to+p.size)
		return again
	})
	return out
}

// through tells a content that is made of another against what that one is made of.
func (o origin) through(via *origin) origin {
	out := origin{base: via.base, size: via.size}
	if o.pieces == nil {
		return out
	}
	out.pieces = make([]piece, 0, len(o.pieces))
	for _, p := range o.pieces {
		first := sort.Search(len(via.pieces), func(i int) bool { return via.pieces[i].to+via.pieces[i].size > p.from })
		for _, v := range via.pieces[first:] {
			from, to := max(p.from, v.to), min(p.from+p.size, v.to+v.size)
			if from >= to {
				break
			}
			if out.pieces = take(out.pieces, piece{v.from + from - v.to, p.to + from - p.from, to - from}); out.pieces == nil {
				return out
			}
		}
	}
	return out
}

// kept appends where the marks that lie in a piece stand now.
func (s *scanned) kept(out []artifact.Range, p piece) []artifact.Range {
	end, move := p.from+p.size, p.to-p.from
	first := sort.Search(len(s.marks), func(i int) bool { return s.marks[i].End > p.from })
	for _, m := range s.marks[first:] {
		if m.Start >= end {
			break
		}
		out = append(out, artifact.Range{Start: max(m.Start, p.from) + move, End: min(m.End, end) + move})
	}
	return out
}

// apart sorts marks and joins those that overlap.
func apart(marks []artifact.Range) []artifact.Range {
	slices.SortFunc(marks, func(a, b artifact.Range) int { return cmp.Compare(a.Start, b.Start) })
	out := marks[:0]
	for _, m := range marks {
		if n := len(out); n > 0 && m.Start < out[n-1].End {
			out[n-1].End = max(out[n-1].End, m.End)
			continue
		}
		out = append(out, m)
	}
	return slices.Clone(out)
}

// offsetOf says how many bytes of a stored content come before its text; false when the text was decoded into
// something else, so that places in one do not tell those in the other.
func offsetOf(stored, text []byte) (int, bool) {
	mark := len(stored) - len(text)
	same := len(text) == 0 || mark >= 0 && &stored[mark] == &text[0]
	return mark, same && (mark == 0 || mark == 3 && bytes.HasPrefix(stored, []byte{0xEF, 0xBB, 0xBF}))
}

// show hands an artifact to the visitor, with what is new in it, and returns what is known of it from then on.
func (w *walk) show(worker int, f file, a *artifact.Artifact) (*scanned, error) {
	a.Kin = f.origin.kin
	mark, same := offsetOf(f.data, a.Content)
	if same {
		if a.Change = f.origin.change(len(f.data)); a.Change != nil && mark > 0 {
			a.Change.Dirty, a.Change.Kept = artifact.Shifted(a.Change.Dirty, -mark), artifact.Shifted(a.Change.Kept, -mark)
		}
	}
	k, earlier := w.introduce(&f, a)
	if earlier.kind == quietOutcome && w.src.memory.Recall(worker, a) {
		return earlier.scanned(f.path, k), nil
	}
	if err := w.visit(w.ctx, worker, a); err != nil {
		return nil, err
	}
	o := earlier
	if !a.Known {
		o = outcome{size: len(f.data), known: same, marks: apart(artifact.Shifted(a.Marks, mark))}
		if a.Quiet {
			o.kind = quietOutcome
		}
		w.learn(&f, k, o)
	}
	return o.scanned(f.path, k), nil
}
