package calls

import "strings"

type kind uint8

const (
	end kind = iota
	word
	text
	sign
	newline
)

type token struct {
	kind  kind
	text  string
	at    int // of the text
	first int // of the token
	last  int // behind the token
	raw   bool
}

// lex cuts a text into tokens. Comments are left out.
func lex(s string) []token {
	var out []token
	for i := 0; i < len(s) && len(out) < maxTokens; {
		c := s[i]
		switch {
		case c == '\n':
			out = append(out, token{kind: newline, at: i, first: i, last: i + 1})
			i++
		case c == ' ' || c == '\t' || c == '\r':
			i++
		case strings.HasPrefix(s[i:], "//") || c == '#' && i == 0:
			i = after(s, i, "\n") - 1
			if i < 0 {
				i = len(s)
			}
		case strings.HasPrefix(s[i:], "/*"):
			i = after(s, i+2, "*/")
		case c == '"' || c == '\'':
			t := quoted(s, i)
			out = append(out, t)
			i = t.last
		case c == '/' && slashy(s, i, out):
			stop := strings.IndexByte(s[i+1:], '/')
			out = append(out, token{kind: text, text: s[i+1 : i+1+stop], at: i + 1, first: i, last: i + stop + 2, raw: true})
			i += stop + 2
		case isWord(c):
			j := i + 1
			for j < len(s) && (isWord(s[j]) || s[j] == '.' && j+1 < len(s) && isWord(s[j+1])) {
				j++
			}
			out = append(out, token{kind: word, text: s[i:j], at: i, first: i, last: j})
			i = j
		default:
			out = append(out, token{kind: sign, text: s[i : i+1], at: i, first: i, last: i + 1})
			i++
		}
	}
	return out
}

func isWord(c byte) bool {
	return c == '_' || c == '$' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80
}

// after returns the offset behind the next mark, the text's end when there is none.
func after(s string, from int, mark string) int {
	if n := strings.Index(s[min(from, len(s)):], mark); n >= 0 {
		return from + n + len(mark)
	}
	return len(s) + 1
}

// quoted reads a string of one or three quotes.
func quoted(s string, i int) token {
	q := s[i : i+1]
	if strings.HasPrefix(s[i:], q+q+q) {
		q = q + q + q
	}
	from := i + len(q)
	for j := from; j < len(s); j++ {
		switch {
		case s[j] == '\\':
			j++
		case s[j] == '\n' && len(q) == 1:
			return token{kind: text, text: s[from:j], at: from, first: i, last: j, raw: q[0] == '\''}
		case strings.HasPrefix(s[j:], q):
			return token{kind: text, text: s[from:j], at: from, first: i, last: j + len(q), raw: q[0] == '\''}
		}
	}
	return token{kind: text, text: s[min(from, len(s)):], at: from, first: i, last: len(s), raw: true}
}

// slashy reports whether a slash opens a pattern: behind an opening sign, with its end on the same line.
func slashy(s string, i int, out []token) bool {
	if len(out) == 0 || out[len(out)-1].kind != sign || !strings.Contains("(=,~[", out[len(out)-1].text) {
		return false
	}
	line, _, _ := strings.Cut(s[i+1:], "\n")
	return strings.IndexByte(line, '/') > 0
}
