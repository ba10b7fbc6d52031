package lazy

import (
	"bytes"
	"slices"
)

// Stretch is the part of a text between two offsets.
type Stretch struct{ From, To int }

// Near returns the stretches of whole lines, in order and apart, that lie around the places of some words: at least reach
// bytes to both sides of each. A regular expression each match of which holds one of the words needs to look at these
// alone. The line ends around a stretch are part of it.
func Near(text []byte, reach int, words ...string) []Stretch {
	var all []Stretch
	for _, word := range words {
		for from := 0; ; {
			n := Index(text[from:], word)
			if n < 0 {
				break
			}
			at := from + n
			s := Stretch{max(0, at-reach), min(len(text), at+len(word)+reach)}
			s.From = max(0, bytes.LastIndexByte(text[:s.From], '\n'))
			if n := bytes.IndexByte(text[s.To:], '\n'); n >= 0 {
				s.To += n + 1
			} else {
				s.To = len(text)
			}
			all = append(all, s)
			from = max(at+len(word), s.To-reach-len(word)) // what lies between has the same stretch
		}
	}
	slices.SortFunc(all, func(a, b Stretch) int { return a.From - b.From })
	out := all[:0]
	for _, s := range all {
		if n := len(out); n > 0 && s.From <= out[n-1].To {
			out[n-1].To = max(out[n-1].To, s.To)
			continue
		}
		out = append(out, s)
	}
	return out
}

// FindAllSubmatchIndexIn is FindAllSubmatchIndex on some stretches of b, which are in order and apart.
func (l *Regexp) FindAllSubmatchIndexIn(b []byte, stretches []Stretch, n int) [][]int {
	var out [][]int
	for _, s := range stretches {
		for _, m := range l.get().FindAllSubmatchIndex(b[s.From:s.To], n-len(out)) {
			for i := range m {
				if m[i] >= 0 {
					m[i] += s.From
				}
			}
			out = append(out, m)
		}
		if len(out) >= n {
			break
		}
	}
	return out
}
