package plan

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/rules/register"
	"github.com/rotamap/rotamap/testdata/facts"
)

var update = flag.Bool("update", false, "write what the writers draw into the cases")

var now = time.Date(2026, 11, 23, 6, 0, 0, 0, time.UTC)

// TestCases draws every case of testdata/plan: facts, an optional rotamap.toml and the names of the credentials
// (names), as each of the files want.<writer> that the case has.
func TestCases(t *testing.T) {
	paths, err := filepath.Glob("../../testdata/plan/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			p := planOf(t, a)
			for i, f := range a.Files {
				kind, ok := strings.CutPrefix(f.Name, "want.")
				if !ok {
					continue
				}
				got := draw(t, p, kind)
				if *update {
					a.Files[i].Data = got
				} else if diff := cmp.Diff(string(f.Data), string(got)); diff != "" {
					t.Errorf("%s\n%s", strings.TrimSpace(string(a.Comment)), diff)
				}
			}
			if *update {
				if err := os.WriteFile(path, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func planOf(t *testing.T, a *txtar.Archive) Plan {
	t.Helper()
	files := map[string]string{}
	for _, f := range a.Files {
		files[f.Name] = string(f.Data)
	}
	g := graphOf(t, files["facts"])
	r := register.Default()
	if text, ok := files["rotamap.toml"]; ok {
		var err error
		if r, err = register.Parse("rotamap.toml", []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	var creds []*graph.Credential
	for name := range strings.FieldsSeq(files["names"]) {
		c, err := g.Find(name)
		if err != nil {
			t.Fatal(err)
		}
		creds = append(creds, c)
	}
	return New(g, creds, r, Options{Now: now})
}

func graphOf(t *testing.T, text string) *graph.Graph {
	t.Helper()
	g, err := graphFrom(text)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func graphFrom(text string) (*graph.Graph, error) {
	m, err := facts.Map(text)
	if err != nil {
		return nil, err
	}
	return graph.Load(m), nil
}

func draw(t *testing.T, p Plan, kind string) []byte {
	t.Helper()
	var b bytes.Buffer
	writers := map[string]func(io.Writer) error{"txt": p.WriteText, "md": p.WriteMarkdown, "todo": p.WriteChecklist,
		"rules": p.WritePrometheus, "ics": p.WriteICS, "json": func(w io.Writer) error {
			enc := json.NewEncoder(w)
			enc.SetIndent("", " ")
			enc.SetEscapeHTML(false)
			return enc.Encode(p)
		}}
	if err := writers[kind](&b); err != nil {
		t.Fatal(err)
	}
	return bytes.ReplaceAll(b.Bytes(), []byte("\r\n"), []byte("\n"))
}
