package helm

import (
	"bytes"
	"crypto/sha256"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// Rendering is a template as one set of values and one choice of branches make it.
type Rendering struct {
	Documents []tree.Document
	Overrides string          // the values file that was laid over the chart's own, "" for none
	Names     map[string]bool // texts that come from that file
	Doubtful  bool            // what conditions that do not hold would make is in it too
}

// maxPasses bounds how many branches of a condition are read.
const maxPasses = 3

// Render renders a template in every way that makes a difference. An error means that it is no template.
func Render(a *artifact.Artifact) ([]Rendering, error) {
	set, err := parseTemplate(a.Path, string(a.Content))
	if err != nil || set[a.Path] == nil {
		return nil, err
	}
	c := chartOf(a)
	own := map[string]define{}
	for name, t := range set {
		if name != a.Path && t.Root != nil {
			own[name] = define{t.Root, a.Path}
		}
	}
	seen := map[[sha256.Size]byte]bool{}
	var out []Rendering
	for i := -1; i < len(c.overrides); i++ {
		world, file := c.values, ""
		if i >= 0 {
			world, file = overlay(c.overrides[i].values, c.values), c.overrides[i].file
		}
		passes := 1
		for pass := 0; pass < passes; pass++ {
			doubtful := false
			for _, obeys := range []bool{true, false} {
				e := &evaluation{chart: c, world: world, pass: pass, steps: maxSteps, own: own, obeys: obeys}
				root := value{kind: object, object: "root"}
				spans := e.body(set[a.Path].Root, &scope{dot: root, file: a.Path, vars: []variable{{"$", root}}})
				passes = min(max(passes, e.chains), maxPasses)
				w := &writer{evaluation: e, a: a}
				w.write(spans)
				sum := sha256.Sum256([]byte(w.out.String()))
				if !seen[sum] {
					seen[sum] = true
					r := w.rendering(file)
					r.Doubtful = doubtful
					out = append(out, r)
				}
				if doubtful = e.denied > 0; !doubtful {
					break
				}
			}
		}
	}
	return out, nil
}

// writer puts spans together to one text and notes where each comes from.
type writer struct {
	*evaluation
	a       *artifact.Artifact
	out     strings.Builder
	pieces  []piece
	origins []tree.Origin
	marks   map[tree.Origin]rune
	lines   []int
	done    map[*tree.Node]bool
	file    string
	names   map[string]bool
}

type piece struct {
	at, off int
	file    string
	fixed   bool
}

func (w *writer) write(spans []span) {
	w.marks = map[tree.Origin]rune{}
	for _, s := range spans {
		if w.out.Len() > maxOutput {
			return
		}
		w.pieces = append(w.pieces, piece{w.out.Len(), s.off, s.file, true})
		for _, o := range s.from {
			r, ok := w.marks[o]
			if !ok && firstMark+rune(len(w.origins)) <= lastMark {
				r = firstMark + rune(len(w.origins))
				w.marks[o], w.origins = r, append(w.origins, o)
				ok = true
			}
			if ok {
				w.out.WriteRune(r)
			}
		}
		w.pieces = append(w.pieces, piece{w.out.Len(), s.off, s.file, s.fixed})
		w.out.WriteString(s.text)
	}
}

func (w *writer) rendering(file string) Rendering {
	w.file, w.names, w.done = file, map[string]bool{}, map[*tree.Node]bool{}
	t := w.out.String()
	w.lines = []int{0}
	for i := range len(t) {
		if t[i] == '\n' {
			w.lines = append(w.lines, i+1)
		}
	}
	docs := repaired(withoutHoles([]byte(t)))
	for _, d := range docs {
		w.settle(d.Root, 0)
	}
	return Rendering{Documents: docs, Overrides: file, Names: w.names}
}

// withoutHoles overwrites lines of nothing but holes with spaces: a part that is not known may be any number of keys
// or items, most often none.
func withoutHoles(t []byte) []byte {
	for start := 0; start < len(t); {
		end := len(t)
		if i := bytes.IndexByte(t[start:], '\n'); i >= 0 {
			end = start + i
		}
		line := t[start:end]
		if bytes.ContainsRune(line, hole) && !bytes.ContainsFunc(line, func(r rune) bool {
			return r > ' ' && r != hole && (r < firstMark || r > lastMark)
		}) {
			for i := range line {
				line[i] = ' '
			}
		}
		start = end + 1
	}
	return t
}

// place finds where a line and column of the rendered text come from.
func (w *writer) place(line, column int) (file string, atLine, atColumn int) {
	if line < 1 || line > len(w.lines) {
		return "", line, column
	}
	t, at := w.out.String(), w.lines[line-1]
	for i := 1; i < column && at < len(t); i++ { // columns count runes
		_, size := utf8.DecodeRuneInString(t[at:])
		at += size
	}
	i := sort.Search(len(w.pieces), func(i int) bool { return w.pieces[i].at > at }) - 1
	if i < 0 {
		return "", line, column
	}
	p := w.pieces[i]
	off := p.off
	if !p.fixed {
		off += at - p.at
	}
	if b, ok := w.blocks[p.file]; ok {
		return b.file, b.line + strings.Count(b.text[:min(off, len(b.text))], "\n"), 1
	}
	from := w.a
	if p.file != w.a.Path && p.file != "" {
		if from = w.files[p.file]; from == nil {
			from = w.a
		} else {
			file = p.file
		}
	}
	place := from.PlaceOf(min(off, len(from.Content)))
	return file, place.Line, place.Column
}

// settle gives the nodes of a parsed document their places in the source, takes the marks out of their texts, and
// puts grafts in.
func (w *writer) settle(n *tree.Node, depth int) {
	if n == nil || w.done[n] || depth > 500 {
		return
	}
	w.done[n] = true
	var file string
	file, n.Line, n.Column = w.place(n.Line, n.Column)
	if file != "" {
		n.Note = &tree.Note{File: file}
	}
	if n.Kind == tree.Scalar {
		w.scalar(n)
		return
	}
	var pairs []tree.Pair
	for _, p := range n.Pairs {
		if g := w.graftOf(p.Key); g != nil {
			pairs = append(pairs, g.Entries()...)
			continue
		}
		p.File, p.Line, p.Column = w.place(p.Line, p.Column)
		p.Key, _ = w.unmarked(p.Key)
		w.settle(p.Value, depth+1)
		pairs = append(pairs, p)
	}
	n.Pairs = pairs
	var items []*tree.Node
	for _, item := range n.Items {
		if g := w.graftOf(item.Str()); g != nil {
			items = append(items, g.List()...)
			continue
		}
		w.settle(item, depth+1)
		items = append(items, item)
	}
	n.Items = items
}

func (w *writer) scalar(n *tree.Node) {
	if !strings.ContainsFunc(n.Value, isPrivate) {
		return
	}
	marked := n.Value
	var from []tree.Origin
	n.Value, from = w.unmarked(marked)
	if len(from) == 0 {
		return
	}
	if n.Note == nil {
		n.Note = &tree.Note{}
	}
	first, _ := utf8.DecodeRuneInString(marked)
	whole := len(from) == 1 && first >= firstMark && strings.Count(marked, string(first)) == 1
	for i := range from {
		from[i].Whole = from[i].Whole && whole
		if w.file != "" && from[i].File == w.file {
			w.names[n.Value] = true
		}
	}
	n.Note.From = from
}

// unmarked takes the marks out of a text and returns the values that they stand for. A hole becomes "{{.}}", as
// the readers of names know it.
func (w *writer) unmarked(t string) (string, []tree.Origin) {
	if !strings.ContainsFunc(t, isPrivate) {
		return t, nil
	}
	var b strings.Builder
	var from []tree.Origin
	for _, r := range t {
		switch {
		case r == hole:
			b.WriteString("{{.}}")
		case r >= firstMark && int(r-firstMark) < len(w.origins):
			from = append(from, w.origins[r-firstMark])
		case !isPrivate(r):
			b.WriteRune(r)
		}
	}
	return b.String(), from
}

// graftOf returns the map or list that a text stands for, nil for none. Texts in it that are templates are evaluated.
func (w *writer) graftOf(t string) *tree.Node {
	r := []rune(t)
	if len(r) != 2 || r[0] != graft || int(r[1]-firstMark) >= len(w.grafts) || r[1] < firstMark {
		return nil
	}
	v := w.grafts[r[1]-firstMark]
	if v.kind == list {
		out := &tree.Node{Kind: tree.Seq}
		for _, item := range v.list {
			if item.node != nil {
				out.Items = append(out.Items, w.grown(item.node, 0))
			}
		}
		return out
	}
	return w.grown(v.node, 0)
}

// grown copies a node of the values, with the templates in its texts evaluated.
func (w *writer) grown(n *tree.Node, depth int) *tree.Node {
	if n == nil || depth > maxDepth {
		return n
	}
	out := *n
	if n.Kind == tree.Scalar {
		if w.file != "" && n.File() == w.file {
			w.names[n.Value] = true
		}
		if root := (value{kind: object, object: "root"}); strings.Contains(n.Value, "{{") {
			if spans := w.template([]span{{text: plainText(n.Value), fixed: true, from: n.From()}}, root); spans != nil {
				out.Value = strings.ReplaceAll(textOf(spans), string(hole), "{{.}}")
				out.Note = &tree.Note{File: n.File(), From: fromOf(spans)}
			}
		}
		return &out
	}
	out.Pairs = make([]tree.Pair, len(n.Pairs))
	for i, p := range n.Pairs {
		p.Value = w.grown(p.Value, depth+1)
		out.Pairs[i] = p
	}
	out.Items = make([]*tree.Node, len(n.Items))
	for i, item := range n.Items {
		out.Items[i] = w.grown(item, depth+1)
	}
	return &out
}
