package artifact

import (
	"bytes"

	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// Grams tells which words cannot stand in a text, after one pass over it: it keeps a bit for each hash of three
// bytes that follow each other. Dozens of formats and rows ask for words that are in few files; so they need not
// search each file anew.
type Grams struct {
	bits [1 << (gramBits - 6)]uint64
}

const gramBits = 16

// gram hashes three bytes.
func gram(three uint32) uint32 { return (three & 0xFFFFFF) * 2654435761 >> (32 - gramBits) }

// Fill takes in a text, in the place of the one before.
func (g *Grams) Fill(text []byte) {
	clear(g.bits[:])
	if len(text) < 3 {
		return
	}
	three := uint32(text[0])<<8 | uint32(text[1])
	for _, c := range text[2:] {
		three = three<<8 | uint32(c)
		h := gram(three)
		g.bits[h>>6] |= 1 << (h & 63)
	}
}

// May reports whether a word may stand in the text; false is sure. Words under three bytes always may.
func (g *Grams) May(word string) bool {
	for i := 2; i < len(word); i++ {
		h := gram(uint32(word[i-2])<<16 | uint32(word[i-1])<<8 | uint32(word[i]))
		if g.bits[h>>6]&(1<<(h&63)) == 0 {
			return false
		}
	}
	return true
}

// Scratch is memory that one artifact after the other uses while it is read.
type Scratch struct {
	grams Grams
	trees tree.Arena
}

// Lend gives the artifact memory for its grams and its trees while it is read. What Documents returns then is gone when
// nil takes the memory back; strings of it stay.
func (a *Artifact) Lend(s *Scratch) {
	if a.lent != nil {
		a.lent.trees.Reset()
		a.tree = nil
	}
	a.lent, a.grams = s, nil
}

// Has reports whether a word stands in the content, as bytes.Contains does, and is quick to say no.
func (a *Artifact) Has(word string) bool {
	if a.grams == nil {
		if a.lent != nil {
			a.grams = &a.lent.grams
		} else {
			a.grams = new(Grams)
		}
		a.grams.Fill(a.Content)
	}
	return a.grams.May(word) && bytes.Contains(a.Content, []byte(word))
}
