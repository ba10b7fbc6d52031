package tree

import (
	"bytes"
	"encoding/binary"
	"sync"
)

// JSON parses one or more JSON values that follow each other (a plain file, or JSON Lines).
//
// Plain text is read in one pass that allocates by the slab: exports are large, and the tokens of the library cost four
// times as much. What that pass does not expect is read once more as people write it: with comments, commas at the end of
// lists (both are usual in settings), and {{ expressions }} without quotes, which exports that were made into templates hold
// as values. The rest is left to the library, whose word on errors is the last.
func JSON(text []byte) ([]*Node, error) {
	r := readers.Get().(*reader)
	defer func() { r.forget(); readers.Put(r) }()
	return r.json(text)
}

func (r *reader) json(text []byte) ([]*Node, error) {
	if docs := r.read(text); docs != nil {
		return docs, nil
	}
	// What the first pass refuses and this one takes holds what the library refuses: it need not be asked.
	r.lenient = true
	docs := r.read(text)
	if r.lenient = false; docs != nil {
		return docs, nil
	}
	return strictJSON(text)
}

// Arena is memory for the trees of one text, which is used again for the next. The zero value is ready. It is not safe
// for concurrent use.
type Arena struct{ reader reader }

// JSON is JSON in the memory of the arena: its nodes are gone when the arena is reset, their strings stay.
func (a *Arena) JSON(text []byte) ([]*Node, error) {
	return a.reader.json(text)
}

// Reset takes back the memory of all trees.
func (a *Arena) Reset() {
	r := &a.reader
	r.text = nil
	r.nodes.reset(keptChunks)
	r.free.reset(keptChunks)
	r.list.reset(keptChunks)
}

// readers keeps the memory in which maps and lists grow, and the words that were met.
var readers = sync.Pool{New: func() any { return new(reader) }}

// Sizes of what a reader allocates and keeps.
const (
	slabNodes  = 128
	keptChunks = 1024
	maxValue   = 24 // bytes of a value that is likely to come again: longer ones are ids and texts
)

// reader reads JSON that holds nothing unusual. Its stacks hold what belongs to the maps and lists that are open.
type reader struct {
	text  []byte
	at    int
	line  int
	start int // offset at which the line starts

	lenient bool // as people write it, see JSON

	nodes slab[Node]
	free  slab[Pair]
	list  slab[*Node]
	pairs []Pair  // stack
	items []*Node // stack
	known words
	plain []byte // buffer for what escapes stand for
}

// read returns the values of a text, nil when it holds anything that a reader does not know.
func (r *reader) read(text []byte) []*Node {
	r.text, r.at, r.line, r.start = text, 0, 1, 0
	defer r.close()
	var docs []*Node
	for r.space(); r.at < len(text); r.space() {
		if c := text[r.at]; c != '{' && c != '[' {
			return nil
		}
		n := r.value(0)
		if n == nil || n.Kind == Scalar {
			return nil
		}
		docs = append(docs, n)
	}
	return docs
}

// close empties the stacks.
func (r *reader) close() {
	clear(r.pairs[:cap(r.pairs)])
	clear(r.items[:cap(r.items)])
	r.pairs, r.items = r.pairs[:0], r.items[:0]
}

// forget lets go of the text and of all nodes, so that a reader at rest keeps no tree in memory.
func (r *reader) forget() {
	r.text, r.nodes, r.free, r.list = nil, slab[Node]{}, slab[Pair]{}, slab[*Node]{}
}

// space moves on to the next byte that is no white space.
func (r *reader) space() {
	text, i := r.text, r.at
	for ; i < len(text); i++ {
		switch text[i] {
		case '\n':
			r.line, r.start = r.line+1, i+1
			for i+8 < len(text) && binary.LittleEndian.Uint64(text[i+1:]) == blanks {
				i += 8
			}
		case ' ', '\t', '\r':
		default:
			if r.at = i; !r.lenient || !r.comment() {
				return
			}
			i = r.at - 1 // the loop moves on
		}
	}
	r.at = i
}

// blanks are eight of them, as machines indent.
const blanks = 0x2020202020202020

// comment moves behind a comment, and reports whether there is one. The end of its line stays.
func (r *reader) comment() bool {
	rest := r.text[r.at:]
	switch {
	case bytes.HasPrefix(rest, []byte("//")):
		end := bytes.IndexByte(rest, '\n')
		if end < 0 {
			end = len(rest)
		}
		r.at += end
	case bytes.HasPrefix(rest, []byte("/*")):
		end := bytes.Index(rest, []byte("*/"))
		if end < 0 {
			return false
		}
		if lines := bytes.Count(rest[:end], []byte("\n")); lines > 0 {
			r.line, r.start = r.line+lines, r.at+bytes.LastIndexByte(rest[:end], '\n')+1
		}
		r.at += end + len("*/")
	default:
		return false
	}
	return true
}

// expression reads {{ a template's expression }} that stands where a value does; nil for anything else.
func (r *reader) expression() *Node {
	rest := r.text[r.at:]
	if !bytes.HasPrefix(rest, []byte("{{")) {
		return nil
	}
	if end := bytes.IndexByte(rest, '\n'); end >= 0 {
		rest = rest[:end]
	}
	end := bytes.Index(rest, []byte("}}"))
	if end < 0 {
		return nil
	}
	n := r.node(Scalar, "!!str")
	n.Value = string(rest[:end+len("}}")])
	r.at += len(n.Value)
	return n
}

// next is the next byte that is no white space, 0 at the end.
func (r *reader) next() byte {
	if r.space(); r.at < len(r.text) {
		return r.text[r.at]
	}
	return 0
}

// node returns a new node at the place that was reached.
func (r *reader) node(kind Kind, tag string) *Node {
	n := &r.nodes.take(1, slabNodes)[0]
	n.Kind, n.Tag, n.Line, n.Column = kind, tag, r.line, r.at-r.start+1
	return n
}

// value reads a value, nil when it is none.
func (r *reader) value(depth int) *Node {
	if depth > maxDepth {
		return nil
	}
	switch c := r.next(); c {
	case '{':
		if r.lenient {
			if n := r.expression(); n != nil {
				return n
			}
		}
		return r.object(depth)
	case '[':
		return r.array(depth)
	case '"':
		n := r.node(Scalar, "!!str")
		n.Quoted = true
		var ok bool
		if n.Value, ok = r.quoted(false); !ok {
			return nil
		}
		return n
	case 't':
		return r.word("true", "!!bool")
	case 'f':
		return r.word("false", "!!bool")
	case 'n':
		return r.word("null", "!!null")
	default:
		return r.number()
	}
}

func (r *reader) word(word, tag string) *Node {
	n := r.node(Scalar, tag)
	if len(r.text)-r.at < len(word) || string(r.text[r.at:r.at+len(word)]) != word {
		return nil
	}
	if r.at += len(word); tag != "!!null" {
		n.Value = word
	}
	return n
}

func (r *reader) object(depth int) *Node {
	n, base := r.node(Map, "!!map"), len(r.pairs)
	r.at++
	for first := true; ; first = false {
		c := r.next()
		if c == '}' {
			break
		}
		if !first {
			if c != ',' {
				return nil
			}
			r.at++
			if c = r.next(); c == '}' && r.lenient {
				break
			}
		}
		if c != '"' {
			return nil
		}
		pair := Pair{Line: r.line, Column: r.at - r.start + 1}
		var ok bool
		if pair.Key, ok = r.quoted(true); !ok || r.next() != ':' {
			return nil
		}
		r.at++
		if pair.Value = r.value(depth + 1); pair.Value == nil {
			return nil
		}
		r.pairs = append(r.pairs, pair)
	}
	r.at++
	n.Pairs = take(&r.free, r.pairs[base:])
	r.pairs = r.pairs[:base]
	return n
}

func (r *reader) array(depth int) *Node {
	n, base := r.node(Seq, "!!seq"), len(r.items)
	r.at++
	for first := true; ; first = false {
		c := r.next()
		if c == ']' {
			break
		}
		if !first {
			if c != ',' {
				return nil
			}
			r.at++
			if r.lenient && r.next() == ']' {
				break
			}
		}
		item := r.value(depth + 1)
		if item == nil {
			return nil
		}
		r.items = append(r.items, item)
	}
	r.at++
	n.Items = take(&r.list, r.items[base:])
	r.items = r.items[:base]
	return n
}

// take copies what was gathered into a slab; nil for nothing.
func take[T any](s *slab[T], gathered []T) []T {
	if len(gathered) == 0 {
		return nil
	}
	out := s.take(len(gathered), slabNodes)
	copy(out, gathered)
	return out
}
