package source

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

var marked = regexp.MustCompile(`key-[0-9a-f]+`)

// branching makes a history in which every third commit is the head of a branch. The newest versions, on which git stores the
// others, are at none.
func branching(f *forge) {
	r := rand.New(rand.NewPCG(3, 4))
	files := make([][]string, 30)
	for i := range files {
		files[i] = make([]string, 60)
	}
	var parents []oid
	for n := range 40 {
		var pairs []string
		for i, lines := range files {
			for range 1 + r.IntN(3) {
				lines[r.IntN(len(lines))] = fmt.Sprintf("line of commit %d is key-%x", n, r.Uint64())
			}
			if at := r.IntN(len(lines)); n%7 == 6 { // a stretch moves
				files[i] = append(append([]string{}, lines[at:]...), lines[:at]...)
			}
			pairs = append(pairs, fmt.Sprintf("f%02d.txt", i), fmt.Sprintf("file %d\n%s\n", i, strings.Join(files[i], "\n")))
		}
		parents = []oid{f.commit(f.files(pairs...), fmt.Sprint("commit ", n), parents...)}
		if n%3 == 1 {
			f.ref(fmt.Sprintf("refs/heads/b%02d", n), parents[0])
		}
	}
	f.ref("refs/heads/main", f.commit(f.files("README", "gone"), "gone", parents...))
}

// Files at the heads of many branches are read in the order of the packs: each is handed out as when they are read one by one,
// and what is said to be old in it was in what was visited before.
func TestSome(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("there is no git")
	}
	f := newForge(t)
	branching(f)
	want, _ := visited(t, f)
	if out, err := exec.Command("git", "-C", f.root, "repack", "-q", "-a", "-d", "-f", "--depth=50").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	got, told := visited(t, f)
	if len(want) <= fewFiles || len(got) != len(want) {
		t.Fatalf("%d files, %d when they are loose", len(got), len(want))
	}
	for at, content := range want {
		if got[at] != content {
			t.Fatalf("%s differs", at)
		}
	}
	if told < len(got)*2/3 {
		t.Errorf("of %d files %d are told against another", len(got), told)
	}
}

// visited reads the present and the branches, and marks each key as a finding.
func visited(t *testing.T, f *forge) (files map[string]string, told int) {
	t.Helper()
	s, err := Open(Spec{Location: f.root, Name: "x"}, Options{NoHistory: true, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	files = map[string]string{}
	var mu sync.Mutex
	_, err = s.Walk(context.Background(), func(_ context.Context, _ int, a *artifact.Artifact) error {
		mu.Lock()
		defer mu.Unlock()
		if a.State == inventory.Branch {
			files[a.Path+" "+a.Blob] = string(a.Content)
		}
		if a.Change != nil {
			told++
		}
		for _, m := range marked.FindAllIndex(a.Content, -1) {
			if a.Change != nil && !touched(a.Change.Dirty, m) && !touched(a.Change.Kept, m) {
				t.Errorf("%s %s: %q is said to be nothing new and nothing marked", a.Path, a.Blob, a.Content[m[0]:m[1]])
			}
			a.Marks = append(a.Marks, artifact.Range{Start: m[0], End: m[1]})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files, told
}

func touched(list []artifact.Range, m []int) bool {
	for _, r := range list {
		if r.Start <= m[1] && r.End >= m[0] {
			return true
		}
	}
	return false
}
