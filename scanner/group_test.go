package scanner

import (
	"reflect"
	"testing"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// TestGroupKept holds what is read of a path at the heads of branches against what was kept of it: with a byte too many or too few
// it would be read anew by every scan.
func TestGroupKept(t *testing.T) {
	a := &artifact.Artifact{Source: "acme", Path: "app.py", State: inventory.Branch, Commit: "c1", Branches: []string{"next"}}
	at := func(line int) inventory.Evidence { return a.Evidence(artifact.Place{Line: line, Column: 1}) }
	kept := &group{set: inventory.NewSet(), imports: []programImport{
		{from: "app.py", path: "settings", takes: "token=main,", evidence: at(1), uses: []takenAt{{"token", 7, 3}, {"token", 9, 5}}},
		{from: "app.py", path: "other", evidence: at(2)},
	}}
	kept.set.AddNode(inventory.Node{ID: "code:acme/app.py", Kind: inventory.Code, Name: "app.py", Evidence: []inventory.Evidence{at(0)}})
	r := &record{artifact: &artifact.Artifact{Source: "acme", Path: "app.py", State: inventory.Branch}, once: true, heads: true}
	if kept.put(r); r.broken {
		t.Fatal("the group cannot be kept")
	}
	again := &group{}
	if !again.read(a, r.out) {
		t.Fatal("what was kept is not whole")
	}
	if !reflect.DeepEqual(again.imports, kept.imports) || !reflect.DeepEqual(again.set.Nodes(), kept.set.Nodes()) {
		t.Errorf("kept %+v, read %+v", kept.imports, again.imports)
	}
}

// TestMergedImports joins versions of one import in whatever order they come: each place keeps the uses of its own version.
func TestMergedImports(t *testing.T) {
	one := func(state inventory.State, commit string, line int) programImport {
		return programImport{from: "app.py", path: "settings", takes: "token=,", uses: []takenAt{{"token", line + 5, 1}},
			evidence: inventory.Evidence{Source: "acme", Path: "app.py", Line: line, State: state, Commit: commit}}
	}
	head, branch := one(inventory.Head, "", 1), one(inventory.Branch, "c1", 3)
	for _, list := range [][]programImport{{head, branch}, {branch, head}} {
		got := mergeImports(list)
		if len(got) != 1 || !reflect.DeepEqual(got[0], head) {
			t.Errorf("%+v", got)
		}
	}
}

// TestImportsOfThePresent: what a file takes of another at the head of a branch says nothing of what it takes at present, in
// whatever order the two were read.
func TestImportsOfThePresent(t *testing.T) {
	at := func(state inventory.State, commit string, line int) inventory.Evidence {
		return inventory.Evidence{Source: "acme", Path: "app.py", Line: line, Column: 1, State: state, Commit: commit}
	}
	now := programImport{from: "app.py", path: "./token", takes: "token=,", evidence: at(inventory.Head, "c0", 1)}
	then := programImport{from: "app.py", path: "./token", evidence: at(inventory.Branch, "c1", 3)}
	for _, imports := range [][]programImport{{now, then}, {then, now}} {
		w := newWorker(Options{}, nil, nil)
		w.programs, w.imports = []string{"app.py", "token.py"}, imports
		w.set.AddEdge(inventory.Edge{From: "gha:acme/x", To: "code:acme/app.py", Kind: inventory.Runs, Evidence: []inventory.Evidence{at(inventory.Head, "c0", 9)}})
		w.set.AddNode(inventory.Node{ID: "code:acme/token.py/TOKEN", Kind: inventory.Binding, Name: "TOKEN"})
		w.set.AddEdge(inventory.Edge{From: "code:acme/token.py", To: "code:acme/token.py/TOKEN", Kind: inventory.Reads, Evidence: []inventory.Evidence{at(inventory.Head, "c0", 9)}})
		w.joinImports("acme")
		found := 0
		for _, e := range w.set.Edges() {
			if e.Rule == "R5-import" {
				found++
				if e.Attr(inventory.AttrTakes) != "token" || len(e.Evidence) != 1 || e.Evidence[0].Line != 1 {
					t.Errorf("%+v", e)
				}
			}
		}
		if found != 1 {
			t.Errorf("%d imports", found)
		}
	}
}
