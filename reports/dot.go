package reports

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// dotEdges is the number of edges beyond which a picture of all credentials leaves the lesser ones out.
const dotEdges = 5000

// dotShapes tells kinds of nodes apart without colour.
var dotShapes = map[string]string{
	"credential": "doubleoctagon", "slot": "cylinder", "automation": "component", "service": "oval", "owner": "house",
	"schedule": "note", "code": "tab",
}

// writeDOT writes the neighbourhoods as a Graphviz graph, left to right.
func writeDOT(w io.Writer, d *Document, o Options) error {
	p, err := d.Pictures(o, dotEdges)
	if err != nil {
		return err
	}
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "digraph rotamap {\n  graph [rankdir=LR, label=%s, labelloc=t, fontname=\"sans-serif\"];\n", dotQuote(p.Title))
	b.WriteString("  node [fontname=\"sans-serif\", fontsize=10];\n  edge [color=\"#667788\", arrowsize=0.7];\n")
	for i, n := range p.Nodes {
		shape := dotShapes[n.Kind]
		if shape == "" {
			shape = "box"
		}
		fmt.Fprintf(b, "  n%d [label=%s, shape=%s, tooltip=%s];\n", i+1, dotQuote(nodeText(n)), shape, dotQuote(n.ID))
	}
	for _, e := range p.Edges {
		fmt.Fprintf(b, "  n%d -> n%d%s;\n", e.From+1, e.To+1, dotStyle(e))
	}
	if p.Left > 0 {
		fmt.Fprintf(b, "  more [label=%s, shape=plaintext];\n", dotQuote(fmt.Sprintf("%d more left out", p.Left)))
	}
	b.WriteString("}\n")
	return b.Flush()
}

func dotStyle(e PictureEdge) string {
	if e.Sure.String() == "low" || e.Sure.String() == "medium" {
		return " [style=dashed, tooltip=\"" + e.Sure.String() + " confidence\"]"
	}
	return ""
}

// nodeText is the name of a node with its note.
func nodeText(n PictureNode) string {
	if n.Note == "" {
		return n.Name
	}
	return n.Name + " (" + n.Note + ")"
}

// dotQuote writes a DOT string: quotes end it, and a backslash starts an escape that Graphviz would expand.
func dotQuote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "&", "&amp;").Replace(s) + `"`
}
