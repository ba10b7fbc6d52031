package reports

import (
	"cmp"
	"encoding/binary"
	"errors"
	"maps"
	"slices"
)

// A TrueType file is a directory and tables (the OpenType specification, "OpenType font file"): here those that say where
// a glyph is are written anew with further glyphs.

// kept are the tables that a font with further glyphs has: those that it needs to be set, and what hints its own glyphs.
var kept = []string{"OS/2", "cmap", "cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "name", "post", "prep"}

// trueType is a font as its tables.
type trueType map[string][]byte

var errFont = errors.New("the font is cut off or no TrueType")

func readTrueType(data []byte) (trueType, error) {
	if len(data) < 12 || len(data) < 12+16*int(binary.BigEndian.Uint16(data[4:])) {
		return nil, errFont
	}
	t := trueType{}
	for i := range int(binary.BigEndian.Uint16(data[4:])) {
		row := data[12+16*i:]
		at, length := int(binary.BigEndian.Uint32(row[8:])), int(binary.BigEndian.Uint32(row[12:]))
		if at+length > len(data) {
			return nil, errFont
		}
		t[string(row[:4])] = data[at : at+length]
	}
	for name, least := range map[string]int{"head": 54, "hhea": 36, "maxp": 32, "post": 32, "hmtx": 4, "loca": 4, "glyf": 0} {
		if table, ok := t[name]; !ok || len(table) < least {
			return nil, errFont
		}
	}
	return t, nil
}

// withPixels returns the font with further glyphs. glyphOf says which glyph a character has already.
func (t trueType) withPixels(more map[rune]pixels, glyphOf func(rune) uint16) []byte {
	had := int(binary.BigEndian.Uint16(t["maxp"][4:]))
	unit := int(binary.BigEndian.Uint16(t["head"][18:])) / letterPoints
	glyphs, places, widths := slices.Clone(t["glyf"]), t.places(had), t.widths(had)
	chars, strokes := map[rune]uint16{}, 0
	for _, r := range slices.Sorted(maps.Keys(more)) {
		g := more[r]
		chars[r] = uint16(len(places) - 1)
		glyphs = append(glyphs, g.outline(unit)...)
		places = append(places, len(glyphs))
		widths = binary.BigEndian.AppendUint16(widths, uint16(g.width*unit))
		widths = binary.BigEndian.AppendUint16(widths, uint16(g.left()*unit))
		strokes = max(strokes, len(g.strokes))
	}
	for r := range rune(0xffff) {
		if g := glyphOf(r); g != 0 {
			chars[r] = g
		}
	}
	out := trueType{"glyf": glyphs, "hmtx": widths, "cmap": characterTable(chars)}
	for _, at := range places {
		out["loca"] = binary.BigEndian.AppendUint32(out["loca"], uint32(at))
	}
	count := len(places) - 1
	out["head"] = changed(t["head"], 50, 1) // places are long
	out["hhea"] = changed(t["hhea"], 34, count)
	out["maxp"] = changed(t["maxp"], 4, count)
	for at, least := range map[int]int{6: 4 * strokes, 8: strokes} { // points and contours of a glyph
		out["maxp"] = changed(out["maxp"], at, max(least, int(binary.BigEndian.Uint16(out["maxp"][at:]))))
	}
	out["post"] = changed(t["post"][:32], 0, 3) // no names of glyphs
	return out.file(t)
}

// changed is a table with another number at a place.
func changed(table []byte, at, n int) []byte {
	table = slices.Clone(table)
	binary.BigEndian.PutUint16(table[at:], uint16(n))
	return table
}

// places are the offsets of the glyphs, and the end of the last.
func (t trueType) places(glyphs int) []int {
	var out []int
	long := binary.BigEndian.Uint16(t["head"][50:]) == 1
	for i := range glyphs + 1 {
		switch {
		case long && len(t["loca"]) >= 4*i+4:
			out = append(out, int(binary.BigEndian.Uint32(t["loca"][4*i:])))
		case !long && len(t["loca"]) >= 2*i+2:
			out = append(out, 2*int(binary.BigEndian.Uint16(t["loca"][2*i:])))
		default:
			out = append(out, len(t["glyf"]))
		}
	}
	return out
}

// widths are width and left side of each glyph: a table that repeats its last width is written out.
func (t trueType) widths(glyphs int) []byte {
	full := int(binary.BigEndian.Uint16(t["hhea"][34:]))
	out := slices.Clone(t["hmtx"][:min(4*full, len(t["hmtx"]))])
	last := out[len(out)-4 : len(out)-2]
	for i := full; i < glyphs; i++ {
		out = append(out, last...)
		side := []byte{0, 0}
		if at := 4*full + 2*(i-full); at+2 <= len(t["hmtx"]) {
			side = t["hmtx"][at : at+2]
		}
		out = append(out, side...)
	}
	return out
}

func (g pixels) left() int {
	return slices.MinFunc(g.strokes, func(a, b stroke) int { return cmp.Compare(a.left, b.left) }).left
}

// outline is a simple glyph: each stroke is a contour of four points on the curve.
func (g pixels) outline(unit int) []byte {
	box := g.strokes[0]
	for _, b := range g.strokes {
		box = stroke{min(box.left, b.left), min(box.bottom, b.bottom), max(box.right, b.right), max(box.top, b.top)}
	}
	var out []byte
	put := func(n int) { out = binary.BigEndian.AppendUint16(out, uint16(n)) }
	put(len(g.strokes))
	for _, n := range []int{box.left, box.bottom, box.right, box.top} {
		put(n * unit)
	}
	for i := range g.strokes {
		put(4*i + 3)
	}
	put(0) // no instructions
	for range 4 * len(g.strokes) {
		out = append(out, 1) // on the curve, both coordinates in two bytes
	}
	x, y := 0, 0
	for _, b := range g.strokes {
		for _, at := range []int{b.left, b.left, b.right, b.right} {
			put((at - x) * unit)
			x = at
		}
	}
	for _, b := range g.strokes {
		for _, at := range []int{b.bottom, b.top, b.top, b.bottom} {
			put((at - y) * unit)
			y = at
		}
	}
	for len(out)%4 != 0 {
		out = append(out, 0)
	}
	return out
}

// characterTable is a cmap with one subtable of format 4: runs of characters whose glyphs follow one another.
func characterTable(chars map[rune]uint16) []byte {
	type run struct{ first, last, glyph uint16 }
	var runs []run
	for _, r := range slices.Sorted(maps.Keys(chars)) {
		if n := len(runs) - 1; n >= 0 && rune(runs[n].last)+1 == r && runs[n].glyph+uint16(r)-runs[n].first == chars[r] {
			runs[n].last = uint16(r)
		} else {
			runs = append(runs, run{uint16(r), uint16(r), chars[r]})
		}
	}
	runs = append(runs, run{0xffff, 0xffff, 0})
	steps := 0
	for 2<<steps <= len(runs) {
		steps++
	}
	out := []byte{0, 0, 0, 1, 0, 3, 0, 1, 0, 0, 0, 12} // one subtable: Windows, Unicode
	put := func(n int) { out = binary.BigEndian.AppendUint16(out, uint16(n)) }
	for _, n := range []int{4, 16 + 8*len(runs), 0, 2 * len(runs), 2 << steps, steps, 2*len(runs) - 2<<steps} {
		put(n)
	}
	for _, r := range runs {
		put(int(r.last))
	}
	put(0)
	for _, r := range runs {
		put(int(r.first))
	}
	for _, r := range runs {
		put(int(r.glyph) - int(r.first))
	}
	for range runs {
		put(0)
	}
	return out
}

// file writes the tables with those of an older font that did not change.
func (t trueType) file(older trueType) []byte {
	var names []string
	for _, name := range kept {
		if t[name] == nil {
			t[name] = older[name]
		}
		if t[name] != nil {
			names = append(names, name)
		}
	}
	steps := 0
	for 2<<steps <= len(names) {
		steps++
	}
	out := []byte{0, 1, 0, 0}
	for _, n := range []int{len(names), 16 << steps, steps, 16*len(names) - 16<<steps} {
		out = binary.BigEndian.AppendUint16(out, uint16(n))
	}
	at := 12 + 16*len(names)
	for _, name := range names {
		out = append(out, name...)
		for _, n := range []int{int(checksum(t[name])), at, len(t[name])} {
			out = binary.BigEndian.AppendUint32(out, uint32(n))
		}
		at += (len(t[name]) + 3) &^ 3
	}
	for _, name := range names {
		out = append(out, t[name]...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	return out
}

// checksum adds the words of a table.
func checksum(table []byte) uint32 {
	var sum uint32
	for len(table) > 0 {
		var word [4]byte
		n := copy(word[:], table)
		sum += binary.BigEndian.Uint32(word[:])
		table = table[n:]
	}
	return sum
}
