package reports

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// writeCypher writes statements that put the whole graph in Neo4j or Memgraph. Run twice, they change nothing.
func writeCypher(w io.Writer, d *Document, _ Options) error {
	b := bufio.NewWriter(w)
	b.WriteString("CREATE CONSTRAINT rotamap_id IF NOT EXISTS FOR (n:Rotamap) REQUIRE n.id IS UNIQUE;\n")
	net := d.network()
	for _, n := range net.nodes {
		fmt.Fprintf(b, "MERGE (n:Rotamap {id: %s}) SET n:%s, n += %s;\n", cypherText(n.id), title1(word(n.kind)),
			cypherMap(filled("name", n.name, "platform", n.platform, "service", n.service, "exposure", n.exposure,
				"severity", n.severity, "place", n.place)))
	}
	for _, e := range net.edges {
		fmt.Fprintf(b, "MATCH (a:Rotamap {id: %s}), (b:Rotamap {id: %s}) MERGE (a)-[r:%s {rule: %s}]->(b) SET r += %s;\n",
			cypherText(net.nodes[e.from].id), cypherText(net.nodes[e.to].id), cypherName(e.kind), cypherText(e.rule),
			cypherMap(filled("confidence", e.sure, "place", e.at)))
	}
	return b.Flush()
}

func cypherMap(values map[string]string) string {
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(values)) {
		parts = append(parts, k+": "+cypherText(values[k]))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}
