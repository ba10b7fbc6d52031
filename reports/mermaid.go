package reports

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Mermaid refuses a diagram of more than 500 edges or 50,000 characters; labels are cut so that both hold.
const (
	mermaidEdges = 300
	mermaidLabel = 60
)

// writeMermaid writes the neighbourhoods as one Mermaid flowchart.
func writeMermaid(w io.Writer, d *Document, o Options) error {
	p, err := d.Pictures(o, mermaidEdges)
	if err != nil {
		return err
	}
	b := bufio.NewWriter(w)
	mermaid(b, p)
	return b.Flush()
}

// mermaid writes one flowchart.
func mermaid(b *bufio.Writer, p Picture) {
	edges := p.Edges[:min(mermaidEdges, len(p.Edges))]
	used := make([]bool, len(p.Nodes))
	for _, e := range edges {
		used[e.From], used[e.To] = true, true
	}
	b.WriteString("flowchart LR\n")
	if left := p.Left + len(p.Edges) - len(edges); left > 0 {
		fmt.Fprintf(b, "  %%%% %d more left out\n", left)
	}
	for i, n := range p.Nodes {
		if used[i] || len(p.Nodes) == 1 {
			opening, closing := mermaidShape(n.Kind)
			fmt.Fprintf(b, "  n%d%s\"%s\"%s\n", i+1, opening, mermaidText(nodeText(n)), closing)
		}
	}
	for _, e := range edges {
		line := "-->"
		if e.Sure.String() == "low" || e.Sure.String() == "medium" {
			line = "-.->"
		}
		fmt.Fprintf(b, "  n%d %s n%d\n", e.From+1, line, e.To+1)
	}
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
