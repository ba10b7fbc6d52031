package reports

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
)

var update = flag.Bool("update", false, "rewrite the goldens of this package")

// TestGoldens: each format writes for the shared document what its golden says, and the same twice.
func TestGoldens(t *testing.T) {
	d := acmeDocument(t)
	for _, f := range All() {
		t.Run(f.ID, func(t *testing.T) {
			got := render(t, f, &d, acmeOptions())
			if again := render(t, f, &d, acmeOptions()); !bytes.Equal(got, again) {
				t.Fatal("writing the same document twice gave two results")
			}
			if f.ID == "html" {
				got = withoutAssets(got)
			}
			name := "acme" + f.Extension
			if text := readable(t, f, got); binary[f.ID] != nil {
				name, got = name+".txt", text
			}
			golden(t, filepath.Join(f.ID, name), got)
		})
	}
}

var assets = regexp.MustCompile(`(?s)<style>.*?</style>|<script>.*?</script>|sha256-(?:[A-Za-z0-9/=]|&#43;)+`)

// withoutAssets leaves our own style and script out of a page: they are files of their own.
func withoutAssets(page []byte) []byte { return assets.ReplaceAll(page, []byte("[asset]")) }

func render(t testing.TB, f Format, d *Document, o Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b, d, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// golden compares with a file of testdata/reports, or rewrites it.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("..", "testdata", "reports", filepath.FromSlash(name))
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got; -update rewrites it):\n%s", name, diff)
	}
}

// TestDocs: docs/reports.md has a row for each format that says whether it may be handed on.
func TestDocs(t *testing.T) {
	text, err := os.ReadFile("../docs/reports.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range All() {
		shared := map[bool]string{true: "yes", false: "no"}[f.Shared]
		row := regexp.MustCompile("(?m)^\\|[^|]*`" + f.ID + "`[^|]*\\|.*\\| " + shared + " \\|$")
		if !row.Match(text) {
			t.Errorf("docs/reports.md has no row for %s, or not whether it is made to be handed on", f.ID)
		}
	}
}

// TestEmpty: every format can be written for a map in which nothing was found.
func TestEmpty(t *testing.T) {
	d := New(graph.Load(inventory.Map{Schema: inventory.Schema}), Options{})
	for _, f := range All() {
		var b bytes.Buffer
		if err := f.Write(&b, &d, Options{Template: "{{.Title}}"}); err != nil || b.Len() == 0 && f.ID != "github" && f.ID != "jsonl" && f.ID != "cypher" && f.ID != "backstage" {
			t.Errorf("%s: %d bytes, %v", f.ID, b.Len(), err)
		}
	}
}
