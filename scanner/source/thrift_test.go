package source

import (
	"bytes"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
)

func TestGarbage(t *testing.T) {
	for live, want := range map[uint64]int{0: usualGarbage, 10 << 20: usualGarbage, aimedHeap / 2: usualGarbage, aimedHeap * 5 / 8: 60, aimedHeap: leastGarbage, 8 << 30: leastGarbage} {
		if got := garbage(live, 0); got != want {
			t.Errorf("with %d MB in use: %d %%, not %d %%", live>>20, got, want)
		}
	}
	for live, want := range map[uint64]int{0: usualGarbage, 4 << 20: mostGarbage, smallHeap / 3: 200, smallHeap / 2: usualGarbage, aimedHeap: leastGarbage, 8 << 30: leastGarbage} {
		if got := garbage(live, smallHeap); got != want {
			t.Errorf("without a history and with %d MB in use: %d %%, not %d %%", live>>20, got, want)
		}
	}
}

// TestThriftEnds holds that a source leaves the collector as it found it, whatever that was.
func TestThriftEnds(t *testing.T) {
	f := newForge(t)
	f.commit(f.files("a", "b"), "c")
	for _, before := range []int{usualGarbage, 400} {
		old := debug.SetGCPercent(before)
		s, err := Open(Spec{Name: "x", Location: filepath.Dir(f.git)}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, begin := range []func(){s.save, s.spend} {
			s.thrift = nil
			begin()
			s.thrift.adapt()
			s.thrift.end()
			if after := debug.SetGCPercent(before); after != before {
				t.Errorf("the collector is left at %d, and was at %d", after, before)
			}
		}
		s.Close()
		debug.SetGCPercent(old)
	}
}

// TestReleased holds that a pack reads the same after its memory was given back.
func TestReleased(t *testing.T) {
	f := newForge(t)
	growing(f, 5)
	f.repack(false)
	packs, err := filepath.Glob(filepath.Join(f.git, "objects", "pack", "*.pack"))
	if err != nil || len(packs) != 1 {
		t.Fatal(packs, err)
	}
	p, err := openPack(strings.TrimSuffix(packs[0], ".pack"), "x", sha1Kind)
	if err != nil {
		t.Fatal(err)
	}
	defer p.close()
	before := bytes.Clone(p.data)
	p.passed(releaseEvery)
	if !bytes.Equal(before, p.data) {
		t.Error("the pack reads otherwise")
	}
}
