package fingerprint

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"golang.org/x/crypto/argon2"
)

// keySize is the length of a key in bytes.
const keySize = 32

var lower32 = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// Key makes fingerprints. Its bytes sit in a closure, as those of a secret do. The zero Key must not be used.
type Key struct {
	mac      func(text string) [sha256.Size]byte
	kid      string
	previous *Key // nil for none, see After
}

// NewKey returns the key with the given 32 bytes.
func NewKey(b []byte) (Key, error) {
	if len(b) != keySize {
		return Key{}, fmt.Errorf("a key has %d bytes, this one has %d", keySize, len(b))
	}
	fp, err := hkdf.Key(sha256.New, b, nil, "fp", sha256.Size)
	if err != nil {
		return Key{}, fmt.Errorf("deriving the fingerprint key: %w", err)
	}
	id := hmac.New(sha256.New, b)
	_, _ = id.Write([]byte("kid"))
	return Key{mac: macOf(fp), kid: lower32.EncodeToString(id.Sum(nil)[:5])}, nil
}

// macOf closes over a derived key.
func macOf(fp []byte) func(string) [sha256.Size]byte {
	return func(text string) (out [sha256.Size]byte) {
		h := hmac.New(sha256.New, fp)
		_, _ = io.WriteString(h, text)
		h.Sum(out[:0])
		return out
	}
}

// ID returns the public name of the key: fingerprints of different keys cannot be compared.
func (k Key) ID() string { return k.kid }

// After returns the key as the successor of another: its fingerprints say what the same value was called under that one.
func (k Key) After(previous Key) Key {
	previous.previous = nil
	k.previous = &previous
	return k
}

// PreviousID returns the public name of the key before this one, "" for none.
func (k Key) PreviousID() string {
	if k.previous == nil {
		return ""
	}
	return k.previous.kid
}

// String shows the id of the key alone.
func (k Key) String() string { return "key " + k.kid }

// GoString shows the id of the key alone.
func (k Key) GoString() string { return k.String() }

// Format shows the id of the key alone, under every verb.
func (k Key) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, k.String()) }

// LogValue shows the id of the key alone.
func (k Key) LogValue() slog.Value { return slog.StringValue(k.String()) }

// RandomKey returns a key for one run. It fails only when the machine has no randomness.
func RandomKey() (Key, error) {
	b := make([]byte, keySize)
	if _, err := rand.Read(b); err != nil {
		return Key{}, fmt.Errorf("making a random key: %w", err)
	}
	return NewKey(b)
}

// ParseKey reads 64 hexadecimal digits, as a key file and ROTAMAP_KEY hold them. The error never quotes them.
func ParseKey(text string) (Key, error) {
	text = strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != keySize {
		return Key{}, fmt.Errorf("a key is %d hexadecimal digits; make one with: rotamap init", 2*keySize)
	}
	return NewKey(b)
}

// LoadKeyFile reads a key file: 64 hexadecimal digits and a newline, readable by its owner alone.
func LoadKeyFile(path string) (Key, error) {
	f, err := os.Open(path)
	if err != nil {
		return Key{}, fmt.Errorf("reading the key file: %w; make one with: rotamap init", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Key{}, fmt.Errorf("reading the key file: %w", err)
	}
	if !info.Mode().IsRegular() {
		return Key{}, fmt.Errorf("reading the key file %q: not a file", path)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 && runtime.GOOS != "windows" {
		return Key{}, fmt.Errorf("the key file %q can be read by others (mode %04o); close it with: chmod 600 %q", path, mode, path)
	}
	b, err := io.ReadAll(io.LimitReader(f, 4*keySize))
	if err != nil {
		return Key{}, fmt.Errorf("reading the key file: %w", err)
	}
	k, err := ParseKey(string(b))
	if err != nil {
		return Key{}, fmt.Errorf("reading the key file %q: %w", path, err)
	}
	return k, nil
}

// WriteKeyFile makes a random key and writes it to a new file with mode 0600, and its folder with 0700 if need
// be. It never replaces a file, and refuses a place below a git work tree, where a key would be committed some
// day.
func WriteKeyFile(path string) (Key, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return Key{}, fmt.Errorf("writing the key file: %w", err)
	}
	if tree := workTreeAbove(full); tree != "" {
		return Key{}, fmt.Errorf("writing the key file %q: it lies below the git work tree %q; choose a place outside", path, tree)
	}
	if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
		return Key{}, fmt.Errorf("writing the key file: %w", err)
	}
	b := make([]byte, keySize)
	if _, err := rand.Read(b); err != nil {
		return Key{}, fmt.Errorf("making a random key: %w", err)
	}
	if err := writeNew(full, hex.EncodeToString(b)+"\n"); err != nil {
		return Key{}, err
	}
	return NewKey(b)
}

// workTreeAbove returns the folder above a path that holds a .git, "" for none.
func workTreeAbove(path string) string {
	for dir := filepath.Dir(path); ; dir = filepath.Dir(dir) {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}

// writeNew writes a file that must not be there yet.
func writeNew(path, text string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("writing the key file: %w", err)
	}
	_, err = f.WriteString(text)
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("writing the key file: %w", err)
	}
	return nil
}

// Params is the cost of deriving a key from a passphrase by Argon2id.
type Params struct {
	Time      uint32 // passes
	MemoryKiB uint32
	Threads   uint8
}

// DefaultParams costs some 0.5 s and 64 MiB, once for a run.
func DefaultParams() Params { return Params{Time: 3, MemoryKiB: 64 << 10, Threads: 4} }

// The bounds of what a configuration may ask for.
const (
	minPassphrase = 12
	minSalt       = 16
	maxMemoryKiB  = 4 << 20
	maxTime       = 64
)

// FromPassphrase derives a key by Argon2id. Salt and parameters are no secrets, but the same key needs the same.
func FromPassphrase(pass string, salt []byte, p Params) (Key, error) {
	switch {
	case len([]rune(pass)) < minPassphrase:
		return Key{}, fmt.Errorf("the passphrase is shorter than %d characters; take a longer one, or a key file", minPassphrase)
	case len(salt) < minSalt:
		return Key{}, fmt.Errorf("the salt is shorter than %d bytes; make one with: rotamap init", minSalt)
	case p.Time < 1 || p.Time > maxTime || p.Threads < 1 || p.MemoryKiB < 19<<10 || p.MemoryKiB > maxMemoryKiB:
		return Key{}, fmt.Errorf("passphrase parameters out of range: time 1 to %d, memory 19456 to %d KiB, threads from 1", maxTime, maxMemoryKiB)
	}
	return NewKey(argon2.IDKey([]byte(pass), salt, p.Time, p.MemoryKiB, p.Threads, keySize))
}
