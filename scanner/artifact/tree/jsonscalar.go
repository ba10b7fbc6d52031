package tree

import (
	"encoding/binary"
	"unicode/utf8"
)

// quoted reads a string; false for one that is not plain.
func (r *reader) quoted(key bool) (string, bool) {
	text, from := r.text, r.at+1
	wide, escaped := false, false
	for i := from; i < len(text); i++ {
		for i+8 <= len(text) && ordinary8(binary.LittleEndian.Uint64(text[i:])) {
			i += 8
		}
		if i == len(text) {
			break
		}
		switch class[text[i]] {
		case ordinary:
		case quote:
			r.at = i + 1
			return r.string(text[from:i], key, wide, escaped)
		case backslash:
			escaped = true
			i++
		case beyond:
			wide = true
		default:
			return "", false
		}
	}
	return "", false
}

// ordinary8 reports whether eight bytes are ordinary ones of a string.
func ordinary8(w uint64) bool {
	const each, high = 0x0101010101010101, 0x8080808080808080
	quotes, backslashes := w^each*'"', w^each*'\\'
	special := w | (w-each*' ')&^w | (quotes-each)&^quotes | (backslashes-each)&^backslashes
	return special&high == 0
}

// The classes of bytes in a string.
const (
	ordinary = iota
	quote
	backslash
	beyond  // of a character beyond ASCII
	control // which no string may hold
)

var class = func() (t [256]uint8) {
	for c := range t {
		switch {
		case c < ' ':
			t[c] = control
		case c >= utf8.RuneSelf:
			t[c] = beyond
		}
	}
	t['"'], t['\\'] = quote, backslash
	return t
}()

func (r *reader) string(text []byte, key, wide, escaped bool) (string, bool) {
	if wide && !utf8.Valid(text) {
		return "", false
	}
	if escaped {
		var ok bool
		if r.plain, ok = unescape(r.plain[:0], text); !ok {
			return "", false
		}
		text = r.plain
	}
	if !key && len(text) > maxValue {
		return string(text), true
	}
	return r.known.string(text), true
}

// number reads a number as it is written.
func (r *reader) number() *Node {
	n, from := r.node(Scalar, "!!float"), r.at
	r.skip('-')
	if !r.skip('0') && !r.digits() {
		return nil
	}
	if r.skip('.') && !r.digits() {
		return nil
	}
	if r.skip('e') || r.skip('E') {
		if !r.skip('+') {
			r.skip('-')
		}
		if !r.digits() {
			return nil
		}
	}
	n.Value = r.known.string(r.text[from:r.at])
	return n
}

func (r *reader) skip(c byte) bool {
	if r.at < len(r.text) && r.text[r.at] == c {
		r.at++
		return true
	}
	return false
}

func (r *reader) digits() bool {
	from := r.at
	for r.at < len(r.text) && r.text[r.at] >= '0' && r.text[r.at] <= '9' {
		r.at++
	}
	return r.at > from
}
