package reports

import (
	"fmt"
	"io"
	"strings"
)

// Mermaid refuses a diagram of more than 500 edges or 50,000 characters. A part of a picture stays well below both.
const (
	mermaidEdges = 300
	mermaidSize  = 40_000
	mermaidLabel = 60
)

// writeMermaid writes the neighbourhoods as Mermaid flowcharts: the first, and the others through Options.Further.
// Without it, a comment says how many there are.
func writeMermaid(w io.Writer, d *Document, o Options) error {
	parts := []*mermaidPart{newMermaidPart()}
	for _, c := range d.drawn(o) {
		s, err := d.sketch(c, d.impact(c))
		if err != nil {
			return err
		}
		parts = addToParts(parts, s.picture(c.Name))
	}
	if len(parts) > 1 && o.Further == nil {
		parts[0].left += len(parts) - 1
		parts = parts[:1]
	}
	for n, p := range parts[1:] {
		if err := o.Further(n+2, p.write); err != nil {
			return err
		}
	}
	return parts[0].write(w)
}

// mermaidParts are the flowcharts of one picture.
func mermaidParts(p Picture) []*mermaidPart { return addToParts([]*mermaidPart{newMermaidPart()}, p) }

// addToParts adds a picture to the last part, or to a new one when it does not fit. A picture that fits in no part
// goes on in the next one.
func addToParts(parts []*mermaidPart, p Picture) []*mermaidPart {
	last := parts[len(parts)-1]
	if !last.fits(p) && last.edges > 0 {
		last = newMermaidPart()
		parts = append(parts, last)
	}
	for _, e := range p.Edges {
		if last.edges >= mermaidEdges || last.size >= mermaidSize {
			last = newMermaidPart()
			parts = append(parts, last)
		}
		last.edge(p, e)
	}
	for _, n := range p.Nodes {
		if len(p.Edges) == 0 {
			last.node(n)
		}
	}
	last.hidden += p.Left
	return parts
}

// mermaidPart is one flowchart while it is put together.
type mermaidPart struct {
	number map[string]int // id of a node -> its number
	drawn  map[[2]int]bool
	nodes  strings.Builder
	lines  strings.Builder
	edges  int
	size   int
	hidden int // nodes that the picture leaves out
	left   int // further parts that are not written
}

func newMermaidPart() *mermaidPart {
	return &mermaidPart{number: map[string]int{}, drawn: map[[2]int]bool{}}
}

// fits reports whether a picture can be added as a whole.
func (m *mermaidPart) fits(p Picture) bool {
	size := m.size
	for _, n := range p.Nodes {
		if m.number[n.ID] == 0 {
			size += len(mermaidText(nodeText(n))) + 16
		}
	}
	return m.edges+len(p.Edges) <= mermaidEdges && size+16*len(p.Edges) <= mermaidSize
}

func (m *mermaidPart) node(n PictureNode) int {
	if i := m.number[n.ID]; i > 0 {
		return i
	}
	i := len(m.number) + 1
	m.number[n.ID] = i
	opening, closing := mermaidShape(n.Kind)
	line := fmt.Sprintf("  n%d%s\"%s\"%s\n", i, opening, mermaidText(nodeText(n)), closing)
	m.size += len(line)
	m.nodes.WriteString(line)
	return i
}

func (m *mermaidPart) edge(p Picture, e PictureEdge) {
	ends := [2]int{m.node(p.Nodes[e.From]), m.node(p.Nodes[e.To])}
	if m.drawn[ends] {
		return
	}
	m.drawn[ends] = true
	arrow := "-->"
	if e.Sure.String() == "low" || e.Sure.String() == "medium" {
		arrow = "-.->"
	}
	line := fmt.Sprintf("  n%d %s n%d\n", ends[0], arrow, ends[1])
	m.edges++
	m.size += len(line)
	m.lines.WriteString(line)
}

func (m *mermaidPart) write(w io.Writer) error {
	head := "flowchart LR\n"
	if m.hidden > 0 {
		head += fmt.Sprintf("  %%%% %d more left out\n", m.hidden)
	}
	if m.left > 0 {
		head += fmt.Sprintf("  %%%% %d more flowcharts: -f mermaid=FILE writes all\n", m.left)
	}
	_, err := io.WriteString(w, head+m.nodes.String()+m.lines.String())
	return err
}

func mermaidShape(kind string) (opening, closing string) {
	switch kind {
	case "credential":
		return "{{", "}}"
	case "slot":
		return "[(", ")]"
	case "automation":
		return "[[", "]]"
	case "service", "schedule", "owner":
		return "([", "])"
	}
	return "[", "]"
}

// mermaidText writes a label: the characters of Mermaid, of HTML and of Markdown become entities.
func mermaidText(s string) string {
	var b strings.Builder
	for _, r := range cut(s, mermaidLabel) {
		switch {
		case r < 0x80 && strings.ContainsRune("\"#&<>`\\{}|;%", r):
			fmt.Fprintf(&b, "#%d;", r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// cut shortens a text to n characters, the last of them an ellipsis.
func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
