package reports

import (
	"bufio"
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// svgEdges bounds a picture of all credentials: beyond it nobody follows a line.
const svgEdges = 120

// writeSVG writes the neighbourhoods as a picture that stands alone, for light and dark backgrounds.
func writeSVG(w io.Writer, d *Document, o Options) error {
	p, err := d.Pictures(o, svgEdges)
	if err != nil {
		return err
	}
	p.Place()
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" font-family="system-ui, sans-serif">`,
		p.Width, p.Height, p.Width, p.Height)
	fmt.Fprintf(b, "\n<title>%s</title>\n<style>%s</style>\n<rect class=\"page\" width=\"100%%\" height=\"100%%\"/>\n", svgText(p.Title), svgStyle)
	svgLanes(b, p)
	for _, e := range p.Edges {
		dashed := ""
		if e.Sure.String() == "low" || e.Sure.String() == "medium" {
			dashed = ` stroke-dasharray="4 3"`
		}
		fmt.Fprintf(b, "<path class=\"line\" d=\"%s\"%s/>\n", svgPath(e.Route), dashed)
	}
	for _, n := range p.Nodes {
		svgBox(b, n)
	}
	b.WriteString("</svg>\n")
	return b.Flush()
}

const svgStyle = `.page{fill:#fff}.box{fill:#f4f6f8;stroke:#c3ccd6}.credential{fill:#e3eef7;stroke:#1f5f8b;stroke-width:1.5}` +
	`.line{fill:none;stroke:#8a97a5;stroke-width:1.2}.name{font-size:12px;fill:#1b2430}.note{font-size:10px;fill:#5b6675}` +
	`@media(prefers-color-scheme:dark){.page{fill:#10151c}.box{fill:#1b232d;stroke:#3a4757}.credential{fill:#16303f;stroke:#6fb3e0}` +
	`.line{stroke:#64717f}.name{fill:#e6ebf1}.note{fill:#93a0b0}}`

// svgLanes writes the heading of each lane above its first column.
func svgLanes(b *bufio.Writer, p Picture) {
	seen := make([]bool, len(Lanes))
	for _, n := range p.Nodes {
		if !seen[n.Lane] {
			seen[n.Lane] = true
			fmt.Fprintf(b, "<text class=\"note\" x=\"%d\" y=\"%d\">%s</text>\n", n.X, margin+8, svgText(Lanes[n.Lane]))
		}
	}
}

func svgBox(b *bufio.Writer, n PictureNode) {
	class := "box"
	if n.Kind == "credential" {
		class = "box credential"
	}
	fmt.Fprintf(b, "<g><title>%s</title>", svgText(nodeText(n)))
	if n.Count > 1 {
		fmt.Fprintf(b, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\"/>", class, n.X+4, n.Y+4, BoxWidth, BoxHeight)
	}
	fmt.Fprintf(b, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\"/>", class, n.X, n.Y, BoxWidth, BoxHeight)
	second := cmp.Or(n.Note, n.Kind)
	fmt.Fprintf(b, "<text class=\"name\" x=\"%d\" y=\"%d\">%s</text>", n.X+10, n.Y+19, svgText(fitting(n.Name, BoxWidth-18, 12)))
	fmt.Fprintf(b, "<text class=\"note\" x=\"%d\" y=\"%d\">%s</text></g>\n", n.X+10, n.Y+34, svgText(fitting(second, BoxWidth-18, 10)))
}

// fitting cuts a text to a width, by the usual widths of characters in a font without serifs.
func fitting(s string, room, size float64) string {
	width := 0.0
	for i, r := range s {
		switch {
		case r >= 0x2e80:
			width += size
		case strings.ContainsRune("iljtfr.,:;|!()[] /'-", r):
			width += size * 0.4
		case r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_@%&mw#", r):
			width += size * 0.7
		default:
			width += size * 0.62
		}
		if width > room {
			return s[:i] + "…"
		}
	}
	return s
}

// svgPath draws a line through points: level at every point, bent between them.
func svgPath(points []Point) string {
	var b strings.Builder
	for i, p := range points {
		if i == 0 {
			fmt.Fprintf(&b, "M%d %d", p.X, p.Y)
			continue
		}
		last := points[i-1]
		if last.Y == p.Y {
			fmt.Fprintf(&b, "H%d", p.X)
			continue
		}
		middle := (last.X + p.X) / 2
		if last.X >= p.X {
			middle = last.X + columnGap/2
		}
		fmt.Fprintf(&b, "C%d %d %d %d %d %d", middle, last.Y, middle, p.Y, p.X, p.Y)
	}
	return b.String()
}

// svgText escapes text for XML.
func svgText(s string) string {
	var b strings.Builder
	if xml.EscapeText(&b, []byte(s)) != nil {
		return ""
	}
	return b.String()
}
