// Package tree gives JSON and YAML one shape: a tree of maps, sequences and scalars in which every node knows
// its line and column in the original text. Formats walk it without caring which of the two a file is.
//
// Input is hostile: depth, node count and alias expansion are bounded, cycles are cut.
package tree

import (
	"errors"
	"fmt"
	"strconv"
)

// Kind is the kind of a node.
type Kind uint8

// The kinds.
const (
	Scalar Kind = iota
	Map
	Seq
)

// Node is a map, a sequence or a scalar. A nil *Node behaves as an absent value in every method, so that
// lookups can be chained.
type Node struct {
	Kind   Kind
	Tag    string // YAML's short tag: !!str, !!int, !!null, or a local one such as !vault
	Value  string // of a scalar, unescaped
	Quoted bool   // a scalar that was written in quotes or as a block, hence a string
	Block  bool   // a scalar written as a literal or folded block: its text starts on the next line
	Line   int    // from 1
	Column int    // from 1, in bytes
	Pairs  []Pair // of a map, in order
	Items  []*Node
	Note   *Note // of a node of a text that was put together from several files; nil otherwise
}

// Note says of a node of a rendered template what its line alone does not.
type Note struct {
	File string   // path of the file where the node stands, "" for the artifact's own
	From []Origin // the values that its text takes in
}

// Origin is a value that a template takes in: its dotted path, and where it stands.
type Origin struct {
	Path  string // auth.password
	File  string // "" when no file gives the value
	Line  int
	Whole bool // the text is this value and nothing else
}

// Pair is one entry of a map. Key is a scalar's text; a key that is no scalar is skipped.
type Pair struct {
	Key    string
	Line   int
	Column int
	File   string // path of the file where the key stands, "" for the artifact's own
	Value  *Node
}

// Limits on a document; far above what real files hold.
const (
	maxDepth    = 1000
	maxExpanded = 5_000_000 // nodes, aliases counted each time they are used
)

// ErrTooLarge is returned for a document that nests or expands beyond the limits.
var ErrTooLarge = errors.New("nests or expands beyond the limits")

// Get follows keys from a map to a value; nil when one is absent.
func (n *Node) Get(keys ...string) *Node {
	for _, k := range keys {
		if n == nil || n.Kind != Map {
			return nil
		}
		n = n.pair(k)
	}
	return n
}

func (n *Node) pair(key string) *Node {
	for i := range n.Pairs {
		if n.Pairs[i].Key == key {
			return n.Pairs[i].Value
		}
	}
	return nil
}

// Str returns a scalar's text; "" for anything else and for null.
func (n *Node) Str() string {
	if n == nil || n.Kind != Scalar || n.Tag == "!!null" {
		return ""
	}
	return n.Value
}

// IsString reports whether the node is a scalar that YAML or JSON reads as a string.
func (n *Node) IsString() bool { return n != nil && n.Kind == Scalar && n.Tag == "!!str" }

// File returns the path of the file where the node stands, "" for the artifact's own.
func (n *Node) File() string {
	if n == nil || n.Note == nil {
		return ""
	}
	return n.Note.File
}

// From returns the values that the text of the node takes in.
func (n *Node) From() []Origin {
	if n == nil || n.Note == nil {
		return nil
	}
	return n.Note.From
}

// IsMap reports whether the node is a map.
func (n *Node) IsMap() bool { return n != nil && n.Kind == Map }

// IsSeq reports whether the node is a sequence.
func (n *Node) IsSeq() bool { return n != nil && n.Kind == Seq }

// Entries returns the pairs of a map, nil for anything else.
func (n *Node) Entries() []Pair {
	if n == nil || n.Kind != Map {
		return nil
	}
	return n.Pairs
}

// List returns the items of a sequence; a single scalar or map counts as a list of one, as many formats allow.
func (n *Node) List() []*Node {
	switch {
	case n == nil || n.Tag == "!!null":
		return nil
	case n.Kind == Seq:
		return n.Items
	}
	return []*Node{n}
}

// Path is a route from the root of a document, written as jobs.build.steps[2].env.TOKEN.
type Path string

// Key extends the path by a map key. Keys that hold dots or brackets are quoted.
func (p Path) Key(k string) Path {
	if isQuotedInPath(k) {
		k = fmt.Sprintf("[%q]", k)
		return p + Path(k)
	}
	if p == "" {
		return Path(k)
	}
	return p + "." + Path(k)
}

// isQuotedInPath reports whether a key holds a sign for which it is written in quotes.
func isQuotedInPath(key string) bool {
	for i := range len(key) {
		switch key[i] {
		case '.', '[', ']', '"':
			return true
		}
	}
	return false
}

// Index extends the path by a sequence index.
func (p Path) Index(i int) Path { return p + "[" + Path(strconv.Itoa(i)) + "]" }

// Walk visits n and everything below it, parents first. When visit returns false, what lies below that node is
// left out. Aliases are visited where they are used; the limit on expansion bounds the work.
func (n *Node) Walk(at Path, visit func(Path, *Node) bool) {
	if n == nil || !visit(at, n) {
		return
	}
	for i := range n.Pairs {
		n.Pairs[i].Value.Walk(at.Key(n.Pairs[i].Key), visit)
	}
	for i, c := range n.Items {
		c.Walk(at.Index(i), visit)
	}
}

// measure returns the expanded size of n, or ErrTooLarge. Shared nodes are measured once.
func measure(n *Node, seen map[*Node]int, depth int) (int, error) {
	if n == nil {
		return 0, nil
	}
	if depth > maxDepth {
		return 0, ErrTooLarge
	}
	if s, ok := seen[n]; ok {
		return s, nil
	}
	size := 1
	add := func(c *Node) error {
		s, err := measure(c, seen, depth+1)
		if size += s; err == nil && size > maxExpanded {
			err = ErrTooLarge
		}
		return err
	}
	for i := range n.Pairs {
		if err := add(n.Pairs[i].Value); err != nil {
			return 0, err
		}
	}
	for _, c := range n.Items {
		if err := add(c); err != nil {
			return 0, err
		}
	}
	seen[n] = size
	return size, nil
}
