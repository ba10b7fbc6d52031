package secret

import (
	"strings"
)

// embeds reports whether a value has something in it that makes it a template, wherever it stands: ${x}, {{ x }}, #{x}, %(x)s,
// <%=, $(x), {}, {0}, {name}, \(x; %s at either end, before : or @ or in quotes; a plus or dot between a word and a quote. It is
// asked of nearly all values that are longer than a word, and an expression takes twenty times as long.
func embeds(v string) bool {
	for i := range len(v) {
		found := false
		switch v[i] {
		case '$':
			found = closedBy(v[i+1:], '{', '}') || closedBy(v[i+1:], '(', ')')
		case '#':
			found = closedBy(v[i+1:], '{', '}')
		case '{':
			found = braced(v[i+1:])
		case '%':
			found = formatted(v, i)
		case '<':
			found = strings.HasPrefix(v[i+1:], "%=")
		case '\\':
			found = i+2 < len(v) && v[i+1] == '(' && isWord(v[i+2])
		case '"', '\'':
			found = joined(v, i)
		}
		if found {
			return true
		}
	}
	return false
}

// closedBy reports whether a text opens a bracket that is closed in it.
func closedBy(s string, open, end byte) bool {
	return s != "" && s[0] == open && strings.IndexByte(s, end) > 0
}

// braced reports whether what follows a brace makes it a field: {}, {0}, {name} or {{ x }}, which ends on its line.
func braced(s string) bool {
	n := 0
	for n < len(s) && (s[n] == '_' || 'a' <= s[n] && s[n] <= 'z') {
		n++
	}
	if n == 0 && s != "" && isDigit(s[0]) {
		n = 1
	}
	if n < len(s) && s[n] == '}' {
		return true
	}
	if !strings.HasPrefix(s, "{") {
		return false
	}
	line, _, _ := strings.Cut(s[1:], "\n")
	return strings.Contains(line, "}}")
}

// formatted reports whether a percent sign begins a verb of a format string that makes the value one.
func formatted(v string, i int) bool {
	rest := v[i+1:]
	if rest == "" {
		return false
	}
	switch rest[0] {
	case '(':
		n := 1
		for n < len(rest) && (isWord(rest[n]) || rest[n] == '.') {
			n++
		}
		return n > 1 && strings.HasPrefix(rest[n:], ")s")
	case 's', 'd', 'v', 'q':
		switch {
		case i == 0 || len(rest) == 1 || rest[1] == ':' || rest[1] == '@':
			return true
		}
		quoted := v[i-1] == '"' || v[i-1] == '\''
		return quoted && (rest[1] == '"' || rest[1] == '\'')
	}
	return false
}

// joined reports whether a plus or dot ties the quote at i to a word, on either side.
func joined(v string, i int) bool {
	after := func(j int) int {
		if j < len(v) && v[j] == ' ' {
			j++
		}
		return j
	}
	if j := after(i + 1); j < len(v) && (v[j] == '+' || v[j] == '.') {
		if j = after(j + 1); j < len(v) && isWord(v[j]) {
			return true
		}
	}
	before := func(j int) int {
		if j >= 0 && v[j] == ' ' {
			j--
		}
		return j
	}
	j := before(i - 1)
	if j < 0 || v[j] != '+' && v[j] != '.' {
		return false
	}
	j = before(j - 1)
	return j >= 0 && isWord(v[j])
}
