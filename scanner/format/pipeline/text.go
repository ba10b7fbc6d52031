package pipeline

import (
	"bytes"
	"sort"
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// maxText bounds the shell text of one part.
const maxText = 1 << 20

// Text is program text put together from several places of a file: the commands of a job run one after another in
// one shell, so that what one sets the next sees.
type Text struct {
	a      *artifact.Artifact
	b      strings.Builder
	pieces []piece
}

type piece struct {
	start int
	place func(offset int) artifact.Place
}

// NewText returns an empty text of a file.
func NewText(a *artifact.Artifact) *Text { return &Text{a: a} }

// Add appends a piece, with the function that says where an offset in it stands, and a line break.
func (t *Text) Add(text string, place func(offset int) artifact.Place) {
	if t.b.Len()+len(text) > maxText {
		return
	}
	t.pieces = append(t.pieces, piece{t.b.Len(), place})
	t.b.WriteString(text)
	t.b.WriteByte('\n')
}

// AddNode appends a scalar.
func (t *Text) AddNode(n *tree.Node, p tree.Path) {
	if n.Str() != "" {
		t.Add(n.Value, PlacesOf(t.a, n, p))
	}
}

// AddAll appends every scalar below a node: a command, a list of commands, lists within lists.
func (t *Text) AddAll(n *tree.Node, p tree.Path) {
	n.Walk(p, func(p tree.Path, n *tree.Node) bool {
		if n.Kind == tree.Scalar {
			t.AddNode(n, p)
		}
		return n.Kind != tree.Map
	})
}

// String returns the whole text.
func (t *Text) String() string { return t.b.String() }

// Place returns where an offset stands in the file.
func (t *Text) Place(offset int) artifact.Place {
	i := sort.Search(len(t.pieces), func(i int) bool { return t.pieces[i].start > offset }) - 1
	if i < 0 {
		return artifact.Place{}
	}
	return t.pieces[i].place(offset - t.pieces[i].start)
}

// PlacesOf returns the function that says where an offset of a scalar's text stands in the file.
func PlacesOf(a *artifact.Artifact, n *tree.Node, p tree.Path) func(int) artifact.Place {
	at := artifact.At(n, p)
	return func(offset int) artifact.Place {
		before := n.Value[:min(max(offset, 0), len(n.Value))]
		if found, ok := folded(a, n, len(before)); ok {
			found.Pointer = at.Pointer
			return found
		}
		if !n.Block {
			return inLine(at, n, before)
		}
		start := strings.LastIndexByte(before, '\n') + 1
		out := artifact.Place{Line: n.Line + 1 + strings.Count(before, "\n"), Pointer: at.Pointer}
		out.Column = len(before) - start + 1
		if begin := a.LineStart(out.Line); begin >= 0 {
			line := a.Content[begin:]
			rest := n.Value[start:]
			indent := len(line) - len(bytes.TrimLeft(line, " "))
			out.Column = max(1, out.Column+indent-(len(rest)-len(strings.TrimLeft(rest, " "))))
		}
		return out
	}
}

// folded finds an offset of a scalar whose lines YAML has joined: the word that stands there is looked up in the
// file's text, the first one there for the first one in the value.
func folded(a *artifact.Artifact, n *tree.Node, offset int) (artifact.Place, bool) {
	start := a.LineStart(n.Line)
	if start < 0 || n.Quoted && !n.Block || offset == len(n.Value) {
		return artifact.Place{}, false
	}
	start += max(0, n.Column-1)
	if start >= len(a.Content) || n.Block && a.Content[start] == '|' {
		return artifact.Place{}, false
	}
	text := a.Content[start:min(len(a.Content), start+3*len(n.Value)+2000)]
	if !n.Block && bytes.HasPrefix(text, []byte(n.Value)) {
		return artifact.Place{}, false
	}
	word := n.Value[offset:]
	if i := strings.IndexAny(word, " \n"); i > 0 {
		word = word[:i]
	}
	word = word[:min(len(word), 60)]
	at := 0
	for nth := strings.Count(n.Value[:offset], word); nth >= 0; nth-- {
		i := lazy.Index(text[at:], word)
		if i < 0 || nth > 200 {
			return artifact.Place{}, false
		}
		at += i + len(word)
	}
	return a.PlaceOf(start + at - len(word)), true
}

// inLine returns the place of what follows a text in a scalar that starts on its own line.
func inLine(at artifact.Place, n *tree.Node, before string) artifact.Place {
	if strings.Contains(n.Value, "\n") {
		return at
	}
	at.Column += len(before)
	if n.Quoted {
		at.Column++
	}
	return at
}
