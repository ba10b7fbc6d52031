package tree

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// escapes are the characters that stand behind a backslash for one other.
var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// unescape appends the text of a JSON string; false when one of its escapes means no character.
func unescape(out, text []byte) ([]byte, bool) {
	for i := 0; i < len(text); {
		if text[i] != '\\' {
			end := bytes.IndexByte(text[i:], '\\')
			if end < 0 {
				end = len(text) - i
			}
			out = append(out, text[i:i+end]...)
			i += end
			continue
		}
		if i+1 >= len(text) {
			return out, false
		}
		if c := escapes[text[i+1]]; c != 0 {
			out = append(out, c)
			i += 2
			continue
		}
		c, size := unicodeEscape(text[i:])
		if size == 0 {
			return out, false
		}
		out = utf8.AppendRune(out, c)
		i += size
	}
	return out, true
}

// unicodeEscape reads \uXXXX, or the two of them that make one character.
func unicodeEscape(text []byte) (c rune, size int) {
	c, ok := hexRune(text)
	switch {
	case !ok:
		return 0, 0
	case !utf16.IsSurrogate(c):
		return c, escapeLen
	}
	low, ok := hexRune(text[escapeLen:])
	if c = utf16.DecodeRune(c, low); !ok || c == utf8.RuneError {
		return 0, 0
	}
	return c, 2 * escapeLen
}

// escapeLen is the length of \uXXXX.
const escapeLen = 6

func hexRune(text []byte) (rune, bool) {
	if len(text) < escapeLen || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(text[2:escapeLen]), 16, 16)
	return rune(n), err == nil
}
