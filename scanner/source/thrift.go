package source

import (
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"sync/atomic"
)

// thrift makes the garbage collector keep less while much is in use: with the usual setting, as much again as what is in use
// is garbage at the peak. What GOGC asks for is left alone.
type thrift struct {
	mu    sync.Mutex
	calls atomic.Int64
	now   int // the percentage of what is in use that may be garbage; 0 where it is not ours to say
}

const (
	usualGarbage = 100
	leastGarbage = 50
	aimedHeap    = 160 << 20 // bytes that a scan stays below, if that takes no more collections than leastGarbage makes
	lookEvery    = 16        // calls
	manyObjects  = 250000    // whose trees alone are much
)

// save begins to be thrifty, until the source is closed.
func (s *Source) save() {
	if s.thrift != nil {
		return
	}
	n := 0
	for _, p := range s.repo.objects.packs {
		n += p.n
	}
	s.thrift = &thrift{now: usualGarbage}
	if n >= manyObjects {
		s.thrift.now = leastGarbage
	}
	if old := debug.SetGCPercent(s.thrift.now); old != usualGarbage {
		debug.SetGCPercent(old)
		s.thrift.now = 0
	}
}

// look adapts the setting to what is in use, each so many calls.
func (t *thrift) look() {
	if t != nil && t.calls.Add(1)%lookEvery == 0 {
		t.adapt()
	}
}

func (t *thrift) adapt() {
	t.mu.Lock()
	defer t.mu.Unlock()
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(live)
	if t.now == 0 || live[0].Value.Kind() != metrics.KindUint64 {
		return
	}
	const step = 10 // smaller changes are not worth the stop that they take
	if p := garbage(live[0].Value.Uint64()); p <= t.now-step || p >= t.now+step {
		t.now = p
		debug.SetGCPercent(p)
	}
}

// garbage is the setting for so many bytes in use.
func garbage(live uint64) int {
	if live == 0 {
		return usualGarbage
	}
	return int(min(usualGarbage, max(leastGarbage, 100*(aimedHeap-min(live, aimedHeap))/live)))
}

// end restores the usual setting.
func (t *thrift) end() {
	if t == nil || t.now == 0 {
		return
	}
	debug.SetGCPercent(usualGarbage)
	t.now = 0
}
