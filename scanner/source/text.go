package source

import (
	"bytes"
	"encoding/binary"
	"unicode/utf16"
	"unicode/utf8"
)

// decode returns the text of a file as valid UTF-8 without a byte-order mark; false for binary files. UTF-16
// and UTF-32 are recognised with and without a mark; bytes that are not UTF-8 are read as Latin-1, one by one.
func decode(b []byte) ([]byte, bool) {
	if text, ok := decodeMarked(b); ok {
		return text, true
	}
	b = bytes.TrimPrefix(b, []byte{0xEF, 0xBB, 0xBF})
	if hasBinaryMagic(b) {
		return nil, false
	}
	if bytes.IndexByte(b, 0) >= 0 {
		return decodeWide(b)
	}
	if utf8.Valid(b) {
		return b, true
	}
	if mostlyControl(b) {
		return nil, false
	}
	return fromLatin1(b), true
}

// decodeMarked decodes what starts with a mark of UTF-16 or UTF-32.
func decodeMarked(b []byte) ([]byte, bool) {
	switch {
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE, 0, 0}):
		return fromUTF32(b[4:], binary.LittleEndian)
	case bytes.HasPrefix(b, []byte{0, 0, 0xFE, 0xFF}):
		return fromUTF32(b[4:], binary.BigEndian)
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}):
		return fromUTF16(b[2:], binary.LittleEndian), true
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		return fromUTF16(b[2:], binary.BigEndian), true
	}
	return nil, false
}

// decodeWide decodes UTF-16 and UTF-32 without a mark, told by where the zero bytes of its ASCII stand.
func decodeWide(b []byte) ([]byte, bool) {
	var zeros [4]int
	sample := b[:min(len(b), 4096)&^3]
	if len(sample) < 8 {
		return nil, false
	}
	for i, c := range sample {
		if c == 0 {
			zeros[i%4]++
		}
	}
	n := len(sample) / 4
	most := func(i int) bool { return zeros[i]*10 >= n*8 }
	few := func(i int) bool { return zeros[i]*20 <= n }
	switch {
	case few(0) && most(1) && most(2) && most(3):
		return fromUTF32(b, binary.LittleEndian)
	case most(0) && most(1) && most(2) && few(3):
		return fromUTF32(b, binary.BigEndian)
	case few(0) && few(2) && most(1) && most(3):
		return fromUTF16(b, binary.LittleEndian), true
	case few(1) && few(3) && most(0) && most(2):
		return fromUTF16(b, binary.BigEndian), true
	}
	return nil, false
}

func fromUTF16(b []byte, order binary.ByteOrder) []byte {
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = order.Uint16(b[2*i:])
	}
	out := make([]byte, 0, len(units)+len(units)/8)
	for _, r := range utf16.Decode(units) {
		out = utf8.AppendRune(out, r)
	}
	return out
}

// fromUTF32 fails when most units are no characters: then the zeros meant something else.
func fromUTF32(b []byte, order binary.ByteOrder) ([]byte, bool) {
	out := make([]byte, 0, len(b)/4+len(b)/32)
	bad := 0
	for ; len(b) >= 4; b = b[4:] {
		v := order.Uint32(b)
		if v > utf8.MaxRune {
			bad++
			v = utf8.RuneError
		}
		out = utf8.AppendRune(out, rune(v))
	}
	return out, bad*10 <= len(out)
}

// fromLatin1 keeps what is UTF-8 and turns every other byte into the character of its number.
func fromLatin1(b []byte) []byte {
	out := make([]byte, 0, len(b)+len(b)/8)
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			r = rune(b[0])
		}
		out = utf8.AppendRune(out, r)
		b = b[n:]
	}
	return out
}

// mostlyControl reports whether a text that is no UTF-8 has more control characters than a text would.
func mostlyControl(b []byte) bool {
	sample := b[:min(len(b), 8192)]
	n := 0
	for _, c := range sample {
		if c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b || c == 0x7f {
			n++
		}
	}
	return n*20 > len(sample)
}

// binaryMagic lists how files start that are binary even where they hold no zero byte.
var binaryMagic = []string{
	"\x89PNG\r\n", "\xff\xd8\xff", "GIF87a", "GIF89a", "%PDF-", "\x7fELF", "\xca\xfe\xba\xbe", "\xfe\xed\xfa", "OggS",
	"wOFF", "wOF2", "\x00\x01\x00\x00", "ID3", "fLaC", "\x00asm", "Rar!\x1a\x07", "7z\xbc\xaf\x27\x1c", "\xfd7zXZ\x00",
	"\x1aE\xdf\xa3", "SQLite format 3\x00", "!<arch>\n", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
}

func hasBinaryMagic(b []byte) bool {
	for _, magic := range binaryMagic {
		if len(b) >= len(magic) && string(b[:len(magic)]) == magic {
			return true
		}
	}
	return false
}

// isLFSPointer reports whether the file stands for one that is kept by Git LFS.
// Format: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
func isLFSPointer(b []byte) bool {
	return len(b) < 1024 && bytes.HasPrefix(b, []byte("version https://git-lfs.github.com/spec/v")) &&
		bytes.Contains(b, []byte("\noid sha256:"))
}
