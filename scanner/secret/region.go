package secret

import (
	"bytes"

	"github.com/rotamap/rotamap/scanner/artifact"
)

// How far the text round a change is read again. A name and its value stand on one line or on neighbouring ones.
const (
	linesBefore = 2
	linesAfter  = 2
	maxSide     = 1 << 10 // bytes on either side of a change, when lines are longer
)

// regions returns the stretches of a file whose keywords are looked at, in order and apart. What stands between
// them was looked at in the file's base and had no hit; rules still see it, beyond the ends of a region.
func (s *scan) regions() []span {
	c := s.file.artifact.Change
	if c == nil || c.Path != s.file.artifact.Path && s.detector.class(c.Path) != s.detector.class(s.file.artifact.Path) {
		return append(s.places[:0], span{0, len(s.file.body)})
	}
	s.inherits = true
	out, kept := s.places[:0], c.Kept
	for _, r := range c.Dirty {
		w := s.file.round(r, end(out))
		for len(kept) > 0 && kept[0].Start < w.start {
			out = join(out, span{kept[0].Start, kept[0].End}, len(s.file.body))
			kept = kept[1:]
		}
		out = join(out, w, len(s.file.body))
	}
	for _, k := range kept {
		out = join(out, span{k.Start, k.End}, len(s.file.body))
	}
	return out
}

func end(list []span) int {
	if len(list) == 0 {
		return 0
	}
	return list[len(list)-1].end
}

// join adds a region behind the others, or makes the last one longer.
func join(list []span, r span, limit int) []span {
	r.end = min(r.end, limit)
	if n := len(list); n > 0 && list[n-1].end >= r.start {
		list[n-1].end = max(list[n-1].end, r.end)
		return list
	}
	if r.start >= r.end {
		return list
	}
	return append(list, r)
}

// round widens a change to whole lines, and to whole tokens where lines are long. What lies before floor is read
// anyway.
func (t *text) round(r artifact.Range, floor int) span {
	body := t.body
	start, stop := min(r.Start, len(body)), min(r.End, len(body))
	w := span{max(start-maxSide, min(start, floor)), min(stop+maxSide, len(body))}
	w.start = lineBack(body, w.start, start, linesBefore)
	from := stop
	if stop > start {
		from--
	}
	w.end = lineAhead(body, from, w.end, linesAfter)
	for n := 0; w.start > floor && w.start < len(body) && n < maxRun && inBase64[body[w.start-1]] && inBase64[body[w.start]]; n++ {
		w.start--
	}
	for n := 0; w.end > 0 && w.end < len(body) && n < maxRun && inBase64[body[w.end-1]] && inBase64[body[w.end]]; n++ {
		w.end++
	}
	return w
}

// lineBack returns where the line of offset i begins, or the line n lines before it, but not less than from.
func lineBack(body []byte, from, i, n int) int {
	for ; n >= 0; n-- {
		at := bytes.LastIndexByte(body[from:i], '\n')
		if at < 0 {
			return from
		}
		i = from + at
	}
	return i + 1
}

// lineAhead returns where the line of offset i ends, or the line n lines behind it, but not more than to.
func lineAhead(body []byte, i, to, n int) int {
	for ; n >= 0; n-- {
		at := bytes.IndexByte(body[i:to], '\n')
		if at < 0 {
			return to
		}
		i += at + 1
	}
	return i
}
