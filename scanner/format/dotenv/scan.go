package dotenv

import (
	"strings"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// line is one assignment.
type line struct {
	name, value string
	at, column  int  // of the name, from 1
	expands     bool // the value was not in single quotes: $NAME in it is a variable
}

// scan reads assignments and leaves out whatever else stands there: one bad line spoils no other.
func scan(text string) []line {
	var out []line
	number := 0
	for pos := 0; pos < len(text); {
		number++
		end := lineEnd(text, pos)
		l, rest, ok := assignment(text[pos:end])
		if !ok {
			pos = end + 1
			continue
		}
		l.at = number
		valueAt := end - len(rest)
		after := l.read(text, valueAt, end)
		number += strings.Count(text[valueAt:after], "\n")
		out = append(out, l)
		pos = lineEnd(text, after) + 1
	}
	return out
}

// lineEnd returns the offset of the line feed that ends the line at pos, or of the end of the text.
func lineEnd(text string, pos int) int {
	if i := strings.IndexByte(text[pos:], '\n'); i >= 0 {
		return pos + i
	}
	return len(text)
}

// assignment reads [export] NAME = and returns what follows.
func assignment(s string) (l line, rest string, ok bool) {
	body := strings.TrimLeft(s, " \t")
	if after, found := strings.CutPrefix(body, "export"); found && after != strings.TrimLeft(after, " \t") {
		body = strings.TrimLeft(after, " \t")
	}
	n := 0
	for n < len(body) && isNameByte(body[n], n) {
		n++
	}
	rest = strings.TrimLeft(body[n:], " \t")
	if n == 0 || rest == "" || rest[0] != '=' && !(rest[0] == ':' && strings.HasPrefix(rest, ": ")) {
		return line{}, "", false
	}
	return line{name: body[:n], column: len(s) - len(body) + 1, expands: true}, rest[1:], true
}

// isNameByte allows dots and hyphens inside a name: Docker's own env files carry them.
func isNameByte(c byte, at int) bool {
	switch {
	case c == '_', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
		return true
	}
	return at > 0 && (c >= '0' && c <= '9' || c == '.' || c == '-')
}

// maxQuoted bounds how far the end of a quoted value is looked for: a quote that is never closed must not eat
// the file.
const maxQuoted = 64 << 10

// read sets the value that starts at from, on the line that ends at end, and returns the offset behind it.
func (l *line) read(text string, from, end int) int {
	for from < end && (text[from] == ' ' || text[from] == '\t') {
		from++
	}
	if from < end && (text[from] == '"' || text[from] == '\'' || text[from] == '`') {
		if value, after := quoted(text, from); after > 0 {
			l.value, l.expands = value, text[from] != '\''
			return after
		}
	}
	l.value = unquoted(text[from:end])
	return end
}

// unquoted cuts a comment, which begins at a # behind white space, and the white space around the value.
func unquoted(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] == '#' && (i == 0 || s[i-1] == ' ' || s[i-1] == '\t') {
			s = s[:i]
			break
		}
	}
	return strings.Trim(s, " \t\r")
}

// opensAssignment matches the line of another variable. The lines of a key in PEM form end in "=" too, but have
// nothing behind it.
var opensAssignment = lazy.New(`^(export\s+)?[A-Z_][A-Z0-9_]*=[^=\s]`)

// quoted returns the value in the quotes at from, which may span lines, and the offset behind the closing
// quote; 0 when it is never closed, or when another assignment starts first.
func quoted(text string, from int) (string, int) {
	mark := text[from]
	var b strings.Builder
	for i := from + 1; i < len(text) && i-from < maxQuoted; i++ {
		switch c := text[i]; {
		case c == mark:
			return b.String(), i + 1
		case c == '\\' && mark == '"' && i+1 < len(text):
			i++
			b.WriteString(escape(text[i]))
		case c == '\r' && i+1 < len(text) && text[i+1] == '\n':
		case c == '\n' && opensAssignment.MatchString(text[i+1:lineEnd(text, i+1)]):
			return "", 0
		default:
			b.WriteByte(c)
		}
	}
	return "", 0
}

// escape returns what a backslash and c stand for in double quotes. An escaped dollar keeps its backslash, so
// that it is not taken for a variable.
func escape(c byte) string {
	switch c {
	case 'n':
		return "\n"
	case 'r':
		return "\r"
	case 't':
		return "\t"
	case '"', '\\', '\n':
		return string(c)
	}
	return `\` + string(c)
}
