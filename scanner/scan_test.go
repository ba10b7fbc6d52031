package scanner_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/fingerprint"
	"github.com/rotamap/rotamap/scanner/source"
)

// tree writes every file of every case of the formats into one folder: a source that uses all of them.
func tree(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	cases, err := filepath.Glob("../testdata/format/*/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases of formats: %v", err)
	}
	for _, file := range cases {
		ar, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		base := filepath.Join(dir, filepath.Base(filepath.Dir(file)), strings.TrimSuffix(filepath.Base(file), ".txtar"))
		for _, f := range ar.Files {
			if f.Name == "want" {
				continue
			}
			name := filepath.Join(base, filepath.FromSlash(f.Name))
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(detect.Expand(string(f.Data))), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}

func key(t *testing.T) fingerprint.Key {
	t.Helper()
	k, err := fingerprint.NewKey(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func scan(t *testing.T, workers int, specs ...source.Spec) (inventory.Map, scanner.Outcome) {
	t.Helper()
	m, out, err := scanner.Scan(context.Background(), scanner.Options{Sources: specs, Key: key(t), Read: source.Options{Workers: workers}})
	if err != nil {
		t.Fatal(err)
	}
	return m, out
}

func encode(t *testing.T, m inventory.Map) string {
	t.Helper()
	var b bytes.Buffer
	if err := m.Encode(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestDeterminism: the same input gives the same bytes, with one worker on one processor and with eight on eight.
func TestDeterminism(t *testing.T) {
	dir := tree(t)
	old := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(old)
	one, _ := scan(t, 1, source.Spec{Name: "acme", Location: dir})
	runtime.GOMAXPROCS(8)
	for range 3 {
		eight, _ := scan(t, 8, source.Spec{Name: "acme", Location: dir})
		if d := cmp.Diff(encode(t, one), encode(t, eight)); d != "" {
			t.Fatalf("the map depends on the workers:\n%.2000s", d)
		}
	}
}

// TestGateIsQuiet: no format, no rule and no skip puts a value where the exit gate has to take it out.
func TestGateIsQuiet(t *testing.T) {
	_, out := scan(t, 2, source.Spec{Name: "acme", Location: tree(t)})
	if out.Leaks > 0 {
		t.Errorf("the exit gate replaced %d strings of the map: a value left its place", out.Leaks)
	}
}

// TestBadFileIsNoAbort: a parser that fails or panics makes a skip or an unreadable file; the rest is scanned.
func TestBadFileIsNoAbort(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"bad", "worse", "good"} {
		if err := os.WriteFile(filepath.Join(dir, name+".toy"), []byte(name+" toy-secret"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	m, _, err := scanner.Scan(context.Background(), scanner.Options{
		Sources: []source.Spec{{Name: "acme", Location: dir}}, Key: key(t), Formats: []artifact.Format{toy()}})
	if err != nil {
		t.Fatal(err)
	}
	f := m.Fragments[0]
	text := fmt.Sprintf("%v %v", f.Coverage.Skipped, f.Coverage.Unreadable)
	if !strings.Contains(text, "toy: malformed") || !strings.Contains(text, "toy: the parser failed on it") {
		t.Errorf("skips and unreadable files are not said: %s", text)
	}
	if strings.Contains(text, "toy-secret") {
		t.Errorf("a skip quotes the file: %s", text)
	}
	found := false
	for _, n := range f.Nodes {
		found = found || n.ID == "toy:acme/good.toy"
	}
	if !found {
		t.Error("the good file was not scanned")
	}
}

// toy is a whole format: what a contributor writes, and nothing else has to change.
func toy() artifact.Format {
	return artifact.Format{
		ID: "toy", Title: "Toy", Doc: "none",
		Match: func(a *artifact.Artifact) bool { return strings.HasSuffix(a.Path, ".toy") },
		Parse: func(a *artifact.Artifact, f *artifact.Facts) error {
			switch {
			case strings.HasPrefix(string(a.Content), "bad"):
				return fmt.Errorf("malformed")
			case strings.HasPrefix(string(a.Content), "worse"):
				panic("quotes toy-secret")
			}
			f.Automation("", "toy", artifact.Place{Line: 1})
			return nil
		},
	}
}

// TestMalformedIsSaid: a file that a format would have read, and cannot for its syntax, is counted.
func TestMalformedIsSaid(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"cut.json":   `{"flow": [{"id": 1, "module": "slack:CreateMessage"`,
		"whole.json": `{"flow": [{"id": 1, "module": "slack:CreateMessage"}]}`,
		"plain.json": `{"name": "no format asks for this",`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	m, _ := scan(t, 1, source.Spec{Name: "acme", Location: dir})
	var paths []string
	for _, s := range m.Fragments[0].Coverage.Skipped {
		if strings.HasPrefix(s.Reason, "malformed JSON or YAML") {
			paths = append(paths, s.Path)
		}
	}
	if strings.Join(paths, " ") != "cut.json" {
		t.Errorf("said to be malformed: %q", paths)
	}
}
