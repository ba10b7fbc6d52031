package artifact

import "github.com/rotamap/rotamap/scanner/lazy"

// Grams tells which words cannot stand in a text, after one pass over it: it keeps a bit for each hash of a few bytes that
// follow each other, three of them in a small text, four in a larger one, which holds most of what three letters can be.
// Dozens of formats and rows ask for words that are in few files; so they need not search each file anew.
type Grams struct {
	bits  []uint64 // of all hashes
	size  int      // bytes that are hashed
	shift int      // what is cut off a hash
}

// How many bits there are for texts of which size.
const (
	smallBits, middleBits, largeBits = 16, 18, 20

	middleText = 4 << 10
	largeText  = 64 << 10
)

// hash mixes the last bytes.
func hash(last uint32) uint32 { return last * 2654435761 }

// Fill takes in a text, in the place of the one before.
func (g *Grams) Fill(text []byte) {
	n := smallBits
	g.size = 4
	switch {
	case len(text) > largeText:
		n = largeBits
	case len(text) > middleText:
		n = middleBits
	default:
		g.size = 3
	}
	g.shift = 32 - n
	words := 1 << (n - 6)
	if cap(g.bits) < words {
		g.bits = make([]uint64, words)
	} else {
		g.bits = g.bits[:words]
		clear(g.bits)
	}
	if len(text) >= g.size {
		g.fill(text)
	}
}

func (g *Grams) fill(text []byte) {
	last, mask, shift, bits := uint32(0), g.mask(), g.shift&31, g.bits
	for _, c := range text[:g.size-1] {
		last = last<<8 | uint32(c)
	}
	for i := g.size - 1; i < len(text); i++ {
		last = last<<8 | uint32(text[i])
		h := hash(last&mask) >> shift
		bits[h>>6] |= 1 << (h & 63)
		if last == blanks {
			i = behindBlanks(text, i)
		}
	}
}

// mask is of the bytes that are hashed.
func (g *Grams) mask() uint32 {
	if g.size == 3 {
		return 0xFFFFFF
	}
	return 0xFFFFFFFF
}

// blanks are four of them: a third of what machines indent is nothing else.
const blanks = 0x20202020

// behindBlanks returns the last of the blanks that stand at i and behind it.
func behindBlanks(text []byte, i int) int {
	for i+1 < len(text) && text[i+1] == ' ' {
		i++
	}
	return i
}

// May reports whether a word may stand in the text; false is sure. Words that are shorter than what is hashed always may.
func (g *Grams) May(word string) bool {
	last := uint32(0)
	for i := range len(word) {
		last = last<<8 | uint32(word[i])
		if i < g.size-1 {
			continue
		}
		h := hash(last&g.mask()) >> (g.shift & 31)
		if len(g.bits) == 0 || g.bits[h>>6]&(1<<(h&63)) == 0 {
			return false
		}
	}
	return true
}

// Has reports whether a word stands in the content, as bytes.Contains does, and is quick to say no.
func (a *Artifact) Has(word string) bool {
	return a.Grams().May(word) && lazy.Contains(a.Content, word)
}

// Grams returns those of the content. They are gone when the memory is taken back.
func (a *Artifact) Grams() *Grams {
	if a.grams == nil {
		if a.lent != nil {
			a.grams = &a.lent.grams
		} else {
			a.grams = new(Grams)
		}
		a.grams.Fill(a.Content)
	}
	return a.grams
}
