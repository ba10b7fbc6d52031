package inventory

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// appender writes nodes and edges as an encoder of encoding/json does that leaves <, > and & as they are, byte for byte, in
// a tenth of its time: large maps are hundreds of megabytes.
type appender struct {
	b          []byte
	twice      bool      // what json.Marshal makes of the items is wanted too
	items      []written // where that stands
	marshalled []byte    // where it is something else than what stands in b

	places   []Evidence // written last: facts of one place share them
	from, to int        // where they stand in b

	source, path string // of the place that was written last, and how they are written
	file         []byte
}

// begin empties the appender.
func (a *appender) begin() {
	a.b, a.marshalled, a.places, a.file = a.b[:0], a.marshalled[:0], nil, a.file[:0]
	a.items = a.items[:0]
}

func (a *appender) raw(s string) { a.b = append(a.b, s...) }

// string appends a string in quotes.
func (a *appender) string(s string) {
	if !plain(s) {
		a.encoded(s)
		return
	}
	a.b = append(append(append(a.b, '"'), s...), '"')
}

// plain reports whether a string stands in JSON as it is.
func plain(s string) bool {
	i, signs := ordinary(s), uint8(0)
	for ; i < len(s); i++ {
		signs |= signOf[s[i]]
	}
	if signs&escaped != 0 {
		return false
	}
	return signs&wide == 0 || utf8.ValidString(s) && !strings.Contains(s, "\u2028") && !strings.Contains(s, "\u2029")
}

// ordinary is how many bytes at the beginning of a string are known to stand for themselves, however it is written. It looks
// at eight of them at a time.
func ordinary(s string) int {
	const each, high = 0x0101010101010101, 0x8080808080808080
	i := 0
	for ; i+8 <= len(s); i += 8 {
		e := s[i : i+8]
		w := uint64(e[0]) | uint64(e[1])<<8 | uint64(e[2])<<16 | uint64(e[3])<<24 | uint64(e[4])<<32 | uint64(e[5])<<40 | uint64(e[6])<<48 | uint64(e[7])<<56
		special := w | (w-each*' ')&^w // beyond ASCII, control
		for _, c := range [...]uint64{each * '"', each * '\\'} {
			special |= ((w ^ c) - each) &^ (w ^ c)
		}
		if special&high != 0 {
			break
		}
	}
	return i
}

// What a byte of a string says of how it is written.
const (
	escaped = 1 << iota
	wide    // part of a character beyond ASCII
)

var signOf = func() (t [256]uint8) {
	for c := range t {
		switch {
		case c < ' ' || c == '"' || c == '\\':
			t[c] = escaped
		case c >= utf8.RuneSelf:
			t[c] = wide
		}
	}
	return t
}()

// encoded appends a string that does not stand in JSON as it is, escaped as encoding/json does it.
func (a *appender) encoded(s string) {
	a.b = append(a.b, '"')
	for i := 0; i < len(s); {
		if n := ordinary(s[i:]); n > 0 {
			a.raw(s[i : i+n])
			i += n
			continue
		}
		c := s[i]
		if c < utf8.RuneSelf {
			a.escaped(c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			a.raw(`\ufffd`)
		case r == '\u2028':
			a.raw(`\u2028`)
		case r == '\u2029':
			a.raw(`\u2029`)
		default:
			a.raw(s[i : i+size])
		}
		i += size
	}
	a.b = append(a.b, '"')
}

// escaped appends a byte of ASCII.
func (a *appender) escaped(c byte) {
	const digits = "0123456789abcdef"
	switch {
	case signOf[c]&escaped == 0:
		a.b = append(a.b, c)
	case c == '"', c == '\\':
		a.b = append(a.b, '\\', c)
	case shortEscapes[c] != 0:
		a.b = append(a.b, '\\', shortEscapes[c])
	default:
		a.b = append(a.b, '\\', 'u', '0', '0', digits[c>>4], digits[c&0xF])
	}
}

// shortEscapes are the letters behind a backslash that stand for a control character.
var shortEscapes = [' ']byte{'\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't'}

// field appends a key with its string, and a comma in front where something stands there.
func (a *appender) field(key, value string) {
	if a.b[len(a.b)-1] != '{' {
		a.b = append(a.b, ',')
	}
	a.b = append(append(append(a.b, '"'), key...), '"', ':')
	a.string(value)
}

func (a *appender) optional(key, value string) {
	if value != "" {
		a.field(key, value)
	}
}

func (a *appender) number(key string, n int) {
	if n != 0 {
		a.b = append(append(append(a.b, ',', '"'), key...), '"', ':')
		a.b = strconv.AppendInt(a.b, int64(n), 10)
	}
}

// items appends a list under a key, unless it is empty.
func items[T any](a *appender, key string, list []T, one func(*T)) {
	if len(list) == 0 {
		return
	}
	a.raw(`,"` + key + `":[`)
	for i := range list {
		if i > 0 {
			a.raw(",")
		}
		one(&list[i])
	}
	a.raw("]")
}

// evidence appends places.
func (a *appender) evidence(list []Evidence) {
	if len(list) == 0 {
		return
	}
	if len(list) == len(a.places) && &list[0] == &a.places[0] {
		a.b = append(a.b, a.b[a.from:a.to]...)
		return
	}
	a.from = len(a.b)
	items(a, "evidence", list, a.place)
	a.places, a.to = list, len(a.b)
}

func (a *appender) place(e *Evidence) {
	if len(a.file) == 0 || a.source != e.Source || a.path != e.Path { // neighbours are of one file
		from := len(a.b)
		a.raw("{")
		a.field("source", e.Source)
		a.optional("path", e.Path)
		a.source, a.path, a.file = e.Source, e.Path, append(a.file[:0], a.b[from:]...)
	} else {
		a.b = append(a.b, a.file...)
	}
	a.number("line", e.Line)
	a.number("column", e.Column)
	a.optional("commit", e.Commit)
	a.optional("pointer", e.Pointer)
	switch e.State {
	case Head:
		a.raw(`,"state":"head"`)
	default:
		a.optional("state", string(e.State))
	}
	if e.Seen != nil {
		items(a, "branches", e.On, func(s *string) { a.string(*s) })
		a.optional("first_seen", e.First)
		a.optional("last_seen", e.Last)
	}
	a.raw("}")
}

func (a *appender) attr(t *Attr) {
	a.raw("{")
	a.field("key", string(t.Key))
	a.field("value", t.Value)
	a.optional("detail", t.Detail)
	a.optional("rule", t.Rule)
	a.optional("confidence", t.Confidence.String())
	a.evidence(t.Evidence)
	a.raw("}")
}

func (a *appender) node(n *Node) {
	a.raw("{")
	a.field("id", n.ID)
	a.field("kind", string(n.Kind))
	a.optional("name", n.Name)
	items(a, "attrs", n.Attrs, a.attr)
	a.evidence(n.Evidence)
	a.raw("}")
}

func (a *appender) edge(e *Edge) {
	a.raw("{")
	a.field("from", e.From)
	a.field("to", e.To)
	a.field("kind", string(e.Kind))
	a.field("rule", e.Rule)
	a.field("confidence", e.Confidence.String())
	items(a, "attrs", e.Attrs, a.attr)
	a.evidence(e.Evidence)
	a.raw("}")
}
