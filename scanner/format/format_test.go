package format_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format"
)

var update = flag.Bool("update", false, "rewrite the expected part of the cases")

// TestCases runs every case below testdata/format/<row>: the files of the archive go through the row's Match
// and Parse, and the facts must be those of its "want" file.
func TestCases(t *testing.T) {
	for _, row := range format.All() {
		cases, err := filepath.Glob(filepath.Join("../../testdata/format", row.ID, "*.txtar"))
		if err != nil {
			t.Fatal(err)
		}
		names := map[string]bool{}
		for _, file := range cases {
			name := strings.TrimSuffix(filepath.Base(file), ".txtar")
			names[strings.SplitN(name, "_", 2)[0]] = true
			t.Run(row.ID+"/"+name, func(t *testing.T) { runCase(t, row, file) })
		}
		for _, need := range []string{"found", "nothing", "hostile"} {
			if !names[need] {
				t.Errorf("format %s has no case %s*.txtar in testdata/format/%s", row.ID, need, row.ID)
			}
		}
	}
}

func runCase(t *testing.T, row artifact.Format, file string) {
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	artifacts := map[string]*artifact.Artifact{}
	for _, f := range ar.Files {
		if f.Name != "want" {
			artifacts[f.Name] = &artifact.Artifact{
				Source: "acme", Path: f.Name, State: inventory.Head,
				Content: []byte(detect.Expand(string(f.Data))),
			}
		}
	}
	var got strings.Builder
	want := -1
	for i, f := range ar.Files {
		if f.Name == "want" {
			want = i
			continue
		}
		a := artifacts[f.Name]
		a.Siblings = artifacts
		if !row.Match(a) {
			fmt.Fprintf(&got, "%s: no match\n", f.Name)
			continue
		}
		facts := artifact.NewFacts(a, row.ID)
		if err := row.Parse(a, facts); err != nil {
			fmt.Fprintf(&got, "%s: error: %v\n", f.Name, err)
		}
		got.WriteString(Dump(facts))
	}
	if *update {
		if want < 0 {
			ar.Files = append(ar.Files, txtar.File{Name: "want"})
			want = len(ar.Files) - 1
		}
		ar.Files[want].Data = []byte(got.String())
		if err := os.WriteFile(file, txtar.Format(ar), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want < 0 {
		t.Fatal("the case has no want file; run with -update and read what it writes")
	}
	if diff := cmp.Diff(string(ar.Files[want].Data), got.String()); diff != "" {
		t.Errorf("facts differ (-want +got):\n%s", diff)
	}
}

// Dump writes facts as text, one line for each node, attribute, edge and literal. Literals show the place and
// the name, never the value.
func Dump(f *artifact.Facts) string {
	var b strings.Builder
	for _, n := range f.Set.Nodes() {
		fmt.Fprintf(&b, "%s %s (%s) %s\n", n.Kind, n.ID, n.Name, places(n.Evidence))
		for _, a := range n.Attrs {
			fmt.Fprintf(&b, "    %s=%s", a.Key, a.Value)
			if a.Detail != "" {
				fmt.Fprintf(&b, " [%s]", a.Detail)
			}
			if len(a.Evidence) == 0 { // it says what the node is, wherever that stands
				a.Evidence = n.Evidence
			}
			fmt.Fprintf(&b, " %s\n", places(a.Evidence))
		}
	}
	for _, e := range f.Set.Edges() {
		fmt.Fprintf(&b, "%s -%s-> %s {%s, %s} %s\n", e.From, e.Kind, e.To, e.Rule, e.Confidence, places(e.Evidence))
		for _, a := range e.Attrs {
			fmt.Fprintf(&b, "    %s=%s\n", a.Key, a.Value)
		}
	}
	for _, l := range f.Literals {
		fmt.Fprintf(&b, "literal %s as %s at %d:%d %s", l.Slot, l.Name, l.Place.Line, l.Place.Column, l.Encoding)
		if l.Sure {
			b.WriteString(" sure")
		}
		b.WriteByte('\n')
	}
	for _, s := range f.Skips {
		fmt.Fprintf(&b, "skip %s: %s\n", s.Path, s.Reason)
	}
	return b.String()
}

func places(ev []inventory.Evidence) string {
	var out []string
	for _, e := range ev {
		out = append(out, fmt.Sprintf("%s:%d", e.Path, e.Line))
	}
	return strings.Join(out, " ")
}
