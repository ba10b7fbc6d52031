package scanner

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// TestPresence holds that what is left out of the facts of branches early is what would be left out in the end: no fact that
// only a branch has is lost, and the map is the same, in whatever order files come.
func TestPresence(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	kept := 0
	for range 300 {
		var files []branchFile
		for i := range 2 + random.IntN(8) {
			files = append(files, randomFile(random, i))
		}
		all := newWorker(Options{}, nil, nil)
		early := newWorker(Options{}, nil, nil)
		for _, f := range files {
			into := all.set
			if f.artifact.State == inventory.Branch {
				into = all.branch
			}
			into.Absorb(f.set())
			early.take(f.artifact, f.set())
			all.imports = append(all.imports, f.imports...)
			early.addImports(f.imports)
		}
		kept += early.branch.Len()
		for _, w := range []*worker{all, early} {
			w.compactImports()
			w.foldBranches()
		}
		if d := cmp.Diff(all.set.Nodes(), early.set.Nodes()); d != "" {
			t.Fatal(d)
		}
		if d := cmp.Diff(all.set.Edges(), early.set.Edges()); d != "" {
			t.Fatal(d)
		}
		merged := func(w *worker) []programImport { return ofThePresent(mergeImports(w.imports)) }
		if d := cmp.Diff(merged(all), merged(early), cmp.AllowUnexported(programImport{}, takenAt{})); d != "" {
			t.Fatal(d)
		}
	}
	if kept == 0 {
		t.Error("no branch had a fact of its own")
	}
}

// branchFile is a file of the present or of a branch, with its facts.
type branchFile struct {
	artifact *artifact.Artifact
	nodes    []inventory.Node
	edges    []inventory.Edge
	imports  []programImport
}

func (f branchFile) set() *inventory.Set {
	s := inventory.NewSet()
	s.Add(f.nodes, f.edges)
	return s
}

func randomFile(r *rand.Rand, i int) branchFile {
	a := &artifact.Artifact{Source: "x", Path: fmt.Sprint("f", r.IntN(3)), State: inventory.Head, Commit: fmt.Sprint("c", i)}
	if r.IntN(3) > 0 {
		a.State, a.Branches = inventory.Branch, []string{fmt.Sprint("b", i)}
	}
	f := branchFile{artifact: a}
	id := func() string { return fmt.Sprint("n", r.IntN(6)) }
	for range r.IntN(5) {
		at := []inventory.Evidence{a.Evidence(artifact.Place{Line: r.IntN(4)})}
		n := inventory.Node{ID: id(), Kind: inventory.Slot}
		if r.IntN(4) > 0 {
			n.Evidence = at
		}
		if r.IntN(3) == 0 {
			n.Attrs = append(n.Attrs, inventory.Attr{Key: inventory.AttrDefined, Value: inventory.DefinedInScan, Evidence: at})
		}
		if r.IntN(3) == 0 {
			n.Attrs = append(n.Attrs, inventory.Attr{Key: inventory.AttrSchedule, Value: fmt.Sprint(r.IntN(3)), Evidence: at})
		}
		f.nodes = append(f.nodes, n)
		f.edges = append(f.edges, inventory.Edge{From: id(), To: id(), Kind: inventory.Reads, Rule: fmt.Sprint("r", r.IntN(2)), Evidence: at})
		i := programImport{from: a.Path, path: fmt.Sprint("./i", r.IntN(3)), evidence: at[0]}
		if i.takes = []string{"", "a=,", "a=x,", "b=,"}[r.IntN(4)]; i.takes != "" {
			i.uses = []takenAt{{i.takes[:1], at[0].Line + 5, 1}}
		}
		f.imports = append(f.imports, i)
	}
	return f
}
