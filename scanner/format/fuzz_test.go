package format_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format"
)

// FuzzFormats feeds every row any file under any path. A new format is fuzzed with no new code: the seeds are all
// cases below testdata/format. It must not panic, lines must lie in the file, and the same input must give the same
// facts.
func FuzzFormats(f *testing.F) {
	rows := format.All()
	seed(f, rows)
	f.Fuzz(func(t *testing.T, row int, path string, content []byte) {
		if row < 0 || row >= len(rows) || len(content) > 1<<16 {
			t.Skip()
		}
		first, lines := facts(rows[row], path, content), bytes.Count(content, []byte("\n"))+1
		if first == nil {
			return
		}
		for _, n := range first.Set.Nodes() {
			for _, e := range n.Evidence {
				if e.Line < 0 || e.Line > lines {
					t.Errorf("%s: evidence of %q at line %d of %d", rows[row].ID, n.ID, e.Line, lines)
				}
			}
			if n.ID == "" {
				t.Errorf("%s: a node has no id", rows[row].ID)
			}
		}
		if second := facts(rows[row], path, content); Dump(first) != Dump(second) {
			t.Errorf("%s: the same file gives other facts", rows[row].ID)
		}
	})
}

func facts(row artifact.Format, path string, content []byte) *artifact.Facts {
	a := &artifact.Artifact{Source: "fuzz", Path: path, Content: bytes.ToValidUTF8(content, []byte("?")), State: inventory.Head}
	if !row.Match(a) {
		return nil
	}
	out := artifact.NewFacts(a, row.ID)
	_ = row.Parse(a, out) // an error is a skip, counted by the scan
	return out
}

func seed(f *testing.F, rows []artifact.Format) {
	for i, row := range rows {
		cases, err := filepath.Glob(filepath.Join("../../testdata/format", row.ID, "*.txtar"))
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range cases {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				f.Fatal(err)
			}
			for _, x := range ar.Files {
				if x.Name != "want" {
					f.Add(i, x.Name, []byte(detect.Expand(string(x.Data))))
				}
			}
		}
	}
}
