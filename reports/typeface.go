package reports

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
)

// The typefaces of PDF and PNG are the Go fonts: they come with a module, and have the letters of the Latin, Greek and
// Cyrillic scripts. What else a document needs is added to them (furtherLetters).

// typeface is a font with what it can draw.
type typeface struct {
	data []byte
	font *sfnt.Font
	buf  sfnt.Buffer
	has  map[rune]bool
}

// typefaces are the fonts of one document.
type typefaces struct{ regular, bold, mono *typeface }

// newTypefaces gives the Go fonts, with further letters where they lack them.
func newTypefaces(further []rune) (typefaces, error) {
	var out typefaces
	for _, f := range []struct {
		to   **typeface
		data []byte
	}{{&out.regular, goregular.TTF}, {&out.bold, gobold.TTF}, {&out.mono, gomono.TTF}} {
		t, err := newTypeface(f.data)
		if err != nil {
			return out, err
		}
		if *f.to, err = t.with(further); err != nil {
			return out, err
		}
	}
	return out, nil
}

// with returns the typeface with further letters, as far as the bitmap font has those that it lacks.
func (t *typeface) with(further []rune) (*typeface, error) {
	more := map[rune]pixels{}
	for _, r := range further {
		if t.draws(r) {
			continue
		}
		if p, ok := pixelsOf(r); ok {
			more[r] = p
		}
	}
	if len(more) == 0 {
		return t, nil
	}
	font, err := readTrueType(t.data)
	if err != nil {
		return nil, err
	}
	return newTypeface(font.withPixels(more, func(r rune) uint16 {
		i, err := t.font.GlyphIndex(&t.buf, r)
		if err != nil {
			return 0
		}
		return uint16(i)
	}))
}

func newTypeface(data []byte) (*typeface, error) {
	parsed, err := sfnt.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("reading the font: %w", err)
	}
	return &typeface{data: data, font: parsed, has: map[rune]bool{}}, nil
}

// draws reports whether the font has a glyph for a character.
func (t *typeface) draws(r rune) bool {
	known, ok := t.has[r]
	if !ok {
		i, err := t.font.GlyphIndex(&t.buf, r)
		known = err == nil && i != 0
		t.has[r] = known
	}
	return known
}

// text returns a text in which every character that the font cannot draw is an escape, so that none is lost. Line
// breaks stay.
func (t *typeface) text(s string) string {
	stays := func(r rune) bool { return r == '\n' || t.draws(r) }
	if strings.IndexFunc(s, func(r rune) bool { return !stays(r) }) < 0 && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if stays(r) {
			b.WriteRune(r)
		} else {
			b.WriteString(escape(r))
		}
	}
	return b.String()
}
