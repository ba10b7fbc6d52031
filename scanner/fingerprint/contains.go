package fingerprint

import (
	"bytes"
	"encoding/base64"
	"hash/maphash"
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact"
)

// Contains reports whether the value of outer holds that of inner, so that a hit of the detector can be told to
// lie inside a literal of a format.
func Contains(outer, inner artifact.Secret) bool {
	v := canonical(artifact.Reveal(inner))
	return v != "" && strings.Contains(artifact.Reveal(outer), v)
}

// Wraps reports whether the value of outer is base64 of a text that holds the value of inner.
func Wraps(outer, inner artifact.Secret) bool {
	text := strings.TrimRight(strings.Join(strings.Fields(artifact.Reveal(outer)), ""), "=")
	plain, err := base64.RawStdEncoding.DecodeString(text)
	v := canonical(artifact.Reveal(inner))
	return err == nil && v != "" && strings.Contains(string(plain), v)
}

// Size is the length of a secret in bytes.
func Size(s artifact.Secret) int { return len(artifact.Reveal(s)) }

// Digest tells secrets apart within a run of the program; it says nothing outside of it.
func Digest(seed maphash.Seed, s artifact.Secret) uint64 {
	return maphash.String(seed, artifact.Reveal(s))
}

// Locate returns where the value of a secret stands in a text as it is, from an offset on or else before it.
func Locate(text []byte, from int, s artifact.Secret) (start, end int, ok bool) {
	v := []byte(artifact.Reveal(s))
	if len(v) == 0 {
		return 0, 0, false
	}
	from = min(from, len(text))
	if i := bytes.Index(text[from:], v); i >= 0 {
		return from + i, from + i + len(v), true
	}
	i := bytes.Index(text, v)
	return i, i + len(v), i >= 0
}
