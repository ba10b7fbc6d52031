package reports

import (
	"fmt"
	"image"
	"strings"
	"testing"

	"github.com/hajimehoshi/bitmapfont/v3"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// raster draws one character at a size, and says which points are dark.
func raster(t *testing.T, face font.Face, r rune, at fixed.Point26_6) func(x, y int) bool {
	t.Helper()
	img := image.NewAlpha(image.Rect(0, 0, 400, 400))
	box, mask, from, _, ok := face.Glyph(at, r)
	if !ok {
		t.Fatalf("%q is not drawn", r)
	}
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			_, _, _, alpha := mask.At(from.X+x-box.Min.X, from.Y+y-box.Min.Y).RGBA()
			img.Pix[img.PixOffset(x, y)] = uint8(alpha >> 8)
		}
	}
	return func(x, y int) bool { return img.AlphaAt(x, y).A > 127 }
}

// TestFurtherLetters: a character that the Go fonts lack looks as the bitmap font has it, and those that they have stay.
func TestFurtherLetters(t *testing.T) {
	further := []rune("A日本語데이터库한։")
	plain, err := newTypefaces(nil)
	if err != nil {
		t.Fatal(err)
	}
	faces, err := newTypefaces(further)
	if err != nil {
		t.Fatal(err)
	}
	const size = 17 * letterPoints // 2048 / 12 and 17 have no common part: what the unit rounds away stays below half a point
	open := func(f *typeface, size float64) font.Face {
		face, err := opentype.NewFace(f.font, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingNone})
		if err != nil {
			t.Fatal(err)
		}
		return face
	}
	for i, f := range []*typeface{faces.regular, faces.bold, faces.mono} {
		large := open(f, size)
		for _, r := range further[1:] {
			got := raster(t, large, r, fixed.P(100, 300))
			want := raster(t, bitmapfont.Face, r, fixed.P(10, 30))
			for y := 15; y < 35; y++ {
				for x := 8; x < 25; x++ {
					if got(100+17*(x-10)+8, 300+17*(y-30)+8) != want(x, y) {
						t.Fatalf("font %d: %q differs at %d, %d", i, r, x, y)
					}
				}
			}
		}
		older := []*typeface{plain.regular, plain.bold, plain.mono}[i]
		for r := rune(' '); r < 0x460; r++ {
			a, okA := open(older, 20).GlyphAdvance(r)
			b, okB := open(f, 20).GlyphAdvance(r)
			if older.draws(r) && (a != b || okA != okB) {
				t.Fatalf("font %d: the width of %q was %v and is %v", i, r, a, b)
			}
		}
		was, is := raster(t, open(older, 40), 'Ä', fixed.P(10, 60)), raster(t, open(f, 40), 'Ä', fixed.P(10, 60))
		for y := range 100 {
			for x := range 100 {
				if was(x, y) != is(x, y) {
					t.Fatalf("font %d: Ä differs at %d, %d", i, x, y)
				}
			}
		}
	}
}

// TestFurtherLettersOf: what is set from left to right letter by letter is asked for, and not more than a font can hold.
func TestFurtherLettersOf(t *testing.T) {
	d := Document{Title: "日 שלום مرحبا नमस्ते é \u202e😀"}
	got, err := furtherLetters(&d, "서")
	if err != nil {
		t.Fatal(err)
	}
	if s := string(got); !strings.Contains(s, "日") || !strings.Contains(s, "서") || strings.ContainsAny(s, "שمé\u202e😀") {
		t.Errorf("%q", s)
	}
	var all strings.Builder
	for r := rune(0x4e00); r < 0x9fa0; r++ {
		all.WriteRune(r)
	}
	further, err := furtherLetters(&Document{Title: all.String()})
	if err != nil {
		t.Fatal(err)
	}
	faces, err := newTypefaces(further)
	if err != nil {
		t.Fatal(err)
	}
	if drawn := strings.Count(faces.regular.text(all.String()), `\u`); len(further) != mostExtra || drawn < 0x9fa0-0x4e00-mostExtra {
		t.Errorf("%d letters, %d escapes", len(further), drawn)
	}
}

// TestBrokenFont: a font that is cut off is an error at any place.
func TestBrokenFont(t *testing.T) {
	faces, err := newTypefaces(nil)
	if err != nil {
		t.Fatal(err)
	}
	for n := range 400 {
		if _, err := readTrueType(faces.regular.data[:n]); err == nil {
			t.Fatal(fmt.Sprint("no error at ", n))
		}
	}
}
