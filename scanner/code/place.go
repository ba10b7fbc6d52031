package code

import (
	"bytes"
	"sort"
	"strings"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// place is where a value stands in the assignment that takes it in: DATABASES = {"default": {"PASSWORD": value}} is the
// root DATABASES with two keys. What returns or exports a value, rather than naming it, is a root without offset.
type place struct {
	root argument
	keys []argument // the outermost first
}

// The roots that are no names.
const (
	rootReturn  = "return"
	rootDefault = "default"
)

// offset is that of the innermost name.
func (p place) offset() int {
	if n := len(p.keys); n > 0 {
		return p.keys[n-1].offset
	}
	return p.root.offset
}

// path joins the keys with dots.
func (p place) path() string {
	names := make([]string, len(p.keys))
	for i, k := range p.keys {
		names[i] = k.name
	}
	return strings.Join(names, ".")
}

// placeReach bounds how far back the assignment of a value is looked for.
const placeReach = 16 << 10

// climb walks from a value outwards to the name that it is assigned to.
type climb struct {
	s      *scan
	at     int
	depth  int
	passed bool // a comma or a key was passed: what stands before it on this level is another item
	out    bool // a function returns the value
	kwarg  *argument
	p      place
}

// placeOf finds the assignment that takes in what stands at an offset; false when none does.
func (s *scan) placeOf(off int) (place, bool) {
	c := climb{s: s}
	floor := max(0, off-placeReach)
	for c.at = c.outOfString(off) - 1; c.at >= floor && s.listed < maxItems; c.at-- {
		s.listed++
		if done, ok := c.step(); done {
			return c.p, ok
		}
	}
	return place{}, false
}

// outOfString returns the offset of the quote of the string that holds off, else off.
func (c *climb) outOfString(off int) int {
	all := c.s.strings
	i := sort.Search(len(all), func(i int) bool { return all[i].to > off })
	if i < len(all) && all[i].from <= off {
		return all[i].from
	}
	return off
}

// step takes one byte. It reports whether the climb ends, and whether it ended at a name.
func (c *climb) step() (done, ok bool) {
	s := c.s
	b := s.code[c.at]
	if structural[b] && s.inString(c.at) {
		c.at = c.outOfString(c.at)
		return false, false
	}
	switch b {
	case '"', '\'', '`':
		if c.at > 0 {
			if from := c.outOfString(c.at - 1); from < c.at-1 || s.inString(c.at-1) {
				c.at = from - 1 // on the opening quote
				if c.at > 0 && s.code[c.at] == '}' {
					c.at = from // behind interpolated code, whose bracket counts
				}
			}
		}
	case ')', ']', '}':
		c.depth++
	case '(', '[', '{':
		if c.depth > 0 {
			c.depth--
			return false, false
		}
		return c.opening(b)
	case ',', ';', '\n', '=', ':', '>', 'n', 't', 'g':
		if c.depth == 0 {
			return c.level(b)
		}
	}
	return false, false
}

// structural are the bytes that mean something outside of strings.
var structural = func() (t [256]bool) {
	for _, b := range []byte("()[]{},;\n=:>ntg") {
		t[b] = true
	}
	return t
}()

// level takes a byte that means something on the level of the value.
func (c *climb) level(b byte) (done, ok bool) {
	s := c.s
	switch b {
	case ',':
		c.passed = true
	case ';':
		return true, false
	case '\n':
		return c.ends(), false
	case '=':
		if c.passed || c.at == 0 {
			return false, false
		}
		return c.assignment()
	case '>':
		if c.at == 0 || s.code[c.at-1] != '=' {
			return false, false
		}
		c.at--
		if s.lang.syntax != scriptSyntax && !c.passed {
			c.key(c.at)
		}
	case ':':
		switch {
		case c.at > 0 && s.code[c.at-1] == ':':
			c.at--
		case !c.passed:
			c.key(c.at)
		}
	default:
		return c.word(b)
	}
	return false, false
}

// word takes the last letter of return, default or config.
func (c *climb) word(b byte) (done, ok bool) {
	s := c.s
	if isWord(s.at(c.at + 1)) {
		return false, false
	}
	is := func(w string) bool {
		from := c.at + 1 - len(w)
		return from >= 0 && string(s.code[from:c.at+1]) == w && (from == 0 || !isWord(s.code[from-1]))
	}
	switch {
	case b == 'n' && is("return") && !c.passed:
		if s.lang.syntax == phpSyntax {
			c.p.root.name = rootReturn
			return true, true
		}
		c.out = true
	case b == 't' && is("default") && !c.passed && s.lang.syntax == scriptSyntax:
		c.p.root.name = rootDefault
		return true, true
	case b == 'g' && s.lang.syntax == elixirSyntax && is("config") && len(lineStart(s.code, c.at-5)) == 0:
		c.p.root = argument{name: "config", offset: c.at - 5, end: c.at + 1}
		return true, len(c.p.keys) > 0 || c.passed
	}
	return false, false
}

// lineStart returns what stands before an offset on its line, without blanks.
func lineStart(code []byte, at int) []byte {
	before := code[:max(0, at)]
	return bytes.TrimSpace(before[bytes.LastIndexByte(before, '\n')+1:])
}

// ends reports whether a statement ends at the line end where the climb is.
func (c *climb) ends() bool {
	s := c.s
	before := bytes.TrimRight(s.code[max(0, c.at-200):c.at], " \t\r\n")
	if len(before) == 0 || bytes.IndexByte([]byte(",([{=:&|+?\\><."), before[len(before)-1]) >= 0 {
		return false
	}
	next := s.skipSpace(c.at)
	return bytes.IndexByte([]byte(".?:|&+)}]"), s.at(next)) < 0
}

// assignment takes an equals sign: of a comparison, of a named argument, or the one that is looked for.
func (c *climb) assignment() (done, ok bool) {
	s := c.s
	prev := s.code[c.at-1]
	if prev == '=' || prev == '!' || prev == '<' || prev == '>' || prev == '~' {
		c.at--
		return false, false
	}
	if next := s.at(c.at + 1); next == '=' || next == '>' || next == '~' {
		return false, false
	}
	from := max(0, c.at-200)
	left := bytes.TrimRight(s.code[from:c.at], " \t|&?:+")
	if i := bytes.LastIndexAny(left, "\n;{"); i >= 0 {
		from, left = from+i+1, left[i+1:]
	}
	m, ok := leftSide(left)
	if !ok {
		return true, false
	}
	c.p.root = argument{name: string(left[m.from:m.to]), offset: from + m.from, end: from + m.to, sure: certain}
	if s.lang.syntax == pythonSyntax && !isSpace(prev) {
		a := c.p.root
		c.kwarg, c.p.root, c.passed, c.at = &a, argument{}, true, from+m.from
		return false, false
	}
	before := bytes.TrimRight(left[:m.from], " \t")
	if n := len(before); n > 0 && (before[n-1] == '(' || before[n-1] == ',') && s.lang.syntax == scriptSyntax {
		return true, false // the default of a parameter
	}
	return true, true
}

// assignedTo is the left side of an assignment: a name with members, indexes and a type.
var assignedTo = lazy.New(`([A-Za-z_$@][\w$.]*(?:\[[:"'\w-]+\])*)(?:\s*:\s*[\w.<>\[\]|, ]{1,80})?\s*$`)

// leftSide finds the name at the end of a text as assignedTo does, which is asked only where there may be a type or an index.
func leftSide(left []byte) (span, bool) {
	if bytes.IndexByte(left, ':') >= 0 || bytes.IndexByte(left, '[') >= 0 {
		m := assignedTo.FindSubmatchIndex(left)
		if m == nil {
			return span{}, false
		}
		return span{m[2], m[3]}, true
	}
	end := len(bytes.TrimRight(left, " \t\n\f\r"))
	from := end
	for i := end - 1; i >= 0; i-- {
		switch b := left[i]; {
		case b == '@':
			return span{i, end}, true
		case b == '.' || b >= '0' && b <= '9':
		case b == '$' || b < 0x80 && isWord(b):
			from = i
		default:
			return span{from, end}, from < end
		}
	}
	return span{from, end}, from < end
}

// key takes the name in front of a colon or arrow at an offset, when one stands there.
func (c *climb) key(at int) {
	s := c.s
	end := at
	for end > 0 && isSpace(s.code[end-1]) {
		end--
	}
	if end == 0 {
		return
	}
	var a argument
	switch q := s.code[end-1]; {
	case q == '"' || q == '\'':
		from := c.outOfString(end - 2)
		if from >= end-1 {
			return
		}
		a = argument{name: string(s.code[from : end-1]), offset: from, end: end}
		from--
		c.begins(a, from)
	case isWord(q):
		from := end
		for from > 0 && isWord(s.code[from-1]) {
			from--
		}
		a = argument{name: string(s.code[from:end]), offset: from, end: end}
		if from > 0 && s.code[from-1] == ':' {
			from-- // Ruby's :key =>
		}
		c.begins(a, from)
	}
}

// begins accepts a key when an item of a list begins with it.
func (c *climb) begins(a argument, from int) {
	s := c.s
	i := from
	for i > 0 && isSpace(s.code[i-1]) {
		i--
	}
	call := s.lang.syntax == rubySyntax || s.lang.syntax == elixirSyntax // foo key: value
	if i == 0 || bytes.IndexByte([]byte("{,[("), s.code[i-1]) >= 0 || call && isWord(s.code[i-1]) {
		c.p.keys = append([]argument{a}, c.p.keys...)
		c.passed, c.at = true, from
	}
}

// opening takes the bracket that opens the level of the value.
func (c *climb) opening(b byte) (done, ok bool) {
	s := c.s
	passed := c.passed
	c.passed = false
	i := c.at
	for i > 0 && isSpace(s.code[i-1]) {
		i--
	}
	if i == 0 {
		return true, false
	}
	prev := s.code[i-1]
	switch {
	case b == '(':
		return c.call(i, passed)
	case b == '{' && s.lang.syntax == rustSyntax && len(c.p.keys) > 0:
		return true, true // a structure: Server { session_key: value }
	case b == '{' && s.lang.syntax != pythonSyntax && s.lang.syntax != elixirSyntax:
		if prev == ')' || isWord(prev) && !bytes.HasSuffix(s.code[max(0, i-8):i], []byte("return")) &&
			!bytes.HasSuffix(s.code[max(0, i-8):i], []byte("default")) || prev == '>' && !bytes.HasSuffix(s.code[:i], []byte("=>")) {
			return true, false // the body of a function
		}
		if prev == '>' && !c.out && s.lang.syntax == scriptSyntax {
			return true, false
		}
	}
	c.out = false
	return false, false
}

// merging are the calls whose named arguments become settings.
var merging = map[string]bool{"dict": true, "update": true, "from_mapping": true}

// call takes the bracket of a call, whose name ends at an offset.
func (c *climb) call(end int, passed bool) (done, ok bool) {
	s := c.s
	from := end
	for from > 0 && (isWord(s.code[from-1]) || strings.IndexByte(".:$?!", s.code[from-1]) >= 0) {
		from--
	}
	name := string(s.code[from:end])
	last := name[strings.LastIndexAny(name, ".:")+1:]
	if c.kwarg != nil {
		if merging[last] {
			c.p.keys = append([]argument{*c.kwarg}, c.p.keys...)
			if last != "dict" {
				c.p.root = argument{name: name, offset: from, end: end}
				return true, true
			}
		}
		c.kwarg = nil
	}
	if last == "registerAs" && passed {
		if a, ok := s.literal(s.skipSpace(c.at + 1)); ok {
			c.p.root = argument{name: "registerAs", offset: a.offset}
			c.p.keys = append([]argument{a}, c.p.keys...)
			return true, true
		}
	}
	if isWord(s.at(c.at-1)) || name != "" {
		c.at = from
	}
	return false, false
}
