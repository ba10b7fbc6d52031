package secret

import (
	"cmp"
	"slices"
)

// settle leaves one match per place: those that stand over those that are suppressed, a provider's own pattern
// over a structure, a structure over a name.
func (s *scan) settle() []match {
	slices.SortStableFunc(s.found, func(a, b match) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(rank(b), rank(a)), cmp.Compare(b.end, a.end),
			cmp.Compare(a.rule.number, b.rule.number))
	})
	var out []match
	for _, m := range s.found {
		if n := len(out); n > 0 && m.start < out[n-1].end && m.end > out[n-1].start {
			if rank(m) > rank(out[n-1]) {
				out[n-1] = m
			}
			continue
		}
		out = append(out, m)
	}
	return out
}

func rank(m match) int {
	n := 0
	if m.suppressed == "" {
		n += 8
	}
	if m.rule.provider {
		n += 4
	}
	if m.rule.own {
		n += 2
	}
	if m.rule.generic {
		n--
	}
	return n
}
