package secret

import (
	"regexp/syntax"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// anchor is one place of a keyword in an expression: what stands before it, itself, and what follows.
type anchor struct{ head, key, tail []step }

// maxAnchors bounds the places of a keyword that are tested one by one.
const maxAnchors = 24

// anchorCheck is a byteCheck that may use what is known of the repeats of its text.
type anchorCheck func(text []byte, end int, known *runs) bool

// anchored makes the cheap test behind a keyword from the expression itself: the bytes round the keyword must be
// those that the expression asks for. It returns nil when the expression does not say where the keyword stands.
func anchored(source, keyword string, all []string) anchorCheck {
	re, err := syntax.Parse(source, syntax.Perl)
	if err != nil {
		return nil
	}
	list := sequences(re)
	if list == nil {
		return nil
	}
	var anchors []anchor
	for _, steps := range list {
		found := anchorsOf(readGreedily(steps), keyword)
		if len(found) == 0 && (!whole(steps) || !anyAnchor(steps, all)) {
			return nil
		}
		anchors = append(anchors, found...)
	}
	if len(anchors) == 0 || len(anchors) > maxAnchors {
		return nil
	}
	return func(text []byte, end int, known *runs) bool {
		for i := range anchors {
			if anchors[i].holds(text, end, known) {
				return true
			}
		}
		return false
	}
}

// whole reports whether nothing of a sequence is unknown.
func whole(steps []step) bool { return len(steps) == 0 || steps[len(steps)-1].known }

// anyAnchor reports whether one of the keywords stands in a sequence.
func anyAnchor(steps []step, keywords []string) bool {
	for _, k := range keywords {
		if len(anchorsOf(steps, k)) > 0 {
			return true
		}
	}
	return false
}

// anchorsOf returns the places of a keyword in a sequence.
func anchorsOf(steps []step, keyword string) []anchor {
	var out []anchor
	for i := 0; i+len(keyword) <= len(steps); i++ {
		j := 0
		for j < len(keyword) && spells(steps[i+j], keyword[j]) {
			j++
		}
		if j == len(keyword) {
			out = append(out, anchor{steps[:i], steps[i : i+j], steps[i+j:]})
		}
	}
	return out
}

// spells reports whether a step is exactly one byte and may be a letter in either case.
func spells(s step, c byte) bool {
	return s.known && s.min == 1 && s.max == 1 && (s.set[c] || letter(c) > 0 && s.set[c^0x20])
}

// holds reports whether the anchor fits a keyword that ends at end.
func (a *anchor) holds(text []byte, end int, known *runs) bool {
	start := end - len(a.key)
	for i, s := range a.key {
		if !s.set[text[start+i]] {
			return false
		}
	}
	_, _, ok := follows(text, end, a.tail, known)
	return ok && precedes(text, start, a.head)
}

// required are texts of which one stands in all that an expression matches, each with what stands round it there; nil
// when the expression does not say so.
type required []landmark

type landmark struct {
	anchor
	word []byte
}

// leastWord is the size of a text that is worth a search of its own.
const leastWord = 3

// requires reads the texts from the expression.
func requires(source string) required {
	re, err := syntax.Parse(source, syntax.Perl)
	if err != nil {
		return nil
	}
	var out required
	for _, steps := range sequences(re) {
		l := landmarkOf(steps)
		if len(l.word) < leastWord || len(out) == maxAnchors {
			return nil
		}
		out = append(out, l)
	}
	return out
}

// landmarkOf returns the longest text that stands in a sequence in one spelling.
func landmarkOf(steps []step) landmark {
	var best landmark
	for i := 0; i < len(steps); i++ {
		j, word := i, []byte(nil)
		for ; j < len(steps); j++ {
			c, ok := only(steps[j])
			if !ok {
				break
			}
			word = append(word, c)
		}
		if len(word) > len(best.word) {
			best = landmark{anchor{steps[:i], steps[i:j], steps[j:]}, word}
		}
		i = j
	}
	return best
}

// only returns the byte that a step stands for, when there is just one.
func only(s step) (byte, bool) {
	if !s.known || s.min != 1 || s.max != 1 {
		return 0, false
	}
	found, n := byte(0), 0
	for c, in := range s.set {
		if in {
			found, n = byte(c), n+1
		}
	}
	return found, n == 1
}

// may reports whether the expression may match in a text; false is sure.
func (q required) may(text []byte) bool {
	var known runs
	for i := range q {
		l := &q[i]
		for from := 0; ; {
			at := lazy.Index(text[from:], l.word)
			if at < 0 {
				break
			}
			if from += at + len(l.word); l.holds(text, from, &known) {
				return true
			}
			from -= len(l.word) - 1
		}
	}
	return q == nil
}
