package tree

import (
	"encoding/binary"
	"math/bits"
)

// words keeps the last of the short texts that were met: keys, the names of types and small numbers come again and again,
// in one file after the other, and need memory once.
type words struct{ list [wordSlots]string }

const (
	wordSlots = 1 << 11
	maxWord   = 64 // bytes of one that is kept
)

// string returns a text as a string.
func (w *words) string(text []byte) string {
	if len(text) > maxWord {
		return string(text)
	}
	at := &w.list[hash(text)>>(64-11)]
	if *at != string(text) {
		*at = string(text)
	}
	return *at
}

// hash is quick, and no more than that: texts that fall together cost an allocation.
func hash(text []byte) uint64 {
	const factor = 0x9E3779B97F4A7C15
	h := uint64(len(text)) * factor
	for ; len(text) >= 8; text = text[8:] {
		h = bits.RotateLeft64((h^binary.LittleEndian.Uint64(text))*factor, 29)
	}
	for _, c := range text {
		h = bits.RotateLeft64((h^uint64(c))*factor, 29)
	}
	return h * factor
}
