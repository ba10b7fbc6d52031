package secret

import (
	"regexp/syntax"
	"slices"
)

// step is one element of a regular expression that stands for single bytes: a set, and how often it occurs. The
// cheap tests behind keywords are made of steps, so that an expression runs only where it is likely to match.
type step struct {
	set      *[256]bool
	min, max int
	known    bool // what stands here could be put into these terms; false ends a sequence
	greedy   bool // it is read to its end: nothing that may follow it begins with a byte of its own
}

// The limits of turning an expression into sequences of steps.
const (
	maxSequences = 48
	maxSteps     = 400
	unbounded    = 1 << 30
)

// sequences returns the alternatives of an expression, each as a sequence of steps; nil when there are too many.
// Conditions without width, such as \b, are left out: a sequence holds wherever the expression matches.
func sequences(re *syntax.Regexp) [][]step {
	switch re.Op {
	case syntax.OpLiteral:
		return [][]step{literalSteps(re)}
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return [][]step{{setOf(re, 1, 1)}}
	case syntax.OpStar:
		return repeated(re.Sub[0], 0, unbounded)
	case syntax.OpPlus:
		return repeated(re.Sub[0], 1, unbounded)
	case syntax.OpQuest:
		return repeated(re.Sub[0], 0, 1)
	case syntax.OpRepeat:
		if re.Max < 0 {
			return repeated(re.Sub[0], re.Min, unbounded)
		}
		return repeated(re.Sub[0], re.Min, re.Max)
	case syntax.OpCapture:
		return sequences(re.Sub[0])
	case syntax.OpConcat:
		return concatenated(re.Sub)
	case syntax.OpAlternate:
		var out [][]step
		for _, sub := range re.Sub {
			list := sequences(sub)
			if list == nil || len(out)+len(list) > maxSequences {
				return nil
			}
			out = append(out, list...)
		}
		return out
	}
	return [][]step{{}}
}

// concatenated joins each alternative of one part with each of the next.
func concatenated(parts []*syntax.Regexp) [][]step {
	out := [][]step{{}}
	for _, sub := range parts {
		list := sequences(sub)
		if list == nil || len(out)*len(list) > maxSequences {
			return nil
		}
		var next [][]step
		for _, a := range out {
			for _, b := range list {
				if n := len(a); n > 0 && !a[n-1].known {
					b = nil
				}
				next = append(next, slices.Concat(a, b))
			}
		}
		out = next
	}
	return out
}

// repeated is a repeat of one set, or of something larger when it is exactly so often; else the end of what is
// known.
func repeated(sub *syntax.Regexp, least, most int) [][]step {
	for sub.Op == syntax.OpCapture {
		sub = sub.Sub[0]
	}
	if least == 0 && most == 1 {
		if list := sequences(sub); list != nil && len(list) < maxSequences {
			return append(list, []step{})
		}
	}
	switch sub.Op {
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return [][]step{{setOf(sub, least, most)}}
	case syntax.OpLiteral:
		if s := literalSteps(sub); len(s) == 1 && s[0].known {
			s[0].min, s[0].max = least, most
			return [][]step{s}
		}
	}
	return [][]step{{{}}}
}

// literalSteps returns one step for each letter. A letter beyond ASCII ends what is known.
func literalSteps(re *syntax.Regexp) []step {
	var out []step
	for _, r := range re.Rune {
		if r > 127 || len(out) > maxSteps {
			return append(out, step{})
		}
		set := new([256]bool)
		set[r] = true
		if re.Flags&syntax.FoldCase != 0 && letter(byte(r)) > 0 {
			set[r^0x20] = true
		}
		out = append(out, step{set: set, min: 1, max: 1, known: true})
	}
	return out
}

// setOf returns the step of a class. What is beyond ASCII is one to four bytes: such a class is only counted at
// its least.
func setOf(re *syntax.Regexp, least, most int) step {
	set := new([256]bool)
	wide := re.Op != syntax.OpCharClass
	if wide {
		for i := range set {
			set[i] = i != '\n' || re.Op == syntax.OpAnyChar
		}
	}
	for i := 0; i+1 < len(re.Rune); i += 2 {
		for r := re.Rune[i]; r <= min(re.Rune[i+1], 127); r++ {
			set[r] = true
		}
		if re.Rune[i+1] > 127 && re.Rune[i+1] != kelvin && re.Rune[i+1] != longS {
			wide = true
		}
	}
	if wide {
		for i := 128; i < 256; i++ {
			set[i] = true
		}
		if most < unbounded {
			most = min(4*most, unbounded)
		}
	}
	return step{set: set, min: least, max: most, known: true}
}

// longS is the other rune that folds to an ASCII letter.
const longS = '\u017f'

// disjoint reports whether no byte is in both sets.
func disjoint(a, b *[256]bool) bool {
	for i := range a {
		if a[i] && b[i] {
			return false
		}
	}
	return true
}

// follows reports whether a sequence may stand at i, and where it ends. Where a repeat may give bytes back to what
// follows it, the test ends with yes and exact is false.
func follows(text []byte, i int, steps []step, known *runs) (end int, exact, ok bool) {
	for n := range steps {
		s := &steps[n]
		if !s.known {
			return i, false, true
		}
		run := known.from(text, i, s)
		if run < s.min {
			return i, true, false
		}
		if s.min != s.max && !s.greedy {
			return i, false, true
		}
		i += run
	}
	return i, true, true
}

// runs remembers long repeats of a text by where they end: a text in base64 holds the keyword of a rule at every other thousandth
// byte, and what may follow is a repeat to the end of the text for each of them.
type runs [8]struct {
	set      *[256]bool
	from, to int
}

// longRepeat is how long a repeat is that is remembered.
const longRepeat = 512

// from returns how often a step stands at i.
func (r *runs) from(text []byte, i int, s *step) int {
	if r != nil && s.max == unbounded {
		for n := range r {
			k := &r[n]
			if k.set == nil {
				break
			}
			if k.set == s.set && k.from <= i && i < k.to {
				return k.to - i
			}
		}
	}
	run := 0
	for run < s.max && i+run < len(text) && s.set[text[i+run]] {
		run++
	}
	if r != nil && s.max == unbounded && run > longRepeat {
		copy(r[1:], r[:len(r)-1])
		r[0].set, r[0].from, r[0].to = s.set, i, i+run
	}
	return run
}

// readGreedily notes of the steps of a sequence which repeats are read to their end.
func readGreedily(steps []step) []step {
	for n := range steps {
		steps[n].greedy = steps[n].known && greedy(steps[n], steps[n+1:])
	}
	return steps
}

// greedy reports whether a repeat can be read greedily: nothing that may follow it begins with a byte of its own.
func greedy(s step, rest []step) bool {
	for _, next := range rest {
		if !next.known || !disjoint(s.set, next.set) {
			return false
		}
		if next.min > 0 {
			return true
		}
	}
	return true
}

// precedes reports whether a sequence of single bytes may stand before i.
func precedes(text []byte, i int, steps []step) bool {
	for n := len(steps) - 1; n >= 0; n-- {
		s := steps[n]
		if !s.known || s.min != s.max && !(n == len(steps)-1 || s.min > 0) {
			return true
		}
		run := 0
		for run < s.min && i-run > 0 && s.set[text[i-run-1]] {
			run++
		}
		if run < s.min {
			return false
		}
		if s.min != s.max {
			return true
		}
		i -= run
	}
	return true
}
