package code

import (
	"bytes"
	"strings"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// configProperties reads @ConfigurationProperties("mail"): every property below the prefix, and those that the fields,
// record components and constructor parameters of the class name, each where it stands.
func (s *scan) configProperties(via string, off int) {
	m := annotation.Find(s.code[off:min(len(s.code), off+100)])
	if m == nil {
		return
	}
	a, ok := s.literal(off + len(m))
	if !ok {
		return
	}
	s.property(a.name+".*", via, a.offset, low)
	for _, f := range s.fields(a.offset) {
		s.property(a.name+"."+string(s.code[f.from:f.to]), via, f.from, high)
	}
}

// classBody and field find the members of a class. A name is what stands before the end of a declaration.
var (
	classOpen = lazy.New(`\b(?:class|record|interface|object)\s+\w+`)
	javaField = lazy.New(`(?:private|protected|public|final|[({,;]|\n)\s*(?:(?:final|@\w+(?:\([^()\n]*\))?)\s+)*[A-Z][\w.]*(?:<[\w<>, ?]*>)?\s+([a-z]\w*)\s*[;=,)]`)
	kotlinVal = lazy.New(`\b(?:val|var)\s+([a-z]\w*)\s*:`)
)

// maxClass bounds how much of a class is looked at for its fields.
const maxClass = 8000

// fields lists the names of the members of the class that follows an annotation: of its header, and of its body
// outside of inner blocks.
func (s *scan) fields(off int) []span {
	text := s.code[off:min(len(s.code), off+maxClass)]
	m := classOpen.FindIndex(text)
	if m == nil || m[0] > 600 {
		return nil
	}
	base := off + m[1]
	flat := outermost(text[m[1]:])
	find := javaField
	if strings.HasPrefix(s.lang.syntax.family, "kotlin") {
		find = kotlinVal
	}
	var out []span
	for from := 0; from < len(flat) && len(out) < 100; {
		f := find.FindSubmatchIndex(flat[from:])
		if f == nil {
			break
		}
		out = append(out, span{base + from + f[2], base + from + f[3]})
		from += f[3] // the sign behind a name may be the one in front of the next
	}
	return out
}

// outermost returns the header and body of a class up to its end, with what stands in inner blocks blanked.
func outermost(text []byte) []byte {
	out := bytes.Clone(text)
	depth := 0
	for i, c := range out {
		if c == '}' {
			if depth--; depth <= 0 {
				return out[:i]
			}
			continue
		}
		if depth > 1 && c != '\n' {
			out[i] = ' '
		}
		if c == '{' {
			depth++
		}
	}
	return out
}

var requiredProperty = lazy.New(`\b(?:property|value)\s*=\s*["'](?:\$\{)?([\w.-]+)["':}]`)

// requires reads Micronaut's @Requires(property = "a.b").
func (s *scan) requires(via string, off int) {
	if b, ok := s.bracket(off); ok {
		if m := requiredProperty.FindSubmatchIndex(s.code[b.from:b.to]); m != nil {
			s.property(string(s.code[b.from+m[2]:b.from+m[3]]), via, b.from+m[2], high)
		}
	}
}
