package detect

import "strings"

// Variable is one use of a variable inside a text: $NAME, ${NAME}, ${NAME:-default} ...
type Variable struct {
	Name       string
	Default    string // the text after :- or -, "" for none
	HasDefault bool
	Start, End int // byte offsets of the whole expression
}

// maxNested bounds how deep defaults are followed.
const maxNested = 20

// Variables lists the variables that a text interpolates, in order, those of nested defaults included. $$ and
// \$ stand for a plain dollar. The grammar is that of POSIX parameter expansion as Compose, Dockerfile and
// dotenv files share it.
func Variables(text string) []Variable {
	return variables(text, 0, 0)
}

func variables(text string, base, depth int) []Variable {
	var out []Variable
	for i := 0; i+1 < len(text); i++ {
		switch {
		case text[i] == '\\' || text[i] == '$' && text[i+1] == '$':
			i++
		case text[i] == '$' && text[i+1] == '{':
			end := closingBrace(text, i+2)
			if end < 0 {
				return out
			}
			out = append(out, braced(text[i+2:end], base+i, base+end+1, depth)...)
			i = end
		case text[i] == '$':
			n := nameLength(text[i+1:])
			if n > 0 {
				out = append(out, Variable{Name: text[i+1 : i+1+n], Start: base + i, End: base + i + 1 + n})
			}
			i += n
		}
	}
	return out
}

// braced reads what stands between the braces.
func braced(body string, start, end, depth int) []Variable {
	n := nameLength(body)
	if n == 0 {
		return nil
	}
	v := Variable{Name: body[:n], Start: start, End: end}
	rest := body[n:]
	operator := len(rest) - len(strings.TrimLeft(rest, ":"))
	if operator >= len(rest) || operator > 1 {
		return []Variable{v}
	}
	argument := rest[operator+1:]
	switch rest[operator] {
	case '-', '=':
		v.Default, v.HasDefault = argument, true
	case '+':
	default:
		return []Variable{v}
	}
	out := []Variable{v}
	if depth < maxNested {
		out = append(out, variables(argument, start+2+n+operator+1, depth+1)...)
	}
	return out
}

// closingBrace finds the brace that closes the expression whose body starts at from.
func closingBrace(text string, from int) int {
	open := 1
	for i := from; i < len(text); i++ {
		switch {
		case text[i] == '\\':
			i++
		case text[i] == '{' && text[i-1] == '$':
			open++
		case text[i] == '}':
			if open--; open == 0 {
				return i
			}
		}
	}
	return -1
}

func nameLength(s string) int {
	for i := 0; i < len(s); i++ {
		c := s[i]
		letter := c == '_' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return i
		}
	}
	return len(s)
}
