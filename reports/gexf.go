package reports

import (
	"bufio"
	"fmt"
	"io"
)

// writeGEXF writes the whole graph for Gephi, GEXF 1.3.
func writeGEXF(w io.Writer, d *Document, _ Options) error {
	b := bufio.NewWriter(w)
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<gexf xmlns=\"http://gexf.net/1.3\" version=\"1.3\">\n")
	fmt.Fprintf(b, " <meta><creator>Rotamap</creator><description>%s</description></meta>\n", svgText(d.Title))
	b.WriteString(" <graph defaultedgetype=\"directed\">\n  <attributes class=\"node\">\n")
	for i, name := range []string{"rotamap_id", "kind", "platform", "service", "exposure", "severity", "place"} {
		fmt.Fprintf(b, "   <attribute id=\"%d\" title=\"%s\" type=\"string\"/>\n", i, name)
	}
	b.WriteString("  </attributes>\n  <attributes class=\"edge\">\n")
	for i, name := range []string{"rule", "confidence", "place"} {
		fmt.Fprintf(b, "   <attribute id=\"%d\" title=\"%s\" type=\"string\"/>\n", i, name)
	}
	b.WriteString("  </attributes>\n  <nodes>\n")
	net := d.network()
	for i, n := range net.nodes {
		fmt.Fprintf(b, "   <node id=\"%d\" label=\"%s\">", i, svgText(n.name))
		gexfValues(b, n.id, n.kind, n.platform, n.service, n.exposure, n.severity, n.place)
		b.WriteString("</node>\n")
	}
	b.WriteString("  </nodes>\n  <edges>\n")
	for i, e := range net.edges {
		fmt.Fprintf(b, "   <edge id=\"%d\" source=\"%d\" target=\"%d\" kind=\"%s\" label=\"%s\">", i, e.from, e.to, svgText(e.kind), svgText(e.kind))
		gexfValues(b, e.rule, e.sure, e.at)
		b.WriteString("</edge>\n")
	}
	b.WriteString("  </edges>\n </graph>\n</gexf>\n")
	return b.Flush()
}

// gexfValues writes the values of the attributes, in the order of their ids.
func gexfValues(b *bufio.Writer, values ...string) {
	b.WriteString("<attvalues>")
	for i, v := range values {
		if v != "" {
			fmt.Fprintf(b, "<attvalue for=\"%d\" value=\"%s\"/>", i, svgText(v))
		}
	}
	b.WriteString("</attvalues>")
}
