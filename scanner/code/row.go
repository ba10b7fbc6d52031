package code

import (
	"bytes"
	"slices"
	"sync"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// shape says what follows the anchor of a row.
type shape uint8

// The shapes.
const (
	call     shape = iota // ("NAME" ...): the first argument
	calls                 // ("A", "B"): every argument
	lastCall              // (&x, "NAME"): the first argument that is an upper-case name
	index                 // ["NAME"]
	member                // .NAME or ?.NAME
	bare                  // NAME, right behind the anchor
	command               // "NAME" or ("NAME"): calls without parentheses
	whole                 // nothing: the whole environment is used
)

// row is one way in which a language reads the environment or a property.
type row struct {
	via    string
	anchor string // literal text that each match begins with; it is searched first
	shape  shape
	sure   inventory.Confidence
	need   string // text that must stand somewhere in the file, "" for none
	prop   bool   // the name is a property ("mail.key"), not a variable
	dotted bool   // the anchor may stand behind a dot
	upper  bool   // only upper-case names count
	prefix string // put in front of the name
}

// language is a language that is read by rows.
type language struct {
	id     string
	syntax *grammar
	rows   []row
	extra  []func(*scan) // what rows cannot say
	asks   []string      // texts without which a file asks for no settings
	uses   func(*scan)   // how settings of the application are asked for; nil for none
	naming naming        // how they are defined; nil for none
	marks  []string      // texts one of which stands in every file for extra
}

// scan is one text being read.
type scan struct {
	*masked
	lang *language
	src  []byte
	out  Result
	// constants remembers what lookup found: name -> value, "" for none.
	constants map[string]textConstant
	aliases   map[string]bool // names whose members were read
	listed    int             // bytes that lists have taken
	grams     *artifact.Grams // of src; nil for none
	starts    *starts         // of code; nil for none
}

// scanRows reads a text by the rows of its language. A text that holds no anchor is not even masked. The grams of the text
// are made where they are not given.
func scanRows(l *language, src []byte, g *artifact.Grams) Result {
	if g == nil {
		g = gramsPool.Get().(*artifact.Grams)
		defer gramsPool.Put(g)
		g.Fill(src)
	}
	if !worthwhile(l, src, g) {
		return Result{}
	}
	m := memories.Get().(*memory)
	s := &scan{masked: maskIn(m.masked, l.syntax, src), lang: l, src: src, grams: g, starts: &m.starts}
	m.masked = *s.masked
	defer m.release()
	s.all()
	return s.out
}

// memory is what one text after the other is read in.
type memory struct {
	masked masked
	starts starts
}

var memories = sync.Pool{New: func() any { return new(memory) }}

// largeCode is how long a text is whose memory is not kept.
const largeCode = 4 << 20

// release gives memory back.
func (m *memory) release() {
	if m.starts.built = false; cap(m.masked.code) <= largeCode {
		memories.Put(m)
	}
}

// gramsPool keeps the memory of grams.
var gramsPool = sync.Pool{New: func() any { return new(artifact.Grams) }}

// all reads everything that rows say.
func (s *scan) all() {
	for i := range s.lang.rows {
		s.row(&s.lang.rows[i])
	}
	for _, f := range s.lang.extra {
		f(s)
	}
	s.helpers()
	s.varHelpers()
	s.wrappers()
	s.quoted()
	s.stores()
	s.encrypted()
	s.addresses()
	s.hosts()
	s.configuration()
	s.uses()
	s.clients()
	s.out.Reads = append(s.out.Reads, mountedFiles(s.code)...)
}

// readMarks are texts one of which stands in every file that reads the environment or a store, whatever its language.
var readMarks = []string{"env", "ENV", "Env", "ecret", "ault", "://", "arn:aws", "eyring", "arameter"}

func worthwhile(l *language, src []byte, g *artifact.Grams) bool {
	holds := func(mark string) bool { return g.May(mark) && lazy.Contains(src, mark) }
	return slices.ContainsFunc(readMarks, holds) || slices.ContainsFunc(l.asks, holds) || slices.ContainsFunc(l.marks, holds) || slices.ContainsFunc(l.rows, func(r row) bool { return holds(r.anchor) })
}

// maxPlaces bounds the places at which one anchor is looked at in one file.
const maxPlaces = 20000

// each calls f with the offset behind each place where the anchor stands as code: outside of strings and
// comments, and not inside a longer name.
func (s *scan) each(anchor string, dotted bool, f func(start, end int)) {
	if !s.may(anchor) {
		return
	}
	tries := 0
	s.begin([]byte(anchor), func(start int) bool {
		if s.startsName(start, dotted) && !s.inString(start) {
			f(start, start+len(anchor))
		}
		tries++
		return tries < maxPlaces
	})
}

// eachTaken is each for a name that is no member, which may also stand where a string takes code in: f"{config.key}".
func (s *scan) eachTaken(name string, f func(start, end int)) {
	tries := 0
	s.begin([]byte(name), func(start int) bool {
		if s.startsName(start, false) && (!s.inString(start) || s.code[start-1] == '{') {
			f(start, start+len(name))
		}
		tries++
		return tries < maxPlaces
	})
}

// may reports whether a word may stand in the text; false is sure.
func (s *scan) may(word string) bool { return s.grams == nil || s.grams.May(word) }

// mentions reports whether a word stands in the text, be it in a comment.
func (s *scan) mentions(word string) bool {
	return s.may(word) && lazy.Contains(s.src, word)
}

// startsName reports whether what stands at off is not the tail of a longer name, nor (unless dotted) a member.
func (s *scan) startsName(off int, dotted bool) bool {
	if off == 0 || !isWord(s.code[off]) {
		return true
	}
	prev := s.code[off-1]
	if isWord(prev) || prev == '$' && s.lang.syntax != phpSyntax {
		return false
	}
	return dotted || prev != '.' || (off > 1 && s.code[off-2] == '.') // "..." spreads
}

// row emits what one row finds.
func (s *scan) row(r *row) {
	if r.need != "" && (!s.may(r.anchor) || !s.mentions(r.need)) {
		return
	}
	s.each(r.anchor, r.dotted, func(start, end int) {
		if r.shape == whole {
			s.read("*", r.via, start, inventory.Low)
			return
		}
		for _, a := range s.shaped(r.shape, end) {
			s.found(r, start, a)
		}
	})
}

// shaped returns the arguments that stand behind an anchor in the given shape.
func (s *scan) shaped(sh shape, off int) []argument {
	switch sh {
	case calls, lastCall:
		return s.arguments(off)
	case member:
		return s.member(off)
	case bare:
		if isWord(s.at(off)) {
			return s.name(off)
		}
		return nil
	case command:
		off = s.skipBlank(off)
		if s.at(off) != '(' {
			return s.argument(off)
		}
	}
	open := byte('(')
	if sh == index {
		open = '['
	}
	if off = s.skipSpace(s.typed(off)); s.at(off) != open {
		return nil
	}
	return s.argument(off + 1)
}

// typed skips type arguments: get<string>(...).
func (s *scan) typed(off int) int {
	if s.at(off) != '<' {
		return off
	}
	if n := bytes.IndexByte(s.code[off:min(len(s.code), off+80)], '('); n > 0 && s.at(off+n-1) == '>' {
		return off + n
	}
	return off
}

// found emits a read or, where the name is assigned to, a write.
func (s *scan) found(r *row, start int, a argument) {
	name := r.prefix + a.name
	sure := inventory.Weakest(r.sure, a.sure)
	switch {
	case r.prop && !validProperty(name), !r.prop && !validName(name):
		return
	case (r.upper || r.shape == lastCall) && !isUpper(name):
		return
	case (r.shape == index || r.shape == member || r.shape == bare) && s.assigned(a.end, r.shape):
		if r.prop {
			return
		}
		s.out.Writes = append(s.out.Writes, Write{Name: name, To: "env", Offset: a.offset})
		return
	case s.deleted(start):
		return
	}
	if r.prop {
		s.out.Reads = append(s.out.Reads, Read{Name: name, Via: r.via, Offset: a.offset, Sure: sure, Property: true})
		return
	}
	s.read(name, r.via, a.offset, sure)
}

// read adds a read, unless the platform supplies the variable.
func (s *scan) read(name, via string, off int, sure inventory.Confidence) {
	if name != "*" && ignored(name) {
		return
	}
	s.out.Reads = append(s.out.Reads, Read{Name: name, Via: via, Offset: off, Sure: sure})
}

// assigned reports whether a plain assignment follows: "= x", but not "== x" or "=> x".
func (s *scan) assigned(off int, sh shape) bool {
	if sh == index {
		off = s.skipSpace(off)
		if s.at(off) == ']' {
			off++
		}
	}
	off = s.skipBlank(off)
	next := s.at(off + 1)
	return s.at(off) == '=' && next != '=' && next != '>' && next != '~'
}

// deleted reports whether the expression at off is the operand of delete or unset.
func (s *scan) deleted(off int) bool {
	before := bytes.TrimRight(s.code[max(0, off-12):off], " \t(")
	return bytes.HasSuffix(before, []byte("delete")) || bytes.HasSuffix(before, []byte("unset")) || bytes.HasSuffix(before, []byte("del"))
}

// at returns the byte at off, 0 beyond the end.
func (s *scan) at(off int) byte {
	if off < 0 || off >= len(s.code) {
		return 0
	}
	return s.code[off]
}

func (s *scan) skipSpace(off int) int {
	for off < len(s.code) && isSpace(s.code[off]) {
		off++
	}
	return off
}

func (s *scan) skipBlank(off int) int {
	for off < len(s.code) && (s.code[off] == ' ' || s.code[off] == '\t') {
		off++
	}
	return off
}
