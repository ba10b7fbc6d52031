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

// variant is a format with wishes that change what it writes; its golden has the name.
type variant struct {
	Format

	name    string
	options Options
}

// variants are all formats as they come, and those that flags change.
func variants(t testing.TB) []variant {
	var out []variant
	for _, f := range All() {
		out = append(out, variant{f, "acme" + f.Extension, acmeOptions()})
	}
	add := func(id, name string, set func(o *Options)) {
		f, version, err := Find(id)
		if err != nil {
			t.Fatal(err)
		}
		o := acmeOptions()
		o.Spec = version
		set(&o)
		out = append(out, variant{f, name + f.Extension, o})
	}
	add("cyclonedx@1.7", "acme-1.7", func(*Options) {})
	add("sarif", "acme-github", func(o *Options) { o.GitHub = true })
	add("sarif", "acme-baseline", func(o *Options) {
		before := acmeDocument(t)
		before.Literals = before.Literals[1:]
		o.Baseline = &before
	})
	add("svg", "acme-slack", func(o *Options) { o.Focus = "gh:acme/shop/SLACK_TOKEN" })
	add("mermaid", "acme-slack", func(o *Options) { o.Focus = "gh:acme/shop/SLACK_TOKEN" })
	return out
}

// TestGoldens: each format writes for the shared document what its golden says, and the same twice.
func TestGoldens(t *testing.T) {
	d := acmeDocument(t)
	for _, v := range variants(t) {
		t.Run(v.ID+"/"+v.name, func(t *testing.T) {
			got := render(t, v.Format, &d, v.options)
			if again := render(t, v.Format, &d, v.options); !bytes.Equal(got, again) {
				t.Fatal("writing the same document twice gave two results")
			}
			if v.ID == "html" {
				got = withoutAssets(got)
			}
			name := v.name
			if text := readable(t, v.Format, got); readers[v.ID] != nil {
				name, got = name+".txt", text
			}
			golden(t, filepath.Join(v.ID, name), got)
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
