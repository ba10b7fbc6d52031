package reports

import (
	"fmt"
	"io"
)

type cytoscapeFile struct {
	Elements cytoscapeElements `json:"elements"`
}

type cytoscapeElements struct {
	Nodes []cytoscapeElement `json:"nodes"`
	Edges []cytoscapeElement `json:"edges"`
}

type cytoscapeElement struct {
	Data map[string]string `json:"data"`
}

// writeCytoscape writes the whole graph as Cytoscape.js takes it.
func writeCytoscape(w io.Writer, d *Document, _ Options) error {
	out := cytoscapeFile{cytoscapeElements{[]cytoscapeElement{}, []cytoscapeElement{}}}
	net := d.network()
	for i, n := range net.nodes {
		out.Elements.Nodes = append(out.Elements.Nodes, cytoscapeElement{filled("id", fmt.Sprintf("n%d", i), "rotamap_id", n.id,
			"kind", n.kind, "name", n.name, "platform", n.platform, "service", n.service, "exposure", n.exposure,
			"severity", n.severity, "place", n.place)})
	}
	for i, e := range net.edges {
		out.Elements.Edges = append(out.Elements.Edges, cytoscapeElement{filled("id", fmt.Sprintf("e%d", i),
			"source", fmt.Sprintf("n%d", e.from), "target", fmt.Sprintf("n%d", e.to), "kind", e.kind, "rule", e.rule,
			"confidence", e.sure, "place", e.at)})
	}
	return encodeJSON(w, out, " ")
}

// filled makes a map of names and texts, without those that are empty.
func filled(pairs ...string) map[string]string {
	out := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			out[pairs[i]] = pairs[i+1]
		}
	}
	return out
}
