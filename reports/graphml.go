package reports

import (
	"bufio"
	"fmt"
	"io"
)

// graphmlKeys are the attributes of nodes and edges.
var graphmlKeys = []struct{ id, on, name string }{
	{"id", "node", "rotamap_id"}, {"kind", "node", "kind"}, {"name", "node", "name"}, {"platform", "node", "platform"},
	{"service", "node", "service"}, {"exposure", "node", "exposure"}, {"severity", "node", "severity"}, {"place", "node", "place"},
	{"ekind", "edge", "kind"}, {"rule", "edge", "rule"}, {"sure", "edge", "confidence"}, {"at", "edge", "place"},
}

// writeGraphML writes the whole graph for yEd, Gephi, NetworkX. Edges run from the dependent to what it needs.
func writeGraphML(w io.Writer, d *Document, _ Options) error {
	b := bufio.NewWriter(w)
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n")
	for _, k := range graphmlKeys {
		fmt.Fprintf(b, " <key id=\"%s\" for=\"%s\" attr.name=\"%s\" attr.type=\"string\"/>\n", k.id, k.on, k.name)
	}
	b.WriteString(" <graph id=\"rotamap\" edgedefault=\"directed\">\n")
	data := func(key, text string) {
		if text != "" {
			fmt.Fprintf(b, "<data key=\"%s\">%s</data>", key, svgText(text))
		}
	}
	net := d.network()
	for i, n := range net.nodes {
		fmt.Fprintf(b, "  <node id=\"n%d\">", i)
		for _, kv := range [][2]string{{"id", n.id}, {"kind", n.kind}, {"name", n.name}, {"platform", n.platform},
			{"service", n.service}, {"exposure", n.exposure}, {"severity", n.severity}, {"place", n.place}} {
			data(kv[0], kv[1])
		}
		b.WriteString("</node>\n")
	}
	for i, e := range net.edges {
		fmt.Fprintf(b, "  <edge id=\"e%d\" source=\"n%d\" target=\"n%d\">", i, e.from, e.to)
		for _, kv := range [][2]string{{"ekind", e.kind}, {"rule", e.rule}, {"sure", e.sure}, {"at", e.at}} {
			data(kv[0], kv[1])
		}
		b.WriteString("</edge>\n")
	}
	b.WriteString(" </graph>\n</graphml>\n")
	return b.Flush()
}
