package secret

import (
	"regexp/syntax"
	"slices"
	"strings"
)

// Most expressions of gitleaks look for a name, an assignment and a value, and differ in the name and the value
// alone:
//
//	(?i)[\w.-]{0,50}?(?:NAME)(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|...)[\x60'"\s=]{0,5}(VALUE)(?:[\x60'"\s;]|\\[nr]|$)
//
// They are slow as regular expressions, since they begin with no literal, and simple to read from the name on.
const (
	byName    = `(?i)[\w.-]{0,50}?(?:`
	nameEnds  = `)(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=|\|\||:|=>|\?=|,)[\x60'"\s=]{0,5}(`
	valueEnds = `)(?:[\x60'"\s;]|\\[nr]|$)`
)

// named reads what such an expression matches.
type named struct {
	names  [][]step
	values [][]step
}

// newNamed returns the reader of an expression; nil when it is not one of those.
func newNamed(source string) *named {
	rest, ok := strings.CutPrefix(source, byName)
	rest, ok2 := strings.CutSuffix(rest, valueEnds)
	name, value, ok3 := strings.Cut(rest, nameEnds)
	if !ok || !ok2 || !ok3 || strings.Contains(name, nameEnds) {
		return nil
	}
	n := &named{names: exactly(`(?i)` + name), values: exactly(`(?i)` + value)}
	if n.names == nil || n.values == nil || !n.close() {
		return nil
	}
	return n
}

// close reports whether no value goes on with what closes it.
func (n *named) close() bool {
	for _, steps := range n.values {
		for _, s := range steps {
			if s.min != s.max && (s.set['\\'] || !disjoint(s.set, valueCloses)) {
				return false
			}
		}
	}
	return true
}

// isByName reports whether an expression has the form that named reads.
func isByName(source string) bool {
	return strings.HasPrefix(source, byName) && strings.HasSuffix(source, valueEnds) && strings.Contains(source, nameEnds)
}

// exactly returns the sequences of an expression when they say all of it: no repeat may give bytes back.
func exactly(source string) [][]step {
	re, err := syntax.Parse(source, syntax.Perl)
	if err != nil || conditional(re) {
		return nil
	}
	list := sequences(re)
	for _, steps := range list {
		if len(steps) == 0 || !whole(steps) {
			return nil
		}
		if slices.ContainsFunc(readGreedily(steps), func(s step) bool { return s.min != s.max && !s.greedy }) {
			return nil
		}
	}
	return list
}

// conditional reports whether an expression has a condition without width.
func conditional(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText, syntax.OpWordBoundary, syntax.OpNoWordBoundary:
		return true
	}
	return slices.ContainsFunc(re.Sub, conditional)
}

// find returns where the value stands that follows the keyword between start and end. The name may go on behind
// the keyword, or have begun before it.
func (n *named) find(text []byte, start, end int, keyword string) (v span, ok bool) {
	for _, steps := range n.names {
		for i := 0; i+len(keyword) <= len(steps); i++ {
			if !spelt(text[start:end], steps[i:]) || !precedes(text, start, steps[:i]) {
				continue
			}
			at, _, fits := follows(text, end, steps[i+len(keyword):], nil)
			if !fits {
				continue
			}
			if v, ok = n.assigned(text, at); ok {
				return v, true
			}
		}
	}
	return span{}, false
}

// spelt reports whether the steps begin with exactly these bytes.
func spelt(word []byte, steps []step) bool {
	for i, c := range word {
		if s := steps[i]; s.min != 1 || s.max != 1 || !s.set[c] {
			return false
		}
	}
	return true
}

// The sets of bytes between a name and its value.
var (
	nameGoesOn  = bytesOf(" \t.-", true)
	nameCloses  = bytesOf(" \t\n\f\r'\"", false)
	valueOpens  = bytesOf("`'\" \t\n\f\r=", false)
	valueCloses = bytesOf("`'\" \t\n\f\r;", false)
)

func bytesOf(list string, word bool) *[256]bool {
	set := new([256]bool)
	for c := range set {
		set[c] = strings.IndexByte(list, byte(c)) >= 0 || word && isWord(byte(c))
	}
	return set
}

func runOf(text []byte, i, most int, set *[256]bool) int {
	n := 0
	for n < most && i+n < len(text) && set[text[i+n]] {
		n++
	}
	return n
}

// assigned reads the rest of a name, an operator and a value, longest first as the expression does.
func (n *named) assigned(text []byte, i int) (span, bool) {
	for a := runOf(text, i, 20, nameGoesOn); a >= 0; a-- {
		for b := runOf(text, i+a, 3, nameCloses); b >= 0; b-- {
			at := i + a + b
			if at >= len(text) || !operatorByte[text[at]] {
				continue
			}
			for _, sign := range operators {
				if len(text)-at > len(sign) && string(text[at:at+len(sign)]) == sign {
					if v, ok := n.value(text, at+len(sign)); ok {
						return v, true
					}
				}
			}
		}
	}
	return span{}, false
}

var operators = [...]string{"=", ">", ":=", "::=", ":::=", "||", ":", "=>", "?=", ","}

var operatorByte = bytesOf("=>:|?,", false)

// value reads a value behind an operator, up to what closes it.
func (n *named) value(text []byte, i int) (span, bool) {
	for c := runOf(text, i, 5, valueOpens); c >= 0; c-- {
		for _, steps := range n.values {
			end, _, ok := follows(text, i+c, steps, nil)
			if ok && closes(text, end) {
				return span{i + c, end}, true
			}
		}
	}
	return span{}, false
}

// closes reports whether a value ends at i.
func closes(text []byte, i int) bool {
	if i >= len(text) || valueCloses[text[i]] {
		return true
	}
	return text[i] == '\\' && i+1 < len(text) && (text[i+1] == 'n' || text[i+1] == 'r')
}

// namedValue reads the value behind a name that holds the keyword at hand, and keeps it.
func (p *pass) namedValue(r *rule, n *named, end int, keyword string) {
	body, start := p.text.body, p.start
	v, ok := n.find(body, start, end, keyword)
	if !ok || !p.first(r, v.start) || !p.wanted(r) {
		return
	}
	for i := 0; i < 50 && start > 0 && (isWord(body[start-1]) || body[start-1] == '.' || body[start-1] == '-'); i++ {
		start--
	}
	p.matched(r, body, start, []int{0, min(len(body), v.end+1) - start, v.start - start, v.end - start})
}
