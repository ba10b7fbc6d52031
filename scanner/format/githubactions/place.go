package githubactions

import (
	"bytes"
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// placer finds where in the file an offset of a scalar's text stands. Expressions keep their text under every
// style of scalar, so the n-th "${{" of the value is the n-th of the file's text from the scalar on.
type placer struct {
	f    *file
	node *tree.Node
	at   artifact.Place // of the scalar
	text int            // offset in the value up to which braces were counted
	raw  int            // offset in the file of the last brace found, -1 for none yet
}

func (f *file) placer(n *tree.Node, p tree.Path) *placer {
	return &placer{f: f, node: n, at: artifact.At(n, p), raw: -1}
}

// of returns the place of a reference. Calls come in the order of the text.
func (p *placer) of(e expression, r ref) artifact.Place {
	if e.bare {
		return p.plain(r.offset)
	}
	return p.expression(e.start, r.offset)
}

// expression returns the place of an offset inside the expression that starts at start.
func (p *placer) expression(start, offset int) artifact.Place {
	content := p.f.Artifact.Content
	from := p.raw + 3
	if p.raw < 0 {
		from = p.f.offset(p.node)
	}
	for range strings.Count(p.node.Value[p.text:min(start+3, len(p.node.Value))], "${{") {
		i := -1
		if from <= len(content) {
			i = lazy.Index(content[from:], "${{")
		}
		if i < 0 {
			return p.at
		}
		p.raw = from + i
		from = p.raw + 3
	}
	p.text = max(p.text, start+3)
	if p.raw < 0 {
		return p.at
	}
	out := p.f.Artifact.PlaceOf(min(p.raw+offset-start, len(content)))
	out.Pointer = p.at.Pointer
	return out
}

// script returns the place of an offset in the text of a script.
func (p *placer) script(offset int) artifact.Place {
	before := p.node.Value[:min(offset, len(p.node.Value))]
	if !p.node.Block {
		return p.at
	}
	line := p.node.Line + 1 + strings.Count(before, "\n")
	if p.folded() {
		line = p.foldedLine(before)
	}
	out := artifact.Place{Line: line, Pointer: p.at.Pointer}
	if line <= len(p.f.lines) {
		text := p.f.Artifact.Content[p.f.lines[line-1]:]
		indent := len(text) - len(bytes.TrimLeft(text, " "))
		valueLine := before[strings.LastIndexByte(before, '\n')+1:]
		lead := len(p.node.Value[len(before)-len(valueLine):]) - len(strings.TrimLeft(p.node.Value[len(before)-len(valueLine):], " "))
		out.Column = max(1, indent-lead+len(valueLine)+1)
	}
	return out
}

// offset returns where a node starts in the file.
func (f *file) offset(n *tree.Node) int {
	if n.Line < 1 || n.Line > len(f.lines) {
		return 0
	}
	return min(f.lines[n.Line-1]+max(n.Column-1, 0), len(f.Artifact.Content))
}

// plain returns the place of an offset in a scalar of one line that holds no braces.
func (p *placer) plain(offset int) artifact.Place {
	out := p.at
	if !p.node.Block && !strings.Contains(p.node.Value, "\n") {
		out.Column += offset
		if p.node.Quoted {
			out.Column++
		}
	}
	return out
}

// folded reports whether the text is written as a folded block, whose lines are joined by spaces.
func (p *placer) folded() bool {
	if p.node.Line < 1 || p.node.Line > len(p.f.lines) {
		return false
	}
	head, _, _ := bytes.Cut(p.f.Artifact.Content[p.f.lines[p.node.Line-1]:], []byte("\n"))
	head = bytes.TrimRight(head, " \r")
	i := bytes.LastIndexByte(head, '>')
	return i > 0 && len(head)-i <= 3 && (head[i-1] == ' ' || head[i-1] == ':')
}

// foldedLine returns the line of a place in a folded text: that of the word that it stands in.
func (p *placer) foldedLine(before string) int {
	words := len(strings.Fields(before))
	if before != "" && !strings.HasSuffix(before, " ") && !strings.HasSuffix(before, "\n") {
		words-- // the place stands inside a word
	}
	for line := p.node.Line + 1; line <= len(p.f.lines); line++ {
		text, _, _ := bytes.Cut(p.f.Artifact.Content[p.f.lines[line-1]:], []byte("\n"))
		n := len(bytes.Fields(text))
		if words < n {
			return line
		}
		words -= n
	}
	return p.node.Line + 1
}
