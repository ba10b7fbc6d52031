package reports

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"strings"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

// writeSQLite writes a database for analysts: a table for each kind of thing, and the whole graph as nodes and edges.
// It is made in memory and written as a whole.
func writeSQLite(w io.Writer, d *Document, o Options) error {
	o.Internal = true // a format for tools
	db, err := sql.Open("sqlite", ":memory:")
	if err != nil {
		return fmt.Errorf("opening the database: %w", err)
	}
	defer db.Close()
	ctx := context.Background()
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("opening the database: %w", err)
	}
	defer conn.Close()
	for _, t := range append(d.tables(o), d.graphTables()...) {
		if err := insertTable(ctx, conn, t); err != nil {
			return fmt.Errorf("writing the table %s: %w", t.id, err)
		}
	}
	return serialize(conn, w)
}

// serialize writes the bytes of a database.
func serialize(conn *sql.Conn, w io.Writer) error {
	return conn.Raw(func(driver any) error {
		s, ok := driver.(interface{ Serialize() ([]byte, error) })
		if !ok {
			return errors.New("the database driver cannot write a database as a whole")
		}
		data, err := s.Serialize()
		if err != nil {
			return fmt.Errorf("writing the database: %w", err)
		}
		_, err = w.Write(data)
		return err
	})
}

// insertTable makes a table and fills it. Names of tables and columns are our own; values are parameters.
func insertTable(ctx context.Context, conn *sql.Conn, t table) error {
	columns := make([]string, len(t.columns))
	for i, c := range t.columns {
		columns[i] = `"` + c.id + `"`
	}
	if _, err := conn.ExecContext(ctx, `CREATE TABLE "`+t.id+`" (`+strings.Join(columns, ", ")+`)`); err != nil {
		return err
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // without effect after the commit
	insert, err := tx.PrepareContext(ctx, `INSERT INTO "`+t.id+`" VALUES (?`+strings.Repeat(", ?", len(columns)-1)+`)`)
	if err != nil {
		return err
	}
	for _, r := range t.rows {
		if _, err := insert.ExecContext(ctx, r...); err != nil {
			return errors.Join(err, insert.Close())
		}
	}
	return errors.Join(insert.Close(), tx.Commit())
}

// graphTables are the nodes and edges of the whole graph. An edge runs from the dependent to what it needs.
func (d *Document) graphTables() []table {
	net := d.network()
	nodes := table{id: "nodes", columns: []field{{id: "id"}, {id: "kind"}, {id: "name"}, {id: "platform"}, {id: "service"},
		{id: "exposure"}, {id: "severity"}, {id: "place"}}}
	for _, n := range net.nodes {
		nodes.rows = append(nodes.rows, []any{n.id, n.kind, n.name, n.platform, n.service, n.exposure, n.severity, n.place})
	}
	edges := table{id: "edges", columns: []field{{id: "from_id"}, {id: "to_id"}, {id: "kind"}, {id: "confidence"}, {id: "rule"}, {id: "place"}}}
	for _, e := range net.edges {
		edges.rows = append(edges.rows, []any{net.nodes[e.from].id, net.nodes[e.to].id, e.kind, e.sure, e.rule, e.at})
	}
	return []table{nodes, edges}
}
