package source

import (
	"bytes"
	"encoding/binary"
)

// indexEntry is a path that git tracks, as the index holds it.
type indexEntry struct {
	name string
	mode uint32
	id   oid
}

// parseIndex reads the entries of an index file, versions 2 to 4. It returns those before a damaged one, with
// false; a split index, whose other half is another file, counts as damaged.
// Format: https://git-scm.com/docs/index-format
func parseIndex(k hashKind, b []byte) (out []indexEntry, ok bool) {
	if len(b) < 12+int(k) || string(b[:4]) != "DIRC" {
		return nil, false
	}
	version, n := binary.BigEndian.Uint32(b[4:]), binary.BigEndian.Uint32(b[8:])
	if version < 2 || version > 4 {
		return nil, false
	}
	rest := b[12 : len(b)-int(k)]
	name, total := "", 0
	for range n {
		e, size := parseIndexEntry(k, rest, version, name)
		if total += len(e.name); size == 0 || total > maxMeta {
			return out, false
		}
		name = e.name
		out = append(out, e)
		rest = rest[size:]
	}
	return out, !bytes.HasPrefix(rest, []byte("link"))
}

// parseIndexEntry reads one entry and returns its size, 0 when it is damaged. Version 4 cuts what the name
// shares with the one before.
func parseIndexEntry(k hashKind, b []byte, version uint32, before string) (e indexEntry, size int) {
	const stat = 40 // times, device, mode, owner and size; the id and the flags follow
	head := stat + int(k) + 2
	if len(b) < head {
		return e, 0
	}
	e.mode, e.id = binary.BigEndian.Uint32(b[24:]), k.from(b[stat:])
	if binary.BigEndian.Uint16(b[head-2:])&0x4000 != 0 {
		head += 2
	}
	if len(b) < head {
		return e, 0
	}
	rest := b[head:]
	kept := 0
	if version == 4 {
		cut, after, ok := offsetNumber(rest)
		if !ok || cut > len(before) {
			return e, 0
		}
		kept, head, rest = len(before)-cut, len(b)-len(after), after
	}
	end := bytes.IndexByte(rest, 0)
	if end < 0 {
		return e, 0
	}
	e.name = string(rest[:end])
	if version == 4 {
		e.name = before[:kept] + e.name
		return e, head + end + 1
	}
	if size = (head + end + 8) &^ 7; size > len(b) {
		return e, 0
	}
	return e, size
}

// offsetNumber reads the variable-length number that packs use for offsets.
func offsetNumber(b []byte) (n int, rest []byte, ok bool) {
	for i := 0; i < len(b) && i < 5; i++ {
		n = n<<7 | int(b[i]&0x7f)
		if b[i]&0x80 == 0 {
			return n, b[i+1:], true
		}
		n++
	}
	return 0, nil, false
}
