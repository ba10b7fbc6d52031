package githubactions

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/provider"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// TestServicesExist keeps the tables of actions in step with the table of services.
func TestServicesExist(t *testing.T) {
	known := map[string]bool{}
	for _, s := range provider.Services() {
		known[s.ID] = true
	}
	for _, id := range slices.Concat(slices.Collect(maps.Values(services)), slices.Collect(maps.Values(serviceOwners))) {
		if !known[id] {
			t.Errorf("no service %q in rules/provider", id)
		}
	}
}

// TestTablesAreLowerCase: names of actions and inputs are compared in lower case.
func TestTablesAreLowerCase(t *testing.T) {
	names := slices.Concat(slices.Collect(maps.Keys(services)), slices.Collect(maps.Keys(serviceOwners)),
		slices.Collect(maps.Keys(minters)), slices.Collect(maps.Keys(stores)), slices.Collect(maps.Keys(scriptInputs)))
	for _, m := range minters {
		names = slices.Concat(names, m.from, m.role, m.outputs)
	}
	for _, s := range scriptInputs {
		names = append(names, s.input)
	}
	for _, n := range names {
		if n != strings.ToLower(n) {
			t.Errorf("%q is not in lower case", n)
		}
	}
}

func read(t *testing.T, text string) *artifact.Facts {
	t.Helper()
	a := &artifact.Artifact{Source: "github.com/acme/shop", Path: ".github/workflows/x.yml", State: inventory.Head, Content: []byte(text)}
	f := artifact.NewFacts(a, ID)
	if err := parse(a, f); err != nil {
		t.Fatal(err)
	}
	return f
}

// TestPlaces: a reference is reported at its own line and column, whatever the style of its scalar.
func TestPlaces(t *testing.T) {
	text := `on: push
env:
  A: ${{ secrets.PLAIN }}
  B: "é \" ${{ secrets.QUOTED }} and ${{secrets['SECOND']}}"
  C: >-
    folded
    text ${{ secrets.FOLDED }}
jobs:
  a:
    steps:
      - run: |
          first ${{ github.ref }}

          if x; then
            y ${{ format('${{ }}') }} ${{ secrets.BLOCK }} ${{ secrets.TWICE }}
          fi
      - if: always() && secrets.BARE != ''
        run: "true"
`
	f := read(t, text)
	lines := strings.Split(text, "\n")
	for _, name := range []string{"PLAIN", "QUOTED", "SECOND", "FOLDED", "BLOCK", "TWICE", "BARE"} {
		n, ok := f.Set.Node("gh:acme/shop/" + name)
		if !ok {
			t.Errorf("no slot for %s", name)
			continue
		}
		at := n.Evidence[0]
		rest := lines[at.Line-1][at.Column-1:]
		if len(n.Evidence) != 1 || !strings.HasPrefix(rest, "secrets") || !strings.HasPrefix(strings.Trim(rest[7:], ".['"), name) {
			t.Errorf("%s is said to stand at %d:%d, %d places", name, at.Line, at.Column, len(n.Evidence))
		}
	}
}

// TestHostile: deep, long and repeated input ends soon and within bounds.
func TestHostile(t *testing.T) {
	for name, text := range map[string]string{
		"nested parentheses": "env: {A: \"${{ " + strings.Repeat("(", 1<<20) + " }}\"}\njobs: {a: {}}",
		"long chain":         "env: {A: \"${{ a" + strings.Repeat("||a", 1<<18) + "||secrets.X }}\"}\njobs: {a: {}}",
		"open braces":        "jobs: {a: {steps: [{run: \"" + strings.Repeat("${{ '", 1<<17) + "\"}]}}",
		"many":               "jobs: {a: {steps: [{run: \"" + strings.Repeat("${{ secrets.A }}", 1<<13) + "\"}]}}",
		"aliases": "x: &x {A: '${{ secrets.A }}', B: b}\njobs:\n  j: &j {env: *x, steps: [&s {env: *x, run: a}" +
			strings.Repeat(", *s", 250) + "]}\n" + manyJobs(250),
		"needs cycle": "jobs: {a: {needs: [b, a]}, b: {needs: [a]}}",
	} {
		t.Run(name, func(t *testing.T) { read(t, text) })
	}
}

func manyJobs(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("  j" + strings.Repeat("i", i%7) + string(rune('a'+i%26)) + strings.Repeat("x", i/26) + ": *j\n")
	}
	return b.String()
}
