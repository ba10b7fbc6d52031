package reports

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/hajimehoshi/bitmapfont/v3"
	"golang.org/x/image/math/fixed"
)

// Letters that the Go fonts lack, Chinese, Japanese and Korean among them, are drawn in the points of a bitmap font that
// comes with a module. Only those that a document needs are put into its fonts: such a text can be searched and copied.

// mostExtra bounds the characters that one document adds: a table of characters in a font has room for some 8,000 runs.
const mostExtra = 6000

// letterPoints is the width of a wide character of the bitmap font in points, which becomes the size of the letter.
const letterPoints = 12

// stroke is a rectangle of points, right and upwards from the base line.
type stroke struct{ left, bottom, right, top int }

// pixels is a character as points.
type pixels struct {
	strokes []stroke
	width   int
}

// furtherLetters are the characters of a document and of what else is written into it that the Go fonts may lack.
func furtherLetters(d *Document, others ...string) ([]rune, error) {
	seen := letters{}
	if err := json.NewEncoder(seen).Encode(d); err != nil {
		return nil, fmt.Errorf("reading the letters of the report: %w", err)
	}
	for _, s := range others {
		seen.add([]byte(s))
	}
	out := slices.Sorted(maps.Keys(seen))
	return out[:min(len(out), mostExtra)], nil
}

// letters collects those that are set from left to right, one by one: a script that is written from right to left or
// that joins its letters would be wrong letter by letter, and stays an escape.
type letters map[rune]bool

var (
	_         io.Writer = letters{}
	setAlone            = []*unicode.RangeTable{unicode.L, unicode.N, unicode.P, unicode.S}
	setJoined           = []*unicode.RangeTable{unicode.Arabic, unicode.Hebrew, unicode.Inherited, unicode.M}
)

// Write takes text as an encoder writes it, whole.
func (l letters) Write(text []byte) (int, error) {
	l.add(text)
	return len(text), nil
}

func (l letters) add(text []byte) {
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		text = text[size:]
		if r > unicode.MaxLatin1 && r <= 0xffff && r != utf8.RuneError && unicode.In(r, setAlone...) && !unicode.In(r, setJoined...) {
			l[r] = true
		}
	}
}

// pixelsOf returns a character of the bitmap font, and whether it has it.
func pixelsOf(r rune) (pixels, bool) {
	box, mask, at, advance, ok := bitmapfont.Face.Glyph(fixed.Point26_6{}, r)
	if !ok {
		return pixels{}, false
	}
	set := func(x, y int) bool {
		if x < box.Min.X || x >= box.Max.X || y < box.Min.Y || y >= box.Max.Y {
			return false
		}
		_, _, _, alpha := mask.At(at.X+x-box.Min.X, at.Y+y-box.Min.Y).RGBA()
		return alpha > 0
	}
	out := pixels{width: advance.Round()}
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			if set(x, y) {
				out.strokes = append(out.strokes, strokesFrom(set, x, y)...)
			}
		}
	}
	return out, len(out.strokes) > 0
}

// strokesFrom are the rows and columns of points that begin at a point. They overlap, so that no seam shows between two
// points that touch.
func strokesFrom(set func(x, y int) bool, x, y int) []stroke {
	var out []stroke
	if !set(x-1, y) && (set(x+1, y) || !set(x, y-1) && !set(x, y+1)) {
		right := x + 1
		for set(right, y) {
			right++
		}
		out = append(out, stroke{x, -y - 1, right, -y})
	}
	if !set(x, y-1) && set(x, y+1) {
		low := y + 1
		for set(x, low) {
			low++
		}
		out = append(out, stroke{x, -low, x + 1, -y})
	}
	return out
}
