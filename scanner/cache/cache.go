// Package cache remembers, from one scan to the next, what was learned of a content: that it is clean, or which
// facts it gave. It lies in the user's own cache folder and holds no value and no fingerprint, so it is valid under
// any key. Every record carries an HMAC under a key that is made for this cache and never leaves it; a record that
// does not verify is not there.
//
// A scan writes what is new into a file of its own, so that scans that run at once never touch each other's.
package cache

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// Cache is an opened cache folder. Nil is a cache that holds nothing and keeps nothing.
type Cache struct {
	dir      string
	readOnly bool
	key      []byte
	version  []byte
}

// The files of a cache folder.
const (
	keyName   = "key"
	keySize   = 32
	maxAge    = 30 * 24 * time.Hour // tables that no scan has used for so long are removed
	maxTables = 256
)

// Open opens the cache in a folder, or makes it there. What version names must change with everything that a record
// depends on: the program and its rules. A read-only cache is never written, and is empty when there is none.
func Open(dir string, version []byte, readOnly bool) (*Cache, error) {
	c := &Cache{dir: dir, readOnly: readOnly, version: version}
	key, err := os.ReadFile(filepath.Join(dir, keyName))
	switch {
	case err == nil && len(key) == keySize:
		c.key = key
		return c, nil
	case readOnly:
		return nil, nil
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("opening the cache: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the cache: %w", err)
	}
	c.key, err = makeKey(dir)
	return c, err
}

// makeKey writes a new key. Of two scans that do so at once, one comes first and the other takes its key.
func makeKey(dir string) ([]byte, error) {
	key := make([]byte, keySize)
	if _, err := rand.Read(key); err != nil {
		return nil, fmt.Errorf("making the key of the cache: %w", err)
	}
	name := filepath.Join(dir, keyName)
	fresh := name + "." + hex.EncodeToString(key[:4])
	defer os.Remove(fresh) // a link to it stands, or nothing does
	if err := os.WriteFile(fresh, key, 0o600); err != nil {
		return nil, fmt.Errorf("writing the key of the cache: %w", err)
	}
	if info, err := os.Stat(name); err == nil && info.Size() != keySize {
		_ = os.Remove(name) // cut short: nothing under it verifies any more
	}
	if err := os.Link(fresh, name); err == nil {
		return key, nil
	}
	theirs, err := os.ReadFile(name)
	if err != nil {
		err = os.Rename(fresh, name) // a file system without links
		theirs = key
	}
	if err == nil && len(theirs) != keySize {
		err = errors.New("it is damaged")
	}
	if err != nil {
		return nil, fmt.Errorf("reading the key of the cache: %w", err)
	}
	return theirs, nil
}

// Key names what a record is about.
type Key [16]byte

// Table is what the cache knows of one source. It is safe for concurrent use. Nil knows and keeps nothing.
type Table struct {
	cache  *Cache
	dir    string
	hashes sync.Pool // of hash.Hash

	mu       sync.Mutex
	files    []string // the segments that were read
	records  map[Key][]byte
	checked  map[Key]bool // records that verify
	fresh    map[Key][]byte
	late     map[Key]func(leaks func([]byte) bool) []byte // made when the table is saved
	total    int
	readOnly bool
}

// Table opens what is known of a source under the given settings.
func (c *Cache) Table(source string, settings []byte) *Table {
	if c == nil {
		return nil
	}
	t := &Table{cache: c, readOnly: c.readOnly, records: map[Key][]byte{}, checked: map[Key]bool{}, fresh: map[Key][]byte{}, late: map[Key]func(func([]byte) bool) []byte{}}
	t.hashes.New = func() any { return hmac.New(sha256.New, c.key) }
	name := t.Key("table", []byte(source), settings, c.version)
	t.dir = filepath.Join(c.dir, hex.EncodeToString(name[:]))
	t.load()
	return t
}

// Key names what some parts tell apart. The label says what the record is of.
func (t *Table) Key(label string, parts ...[]byte) Key {
	if t == nil {
		return Key{}
	}
	h := t.hashes.Get().(hash.Hash)
	defer t.hashes.Put(h)
	h.Reset()
	size := binary.AppendUvarint(make([]byte, 0, 64), uint64(len(label)))
	_, _ = h.Write(append(size, label...))
	for _, p := range parts {
		_, _ = h.Write(binary.AppendUvarint(size[:0], uint64(len(p))))
		_, _ = h.Write(p)
	}
	k := Key(h.Sum(size[:0])[:len(Key{})])
	k[len(k)-1] &^= numbersOnly
	return k
}

// NumberKey names a record of numbers alone, such as places in a pack. There is no text in it that the exit gate would have
// to look through.
func (t *Table) NumberKey(label string, parts ...[]byte) Key {
	k := t.Key(label, parts...)
	k[len(k)-1] |= numbersOnly
	return k
}

const numbersOnly = 1 // in the last byte of a key

func (k Key) hasText() bool { return k[len(k)-1]&numbersOnly == 0 }

// Get returns a record; false when there is none that verifies. The record must not be changed.
func (t *Table) Get(k Key) ([]byte, bool) {
	if t == nil {
		return nil, false
	}
	t.mu.Lock()
	raw, ok := t.records[k]
	known := t.checked[k]
	t.mu.Unlock()
	if !ok {
		return nil, false
	}
	mac, data := raw[:macSize], raw[macSize:]
	if known {
		return data, true
	}
	valid := hmac.Equal(mac, t.mac(k, data))
	t.mu.Lock()
	defer t.mu.Unlock()
	if !valid {
		delete(t.records, k)
		return nil, false
	}
	t.checked[k] = true
	return data, true
}

// Put keeps a record until the table is saved. A record of the same key that was read before is used no more.
func (t *Table) Put(k Key, data []byte) {
	if t == nil || t.readOnly {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.fresh[k] = data
}

// PutLate keeps a record that is made when the table is saved, when it is known which texts are values.
func (t *Table) PutLate(k Key, make func(leaks func([]byte) bool) []byte) {
	if t == nil || t.readOnly {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.late[k] = make
}

func (t *Table) mac(k Key, data []byte) []byte {
	sum := t.Key("record", k[:], data)
	return sum[:macSize]
}

// Prune removes the tables that no scan has used for a month, and the oldest ones when there are many.
func (c *Cache) Prune(now time.Time) {
	if c == nil || c.readOnly {
		return
	}
	list, err := os.ReadDir(c.dir)
	if err != nil {
		return
	}
	type table struct {
		name string
		used time.Time
	}
	var all []table
	for _, e := range list {
		if info, err := e.Info(); err == nil && e.IsDir() && len(e.Name()) == 2*len(Key{}) {
			all = append(all, table{e.Name(), info.ModTime()})
		}
	}
	slices.SortFunc(all, func(a, b table) int { return b.used.Compare(a.used) })
	for i, t := range all {
		if i >= maxTables || now.Sub(t.used) > maxAge {
			_ = os.RemoveAll(filepath.Join(c.dir, t.name))
		}
	}
}
