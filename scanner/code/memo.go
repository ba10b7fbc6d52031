package code

import (
	"hash/maphash"
	"slices"
	"sync"
)

// memo remembers what short texts say. The versions of a Makefile or a workflow at hundreds of branches differ in few of
// their scripts, and a script says the same wherever it stands.
type memo struct {
	seed  maphash.Seed
	known map[uint64]Result
}

// The bounds of a memo.
const (
	maxMemo     = 1 << 12 // texts
	maxMemoText = 32 << 10
)

// memos keeps one for each worker that is busy.
var memos = sync.Pool{New: func() any { return &memo{seed: maphash.MakeSeed(), known: map[uint64]Result{}} }}

// shellText is scanShell for a text by itself, which is read once.
func shellText(src []byte) Result {
	if len(src) > maxMemoText {
		return scanShell(src, 0)
	}
	m := memos.Get().(*memo)
	key := maphash.Bytes(m.seed, src)
	r, ok := m.known[key]
	if !ok {
		r = scanShell(src, 0)
		if len(m.known) >= maxMemo {
			clear(m.known)
		}
		m.known[key] = r
	}
	memos.Put(m)
	return r.clone()
}

// clone copies the lists that callers change.
func (r Result) clone() Result {
	r.Reads, r.Stores, r.Runs = slices.Clone(r.Reads), slices.Clone(r.Stores), slices.Clone(r.Runs)
	r.Writes, r.Feeds, r.Images = slices.Clone(r.Writes), slices.Clone(r.Feeds), slices.Clone(r.Images)
	r.Mints, r.Hosts, r.Uses = slices.Clone(r.Mints), slices.Clone(r.Hosts), slices.Clone(r.Uses)
	r.Arguments, r.Implicit = slices.Clone(r.Arguments), slices.Clone(r.Implicit)
	for i := range r.Runs {
		r.Runs[i].Args = slices.Clone(r.Runs[i].Args)
	}
	return r
}
