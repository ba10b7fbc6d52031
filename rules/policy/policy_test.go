package policy

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/rules/register"
	"github.com/rotamap/rotamap/testdata/facts"
)

var update = flag.Bool("update", false, "write what the rules find into the cases")

const folder = "../../testdata/policy"

// TestCases runs every case under testdata/policy/<rule>: facts, before (optional) and rotamap.toml (optional)
// give the findings of that rule in want.
func TestCases(t *testing.T) {
	paths, err := filepath.Glob(folder + "/*/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, path := range paths {
		rule := filepath.Base(filepath.Dir(path))
		t.Run(rule+"/"+filepath.Base(path), func(t *testing.T) { runCase(t, rule, path) })
	}
}

func runCase(t *testing.T, rule, path string) {
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range a.Files {
		files[f.Name] = string(f.Data)
	}
	o := Options{Now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
	if text, ok := files["before"]; ok {
		o.Baseline = load(t, text)
	}
	r := register.Default()
	if text, ok := files["rotamap.toml"]; ok {
		if r, err = register.Parse("rotamap.toml", []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	got := render(Check(load(t, files["facts"]), r, o), rule)
	if *update {
		write(t, path, a, got)
		return
	}
	if diff := cmp.Diff(files["want"], got); diff != "" {
		t.Errorf("%s\n%s", strings.TrimSpace(string(a.Comment)), diff)
	}
}

func load(t *testing.T, text string) *graph.Graph {
	t.Helper()
	m, err := facts.Map(text)
	if err != nil {
		t.Fatal(err)
	}
	return graph.Load(m)
}

// render writes the findings of one rule, each with what a reader needs to judge it.
func render(all []Finding, rule string) string {
	var b strings.Builder
	for _, f := range all {
		if f.Rule != rule {
			continue
		}
		fmt.Fprintf(&b, "%s %s: %s\n  fix: %s\n", f.Severity, f.Node, f.Title, f.Fix)
		for _, e := range f.Evidence {
			fmt.Fprintf(&b, "  at %s %s\n", e, e.State)
		}
		if f.Suppressed != nil {
			fmt.Fprintf(&b, "  accepted by %s until %s: %s\n", f.Suppressed.Owner, f.Suppressed.Until, f.Suppressed.Reason)
		}
	}
	return b.String()
}

func write(t *testing.T, path string, a *txtar.Archive, got string) {
	t.Helper()
	var kept []txtar.File
	for _, f := range a.Files {
		if f.Name != "want" {
			kept = append(kept, f)
		}
	}
	a.Files = append(kept, txtar.File{Name: "want", Data: []byte(got)})
	if err := os.WriteFile(path, txtar.Format(a), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestTable: every rule is documented in itself, has a case where it finds and one where it must not, and no folder of cases is without its rule.
func TestTable(t *testing.T) {
	kebab := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	known := map[string]bool{}
	for _, r := range All() {
		if known[r.ID] || !kebab.MatchString(r.ID) {
			t.Errorf("rule %q: the id stands twice or is not kebab-case", r.ID)
		}
		known[r.ID] = true
		for what, text := range map[string]string{"title": r.Title, "why": r.Why, "fix": r.Fix, "before": r.Before, "after": r.After} {
			if text == "" {
				t.Errorf("rule %s has no %s", r.ID, what)
			}
		}
		for _, name := range []string{"found", "nothing"} {
			a, err := txtar.ParseFile(filepath.Join(folder, r.ID, name+".txtar"))
			if err != nil {
				t.Errorf("rule %s has no case %q", r.ID, name)
				continue
			}
			for _, f := range a.Files {
				if f.Name == "want" && (len(f.Data) > 0) != (name == "found") {
					t.Errorf("rule %s: the case %q finds %d bytes", r.ID, name, len(f.Data))
				}
			}
		}
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !known[e.Name()] {
			t.Errorf("testdata/policy/%s belongs to no rule", e.Name())
		}
	}
}

// TestDocs keeps docs/rules.md in step with the table; -update writes it.
func TestDocs(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Policy rules\n\nWhat `rotamap check` finds. This page is made from the table in `rules/policy`; do not edit it.\n")
	for _, r := range All() {
		fmt.Fprintf(&b, "\n## %s\n\n%s. Severity: %s.\n\n%s\n\nFix: %s\n\nBefore:\n\n%s\n\nAfter:\n\n%s\n",
			r.ID, r.Title, r.Severity, r.Why, r.Fix, block(r.Before), block(r.After))
	}
	path := "../../docs/rules.md"
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("docs/rules.md (go test ./rules/policy -update)\n%s", diff)
	}
}

// block indents a text, so that Markdown shows it as code.
func block(text string) string { return "    " + strings.ReplaceAll(text, "\n", "\n    ") }
