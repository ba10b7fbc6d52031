package source

import (
	"crypto/sha1" //nolint:gosec // git's own hash, used as git uses it
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"strconv"
)

// oid is the id of a git object. A SHA-1 id fills the first 20 bytes, the rest is zero.
type oid [32]byte

// hashKind is the hash of a repository: the length of its ids in bytes.
type hashKind int

const (
	sha1Kind   hashKind = sha1.Size
	sha256Kind hashKind = sha256.Size
)

// new returns the hash function of the kind.
func (k hashKind) new() hash.Hash {
	if k == sha256Kind {
		return sha256.New()
	}
	return sha1.New() //nolint:gosec // git's own hash
}

// text returns the hexadecimal form of an id.
func (k hashKind) text(id oid) string { return hex.EncodeToString(id[:k]) }

// from returns the id at the start of b, which must be long enough.
func (k hashKind) from(b []byte) (id oid) {
	copy(id[:], b[:k])
	return id
}

// parse reads the hexadecimal form; false when it is none, or all zeros.
func (k hashKind) parse(s string) (id oid, ok bool) {
	if len(s) != 2*int(k) {
		return oid{}, false
	}
	if _, err := hex.Decode(id[:], []byte(s)); err != nil {
		return oid{}, false
	}
	return id, id != oid{}
}

// blob returns the id that git gives the bytes of a file.
func (k hashKind) blob(data []byte) oid { return k.object(blobKind, data) }

// object returns the id that git gives an object.
func (k hashKind) object(kind objectKind, data []byte) oid {
	h := k.new()
	h.Write(append(strconv.AppendInt([]byte(kindWords[kind]+" "), int64(len(data)), 10), 0))
	h.Write(data)
	return k.from(h.Sum(nil))
}
