package code

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/rotamap/rotamap/rules/detect"
)

var update = flag.Bool("update", false, "rewrite the expected part of the cases")

const cases = "../../testdata/code"

// TestCases reads every file of every case below testdata/code; the facts must be those of its "want" file.
func TestCases(t *testing.T) {
	files, err := filepath.Glob(cases + "/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { runCase(t, file) })
	}
}

func runCase(t *testing.T, file string) {
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	want := slices.IndexFunc(ar.Files, func(f txtar.File) bool { return f.Name == "want" })
	for _, f := range ar.Files {
		if f.Name != "want" {
			text := []byte(detect.Expand(string(f.Data)))
			fmt.Fprintf(&got, "%s (%s)\n%s", f.Name, Language(f.Name, text), dump(text, Scan(Language(f.Name, text), text)))
		}
	}
	if want < 0 {
		ar.Files = append(ar.Files, txtar.File{Name: "want"})
		want = len(ar.Files) - 1
	}
	if *update {
		ar.Files[want].Data = []byte(got.String())
		if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(ar.Files[want].Data), got.String()); diff != "" {
		t.Errorf("facts differ (-want +got):\n%s", diff)
	}
}

// dump writes a result as text: one line for each fact, with line and column.
func dump(text []byte, r Result) string {
	var b strings.Builder
	at := func(off int) string {
		before := text[:off]
		return fmt.Sprintf("%d:%d", 1+bytes.Count(before, []byte("\n")), off-bytes.LastIndexByte(before, '\n'))
	}
	for _, x := range r.Imports {
		fmt.Fprintf(&b, "  %s import %s\n", at(x.Offset), x.Path)
	}
	for _, x := range r.Settings {
		fmt.Fprintf(&b, "  %s asks %s:%s of %q, %s\n", at(x.Offset), x.Kind, x.Name, x.Import, x.Sure)
	}
	for _, x := range r.Definitions {
		fmt.Fprintf(&b, "  %s defines %s:%s from %s:%s, %s\n", at(x.Offset), x.Kind, x.Name, x.FromKind, x.From, x.Sure)
	}
	for _, x := range r.Reads {
		fmt.Fprintf(&b, "  %s read %s via %s, %s\n", at(x.Offset), x.Name, x.Via, x.Sure)
	}
	for _, x := range r.Stores {
		into := ""
		if x.Into != "" {
			into = " into " + x.Into
		}
		fmt.Fprintf(&b, "  %s store %s via %s, %s%s\n", at(x.Offset), x.Slot.ID(), x.Via, x.Sure, into)
	}
	for _, x := range r.Runs {
		fmt.Fprintf(&b, "  %s run %s %s", at(x.Offset), x.Kind, x.Path)
		if x.Dir != "" {
			fmt.Fprintf(&b, " in %s", x.Dir)
		}
		for _, k := range sortedKeys(x.Env) {
			fmt.Fprintf(&b, " %s=%s", k, x.Env[k])
		}
		b.WriteByte('\n')
	}
	for _, x := range r.Writes {
		fmt.Fprintf(&b, "  %s write %s from %v to %s\n", at(x.Offset), x.Name, x.From, x.To)
	}
	for _, x := range r.Feeds {
		fmt.Fprintf(&b, "  %s feed %s %s from %s in %q\n", at(x.Offset), x.Kind, x.To, x.From, x.Dir)
	}
	for _, x := range r.Images {
		fmt.Fprintf(&b, "  %s image %s from %s by %q in %q\n", at(x.Offset), x.Name, x.Context, x.Recipe, x.Dir)
	}
	for _, x := range r.Mints {
		fmt.Fprintf(&b, "  %s mint %s from %v\n", at(x.Offset), x.What, x.From)
	}
	for _, x := range r.Hosts {
		fmt.Fprintf(&b, "  %s host %s\n", at(x.Offset), x.Name)
	}
	for _, x := range r.Uses {
		fmt.Fprintf(&b, "  %s use %s: %s\n", at(x.Offset), x.Kind, x.What)
	}
	return b.String()
}

func sortedKeys(m map[string]string) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
