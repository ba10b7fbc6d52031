package code

import (
	"bytes"
	"slices"
	"sort"
)

// span is the part of a text between two offsets.
type span struct{ from, to int }

// masked is a program text whose comments are blanked, and the places of its strings. Offsets are those of the
// text itself.
type masked struct {
	code    []byte
	strings []span // contents of string literals, without quotes and without interpolated code
}

// inString reports whether an offset lies in the content of a string literal.
func (m *masked) inString(off int) bool {
	i := sort.Search(len(m.strings), func(i int) bool { return m.strings[i].to > off })
	return i < len(m.strings) && m.strings[i].from <= off
}

// frame is a string that was left for interpolated code.
type frame struct {
	quote quote
	depth int // braces open in the interpolated code
}

// maxNesting bounds strings within interpolations within strings.
const maxNesting = 64

// masker runs over a text once. It is tolerant: a quote that does not close where it must is taken for a plain
// character (an apostrophe in JSX text, a here-document).
type masker struct {
	grammar *grammar
	src     []byte
	out     []byte
	spans   []span
	stack   []frame
	dead    [maxQuotes]int // by the number of a quote: the offset up to which it is known not to close
	endless int            // the same of regular expressions
}

// mask blanks the comments of a text and finds its strings.
func mask(s *grammar, src []byte) *masked { return maskIn(masked{}, s, src) }

// maskIn is mask in the memory of a text that nothing looks at any more.
func maskIn(old masked, s *grammar, src []byte) *masked {
	m := &masker{grammar: s, src: src, out: append(old.code[:0], src...), spans: old.strings[:0]}
	for i := 0; i < len(src); {
		h := s.hot[src[i]]
		if h == 0 || h == mayBrace && len(m.stack) == 0 {
			i++
			continue
		}
		i = m.step(i, h)
	}
	return &masked{code: m.out, strings: m.ordered()}
}

// ordered returns the spans sorted and free of empty ones.
func (m *masker) ordered() []span {
	slices.SortStableFunc(m.spans, func(a, b span) int { return a.from - b.from })
	return m.spans
}

// step handles one significant byte of code and returns the offset at which code goes on.
func (m *masker) step(i int, h heat) int {
	if h&mayComment != 0 {
		if end := m.comment(i); end > i {
			return end
		}
	}
	if h&mayQuote != 0 {
		if q, ok := m.grammar.quoteAt(m.src, i); ok {
			return m.open(i, q)
		}
	}
	switch m.src[i] {
	case '/':
		return m.pattern(i)
	case '{', '}':
		return m.brace(i)
	}
	return i + 1
}

// comment blanks the comment at i and returns its end, or i when there is none.
func (m *masker) comment(i int) int {
	for _, mark := range m.grammar.line {
		if !hasPrefixAt(m.src, i, mark) || m.grammar.notComment(m.src, i, mark) {
			continue
		}
		end := len(m.src)
		if n := bytes.IndexByte(m.src[i:], '\n'); n >= 0 {
			end = i + n
		}
		return m.blank(i, end)
	}
	for _, b := range m.grammar.block {
		if !hasPrefixAt(m.src, i, b[0]) || (b[0][0] == '=' && i > 0 && m.src[i-1] != '\n') {
			continue
		}
		n := bytes.Index(m.src[i+len(b[0]):], []byte(b[1]))
		if n < 0 {
			return m.blank(i, len(m.src))
		}
		return m.blank(i, i+len(b[0])+n+len(b[1]))
	}
	return i
}

// blank replaces the bytes of a comment by spaces and keeps its line ends.
func (m *masker) blank(from, to int) int {
	for i := from; i < to; i++ {
		if m.out[i] != '\n' && m.out[i] != '\r' {
			m.out[i] = ' '
		}
	}
	return to
}

// open reads the string that the quote at i opens. A quote that never closes is a plain character.
func (m *masker) open(i int, q quote) int {
	start := i + len(q.open)
	if m.dead[q.number] > i {
		return start
	}
	end, ok := m.content(start, q)
	if !ok {
		m.dead[q.number] = end
		return start
	}
	return end
}

// content reads the content of a string from start and returns where code goes on: behind the closing quote, or
// inside an interpolation. It fails at the end of the line, or of the text, without a closing quote.
func (m *masker) content(start int, q quote) (int, bool) {
	for i := start; i < len(m.src); i++ {
		c := m.src[i]
		switch {
		case c == q.escape && q.escape != 0:
			i++
		case c == '\n' && !q.multi:
			return i, false
		case c == q.close[0] && hasPrefixAt(m.src, i, q.close):
			if q.doubled && hasPrefixAt(m.src, i+1, q.close) {
				i++
				continue
			}
			m.keep(start, i)
			return i + len(q.close), true
		case q.interp != "" && c == q.interp[0] && hasPrefixAt(m.src, i, q.interp):
			if q.interp == "{" && hasPrefixAt(m.src, i+1, "{") {
				i++
				continue
			}
			if len(m.stack) >= maxNesting {
				continue
			}
			m.keep(start, i)
			m.stack = append(m.stack, frame{quote: q})
			return i + len(q.interp), true
		}
	}
	return len(m.src), false
}

func (m *masker) keep(from, to int) {
	if to > from {
		m.spans = append(m.spans, span{from, to})
	}
}

// brace counts braces inside an interpolation; the one that closes it takes the string up again.
func (m *masker) brace(i int) int {
	if len(m.stack) == 0 {
		return i + 1
	}
	top := &m.stack[len(m.stack)-1]
	if m.src[i] == '{' {
		top.depth++
		return i + 1
	}
	if top.depth > 0 {
		top.depth--
		return i + 1
	}
	q := top.quote
	m.stack = m.stack[:len(m.stack)-1]
	if m.dead[q.number] > i {
		return i + 1
	}
	end, ok := m.content(i+1, q)
	if !ok {
		m.dead[q.number] = end
		return i + 1
	}
	return end
}

// pattern skips a regular expression literal, in languages that have them.
func (m *masker) pattern(i int) int {
	if !m.grammar.patterns || !m.patternMayStart(i) || m.endless > i {
		return i + 1
	}
	class := false
	for j := i + 1; j < len(m.src); j++ {
		switch c := m.src[j]; {
		case c == '\\':
			j++
		case c == '\n':
			m.endless = j
			return i + 1
		case c == '[':
			class = true
		case c == ']':
			class = false
		case c == '/' && !class:
			m.keep(i+1, j)
			return j + 1
		}
	}
	m.endless = len(m.src)
	return i + 1
}

// patternMayStart reports whether the code before a slash asks for an operand.
func (m *masker) patternMayStart(i int) bool {
	j := i - 1
	for j >= 0 && isSpace(m.out[j]) {
		j--
	}
	if j < 0 {
		return true
	}
	if isWord(m.out[j]) {
		from := j
		for from > 0 && isWord(m.out[from-1]) && j-from < 10 {
			from--
		}
		return patternWords[string(m.out[from:j+1])]
	}
	return bytes.IndexByte([]byte("(,=:[!&|?{;+-*%~^"), m.out[j]) >= 0
}

var patternWords = map[string]bool{
	"return": true, "typeof": true, "case": true, "in": true, "of": true, "if": true, "when": true, "unless": true,
	"and": true, "or": true, "not": true, "match": true, "while": true, "await": true, "yield": true,
}

func hasPrefixAt(b []byte, i int, prefix string) bool {
	return len(b)-i >= len(prefix) && string(b[i:i+len(prefix)]) == prefix
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// isWord reports whether a byte can stand in a name. Bytes beyond ASCII count as letters.
func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
