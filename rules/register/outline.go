package register

import (
	"strings"
)

// A line of a TOML file, as far as edits and messages need to know it. The TOML decoder knows no positions, so
// the outline is read from the text; it is used only on text that the decoder has accepted, or to say where in
// a rejected one a key stands.
type line struct {
	text   string
	inside bool   // continues a string or an array of an earlier line: never touched
	table  string // the table that the line belongs to: credential, fingerprint, "" before the first
	nth    int    // which one of the tables with that name, from 0
	header bool   // the line opens the table
	key    string // the key that the line sets, "" for none
}

// outline splits a text into its lines.
func outline(text string) []line {
	var out []line
	var s scanState
	counts := map[string]int{}
	table, nth := "", 0
	for raw := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		raw = strings.TrimSuffix(raw, "\r")
		l := line{text: raw, inside: s.open()}
		trimmed := strings.TrimSpace(raw)
		switch {
		case l.inside:
		case strings.HasPrefix(trimmed, "["):
			table = tableName(trimmed)
			nth = counts[table]
			counts[table]++
			l.header = true
		default:
			l.key = keyOf(trimmed)
		}
		l.table, l.nth = table, nth
		if !l.header {
			s.feed(raw)
		}
		out = append(out, l)
	}
	return out
}

// tableName returns credential for [[credential]] and [credential] # comment.
func tableName(header string) string {
	name, _, _ := strings.Cut(strings.TrimLeft(header, "["), "]")
	return strings.TrimSpace(name)
}

// keyOf returns the key of a line "key = value", without quotes; "" when the line sets none.
func keyOf(l string) string {
	name, _, ok := strings.Cut(l, "=")
	if !ok || strings.HasPrefix(l, "#") {
		return ""
	}
	return strings.Trim(strings.TrimSpace(name), `"'`)
}

// scanState follows strings and brackets over the end of a line.
type scanState struct {
	quote string // the delimiter of the multi-line string that is open, "" for none
	depth int    // brackets and braces that are open
}

func (s *scanState) open() bool { return s.quote != "" || s.depth > 0 }

// feed reads one line.
func (s *scanState) feed(l string) {
	for i := 0; i < len(l); {
		switch rest := l[i:]; {
		case s.quote != "":
			i += s.inMultiline(rest)
		case strings.HasPrefix(rest, `"""`), strings.HasPrefix(rest, "'''"):
			s.quote = rest[:3]
			i += 3
		case rest[0] == '"', rest[0] == '\'':
			i += 1 + lengthOfString(rest[1:], rest[0])
		case rest[0] == '#':
			return
		default:
			s.bracket(rest[0])
			i++
		}
	}
}

func (s *scanState) inMultiline(rest string) int {
	switch {
	case strings.HasPrefix(rest, s.quote):
		s.quote = ""
		return 3
	case rest[0] == '\\' && s.quote == `"""` && len(rest) > 1:
		return 2
	}
	return 1
}

func (s *scanState) bracket(c byte) {
	switch c {
	case '[', '{':
		s.depth++
	case ']', '}':
		s.depth = max(0, s.depth-1)
	}
}

// lengthOfString returns the length of a one-line string with its closing quote.
func lengthOfString(s string, quote byte) int {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && quote == '"':
			i++
		case s[i] == quote:
			return i + 1
		}
	}
	return len(s)
}

// headerLine returns the number, from 1, of the line that opens the nth table of a name; 0 when there is none.
func headerLine(lines []line, table string, nth int) int {
	for i, l := range lines {
		if l.header && l.table == table && l.nth == nth {
			return i + 1
		}
	}
	return 0
}

// keyLine returns the number of the first line that sets a key of a table, or that names it inside an inline
// table; 0 when there is none.
func keyLine(lines []line, table, key string) int {
	for i, l := range lines {
		if l.table == table && l.key == key && !l.header {
			return i + 1
		}
	}
	for i, l := range lines {
		if l.table == table && !l.header && strings.Contains(l.text, key) {
			return i + 1
		}
	}
	return 0
}
