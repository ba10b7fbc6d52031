package secret

import (
	"regexp/syntax"
	"slices"
)

// The window round a keyword, when the expression itself does not bound it.
const (
	openBefore = 512
	openAfter  = 1024
	longAfter  = 16 << 10
)

// reach returns how much text before and behind the end of a keyword a match may span.
func (r *rule) reach() (before, after int) {
	r.measure.Do(func() {
		r.before, r.after = measure(r.find.source)
		if re, err := syntax.Parse(r.find.source, syntax.Perl); err == nil {
			r.long = lines(re)
		}
		if r.whole {
			r.needs = requires(r.find.source)
		}
	})
	return r.before, r.after
}

// may reports whether the rule's expression may match in a text; false is sure. Of a text that is cut round a keyword it is
// not asked.
func (r *rule) may(text []byte) bool {
	r.reach()
	return r.needs.may(text)
}

// fewLines is how many line ends a match may hold without being looked at again when text further off changes.
const fewLines = 2

// lines reports whether a match may go over many lines: a repeat of more than blanks that takes in line ends.
func lines(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpStar, syntax.OpPlus:
		return breaks(re.Sub[0])
	case syntax.OpRepeat:
		if (re.Max < 0 || re.Max > fewLines) && breaks(re.Sub[0]) {
			return true
		}
	}
	return slices.ContainsFunc(re.Sub, lines)
}

// breaks reports whether an expression takes in a line end, and other things than blanks.
func breaks(re *syntax.Regexp) bool {
	list := sequences(re)
	for _, steps := range list {
		end, other := false, false
		for _, s := range steps {
			end, other = end || s.known && s.set['\n'], other || s.known && s.set['a']
		}
		if end && other {
			return true
		}
	}
	return list == nil
}

// measure estimates the longest match of an expression.
func measure(source string) (before, after int) {
	re, err := syntax.Parse(source, syntax.Perl)
	if err != nil {
		return openBefore, openAfter
	}
	n, open, any := longest(re)
	switch {
	case any:
		return openBefore, longAfter
	case open || n > 4*longAfter:
		return openBefore, openAfter
	}
	return n + 64, n + 64
}

// kelvin is the greatest rune that a class of ASCII letters holds when case is folded.
const kelvin = '\u212a'

// longest returns the greatest length of a match in bytes, whether it has none, and whether an unbounded repeat
// of any character stands in it.
func longest(re *syntax.Regexp) (n int, open, any bool) {
	switch re.Op {
	case syntax.OpLiteral:
		return len(string(re.Rune)), false, false
	case syntax.OpCharClass:
		if n := len(re.Rune); n > 0 && re.Rune[n-1] <= kelvin {
			return 1, false, false
		}
		return 4, false, false
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return 4, false, false
	case syntax.OpStar, syntax.OpPlus:
		n, _, _ = longest(re.Sub[0])
		return n, true, wide(re.Sub[0])
	case syntax.OpRepeat:
		n, open, any = longest(re.Sub[0])
		if re.Max < 0 {
			return n * re.Min, true, any || wide(re.Sub[0])
		}
		return n * re.Max, open, any
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			m, o, a := longest(sub)
			n, open, any = max(n, m), open || o, any || a
		}
		return n, open, any
	}
	for _, sub := range re.Sub {
		m, o, a := longest(sub)
		n, open, any = n+m, open || o, any || a
	}
	return n, open, any
}

// wide reports whether a class matches nearly every character, newlines included.
func wide(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpAnyChar:
		return true
	case syntax.OpCharClass:
		return len(re.Rune) == 2 && re.Rune[0] == 0
	case syntax.OpCapture:
		return wide(re.Sub[0])
	}
	return false
}
