package artifact

import (
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// Scratch is memory that one artifact after the other uses while it is read.
type Scratch struct {
	grams Grams
	trees tree.Arena
	lines []int
	sets  []*inventory.Set // of facts
	used  int              // of sets
}

// set returns an empty set.
func (s *Scratch) set() *inventory.Set {
	if s.used == len(s.sets) {
		s.sets = append(s.sets, inventory.NewSet())
	}
	s.used++
	return s.sets[s.used-1]
}

// reset takes all memory back.
func (s *Scratch) reset() {
	s.trees.Reset()
	for _, set := range s.sets[:s.used] {
		set.Reset()
	}
	s.used = 0
}

// Lend gives the artifact memory for its grams, lines, trees and facts while it is read. What Documents and NewFacts return
// then is gone when nil takes the memory back; strings of it stay.
func (a *Artifact) Lend(s *Scratch) {
	if a.lent != nil {
		a.lent.reset()
		a.tree, a.lines = nil, nil
	}
	a.lent, a.grams = s, nil
}
