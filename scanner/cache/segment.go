package cache

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A segment is a file of records, each of a key, a length, an HMAC and data. It is written once. One that was cut
// short is good up to where it was cut.
const (
	magic       = "rotamap cache 1\n"
	macSize     = 16
	headSize    = len(Key{}) + 4 + macSize
	suffix      = ".seg"
	typical     = 160       // bytes of a record, to begin with
	maxSegments = 12        // then all are written anew as one
	maxBytes    = 512 << 20 // of one table: more is not read, and the table begins anew
	maxSpare    = 128 << 20 // of one table: then records that no scan asks for are dropped
)

// load reads the segments. Those that cannot be read are left out.
func (t *Table) load() {
	list, err := os.ReadDir(t.dir)
	if err != nil {
		return
	}
	for _, e := range list {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() || !strings.HasSuffix(e.Name(), suffix) {
			continue
		}
		t.files = append(t.files, e.Name())
		if t.total += int(info.Size()); t.total > maxBytes {
			continue
		}
		if data, err := os.ReadFile(filepath.Join(t.dir, e.Name())); err == nil {
			t.index(data)
		}
	}
}

// index notes where the records of a segment stand. They are verified when they are asked for.
func (t *Table) index(data []byte) {
	data, ok := bytes.CutPrefix(data, []byte(magic))
	if !ok {
		return
	}
	if len(t.records) == 0 {
		t.records = make(map[Key][]byte, len(data)/typical)
	}
	for len(data) >= headSize {
		size := binary.BigEndian.Uint32(data[len(Key{}):])
		if int64(size) > int64(len(data)-headSize) {
			return
		}
		end := headSize + int(size)
		k := Key(data[:len(Key{})])
		t.records[k] = data[len(Key{})+4 : end : end]
		data = data[end:]
	}
}

// Save writes what is new. Records for which leaks says yes are not kept, and those that an earlier scan kept are
// taken out: what was an ordinary word then is a value now. It must be called last.
func (t *Table) Save(leaks func([]byte) bool) error {
	if t == nil || t.readOnly {
		return nil
	}
	for k, late := range t.late {
		t.fresh[k] = late(leaks)
	}
	maps.DeleteFunc(t.fresh, func(k Key, data []byte) bool { return k.hasText() && leaks(data) })
	bad := false
	for k := range t.checked {
		if raw, ok := t.records[k]; ok && k.hasText() && leaks(raw[macSize:]) {
			delete(t.records, k)
			bad = true
		}
	}
	if !bad && len(t.fresh) == 0 {
		t.touch()
		return nil
	}
	if err := os.MkdirAll(t.dir, 0o700); err != nil {
		return fmt.Errorf("writing the cache: %w", err)
	}
	all := bad || len(t.files) >= maxSegments || t.total > maxBytes
	if err := t.write(all); err != nil {
		return fmt.Errorf("writing the cache: %w", err)
	}
	if all {
		for _, name := range t.files {
			_ = os.Remove(filepath.Join(t.dir, name))
		}
	}
	return nil
}

// touch says that the table is in use.
func (t *Table) touch() {
	now := time.Now()
	_ = os.Chtimes(t.dir, now, now)
}

// write makes a segment of the new records, together with the old ones when all are written anew. Of a large table
// only as many of those are kept that this scan did not ask for as it used.
func (t *Table) write(all bool) error {
	var b bytes.Buffer
	b.WriteString(magic)
	if all {
		spare := len(t.records)
		if t.total > maxSpare {
			spare = len(t.checked)
		}
		for _, k := range sorted(t.records) {
			if _, newer := t.fresh[k]; newer {
				continue
			}
			if !t.checked[k] {
				if spare--; spare < 0 {
					continue
				}
			}
			raw := t.records[k]
			put(&b, k, raw[:macSize], raw[macSize:])
		}
	}
	for _, k := range sorted(t.fresh) {
		put(&b, k, t.mac(k, t.fresh[k]), t.fresh[k])
	}
	var name [8]byte
	if _, err := rand.Read(name[:]); err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(t.dir, hex.EncodeToString(name[:])+suffix), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err = f.Write(b.Bytes()); err != nil {
		_ = f.Close()
		_ = os.Remove(f.Name())
		return err
	}
	return f.Close()
}

func put(b *bytes.Buffer, k Key, mac, data []byte) {
	b.Write(k[:])
	b.Write(binary.BigEndian.AppendUint32(nil, uint32(len(data))))
	b.Write(mac)
	b.Write(data)
}

func sorted(m map[Key][]byte) []Key {
	return slices.SortedFunc(maps.Keys(m), func(a, b Key) int { return bytes.Compare(a[:], b[:]) })
}
