package reports

import (
	"archive/zip"
	"encoding/csv"
	"fmt"
	"io"
	"time"
)

// neo4jTime is the time of the files in the archive: any will do, as long as it is the same in each run.
var neo4jTime = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// neo4jReadme says how the files are taken in.
const neo4jReadme = `neo4j-admin database import full --nodes=nodes.csv --relationships=relationships.csv --multiline-fields=true --quote='"' rotamap
`

// writeNeo4j writes the whole graph as CSV with the heads of neo4j-admin import. An edge runs from the dependent to
// what it needs.
func writeNeo4j(w io.Writer, d *Document, _ Options) error {
	net := d.network()
	nodes := [][]string{{"id:ID", "name", "kind", "platform", "service", "exposure", "severity", "place", ":LABEL"}}
	for _, n := range net.nodes {
		nodes = append(nodes, []string{n.id, n.name, n.kind, n.platform, n.service, n.exposure, n.severity, n.place,
			"Rotamap;" + title1(word(n.kind))})
	}
	edges := [][]string{{":START_ID", ":END_ID", ":TYPE", "rule", "confidence", "place"}}
	for _, e := range net.edges {
		edges = append(edges, []string{net.nodes[e.from].id, net.nodes[e.to].id, cypherName(e.kind), e.rule, e.sure, e.at})
	}
	z := zip.NewWriter(w)
	if err := zipCSV(z, "nodes.csv", nodes); err != nil {
		return err
	}
	if err := zipCSV(z, "relationships.csv", edges); err != nil {
		return err
	}
	f, err := z.CreateHeader(&zip.FileHeader{Name: "IMPORT.txt", Method: zip.Deflate, Modified: neo4jTime})
	if err != nil {
		return fmt.Errorf("writing the archive: %w", err)
	}
	if _, err := io.WriteString(f, neo4jReadme); err != nil {
		return fmt.Errorf("writing the archive: %w", err)
	}
	return z.Close()
}

func zipCSV(z *zip.Writer, name string, rows [][]string) error {
	f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: neo4jTime})
	if err != nil {
		return fmt.Errorf("writing the archive: %w", err)
	}
	if err := csv.NewWriter(f).WriteAll(rows); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}
