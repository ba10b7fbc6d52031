package code

import (
	"bytes"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// starts knows where the words of a text begin, by their first bytes. Rows and settings look for dozens of names, each of
// which would be a search of the whole text.
type starts struct {
	built bool
	first [1 << startBits]int32 // by hash: the first place in its chain, from 1; 0 for none
	chain []place32
}

// place32 is the begin of a word, and the next one with the same hash.
type place32 struct{ at, next int32 }

const (
	startBits  = 12
	startBytes = 3 // that are hashed
)

func startHash(b []byte) uint32 {
	return (uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16) * 2654435761 >> (32 - startBits)
}

// wordByte is isWord as a table.
var wordByte = func() (t [256]bool) {
	for i := range t {
		t[i] = isWord(byte(i))
	}
	return t
}()

// fill takes in a text, in the place of the one before.
func (s *starts) fill(text []byte) {
	s.built = true
	clear(s.first[:])
	s.chain = s.chain[:0]
	for i := len(text) - startBytes; i >= 0; i-- { // backwards, so that each chain begins with its first place
		if !wordByte[text[i]] || i > 0 && wordByte[text[i-1]] {
			continue
		}
		h := startHash(text[i:])
		s.chain = append(s.chain, place32{int32(i), s.first[h]})
		s.first[h] = int32(len(s.chain))
	}
}

// begin calls f with each place at which a text stands as the begin of a word, until f returns false. Places that lie in the
// one before are passed over.
func (s *scan) begin(word []byte, f func(at int) bool) {
	if s.starts == nil || len(word) < startBytes || !isWord(word[0]) {
		marksIn(s.code, word, f)
		return
	}
	if !s.starts.built {
		s.starts.fill(s.code)
	}
	from := 0
	for n := s.starts.first[startHash(word)]; n > 0; {
		p := s.starts.chain[n-1]
		n = p.next
		if at := int(p.at); at >= from && bytes.HasPrefix(s.code[at:], word) {
			from = at + len(word)
			if !f(at) {
				return
			}
		}
	}
}

// marksIn is begin without an index. A text that begins with no letter may stand anywhere.
func marksIn(text, word []byte, f func(at int) bool) {
	for from := 0; from < len(text); {
		n := lazy.Index(text[from:], word)
		if n < 0 {
			return
		}
		at := from + n
		from = at + len(word)
		if at > 0 && isWord(word[0]) && isWord(text[at-1]) {
			continue
		}
		if !f(at) {
			return
		}
	}
}
