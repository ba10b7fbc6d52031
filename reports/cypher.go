package reports

import (
	"bufio"
	"fmt"
	"io"
	"slices"
)

// cypherBatch is the number of nodes or relationships in one statement: few statements are fast, and each is still a
// small transaction.
const cypherBatch = 500

// writeCypher writes statements that put the whole graph in Neo4j or Memgraph: for each kind of node and of
// relationship a few lists. Run twice, they change nothing.
func writeCypher(w io.Writer, d *Document, _ Options) error {
	b := bufio.NewWriter(w)
	net := d.network()
	if len(net.nodes) > 0 {
		b.WriteString("CREATE CONSTRAINT rotamap_id IF NOT EXISTS FOR (n:Rotamap) REQUIRE n.id IS UNIQUE;\n")
	}
	cypherLists(b, net.nodes, func(n graphNode) string { return n.kind }, func(n graphNode) string {
		return "{id: " + cypherText(n.id) + ", props: " + cypherMap("name", n.name, "platform", n.platform, "service", n.service,
			"exposure", n.exposure, "severity", n.severity, "place", n.place) + "}"
	}, func(kind string) string {
		return "MERGE (n:Rotamap {id: row.id}) SET n:" + title1(word(kind)) + ", n += row.props"
	})
	cypherLists(b, net.edges, func(e graphEdge) string { return e.kind }, func(e graphEdge) string {
		return "{a: " + cypherText(net.nodes[e.from].id) + ", b: " + cypherText(net.nodes[e.to].id) + ", rule: " + cypherText(e.rule) +
			", props: " + cypherMap("confidence", e.sure, "place", e.at) + "}"
	}, func(kind string) string {
		return "MATCH (a:Rotamap {id: row.a}), (b:Rotamap {id: row.b}) MERGE (a)-[r:" + cypherName(kind) + " {rule: row.rule}]->(b) SET r += row.props"
	})
	return b.Flush()
}

// cypherLists writes the things of each kind, in the order of the kinds, as lists with what is done to each row.
func cypherLists[T any](b *bufio.Writer, all []T, kind, row func(T) string, then func(kind string) string) {
	kinds := map[string][]T{}
	var names []string
	for _, x := range all {
		k := kind(x)
		if kinds[k] == nil {
			names = append(names, k)
		}
		kinds[k] = append(kinds[k], x)
	}
	slices.Sort(names)
	for _, k := range names {
		for batch := range slices.Chunk(kinds[k], cypherBatch) {
			b.WriteString("UNWIND [\n")
			for i, x := range batch {
				b.WriteString("  " + row(x))
				if i+1 < len(batch) {
					b.WriteString(",")
				}
				b.WriteString("\n")
			}
			fmt.Fprintf(b, "] AS row %s;\n", then(k))
		}
	}
}

// cypherMap is a map of the properties that have a text.
func cypherMap(pairs ...string) string {
	out := []byte("{")
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			continue
		}
		if len(out) > 1 {
			out = append(out, ", "...)
		}
		out = append(append(append(out, pairs[i]...), ": "...), cypherText(pairs[i+1])...)
	}
	return string(append(out, '}'))
}
