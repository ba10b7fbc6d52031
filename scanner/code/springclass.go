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
	s.propertiesOf(a.name, via, a.offset, 0)
}

// maxInner bounds how deep classes of properties hold each other.
const maxInner = 4

// propertiesOf adds the properties that the members of a class name, and those of the classes of the same file that they hold.
func (s *scan) propertiesOf(prefix, via string, off, depth int) {
	for _, f := range s.fields(off) {
		name := prefix + "." + string(s.code[f.from:f.to])
		s.property(name, via, f.from, high)
		if at := s.classNamed(s.typeOf(f)); at >= 0 && depth < maxInner {
			s.propertiesOf(name, via, at, depth+1)
		}
	}
}

// typeOf returns the simple name of the type of a member, "" for one of another form.
func (s *scan) typeOf(f span) string {
	find, text := typeBefore, s.code[max(0, f.from-80):f.from]
	if strings.HasPrefix(s.lang.syntax.family, "kotlin") {
		find, text = typeAfter, s.code[f.to:min(len(s.code), f.to+80)]
	}
	if m := find.FindSubmatch(text); m != nil {
		return string(m[1])
	}
	return ""
}

var (
	typeBefore = lazy.New(`\b([A-Z]\w*)\s+$`)
	typeAfter  = lazy.New(`^\s*:\s*(?:\w+\.)*([A-Z]\w*)\??\s*(?:[=,)\n]|$)`)
)

// classNamed returns where a class of this file is declared, -1 for none.
func (s *scan) classNamed(name string) int {
	if name == "" || name == "String" {
		return -1
	}
	for _, word := range []string{"class ", "record "} {
		for from := 0; from < len(s.code); {
			n := lazy.Index(s.code[from:], word+name)
			if n < 0 {
				break
			}
			at := from + n
			if from = at + len(word) + len(name); !isWord(s.at(from)) && !s.inString(at) {
				return at
			}
		}
	}
	return -1
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
