package source

// sought finds which entries of trees lead to some blobs. Of each tree it keeps those alone: what a tree takes over from the
// one that it stands on, it takes over from what is kept of that.
type sought struct {
	forest *forest
	wanted []int32 // the wanted blobs, from 1 on, by the numbers of the forest
	trees  []trail // by the numbers of trees
	kept   []sighting
	stack  []sighting // of the trees that are being asked
}

// trail says which entries of a tree lead somewhere.
type trail struct {
	first, n int32 // in kept
	size     int32 // entries of the tree that could be read
	state    trailState
}

type trailState uint8

const (
	unasked trailState = iota
	asking
	asked
)

// sighting is an entry that leads to a wanted blob, and its place among the entries of its tree.
type sighting struct {
	at   int32
	lead lead
}

// blob returns the number of the wanted blob that an entry leads to.
func (s *sought) blob(l lead) (int32, bool) {
	if l.to >= 0 || l.to == nowhere {
		return 0, false
	}
	if int(^l.to) >= len(s.wanted) { // met in a tree that was read just now
		return 0, false
	}
	n := s.wanted[^l.to]
	return n - 1, n > 0
}

// below returns the entries of a tree that lead to a wanted blob.
func (s *sought) below(n int32) []sighting {
	s.ask(n, 0)
	t := s.trees[n]
	return s.kept[t.first : t.first+t.n]
}

// ask finds the trail of a tree. A ring of trees, which only a forged pack has, leads nowhere.
func (s *sought) ask(n int32, depth int) trail {
	if int(n) < len(s.trees) && s.trees[n].state != unasked {
		return s.trees[n]
	}
	s.forest.fetch(n)
	if missing := len(s.forest.trees) - len(s.trees); missing > 0 {
		s.trees = append(s.trees, make([]trail, missing)...)
	}
	if depth > maxChain+maxDepth {
		return trail{}
	}
	s.trees[n].state = asking
	t := s.forest.trees[n]
	var base trail
	if t.base >= 0 {
		base = s.ask(t.base, depth+1)
	}
	from := len(s.stack)
	size := s.compose(t, base, depth)
	found := trail{first: int32(len(s.kept)), n: int32(len(s.stack) - from), size: size, state: asked}
	s.kept = append(s.kept, s.stack[from:]...)
	s.stack = s.stack[:from]
	s.trees[n] = found
	return found
}

// compose puts those entries of a tree on the stack that lead to a wanted blob, and returns how many entries it has.
func (s *sought) compose(t treeShape, base trail, depth int) int32 {
	if t.size == 0 {
		return 0
	}
	size := int32(0)
	for _, x := range s.forest.runs[t.first:t.end] {
		switch {
		case x.from < 0:
			for i := range x.n {
				l := s.forest.leads[^x.from+i]
				if _, ok := s.blob(l); ok || l.to >= 0 && s.ask(l.to, depth+1).n > 0 {
					s.stack = append(s.stack, sighting{size + i, l})
				}
			}
		case x.from+x.n > base.size:
			continue // what it stands on could not be read
		default:
			for _, k := range s.kept[base.first : base.first+base.n] {
				if k.at >= x.from && k.at < x.from+x.n {
					s.stack = append(s.stack, sighting{k.at - x.from + size, k.lead})
				}
			}
		}
		size += x.n
	}
	return size
}
