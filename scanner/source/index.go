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

// parseIndex reads the entries of an index file, versions 2 to 4. It returns those before a damaged one, with false.
// A split index holds what is new against another file, which shared reads by its id.
// Format: https://git-scm.com/docs/index-format
func parseIndex(k hashKind, b []byte, shared func(oid) ([]byte, bool)) (out []indexEntry, ok bool) {
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
	for len(rest) >= 8 {
		size := int64(binary.BigEndian.Uint32(rest[4:]))
		if size > int64(len(rest)-8) {
			return out, false
		}
		if string(rest[:4]) == "link" {
			return joinIndex(k, rest[8:8+size], out, shared)
		}
		rest = rest[8+size:]
	}
	return out, true
}

// joinIndex puts the entries of a split index over those of the file that it shares. The link tells its id, which of its
// entries are gone, and which stand in the split index instead: those come first there, in order, without a name.
func joinIndex(k hashKind, link []byte, own []indexEntry, shared func(oid) ([]byte, bool)) ([]indexEntry, bool) {
	if len(link) < int(k) || shared == nil {
		return own, false
	}
	id := k.from(link)
	if id == (oid{}) {
		return own, true
	}
	b, ok := shared(id)
	if !ok {
		return own, false
	}
	base, ok := parseIndex(k, b, nil)
	gone, rest, ok2 := bitmap(link[k:], len(base))
	replaced, _, ok3 := bitmap(rest, len(base))
	if !ok2 || !ok3 {
		return append(base, own...), false
	}
	var out []indexEntry
	for i, e := range base {
		if replaced[i] && len(own) > 0 && own[0].name == "" {
			own[0].name = e.name
			e, own = own[0], own[1:]
		}
		if !gone[i] {
			out = append(out, e)
		}
	}
	return append(out, own...), ok
}

// bitmap reads a compressed bitmap (EWAH): a count of bits, a count of words of eight bytes, the words, and the place of
// the last marker. A marker tells in its bits, from the lowest: the bit that is repeated, how many words of it, in 32
// bits, and in 31 how many words of plain bits follow. What is beyond limit is not kept.
func bitmap(b []byte, limit int) (bits map[int]bool, rest []byte, ok bool) {
	bits = map[int]bool{}
	if len(b) == 0 {
		return bits, b, true // nothing was put down
	}
	if len(b) < 8 {
		return nil, nil, false
	}
	words := int64(binary.BigEndian.Uint32(b[4:]))
	if int64(len(b)) < 8+8*words+4 {
		return nil, nil, false
	}
	rest = b[8+8*words+4:]
	at := 0
	for b = b[8 : 8+8*words]; len(b) >= 8; {
		marker := binary.BigEndian.Uint64(b)
		b = b[8:]
		run, plain := int(marker>>1&0xffffffff), int(marker>>33)
		for i := at; marker&1 == 1 && i < min(at+64*run, limit); i++ {
			bits[i] = true
		}
		at += 64 * run
		for ; plain > 0 && len(b) >= 8; plain-- {
			for w, i := binary.BigEndian.Uint64(b), 0; w != 0 && i < 64; i++ {
				if w>>i&1 == 1 && at+i < limit {
					bits[at+i] = true
				}
			}
			at, b = at+64, b[8:]
		}
	}
	return bits, rest, true
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
