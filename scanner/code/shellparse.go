package code

import (
	"bytes"
	"errors"

	"github.com/rotamap/rotamap/scanner/lazy"
	"mvdan.cc/sh/v3/syntax"
)

// expressionMark stands for masked expressions: it is no shell syntax and takes part in no name.
const expressionMark = 0x01

// maskExpressions blanks ${{ }} and {{ }} of the systems that expand them before the shell runs, at equal length.
func maskExpressions(src []byte) []byte {
	if !lazy.Contains(src, "{{") && bytes.IndexByte(src, '\r') < 0 {
		return src
	}
	out := bytes.Clone(src)
	for from := 0; ; {
		n := bytes.Index(out[from:], []byte("{{"))
		if n < 0 {
			break
		}
		start := from + n
		size := bytes.Index(out[start:min(len(out), start+2000)], []byte("}}"))
		if size < 0 {
			from = start + 2
			continue
		}
		end := start + size + 2
		if start > 0 && out[start-1] == '$' {
			start--
		}
		for i := start; i < end; i++ {
			if out[i] != '\n' {
				out[i] = expressionMark
			}
		}
		from = end
	}
	return bytes.ReplaceAll(out, []byte("\r\n"), []byte(" \n"))
}

// nesting returns the greatest depth of open brackets, counted roughly.
func nesting(src []byte) int {
	depth, most := 0, 0
	for _, c := range src {
		switch c {
		case '(', '{', '`':
			depth++
			most = max(most, depth)
		case ')', '}':
			depth = max(0, depth-1)
		case '\n':
			if depth > 0 && most < maxShellNest && depth < 20 {
				depth-- // apostrophes and case patterns leave brackets open
			}
		}
	}
	return most
}

// unbalanced reports whether far more constructs begin than end: text made to nest deeply.
func unbalanced(src []byte) bool {
	for _, w := range []struct{ open, end string }{{"if ", "fi"}, {"while ", "done"}, {"until ", "done"}, {"! ", "\n"}, {"time ", "\n"}} {
		if bytes.Count(src, []byte(w.open))-bytes.Count(src, []byte(w.end)) > 2000 {
			return true
		}
	}
	return false
}

// parseShell parses a text; a line that the parser refuses is blanked and the rest tried again. It returns the
// lines that were blanked, and no tree when that does not help.
func parseShell(text []byte) (*syntax.File, []span) {
	var refused []span
	for range maxRetries {
		file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(bytes.NewReader(text), "")
		if err == nil {
			return file, refused
		}
		at, ok := errorOffset(err)
		if !ok || at > len(text) {
			break
		}
		l := lineAround(text, at)
		refused = append(refused, l)
		text = bytes.Clone(text)
		for i := l.from; i < l.to; i++ {
			text[i] = ' '
		}
	}
	return nil, nil
}

func errorOffset(err error) (int, bool) {
	var parse syntax.ParseError
	var lang syntax.LangError
	switch {
	case errors.As(err, &parse):
		return int(parse.Pos.Offset()), true
	case errors.As(err, &lang):
		return int(lang.Pos.Offset()), true
	}
	return 0, false
}

// lineAround returns the line that holds an offset, or the last one with anything on it before that.
func lineAround(text []byte, at int) span {
	at = len(bytes.TrimRight(text[:at], " \t\n")) + min(1, at)
	at = min(at, len(text))
	l := span{from: bytes.LastIndexByte(text[:max(0, at-1)], '\n') + 1, to: len(text)}
	if n := bytes.IndexByte(text[l.from:], '\n'); n >= 0 {
		l.to = l.from + n
	}
	return l
}
