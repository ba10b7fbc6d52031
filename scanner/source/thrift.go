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
	small int // bytes up to which the heap may grow with more garbage than usual
}

const (
	usualGarbage = 100
	mostGarbage  = 400
	leastGarbage = 50
	aimedHeap    = 160 << 20 // bytes that a scan stays below, if that takes no more collections than leastGarbage makes
	smallHeap    = 96 << 20  // up to which a scan without a history may grow with up to mostGarbage
	lookEvery    = 16        // calls
	manyObjects  = 250000    // whose trees alone are much
)

// spend begins to let the heap of a scan without a history grow to a size that matters to nobody before much is collected:
// thousands of small files leave most of it behind.
func (s *Source) spend() {
	if s.thrift != nil {
		return
	}
	s.thrift = &thrift{now: mostGarbage, small: smallHeap}
	s.thrift.begin()
}

// begin makes the first setting, unless GOGC asks for another one.
func (t *thrift) begin() {
	if old := debug.SetGCPercent(t.now); old != usualGarbage {
		debug.SetGCPercent(old)
		t.now = 0
	}
}

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
	s.thrift.begin()
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
	if p := garbage(live[0].Value.Uint64(), t.small); p <= t.now-step || p >= t.now+step {
		t.now = p
		debug.SetGCPercent(p)
	}
}

// garbage is the setting for so many bytes in use.
func garbage(live uint64, small int) int {
	if live == 0 {
		return usualGarbage
	}
	if p := 100 * (small - int(min(live, aimedHeap))) / int(min(live, aimedHeap)); p > usualGarbage {
		return min(p, mostGarbage)
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
