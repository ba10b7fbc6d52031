package source

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/rotamap/rotamap/scanner/cache"
)

// What is kept of a pack tells the same trees and commits as the pack: with packs of both kinds of deltas, with a second
// pack, with trees in both.
func TestKeptPacks(t *testing.T) {
	for seed := range uint64(4) {
		f := newForge(t)
		c, err := cache.Open(filepath.Join(t.TempDir(), "cache"), []byte("build"), false)
		if err != nil {
			t.Fatal(err)
		}
		wandering(f, rand.New(rand.NewPCG(seed, 1)), 20)
		f.repack(seed%2 == 0)
		for round := range 4 {
			if round == 2 {
				wandering(f, rand.New(rand.NewPCG(seed, 2)), 10)
				f.repack(seed%2 == 1)
			}
			s, err := Open(Spec{Location: f.root}, Options{Workers: 3, Cache: c})
			if err != nil {
				t.Fatal(err)
			}
			kept := 0
			for _, p := range s.repo.objects.packs {
				if _, ok := p.table.Get(p.table.NumberKey("trees")); ok {
					kept++
				}
			}
			if round%2 == 1 && kept == 0 {
				t.Error("no trees are kept: the test shows nothing")
			}
			checkForest(t, s)
			for _, table := range s.Tables() {
				hide := func(text []byte) bool { return seed%2 == 0 && slices.Equal(text, []byte("file-03")) }
				if err := table.Save(hide); err != nil {
					t.Fatal(err)
				}
			}
			s.Close()
		}
	}
}

// A record of trees that is not whole, or not sound, is not believed, whatever its numbers are.
func TestKeptTreesDamaged(t *testing.T) {
	f := newForge(t)
	wandering(f, rand.New(rand.NewPCG(5, 1)), 20)
	f.repack(false)
	c, err := cache.Open(filepath.Join(t.TempDir(), "cache"), []byte("build"), false)
	if err != nil {
		t.Fatal(err)
	}
	open := func() *Source {
		s, err := Open(Spec{Location: f.root}, Options{Workers: 2, Cache: c})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := open()
	if err := s.repo.forest.plant(context.Background(), 2); err != nil {
		t.Fatal(err)
	}
	if err := s.Tables()[0].Save(func([]byte) bool { return false }); err != nil {
		t.Fatal(err)
	}
	s.Close()
	s = open()
	defer s.Close()
	p := s.repo.objects.packs[0]
	whole, ok := p.table.Get(p.table.NumberKey("trees"))
	text, ok2 := p.table.Get(p.table.Key("names"))
	if !ok || !ok2 {
		t.Fatal("nothing is kept")
	}
	for at := 0; at < len(whole); at += 13 {
		for _, data := range [][]byte{whole[:at], append(append(slices.Clone(whole[:at]), whole[at]^0x81), whole[at+1:]...)} {
			k := &keptTrees{}
			in := &numberReader{pack: p, in: data}
			if !k.decode(in) {
				continue
			}
			fresh := newForest(s.repo)
			if names := fresh.recallNames(p, k, text); names != nil && k.sound(p.n, len(names)) {
				fresh.adopt(k, 0, names)
				for n := range fresh.trees {
					_ = fresh.entries(int32(n))
				}
			}
		}
	}
}

// An id is found wherever it stands, and one that is not there is not.
func TestPackFind(t *testing.T) {
	f := newForge(t)
	wandering(f, rand.New(rand.NewPCG(8, 1)), 60)
	f.repack(false)
	s, err := Open(Spec{Location: f.root}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	p := s.repo.objects.packs[0]
	for i := range p.n {
		id := p.id(i)
		if at, ok := p.find(id); !ok || at != i {
			t.Fatalf("object %d is found at %d, %v", i, at, ok)
		}
		id[9] ^= 1
		if at, ok := p.find(id); ok {
			t.Fatalf("an object that is not there is found at %d", at)
		}
	}
}

// TestVouched holds that a pack is compared once, and again when anybody has written to it; one that is damaged is never vouched for.
func TestVouched(t *testing.T) {
	f := newForge(t)
	wandering(f, rand.New(rand.NewPCG(6, 1)), 20)
	f.repack(false)
	c, err := cache.Open(filepath.Join(t.TempDir(), "cache"), []byte("build"), false)
	if err != nil {
		t.Fatal(err)
	}
	packs, err := filepath.Glob(filepath.Join(f.git, "objects", "pack", "*.pack"))
	if err != nil || len(packs) != 1 {
		t.Fatal(packs, err)
	}
	// vouched opens the pack as an hour from now, and compares it.
	vouched := func() (before, after bool) {
		t.Helper()
		s, err := Open(Spec{Location: f.root}, Options{Workers: 1})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		file, err := os.Open(packs[0])
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		o := s.repo.objects
		p := o.packs[0]
		if p.state = stateOf(file, time.Now().Add(time.Hour)); p.state == nil {
			t.Skip("this file system does not tell states of files")
		}
		if len(stateOf(file, time.Now().Add(-time.Hour))) > 0 {
			t.Error("a file that was just written to has a state")
		}
		o.remember(c)
		before = p.vouched
		o.vouch()
		for _, table := range o.tables() {
			if err := table.Save(func([]byte) bool { return false }); err != nil {
				t.Fatal(err)
			}
		}
		o.remember(c)
		return before, p.vouched
	}
	if before, after := vouched(); before || !after {
		t.Errorf("vouched for: %v before, %v after the first scan", before, after)
	}
	if before, _ := vouched(); !before {
		t.Error("the second scan compares again")
	}
	text, err := os.ReadFile(packs[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, sound := range []bool{false, true} { // there and back
		text[len(text)/2] ^= 0x55
		if err := errors.Join(os.Chmod(packs[0], 0o600), os.WriteFile(packs[0], text, 0o600)); err != nil { //nolint:gosec // a file of the test
			t.Fatal(err)
		}
		if before, after := vouched(); before || after != sound {
			t.Errorf("a pack that was written to is vouched for: %v before, %v after it was compared", before, after)
		}
	}
}
