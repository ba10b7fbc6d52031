package tree

// slab hands out pieces of large allocations. After a reset they are handed out again.
type slab[T any] struct {
	chunks [][]T
	used   int // chunks begun
	free   []T // of the last of them
}

// take returns a piece of n items, all zero.
func (s *slab[T]) take(n, chunk int) []T {
	for len(s.free) < n {
		if s.used == len(s.chunks) {
			s.chunks = append(s.chunks, make([]T, max(n, chunk)))
		}
		s.free = s.chunks[s.used]
		s.used++
	}
	out := s.free[:n:n]
	s.free = s.free[n:]
	return out
}

// reset takes all pieces back; of what was allocated the first chunks are kept.
func (s *slab[T]) reset(keep int) {
	s.chunks = s.chunks[:min(len(s.chunks), keep)]
	for i := range min(s.used, len(s.chunks)) {
		clear(s.chunks[i])
	}
	s.used, s.free = 0, nil
}
