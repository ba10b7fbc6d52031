package reports

import (
	"slices"
	"strings"
)

// pdfColumn is a column of a table; the widths share the width of the page.
type pdfColumn struct {
	title string
	share float64
	style string // "", "B" or "M" for mono
	right bool
}

// mostLines is the number of lines that a cell shows.
const mostLines = 5

// Sizes of a table.
const (
	cellSize = 8.5 // points
	cellLine = 4.0
	cellPad  = 1.6

	columnSpace = 2.0
)

// table writes rows below a head that is repeated on every page. A column in which nothing stands is left out.
func (p *paper) table(columns []pdfColumn, rows [][]string) {
	columns, rows = withContent(columns, rows)
	p.fit(columns, rows)
	p.tableHead(columns)
	for _, r := range rows {
		lines := make([][]string, len(columns))
		most := 1
		for i, c := range columns {
			lines[i] = p.lines(c, r[i], p.width(columns, i))
			most = max(most, len(lines[i]))
		}
		height := float64(most)*cellLine + cellPad
		if p.GetY()+height > pageHeight-foot-4 {
			p.AddPage()
			p.tableHead(columns)
		}
		p.tableRow(columns, lines, height)
	}
	p.Ln(3)
}

// withContent leaves out the columns that are empty in every row.
func withContent(columns []pdfColumn, rows [][]string) ([]pdfColumn, [][]string) {
	var kept []int
	for i := range columns {
		if len(rows) == 0 || slices.ContainsFunc(rows, func(r []string) bool { return r[i] != "" }) {
			kept = append(kept, i)
		}
	}
	of := make([]pdfColumn, len(kept))
	out := make([][]string, len(rows))
	for to, from := range kept {
		of[to] = columns[from]
		for i, r := range rows {
			out[i] = append(out[i], r[from])
		}
	}
	return of, out
}

// fit gives the columns their widths: one whose longest text needs less than its share leaves the rest to the others.
func (p *paper) fit(columns []pdfColumn, rows [][]string) {
	needs := make([]float64, len(columns))
	for i, c := range columns {
		p.font("B", cellSize, inkText)
		needs[i] = p.GetStringWidth(c.title)
		p.font(c.style, cellSize, inkText)
		for _, r := range rows {
			needs[i] = max(needs[i], p.GetStringWidth(p.faces.regular.text(r[i])))
		}
		needs[i] += columnSpace + 0.5
	}
	room, open := textWidth, make([]bool, len(columns))
	for i := range open {
		open[i] = true
	}
	for again := true; again; {
		again = false
		shares := 0.0
		for i, c := range columns {
			if open[i] {
				shares += c.share
			}
		}
		for i := range columns {
			if open[i] && needs[i] <= room*columns[i].share/shares {
				columns[i].share, open[i], again = needs[i], false, true
				room -= needs[i]
				break
			}
		}
	}
	shares := 0.0
	for i, c := range columns {
		if open[i] {
			shares += c.share
		}
	}
	for i := range columns {
		if open[i] {
			columns[i].share *= room / shares
		}
	}
}

func (p *paper) width(columns []pdfColumn, i int) float64 {
	total := 0.0
	for _, c := range columns {
		total += c.share
	}
	return textWidth * columns[i].share / total
}

func (p *paper) tableHead(columns []pdfColumn) {
	if p.GetY() > pageHeight-40 {
		p.AddPage()
	}
	p.font("B", cellSize, inkSoft)
	x, y := side, p.GetY()
	for i, c := range columns {
		p.SetXY(x, y)
		p.CellFormat(p.width(columns, i)-columnSpace, 5.5, c.title, "", 0, alignment(c), false, 0, "")
		x += p.width(columns, i)
	}
	p.rule(y+5.8, 0.4, p.style.accent)
	p.SetXY(side, y+6.6)
}

func alignment(c pdfColumn) string {
	if c.right {
		return "R"
	}
	return "L"
}

// lines breaks the text of a cell, and cuts what is longer than a cell shows.
func (p *paper) lines(c pdfColumn, text string, room float64) []string {
	p.font(c.style, cellSize, inkText)
	face := p.faces.regular
	switch c.style {
	case "B":
		face = p.faces.bold
	case "M":
		face = p.faces.mono
		p.SetFontSize(cellSize - 1)
	}
	if text == "" {
		return nil
	}
	out := p.SplitText(face.text(text), room-columnSpace)
	if len(out) > mostLines {
		out = append(out[:mostLines-1:mostLines-1], strings.TrimSpace(out[mostLines-1])+" …")
	}
	return out
}

func (p *paper) tableRow(columns []pdfColumn, lines [][]string, height float64) {
	x, y := side, p.GetY()
	for i, c := range columns {
		p.font(c.style, cellSize, inkText)
		if c.style == "M" {
			p.SetFontSize(cellSize - 1)
		}
		for n, l := range lines[i] {
			p.SetXY(x, y+float64(n)*cellLine)
			p.CellFormat(p.width(columns, i)-columnSpace, cellLine, l, "", 0, alignment(c), false, 0, "")
		}
		x += p.width(columns, i)
	}
	p.rule(y+height-0.6, 0.15, inkLine)
	p.SetXY(side, y+height)
}

// rule draws a line over the width of the text.
func (p *paper) rule(y, width float64, c ink) {
	p.SetDrawColor(c[0], c[1], c[2])
	p.SetLineWidth(width)
	p.Line(side, y, side+textWidth, y)
}
