package code

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// argument is a literal that stands where a name is asked for.
type argument struct {
	name   string
	offset int // of the first byte of the name
	end    int // behind the expression
	sure   inventory.Confidence
}

// maxName bounds the names of variables, properties and store entries.
const maxName = 250

var (
	computed   = lazy.New(`\$\{[^}]*\}|#\{[^}]*\}|\{[^}]*\}|%[sdv]|\$\w+`)
	namePart   = lazy.New(`^[A-Za-z_*][A-Za-z0-9_*]*$`)
	property   = lazy.New(`^[A-Za-z_*][A-Za-z0-9_.:\[\]*-]*$`)
	formatCall = lazy.New(`^(?:[\w.]*(?:[Ss]printf|[Ff]ormat|format!|[Jj]oin|String))\(&?`)
)

// validName reports whether a name, or a glob, can be a variable of the environment. A glob needs three fixed
// characters.
func validName(name string) bool {
	return len(name) <= maxName && namePart.MatchString(name) && fixed(name)
}

// validProperty reports whether a text can be the name of a configuration property.
func validProperty(name string) bool {
	return len(name) <= maxName && property.MatchString(name) && fixed(name)
}

func fixed(name string) bool {
	stars := strings.Count(name, "*")
	return stars == 0 || len(strings.Trim(name, "*_")) >= 3 && stars <= 3
}

// isUpper reports whether a name is written as variables of the environment are: no lower-case letter, and long
// enough to mean something.
func isUpper(name string) bool {
	return len(name) >= 3 && name == strings.ToUpper(name) && strings.ContainsAny(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
}

// argument reads the expression at off: a literal, a literal with computed parts (a glob), or a constant that
// the same file defines.
func (s *scan) argument(off int) []argument {
	off = s.skipSpace(off)
	if m := formatCall.Find(s.code[off:min(len(s.code), off+80)]); m != nil {
		off = s.skipSpace(off + len(m))
	}
	if a, ok := s.literal(off); ok {
		return []argument{a}
	}
	return s.constant(off)
}

// literal reads a string literal at off, with the letters that may stand before its quote.
func (s *scan) literal(off int) (argument, bool) {
	from := off
	for from-off < 3 && strings.IndexByte("fFrRbBuU$@", s.at(from)) >= 0 {
		from++
	}
	if s.at(from) == ':' && isWord(s.at(from+1)) && s.lang.syntax == rubySyntax {
		a := s.name(from + 1)
		return a[0], true
	}
	q := s.at(from)
	if q != '"' && q != '\'' && q != '`' {
		return argument{}, false
	}
	start := from + 1
	if s.at(start) == q && s.at(start+1) == q && q != '`' {
		start += 2
	}
	end, ok := s.closing(start, q)
	if !ok {
		return argument{}, false
	}
	return s.joined(string(s.code[start:end]), start, end+1), true
}

// closing returns the offset of the quote that ends a short literal. Quotes inside an interpolation do not count.
func (s *scan) closing(start int, q byte) (int, bool) {
	depth := 0
	for i := start; i < min(len(s.code), start+2*maxName); i++ {
		switch c := s.code[i]; {
		case c == '\\':
			i++
		case c == '{' && i > start && (s.code[i-1] == '$' || s.code[i-1] == '#'):
			depth++
		case c == '}' && depth > 0:
			depth--
		case c == q && depth == 0:
			return i, true
		case c == '\n':
			return 0, false
		}
	}
	return 0, false
}

// joined makes an argument of a literal's content: computed parts, and what is added behind it, become stars.
func (s *scan) joined(content string, start, end int) argument {
	a := argument{name: content, offset: start, end: end, sure: inventory.Certain}
	if strings.ContainsAny(content, "${#%") {
		a.name = computed.ReplaceAllString(content, "*")
	}
	next := s.skipSpace(end)
	if c := s.at(next); c == '+' || c == '.' && s.concatenates(next) || c == '<' && s.at(next+1) == '>' {
		a.name += "*"
	}
	if strings.Contains(a.name, "*") {
		a.sure = inventory.Low
	}
	return a
}

// concatenates reports whether a dot behind a literal joins strings: PHP's "a" . $b, Lua's "a" .. b.
func (s *scan) concatenates(dot int) bool {
	switch s.lang.syntax {
	case phpSyntax, perlSyntax:
		return true
	case luaSyntax:
		return s.at(dot+1) == '.'
	}
	return false
}

// constant reads a name at off: with a literal added it is a glob, alone it is looked up in the file.
func (s *scan) constant(off int) []argument {
	end := off
	for end < len(s.code) && end-off < maxName && (isWord(s.code[end]) || s.code[end] == '.' || s.code[end] == ':' || s.code[end] == '$') {
		end++
	}
	if end == off {
		return nil
	}
	next := s.skipSpace(end)
	switch s.at(next) {
	case '+', '.':
		if a, ok := s.literal(s.skipSpace(next + 1)); ok && validName("*"+a.name) {
			a.name, a.sure = "*"+a.name, inventory.Low
			return []argument{a}
		}
	case ')', ']', ',':
		return s.lookup(off, end)
	}
	return nil
}

var assignment = lazy.New(`^(?:\s*:\s*[&'\w<>\[\]| ]{1,40}|\s+(?:string|String|as const))?\s*:?=\s*["'\x60]([A-Za-z_][A-Za-z0-9_.:-]*)["'\x60]`)

// lookup returns the literal that the name between two offsets is defined as, when the file defines it once.
func (s *scan) lookup(off, end int) []argument {
	ident := string(s.code[off:end])
	if i := strings.LastIndexAny(ident, ".:"); i >= 0 {
		ident = ident[i+1:]
	}
	ident = strings.TrimPrefix(ident, "$")
	if len(ident) < 3 {
		return nil
	}
	c := s.constantOf(ident, 0)
	if c.value == "" {
		return nil
	}
	return []argument{{name: c.value, offset: off, end: end, sure: inventory.High}, {name: c.value, offset: c.offset, end: end, sure: inventory.High}}
}

// constantOf returns the literal that a name is defined as in the file, an empty one when it is none.
func (s *scan) constantOf(ident string, depth int) textConstant {
	c, known := s.constants[ident]
	if !known && len(s.constants) < maxConstants && depth < 4 {
		if s.constants == nil {
			s.constants = map[string]textConstant{}
		}
		s.constants[ident] = c // a name that is made from itself is none
		c = s.definition([]byte(ident), depth)
		s.constants[ident] = c
	}
	return c
}

// textConstant is a name's literal value, and where that stands.
type textConstant struct {
	value  string
	offset int
}

// Bounds of the search for constants.
const (
	maxConstants = 200
	maxMentions  = 64
)

// prefixed matches a constant that begins with another: = $"{Prefix}name", = Prefix + "name".
var prefixed = lazy.New(`^(?:\s*:\s*[&'\w<>\[\]| ]{1,40}|\s+(?:string|String|as const))?\s*:?=\s*(?:[$f]?["\x60]\$?\{(?:\w+\.)?(\w+)\}([\w:./-]*)["\x60]|(?:\w+\.)?([A-Za-z_]\w*)\s*\+\s*["']([\w:./-]+)["'])`)

// definition returns the literal that a name is given, an empty one when it is given none or several.
func (s *scan) definition(ident []byte, depth int) textConstant {
	out := textConstant{}
	tries, several := 0, false
	s.begin(ident, func(start int) bool {
		tries++
		end := start + len(ident)
		if start > 0 && s.code[start-1] == '.' || isWord(s.at(end)) {
			return tries < maxMentions
		}
		value := s.assignedText(s.code[end:min(len(s.code), end+maxName)], depth)
		several = several || value != "" && out.value != "" && out.value != value
		if out.value == "" && value != "" {
			out = textConstant{value, start}
		}
		return !several && tries < maxMentions
	})
	if several {
		return textConstant{}
	}
	return out
}

// assignedText returns the literal that stands behind a name as its value.
func (s *scan) assignedText(behind []byte, depth int) string {
	if m := assignment.FindSubmatch(behind); m != nil {
		return string(m[1])
	}
	m := prefixed.FindSubmatch(behind)
	if m == nil {
		return ""
	}
	if first := s.constantOf(string(m[1])+string(m[3]), depth+1).value; first != "" {
		return first + string(m[2]) + string(m[4])
	}
	return ""
}

// arguments reads the literal arguments of a call whose opening bracket follows off.
func (s *scan) arguments(off int) []argument {
	off = s.skipSpace(off)
	if s.at(off) != '(' && s.at(off) != '[' {
		return nil
	}
	var out []argument
	for _, at := range s.items(off, 8, 1000) {
		if a, ok := s.literal(at); ok {
			out = append(out, a)
		}
	}
	return out
}

// maxItems bounds the bytes that lists take in one file.
const maxItems = 16 << 20

// items returns the offsets at which the items of a bracketed list begin: at most n, within the bytes of reach.
func (s *scan) items(open, n, reach int) []int {
	out := []int{s.skipSpace(open + 1)}
	depth := 0
	for i := open + 1; i < min(len(s.code), open+reach) && len(out) < n && s.listed < maxItems; i++ {
		s.listed++
		switch c := s.code[i]; c {
		case '(', '[', '{', ')', ']', '}', ',':
			if s.inString(i) {
				continue
			}
			switch {
			case c == '(' || c == '[' || c == '{':
				depth++
			case c != ',':
				if depth--; depth < 0 {
					return out
				}
			case depth == 0:
				out = append(out, s.skipSpace(i+1))
			}
		}
	}
	return out
}

// member reads .NAME, ?.NAME or !.NAME at off.
func (s *scan) member(off int) []argument {
	off = s.skipSpace(off)
	if c := s.at(off); c == '?' || c == '!' {
		off++
	}
	if s.at(off) != '.' {
		return nil
	}
	off = s.skipSpace(off + 1)
	if !isWord(s.at(off)) {
		return nil
	}
	return s.name(off)
}

// name reads a plain name at off.
func (s *scan) name(off int) []argument {
	end := off
	for end < len(s.code) && isWord(s.code[end]) && end-off <= maxName {
		end++
	}
	return []argument{{name: string(s.code[off:end]), offset: off, end: end, sure: inventory.Certain}}
}
