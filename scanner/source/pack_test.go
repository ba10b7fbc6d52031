package source

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-git/go-billy/v5/osfs"
	"github.com/go-git/go-git/v5/plumbing"
	"github.com/go-git/go-git/v5/plumbing/cache"
	"github.com/go-git/go-git/v5/plumbing/format/idxfile"
	"github.com/go-git/go-git/v5/plumbing/format/packfile"
	"github.com/go-git/go-git/v5/plumbing/object"
	"github.com/go-git/go-git/v5/storage/filesystem"
)

// repack moves all loose objects into one pack with deltas, made by go-git.
func (f *forge) repack(refDelta bool) {
	f.t.Helper()
	store := filesystem.NewStorage(osfs.New(f.git), cache.NewObjectLRUDefault())
	var ids []plumbing.Hash
	_ = store.ForEachObjectHash(func(h plumbing.Hash) error { ids = append(ids, h); return nil })
	var b bytes.Buffer
	sum, err := packfile.NewEncoder(&b, store, refDelta).Encode(ids, 10)
	if err != nil {
		f.t.Fatal(err)
	}
	w := new(idxfile.Writer)
	p, err := packfile.NewParser(packfile.NewScanner(bytes.NewReader(b.Bytes())), w)
	if err != nil {
		f.t.Fatal(err)
	}
	if _, err := p.Parse(); err != nil {
		f.t.Fatal(err)
	}
	idx, err := w.Index()
	if err != nil {
		f.t.Fatal(err)
	}
	var x bytes.Buffer
	if _, err := idxfile.NewEncoder(&x).Encode(idx); err != nil {
		f.t.Fatal(err)
	}
	name := ".git/objects/pack/pack-" + sum.String()
	f.file(name+".pack", b.String())
	f.file(name+".idx", x.String())
	for _, id := range ids {
		_ = os.Remove(filepath.Join(f.git, "objects", id.String()[:2], id.String()[2:]))
	}
}

// growing makes a history whose blobs make good deltas.
func growing(f *forge, commits int) {
	r := rand.New(rand.NewPCG(1, 2))
	lines := make([]string, 200)
	var parents []oid
	for n := range commits {
		for range 5 {
			lines[r.IntN(len(lines))] = fmt.Sprintf("line %d of commit %d is %x", r.IntN(99), n, r.Uint64())
		}
		text := strings.Join(lines, "\n")
		parents = []oid{f.commit(f.files("big.txt", text, "small.txt", text[:r.IntN(200)]), fmt.Sprint("commit ", n), parents...)}
	}
	f.ref("refs/heads/main", parents[0])
}

// Every blob of packs made with deltas of both kinds, beside loose ones, is what go-git reads.
func TestPacksAgreeWithGoGit(t *testing.T) {
	for _, refDelta := range []bool{false, true} {
		f := newForge(t)
		growing(f, 60)
		f.repack(refDelta)
		f.tick = 1e6
		growing(f, 10)
		f.repack(!refDelta)
		f.blob("loose beside the packs")
		got := map[string]string{}
		for _, a := range sweep(t, f.root, Options{}).list {
			if a.Blob != "" {
				got[a.Blob] = string(a.Content)
			}
		}
		want := goGitBlobs(t, f.git)
		if len(want) < 100 || len(got) != len(want) {
			t.Fatalf("%d blobs, go-git has %d", len(got), len(want))
		}
		for id, content := range want {
			if got[id] != content {
				t.Fatalf("blob %s differs", id)
			}
		}
	}
}

func goGitBlobs(t *testing.T, dir string) map[string]string {
	t.Helper()
	store := filesystem.NewStorage(osfs.New(dir), cache.NewObjectLRUDefault())
	iter, err := store.IterEncodedObjects(plumbing.BlobObject)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	err = object.NewBlobIter(store, iter).ForEach(func(b *object.Blob) error {
		r, err := b.Reader()
		if err != nil {
			return err
		}
		var buf bytes.Buffer
		_, err = buf.ReadFrom(r)
		out[b.Hash.String()] = buf.String()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Whatever single byte of a pack is wrong, the walk ends, and what differs from the truth is counted.
func TestDamagedPack(t *testing.T) {
	f := newForge(t)
	growing(f, 12)
	f.repack(false)
	files, err := filepath.Glob(filepath.Join(f.git, "objects/pack/*.pack"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	whole, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	truth := goGitBlobs(t, f.git)
	r := rand.New(rand.NewPCG(3, 4))
	for range 150 {
		damaged := bytes.Clone(whole)
		at := 12 + r.IntN(len(whole)-32)
		damaged[at] ^= byte(1 + r.IntN(255))
		if err := os.WriteFile(files[0], damaged, 0o644); err != nil {
			t.Fatal(err)
		}
		checkDamaged(t, f, truth, at)
	}
	if err := os.WriteFile(files[0], whole[:len(whole)/2], 0o644); err != nil {
		t.Fatal(err)
	}
	if s := sweep(t, f.root, Options{}); len(s.cov.Unreadable) == 0 {
		t.Error("half a pack reads as a whole one")
	}
}

func checkDamaged(t *testing.T, f *forge, truth map[string]string, at int) {
	t.Helper()
	s := sweep(t, f.root, Options{})
	right := 0
	for _, a := range s.list {
		if a.Blob == "" {
			continue
		}
		if truth[a.Blob] == string(a.Content) {
			right++
		} else if len(s.cov.Unreadable) == 0 {
			t.Errorf("byte %d: a wrong content was handed out and nothing was said", at)
		}
	}
	if right < len(truth) && len(s.cov.Unreadable) == 0 {
		t.Errorf("byte %d: %d of %d blobs and nothing was said", at, right, len(truth))
	}
}

func FuzzApplyDelta(f *testing.F) {
	f.Add([]byte("hello world"), []byte{11, 5, 0x90, 5})
	f.Fuzz(func(t *testing.T, base, delta []byte) {
		if out, err := applyDelta(base, delta, 1<<16); err == nil && len(out) > 1<<16 {
			t.Error("over the limit")
		}
	})
}
