package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/graph/resolve"
	"github.com/rotamap/rotamap/rules/detect"
)

// TestEveryRuleIsNeeded switches one resolution rule off at a time: for each there is a scenario in which something is
// then no longer found.
func TestEveryRuleIsNeeded(t *testing.T) {
	if testing.Short() {
		t.Skip("scans every scenario once more")
	}
	maps := scenarioMaps(t)
	for _, rule := range resolve.All() {
		rest := slices.DeleteFunc(resolve.All(), func(r resolve.Rule) bool { return r.ID == rule.ID })
		if !slices.ContainsFunc(maps, func(m scenarioMap) bool { return said(resolve.RunWith(m.Map, rest)) != m.whole }) {
			t.Errorf("no scenario needs the rule %s", rule.ID)
		}
	}
}

// scenarioMap is the map of a scenario's first scan, and what all rules make of it.
type scenarioMap struct {
	inventory.Map
	whole string
}

func scenarioMaps(t *testing.T) []scenarioMap {
	files, err := filepath.Glob("../../testdata/scenarios/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range files {
		if files[i], err = filepath.Abs(f); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("ROTAMAP_KEY", strings.Repeat("5a", 32))
	var out []scenarioMap
	for _, f := range files {
		if m, ok := scenario(t, f); ok {
			out = append(out, scenarioMap{m, said(resolve.Run(m))})
		}
	}
	return out
}

// scenario makes the files of a scenario and runs its first scan of plain folders.
func scenario(t *testing.T, file string) (m inventory.Map, ok bool) {
	a, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range a.Files {
		p := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(detect.Expand(string(f.Data))), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	for line := range strings.Lines(string(a.Comment)) {
		words := strings.Fields(line)
		if len(words) < 4 || words[0] != "exits" || words[2] != "rotamap" || words[3] != "scan" {
			continue
		}
		if code := run(context.Background(), append(words[3:], "--no-cache"), strings.NewReader(""), io.Discard, io.Discard); code == 1 || code == 2 {
			return m, false
		}
		if i := slices.Index(words, "-o"); i > 0 {
			text, err := os.ReadFile(words[i+1])
			if err != nil {
				return m, false
			}
			m, err := inventory.Decode(bytes.NewReader(text))
			return m, err == nil
		}
	}
	return m, false
}

// said is all that a view says of its slots: their class, their services, and what depends on them, or may, or is not started.
func said(v *resolve.View) string {
	var out []string
	for _, n := range v.Nodes("") {
		if n.Kind == inventory.Slot {
			out = append(out, n.ID+" "+n.Attr(inventory.AttrClass))
			for _, e := range v.Out(n.ID, inventory.TalksTo) {
				out = append(out, n.ID+" "+e.To)
			}
		}
		out = append(out, reached(v, n)...)
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// reached lists what a node's change reaches, and who answers for it.
func reached(v *resolve.View, n *inventory.Node) []string {
	var out []string
	for _, e := range v.Out(n.ID, inventory.OwnedBy) {
		out = append(out, n.ID+" owner "+e.To)
	}
	seen, queue := map[string]bool{n.ID: true}, []string{n.ID}
	for len(queue) > 0 {
		id := queue[0]
		queue = queue[1:]
		for _, e := range v.In(id, "") {
			if e.Kind.Effect() == inventory.Nothing || seen[e.From] {
				continue
			}
			seen[e.From] = true
			queue = append(queue, e.From)
			out = append(out, n.ID+" "+e.From)
		}
	}
	return out
}
