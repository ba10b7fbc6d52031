package reports

import (
	"fmt"
	"io"
	"strings"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
)

// WriteExplanation writes why a node is in the map: what says so, where, and how it is joined. Ids and places are
// written whole, wider than the terminal if need be: they are there to be copied.
func WriteExplanation(w io.Writer, x graph.Explanation, width int, color bool) error {
	t := newTerminal(w, width, color)
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", x.Node.Kind, t.paint(styleName, Plain(x.Node.ID)))
	if x.Node.Name != "" && x.Node.Name != x.Node.ID {
		fmt.Fprintf(&b, "  name        %s\n", Plain(x.Node.Name))
	}
	if x.Credential != "" && x.Credential != x.Node.ID {
		fmt.Fprintf(&b, "  credential  %s\n", Plain(x.Credential))
	}
	explainPlaces(&b, "  seen at     ", x.Node.Evidence)
	for _, a := range x.Node.Attrs {
		explainAttr(&b, a)
	}
	explainEdges(&b, t.paint(styleTitle, "needs"), x.Needs, func(e inventory.Edge) string { return e.To })
	explainEdges(&b, t.paint(styleTitle, "is needed by"), x.NeededBy, func(e inventory.Edge) string { return e.From })
	_, err := io.WriteString(w, b.String())
	return err
}

func explainAttr(b *strings.Builder, a inventory.Attr) {
	fmt.Fprintf(b, "  %-11s %s", a.Key, Plain(a.Value))
	if a.Detail != "" {
		fmt.Fprintf(b, " (%s)", Plain(a.Detail))
	}
	if a.Confidence != 0 {
		fmt.Fprintf(b, ", %s", a.Confidence)
	}
	if a.Rule != "" {
		fmt.Fprintf(b, ", says %s", Plain(a.Rule))
	}
	b.WriteByte('\n')
}

func explainEdges(b *strings.Builder, title string, edges []inventory.Edge, other func(inventory.Edge) string) {
	if len(edges) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n", title)
	for _, e := range edges {
		fmt.Fprintf(b, "  %s  %s\n", e.Kind, Plain(other(e)))
		fmt.Fprintf(b, "    rule %s, %s\n", Plain(e.Rule), e.Confidence)
		explainPlaces(b, "    at ", e.Evidence)
	}
}

// explainPlaces lists places, one on a line, the first ten of them.
func explainPlaces(b *strings.Builder, label string, all []inventory.Evidence) {
	const most = 10
	for i, e := range all {
		if i == most {
			fmt.Fprintf(b, "%s... and %d more\n", strings.Repeat(" ", len(label)), len(all)-most)
			return
		}
		state := ""
		if e.State != inventory.Head && e.State != "" {
			state = " (" + string(e.State) + ")"
		}
		source := Plain(e.Source) + ": "
		if e.Source == e.Path { // the register, a single file
			source = ""
		}
		fmt.Fprintf(b, "%s%s%s%s\n", label, source, Plain(e.String()), state)
		label = strings.Repeat(" ", len(label))
	}
}
