package reports

import (
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// writePNG writes the picture of writeSVG as points, for slides and chats.
func writePNG(w io.Writer, d *Document, o Options) error {
	p, err := d.Pictures(o, svgEdges)
	if err != nil {
		return err
	}
	p.Place()
	further, err := furtherLetters(d)
	if err != nil {
		return err
	}
	c, err := newCanvas(p.Width, p.Height, further)
	if err != nil {
		return err
	}
	c.lanes(p)
	for _, e := range p.Edges {
		c.line(e)
	}
	for _, n := range p.Nodes {
		c.box(n)
	}
	return png.Encode(w, c.img)
}

// mostPixels bounds a picture: beyond it one unit of the picture is one point, not two.
const mostPixels = 24_000_000

// The colours of a picture on paper.
var (
	paperColor  = color.RGBA{0xff, 0xff, 0xff, 0xff}
	boxColor    = color.RGBA{0xf4, 0xf6, 0xf8, 0xff}
	borderColor = color.RGBA{0xc3, 0xcc, 0xd6, 0xff}
	lineColor   = color.RGBA{0x8a, 0x97, 0xa5, 0xff}
	rootColor   = color.RGBA{0xe3, 0xee, 0xf7, 0xff}
	accentColor = color.RGBA{0x1f, 0x5f, 0x8b, 0xff}
	inkColor    = color.RGBA{0x1b, 0x24, 0x30, 0xff}
	softColor   = color.RGBA{0x5b, 0x66, 0x75, 0xff}
)

// canvas is a picture in points while it is drawn.
type canvas struct {
	img        *image.RGBA
	scale      float32
	name, note font.Face
	letters    *typeface
}

func newCanvas(width, height int, further []rune) (*canvas, error) {
	c := &canvas{scale: 2}
	if width*height*4 > mostPixels {
		c.scale = 1
	}
	width, height = max(1, width), max(1, height)
	faces, err := newTypefaces(further)
	if err != nil {
		return nil, err
	}
	c.letters = faces.regular
	for _, f := range []struct {
		to   *font.Face
		size float64
	}{{&c.name, 12}, {&c.note, 10}} {
		face, err := opentype.NewFace(faces.regular.font, &opentype.FaceOptions{Size: f.size * float64(c.scale), DPI: 72, Hinting: font.HintingNone})
		if err != nil {
			return nil, fmt.Errorf("reading the font: %w", err)
		}
		*f.to = face
	}
	c.img = image.NewRGBA(image.Rect(0, 0, width*int(c.scale), height*int(c.scale)))
	draw.Draw(c.img, c.img.Bounds(), image.NewUniform(paperColor), image.Point{}, draw.Src)
	return c, nil
}

func (c *canvas) lanes(p Picture) {
	seen := make([]bool, len(Lanes))
	for _, n := range p.Nodes {
		if !seen[n.Lane] {
			seen[n.Lane] = true
			c.text(Lanes[n.Lane], n.X, margin+8, BoxWidth, c.note, softColor)
		}
	}
}

func (c *canvas) box(n PictureNode) {
	fill, border, width := boxColor, borderColor, float32(1)
	if n.Kind == "credential" {
		fill, border, width = rootColor, accentColor, 1.5
	}
	if n.Count > 1 {
		c.panel(n.X+4, n.Y+4, fill, border, width)
	}
	c.panel(n.X, n.Y, fill, border, width)
	c.text(n.Name, n.X+10, n.Y+19, BoxWidth-18, c.name, inkColor)
	c.text(cmp.Or(n.Note, n.Kind), n.X+10, n.Y+34, BoxWidth-18, c.note, softColor)
}

// text writes a text from a point on its base line, cut to a width.
func (c *canvas) text(s string, x, y, room int, face font.Face, ink color.Color) {
	s = c.letters.text(s)
	if most := fixed.I(room * int(c.scale)); font.MeasureString(face, s) > most {
		runes := []rune(s)
		for len(runes) > 0 && font.MeasureString(face, string(runes)+"…") > most {
			runes = runes[:len(runes)-1]
		}
		s = string(runes) + "…"
	}
	pen := font.Drawer{Dst: c.img, Src: image.NewUniform(ink), Face: face, Dot: fixed.P(x*int(c.scale), y*int(c.scale))}
	pen.DrawString(s)
}
