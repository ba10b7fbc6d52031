package reports

import "strings"

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

// table writes rows below a head that is repeated on every page.
func (p *paper) table(columns []pdfColumn, rows [][]string) {
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
