package code

import (
	"bytes"

	"mvdan.cc/sh/v3/syntax"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// Bounds of what is parsed line by line.
const (
	maxLine  = 8 << 10
	maxLines = 20000
)

// lines reads a shell text that the parser refuses as a whole: line by line, with the parser where that works and
// with an expression where not.
func (s *script) lines(text []byte) {
	for from, n := 0, 0; from < len(text); n++ {
		end := from + len(text[from:])
		if n := bytes.IndexByte(text[from:], '\n'); n >= 0 {
			end = from + n
		}
		for end+1 < len(text) && end > from && text[end-1] == '\\' && end-from < maxLine { // a line goes on
			next := bytes.IndexByte(text[end+1:], '\n')
			if next < 0 {
				end = len(text)
				break
			}
			end += 1 + next
		}
		if n < maxLines {
			s.line(text, from, end)
		} else {
			s.loose(text[from:end], from)
		}
		from = end + 1
	}
}

// line reads one line.
func (s *script) line(text []byte, from, end int) {
	line := text[from:end]
	if trimmed := bytes.TrimSpace(line); len(trimmed) == 0 || trimmed[0] == '#' {
		return
	}
	if len(line) <= maxLine && nesting(line) < 30 && (bytes.IndexByte(line, '$') >= 0 || len(line) < 500) {
		if file, err := syntax.NewParser().Parse(bytes.NewReader(line), ""); err == nil {
			inner := &script{src: line, depth: s.depth, local: s.local, all: s.all, funcs: s.funcs, consts: s.consts, dir: s.dir, runners: s.runners}
			inner.walk(file)
			s.dir = inner.dir
			s.out.append(inner.out, from)
			return
		}
	}
	s.loose(line, from)
}

var looseVariable = lazy.New(`\$\{?([A-Za-z_]\w*)`)

// loose reads the variables of a line by their dollars.
func (s *script) loose(line []byte, from int) {
	for _, m := range looseVariable.FindAllSubmatchIndex(line, 1000) {
		if m[0] > 0 && line[m[0]-1] == '\\' {
			continue
		}
		s.variable(string(line[m[2]:m[3]]), "sh-variable-loose", from+m[2], high)
	}
}
