package format_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rotamap/rotamap/scanner/format"
)

const (
	formatsDoc   = "../../docs/formats.md"
	measurements = "../../docs/verification/formats.tsv"
)

const formatsHead = `# Formats

Generated from the table of formats and from docs/verification/formats.tsv (` + "`make docs`" + `); a test keeps them in step.

Each row says what was tried on real files of public repositories or on exports of the real engine: how many files, how
many of them were recognised, how many references were found there, what an independent count gave (written in another
way: grep, a Python script of docs/verification, the platform's own tool), and what was skipped. What has not been tried on
a real file says *unverified*.

| format | what | files | recognised | references | independent count | skips | tried on |
|---|---|---|---|---|---|---|---|
`

// TestDocs: docs/formats.md lists every format with what was measured, and nothing else.
func TestDocs(t *testing.T) {
	measured := readMeasurements(t)
	var b strings.Builder
	b.WriteString(formatsHead)
	for _, row := range format.All() {
		if row.Title == "" || row.Doc == "" {
			t.Errorf("format %s has no title or no link to its description", row.ID)
		}
		m, ok := measured[row.ID]
		if !ok {
			m = []string{"", "", "", "", "", ""}
		}
		delete(measured, row.ID)
		fmt.Fprintf(&b, "| `%s` | [%s](%s) |", row.ID, row.Title, row.Doc)
		for _, cell := range m {
			if cell == "" {
				cell = "*unverified*"
			}
			b.WriteString(" " + cell + " |")
		}
		b.WriteByte('\n')
	}
	for id := range measured {
		t.Errorf("%s measures %q, which is no format", measurements, id)
	}
	if *update {
		if err := os.WriteFile(formatsDoc, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	have, err := os.ReadFile(formatsDoc)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(have), b.String()); d != "" {
		t.Errorf("docs/formats.md is out of step; run make docs:\n%s", d)
	}
}

// readMeasurements reads the table: format, files, recognised, references, independent count, skips, tried on.
func readMeasurements(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(measurements)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	for i, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		cells := strings.Split(line, "\t")
		if strings.HasPrefix(line, "#") {
			continue
		}
		if len(cells) != 7 {
			t.Fatalf("%s:%d has %d cells, not 7", measurements, i+1, len(cells))
		}
		out[cells[0]] = cells[1:]
	}
	return out
}
