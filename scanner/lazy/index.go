package lazy

import "bytes"

// Index returns the first place of a word in a text, -1 for none, as bytes.Index does. That one looks for the first letter
// of the word, which stands in every line; this one looks for the letter that is rarest in program text.
func Index[W string | []byte](text []byte, word W) int {
	if len(word) < 2 {
		return bytes.Index(text, []byte(word))
	}
	k := rarest(word)
	for at, tries := 0, 0; at+len(word) <= len(text); tries++ {
		n := bytes.IndexByte(text[at+k:len(text)-len(word)+k+1], word[k])
		if n < 0 {
			return -1
		}
		if at += n; string(text[at:at+len(word)]) == string(word) {
			return at
		}
		if at++; tries > enough+at>>5 { // it is frequent here
			if n = bytes.Index(text[at:], []byte(word)); n >= 0 {
				n += at
			}
			return n
		}
	}
	return -1
}

// enough is how often a letter may be met in vain, beside once in 32 bytes.
const enough = 16

// Contains reports whether a word stands in a text.
func Contains[W string | []byte](text []byte, word W) bool { return Index(text, word) >= 0 }

// rarest returns the place of the byte of a word that stands least often in texts, the first of several.
func rarest[W string | []byte](word W) int {
	best := 0
	for i := range len(word) {
		if frequency[word[i]] < frequency[word[best]] {
			best = i
		}
	}
	return best
}

// frequent are the bytes of program text and YAML, the most frequent first: counted over the heads of five repositories.
const frequent = " etsaorin\ncldup.m:h\"f_g-)(y,/bv{}'=xSkwA0TERC1IqP;NO2DVMjUL#z438F5B6G*"

// frequency is 0 for all others.
var frequency = func() (t [256]uint8) {
	for i := range len(frequent) {
		t[frequent[i]] = uint8(len(frequent) - i)
	}
	return t
}()
