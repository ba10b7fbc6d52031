package source

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rotamap/rotamap/graph/inventory"
)

// wandering makes a history of folders in which files are changed, copied and moved, so that trees stand as deltas on
// trees of their own folder and of others.
func wandering(f *forge, r *rand.Rand, commits int) {
	files := map[string]string{}
	folders := []string{"", "a/", "a/b/", "a/b/c/", "d/", "d/b/"}
	for _, dir := range folders {
		for n := range 12 {
			files[fmt.Sprintf("%sfile-%02d", dir, n)] = fmt.Sprint(r.IntN(40))
		}
	}
	var parents []oid
	for n := range commits {
		names := slices.Sorted(maps.Keys(files))
		for range 3 {
			name := names[r.IntN(len(names))]
			switch r.IntN(5) {
			case 0:
				delete(files, name)
			case 1: // a copy elsewhere, so that one content has several paths
				files[folders[r.IntN(len(folders))]+fmt.Sprintf("copy-%d", n)] = files[name]
			default:
				files[name] = fmt.Sprintf("content %d", r.IntN(200))
			}
		}
		parents = []oid{f.commit(f.nested(files), fmt.Sprint("commit ", n), parents...)}
		if n == commits/2 {
			f.ref("refs/heads/topic", parents[0])
			delete(files, "d/b/file-01")
		}
	}
	f.ref("refs/heads/main", parents[0])
	f.commit(f.nested(map[string]string{"lost/x": "lost", "a/b/zz": "content 3"}), "lost", parents...)
}

// nested makes the tree of files in folders.
func (f *forge) nested(files map[string]string) oid {
	below := map[string]map[string]string{}
	var nodes []node
	for name, content := range files {
		dir, rest, ok := strings.Cut(name, "/")
		if !ok {
			nodes = append(nodes, node{"100644", name, f.blob(content)})
			continue
		}
		if below[dir] == nil {
			below[dir] = map[string]string{}
		}
		below[dir][rest] = content
	}
	for dir, files := range below {
		nodes = append(nodes, node{"40000", dir, f.nested(files)})
	}
	slices.SortFunc(nodes, func(a, b node) int { return strings.Compare(a.name, b.name) })
	return f.tree(nodes...)
}

// expansion expands every commit's tree by itself.
type expansion struct {
	repo  *repository
	least map[oid]string            // of all commits
	lives map[string]map[string]int // blob -> path -> commits that hold it
}

func newExpansion(r *repository, commits map[oid]commit) *expansion {
	o := &expansion{repo: r, least: map[oid]string{}, lives: map[string]map[string]int{}}
	for _, c := range commits {
		o.expand("", c.tree)
	}
	return o
}

func (o *expansion) expand(dir string, tree oid) {
	entries, _ := o.repo.tree(tree)
	for _, e := range entries {
		p := join(dir, e.name)
		if e.isTree() {
			o.expand(p, e.id)
			continue
		}
		if old, ok := o.least[e.id]; !ok || lesser(p, old) {
			o.least[e.id] = p
		}
		blob := o.repo.hash.text(e.id)
		if o.lives[blob] == nil {
			o.lives[blob] = map[string]int{}
		}
		o.lives[blob][p]++
	}
}

// lesser orders paths by their depth, then element by element.
func lesser(a, b string) bool {
	x, y := strings.Split(a, "/"), strings.Split(b, "/")
	if len(x) != len(y) {
		return len(x) < len(y)
	}
	return slices.Compare(x, y) < 0
}

// What the forest tells of trees, names and lives is what expanding each commit by itself tells: with loose trees,
// with packs of both kinds of deltas, and with trees in two packs.
func TestForestAgreesWithExpansion(t *testing.T) {
	for seed := range uint64(8) {
		f := newForge(t)
		wandering(f, rand.New(rand.NewPCG(seed, 1)), 20)
		if seed%4 > 0 {
			f.repack(seed%2 == 0)
		}
		if seed%4 > 1 {
			wandering(f, rand.New(rand.NewPCG(seed, 2)), 10)
			f.repack(seed%2 == 1)
		}
		s, err := Open(Spec{Location: f.root}, Options{Workers: 3})
		if err != nil {
			t.Fatal(err)
		}
		checkForest(t, s)
		s.Close()
	}
}

func checkForest(t *testing.T, s *Source) {
	t.Helper()
	r := s.repo
	if err := r.forest.plant(context.Background(), 3); err != nil {
		t.Fatal(err)
	}
	names := newNaming(r.forest, func(id oid, err error) { t.Errorf("tree %s: %v", r.hash.text(id), err) })
	if err := names.name(context.Background(), r.commits); err != nil {
		t.Fatal(err)
	}
	shared := 0
	for id, n := range r.forest.ids.all() {
		want, err := r.tree(id)
		if err != nil {
			t.Fatal(err)
		}
		if r.forest.trees[n].base >= 0 {
			shared++
		}
		got := r.forest.entries(n)
		if len(got) != len(want) {
			t.Fatalf("tree %s has %d entries, not %d", r.hash.text(id), len(got), len(want))
		}
		for i, e := range want {
			if name := r.forest.spelt[got[i].name]; name != e.name {
				t.Fatalf("tree %s, entry %d is %q, not %q", r.hash.text(id), i, name, e.name)
			}
		}
	}
	if shared == 0 && len(r.objects.packs) > 0 {
		t.Error("no tree stands on another one: the test shows nothing")
	}
	truth := newExpansion(r, r.commits)
	for id, want := range truth.least {
		if got := names.path(id); got != want {
			t.Errorf("blob %s is called %q, not %q", r.hash.text(id), got, want)
		}
	}
	occurrences, _, err := s.Attribute(context.Background(), slices.Collect(maps.Keys(truth.lives)))
	if err != nil {
		t.Fatal(err)
	}
	for blob, paths := range truth.lives {
		var got []string
		for _, o := range occurrences[blob] {
			got = append(got, o.Path)
			if o.State == inventory.Head && names.path(mustParse(t, r, blob)) == "" {
				t.Errorf("blob %s has a head and no name", blob)
			}
		}
		if want := slices.Sorted(maps.Keys(paths)); len(want) <= maxOccurrences && !slices.Equal(got, want) {
			t.Errorf("blob %s stood at %q, not at %q", blob, got, want)
		}
	}
}

func mustParse(t *testing.T, r *repository, text string) oid {
	t.Helper()
	id, ok := r.hash.parse(text)
	if !ok {
		t.Fatal(text)
	}
	return id
}

// FuzzTreeOnBase: a tree that is read as a delta has the entries that it has when it is read by itself.
func FuzzTreeOnBase(f *testing.F) {
	entry := func(name string, fill byte) string {
		return "100644 " + name + "\x00" + strings.Repeat(string(rune(fill)), 20)
	}
	base := entry("a", 'x') + entry("b", ' ') + "40000 dir\x00" + strings.Repeat("t", 20)
	f.Add([]byte(base), []byte{byte(len(base)), byte(len(base)), 0x90, byte(len(base))})
	f.Add([]byte(base), []byte{byte(len(base)), 2 * 28, 0x90, 28, 0x90, 28})
	f.Add([]byte(base), []byte{byte(len(base)), 30, 0x91, 3, 27, 3, '1', '0', ' '})
	f.Fuzz(func(t *testing.T, base, delta []byte) {
		data, pieces, err := patch(nil, base, delta, 1<<16, []piece{})
		if err != nil {
			return
		}
		r := &treeReader{hash: sha1Kind}
		below := r.read(built{data: base})
		got := r.read(built{data: data, origin: origin{base: &scanned{tree: below}, size: len(base), pieces: pieces}})
		alone := (&treeReader{hash: sha1Kind}).read(built{data: data})
		if !slices.Equal(got.starts, alone.starts) || (got.fault == nil) != (alone.fault == nil) {
			t.Fatalf("entries begin at %v, not at %v", got.starts, alone.starts)
		}
		if n := count(r.runs[got.runs:got.runsEnd]); n != len(got.starts)-1 {
			t.Fatalf("%d entries in runs, %d in the tree", n, len(got.starts)-1)
		}
	})
}

func count(runs []run) (n int) {
	for _, x := range runs {
		n += int(x.n)
	}
	return n
}

// FuzzRepository changes bytes of a pack and its index: whatever they say, the walk ends, and tells no more contents
// than there are.
func FuzzRepository(f *testing.F) {
	f.Add(uint32(30), byte(0xff), uint32(1100), byte(1), true)
	f.Add(uint32(12), byte(0x10), uint32(8), byte(0x80), false)
	f.Add(uint32(500), byte(0x70), uint32(2000), byte(0x20), true)
	f.Fuzz(func(t *testing.T, at uint32, by byte, idxAt uint32, idxBy byte, refDelta bool) {
		g := newForge(t)
		wandering(g, rand.New(rand.NewPCG(1, 2)), 4)
		g.repack(refDelta)
		most := len(sweep(t, g.root, Options{}).list)
		spoil(t, g, "*.pack", at, by)
		spoil(t, g, "*.idx", idxAt, idxBy)
		if s := sweep(t, g.root, Options{}); len(s.list) > most {
			t.Errorf("%d contents of %d", len(s.list), most)
		}
	})
}

// spoil changes a byte of the files of a pack.
func spoil(t *testing.T, f *forge, pattern string, at uint32, by byte) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(f.git, "objects/pack", pattern))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		data[int(at)%len(data)] ^= by
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}
