package artifact

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
