package artifact

import "bytes"

// Range is a stretch of a content: bytes from Start up to End.
type Range struct{ Start, End int }

// Change compares a content with that of its base, a file that was visited before: in git, the object on which
// it is stored as a delta.
type Change struct {
	Path  string  // of the base
	Dirty []Range // what is not in the base, in order; an empty range stands where something was taken out
	Kept  []Range // where the marks of the base stand now, in order; a mark that was cut gives its pieces
}

// Shifted returns ranges moved by n bytes. What falls before the start is cut off.
func Shifted(list []Range, n int) []Range {
	if n == 0 {
		return list
	}
	out := make([]Range, len(list))
	for i, r := range list {
		out[i] = Range{max(0, r.Start+n), max(0, r.End+n)}
	}
	return out
}

// Only returns the artifact with the text of some stretches alone: the other lines are empty. It has the same lines.
func (a *Artifact) Only(kept []Range) *Artifact {
	b := *a
	b.tree, b.Content = nil, bytes.Repeat([]byte{' '}, len(a.Content))
	a.index()
	b.lines = a.lines
	for _, start := range a.lines[1:] {
		b.Content[start-1] = '\n'
	}
	for _, r := range kept {
		copy(b.Content[r.Start:r.End], a.Content[r.Start:r.End])
	}
	return &b
}
