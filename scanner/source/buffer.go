package source

// buffer holds the content of an object until all objects that stand on it are built. Then its memory is used
// again: a history is many times as large as what has to be at hand.
type buffer struct {
	data  []byte
	users int // objects that are still to be built on it
}

// The memory that is kept for later.
const (
	maxFree      = 8        // buffers
	maxFreeBytes = 16 << 20 // of one buffer
)

// room returns an empty slice of at least n bytes of capacity.
func (f *inflater) room(n int64) []byte {
	best := -1
	for i, b := range f.free {
		if int64(cap(b)) >= n && (best < 0 || cap(b) < cap(f.free[best])) {
			best = i
		}
	}
	if best < 0 {
		return make([]byte, 0, n+n/8)
	}
	b := f.free[best]
	f.free[best] = f.free[len(f.free)-1]
	f.free = f.free[:len(f.free)-1]
	return b[:0]
}

// done counts one user less, and takes the memory back after the last one.
func (f *inflater) done(b *buffer) {
	if b == nil {
		return
	}
	if b.users--; b.users > 0 || cap(b.data) == 0 || cap(b.data) > maxFreeBytes {
		return
	}
	if len(f.free) < maxFree {
		f.free = append(f.free, b.data)
	} else {
		least := 0
		for i := range f.free {
			if cap(f.free[i]) < cap(f.free[least]) {
				least = i
			}
		}
		if cap(f.free[least]) < cap(b.data) {
			f.free[least] = b.data
		}
	}
	b.data = nil
}
