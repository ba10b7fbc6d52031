package secret

import (
	"regexp/syntax"
	"strings"
	"sync"
	"unicode/utf8"
)

// beginnings are the texts with which an expression that is anchored in front says that a value begins.
type beginnings struct {
	source string
	once   sync.Once
	by     [256][]string // by first byte
	any    bool          // it does not say
}

// of reports whether a value, which is not empty, begins with one of them: else the expression does not match it.
func (b *beginnings) of(v string) bool {
	b.once.Do(b.read)
	if b.any {
		return true
	}
	for _, text := range b.by[v[0]] {
		if strings.HasPrefix(v, text) {
			return true
		}
	}
	return false
}

func (b *beginnings) read() {
	re, err := syntax.Parse(b.source, syntax.Perl)
	if err != nil {
		b.any = true
		return
	}
	for _, p := range prefixes(re) {
		if p.text == "" {
			b.any = true
			return
		}
		b.by[p.text[0]] = append(b.by[p.text[0]], p.text)
	}
}

// prefix is a text with which a match begins; more may be known of what follows when it is whole.
type prefix struct {
	text  string
	whole bool
}

// The bounds on how many there are of one part of an expression.
const (
	maxPrefixes = 64
	maxOfClass  = 4
)

// prefixes returns the texts of which one begins each match.
func prefixes(re *syntax.Regexp) []prefix {
	switch re.Op {
	case syntax.OpLiteral:
		if re.Flags&syntax.FoldCase == 0 {
			return []prefix{{string(re.Rune), true}}
		}
	case syntax.OpCharClass:
		return ofClass(re.Rune)
	case syntax.OpBeginText, syntax.OpEndText, syntax.OpWordBoundary, syntax.OpNoWordBoundary, syntax.OpEmptyMatch:
		return []prefix{{"", true}}
	case syntax.OpCapture:
		return prefixes(re.Sub[0])
	case syntax.OpQuest:
		return append(prefixes(re.Sub[0]), prefix{"", true})
	case syntax.OpPlus:
		return cut(prefixes(re.Sub[0]))
	case syntax.OpRepeat:
		if re.Min > 0 {
			return cut(prefixes(re.Sub[0]))
		}
	case syntax.OpAlternate:
		var out []prefix
		for _, sub := range re.Sub {
			out = append(out, prefixes(sub)...)
		}
		return out
	case syntax.OpConcat:
		return chained(re.Sub)
	}
	return []prefix{{}}
}

// cut says that nothing is known of what follows.
func cut(list []prefix) []prefix {
	for i := range list {
		list[i].whole = false
	}
	return list
}

// ofClass returns the letters of a small class.
func ofClass(ranges []rune) []prefix {
	var out []prefix
	for i := 0; i+1 < len(ranges); i += 2 {
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			if r >= utf8.RuneSelf || len(out) >= maxOfClass {
				return []prefix{{}}
			}
			out = append(out, prefix{string(r), true})
		}
	}
	return out
}

// chained joins the prefixes of parts that follow each other, as long as there are few.
func chained(parts []*syntax.Regexp) []prefix {
	out := []prefix{{"", true}}
	for _, sub := range parts {
		list := prefixes(sub)
		var next []prefix
		for _, p := range out {
			if !p.whole {
				next = append(next, p)
				continue
			}
			for _, q := range list {
				next = append(next, prefix{p.text + q.text, q.whole})
			}
		}
		if len(next) > maxPrefixes {
			return cut(out)
		}
		out = next
	}
	return out
}
