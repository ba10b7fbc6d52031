package reports

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"golang.org/x/image/vector"
)

// spot is a place on a canvas, in units of the picture.
type spot struct{ x, y float32 }

// boxRadius is the radius of the corners of a box.
const boxRadius = 6

// panel draws a box with round corners.
func (c *canvas) panel(x, y int, fill, border color.RGBA, width float32) {
	outline := rounded(float32(x), float32(y), BoxWidth, BoxHeight, boxRadius)
	c.fill(outline, fill)
	c.stroke(append(outline, outline[0]), border, width, false)
}

// rounded lists the points of a box with round corners.
func rounded(x, y, w, h, r float32) []spot {
	var out []spot
	for i, corner := range []spot{{x + w - r, y + r}, {x + w - r, y + h - r}, {x + r, y + h - r}, {x + r, y + r}} {
		for step := range 7 {
			a := (float64(i) - 1 + float64(step)/6) * math.Pi / 2
			out = append(out, spot{corner.x + r*float32(math.Cos(a)), corner.y + r*float32(math.Sin(a))})
		}
	}
	return out
}

// line draws the route of an edge; an unsure one is dashed.
func (c *canvas) line(e PictureEdge) {
	unsure := e.Sure.String() == "low" || e.Sure.String() == "medium"
	c.stroke(routeSpots(e.Route), lineColor, 1.2, unsure)
}

// routeSpots is the line of svgPath as points: level at every point, bent between them.
func routeSpots(route []Point) []spot {
	var out []spot
	for i, p := range route {
		to := spot{float32(p.X), float32(p.Y)}
		if i == 0 || route[i-1].Y == p.Y {
			out = append(out, to)
			continue
		}
		from := spot{float32(route[i-1].X), float32(route[i-1].Y)}
		middle := (from.x + to.x) / 2
		if from.x >= to.x {
			middle = from.x + columnGap/2
		}
		const steps = 24
		for s := 1; s <= steps; s++ {
			out = append(out, bezier(from, spot{middle, from.y}, spot{middle, to.y}, to, float32(s)/steps))
		}
	}
	return out
}

func bezier(a, b, c, d spot, t float32) spot {
	u := 1 - t
	w := [4]float32{u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t}
	return spot{w[0]*a.x + w[1]*b.x + w[2]*c.x + w[3]*d.x, w[0]*a.y + w[1]*b.y + w[2]*c.y + w[3]*d.y}
}

// fill paints the inside of an outline.
func (c *canvas) fill(outline []spot, ink color.RGBA) {
	c.paint(outline, ink, func(r *vector.Rasterizer, at func(spot) (float32, float32)) {
		r.MoveTo(at(outline[0]))
		for _, p := range outline[1:] {
			r.LineTo(at(p))
		}
		r.ClosePath()
	})
}

// dash and gap are the lengths of a dashed line.
const (
	dash = 4
	gap  = 3
)

// stroke paints a line of a width along points.
func (c *canvas) stroke(points []spot, ink color.RGBA, width float32, dashed bool) {
	if len(points) < 2 {
		return
	}
	walked := float32(0)
	c.paint(points, ink, func(r *vector.Rasterizer, at func(spot) (float32, float32)) {
		for i := 1; i < len(points); i++ {
			a, b := points[i-1], points[i]
			length := float32(math.Hypot(float64(b.x-a.x), float64(b.y-a.y)))
			if length == 0 {
				continue
			}
			for s := float32(0); s < length; {
				on, left := true, length
				if dashed {
					on, left = dashAt(walked + s)
				}
				e := min(length, s+left)
				if on {
					segment(r, at, between(a, b, s/length), between(a, b, e/length), width)
				}
				s = e
			}
			walked += length
		}
	})
}

// dashAt says whether a dashed line is drawn at a distance from its start, and how long that stays so.
func dashAt(walked float32) (on bool, left float32) {
	phase := float32(math.Mod(float64(walked), dash+gap))
	if phase < dash {
		return true, max(0.05, dash-phase)
	}
	return false, max(0.05, dash+gap-phase)
}

func between(a, b spot, t float32) spot { return spot{a.x + (b.x-a.x)*t, a.y + (b.y-a.y)*t} }

// segment adds a straight piece of a line, a little longer than it is so that pieces join.
func segment(r *vector.Rasterizer, at func(spot) (float32, float32), a, b spot, width float32) {
	length := float32(math.Hypot(float64(b.x-a.x), float64(b.y-a.y)))
	if length == 0 {
		return
	}
	dx, dy := (b.x-a.x)/length, (b.y-a.y)/length
	h := width / 2
	a, b = spot{a.x - dx*h/2, a.y - dy*h/2}, spot{b.x + dx*h/2, b.y + dy*h/2}
	r.MoveTo(at(spot{a.x - dy*h, a.y + dx*h}))
	r.LineTo(at(spot{b.x - dy*h, b.y + dx*h}))
	r.LineTo(at(spot{b.x + dy*h, b.y - dx*h}))
	r.LineTo(at(spot{a.x + dy*h, a.y - dx*h}))
	r.ClosePath()
}

// paint rasterises a path in the part of the canvas that its points cover.
func (c *canvas) paint(points []spot, ink color.RGBA, path func(*vector.Rasterizer, func(spot) (float32, float32))) {
	low, high := points[0], points[0]
	for _, p := range points {
		low, high = spot{min(low.x, p.x), min(low.y, p.y)}, spot{max(high.x, p.x), max(high.y, p.y)}
	}
	area := image.Rect(int(low.x*c.scale)-4, int(low.y*c.scale)-4, int(high.x*c.scale)+5, int(high.y*c.scale)+5).Intersect(c.img.Bounds())
	if area.Empty() {
		return
	}
	r := vector.NewRasterizer(area.Dx(), area.Dy())
	r.DrawOp = draw.Over
	path(r, func(p spot) (float32, float32) {
		return p.x*c.scale - float32(area.Min.X), p.y*c.scale - float32(area.Min.Y)
	})
	r.Draw(c.img, area, image.NewUniform(ink), image.Point{})
}
