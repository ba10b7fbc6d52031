package reports

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// charts are the pictures of the summary: each bar has its number beside it, so that none needs its colour.
func (p *paper) charts() {
	t := p.d.Totals
	p.part("Where the credentials stand")
	p.bars([]bar{{"hard-coded", t.HardCoded}, {"only in the history", t.HistoryOnly}, {"only referenced", t.Referenced}})
	if open := p.severities(); len(open) > 0 {
		p.part("Open findings by risk")
		p.bars(open)
	}
	var top []bar
	for _, c := range p.d.Top(8) {
		top = append(top, bar{c.Name, len(c.Automations)})
	}
	if len(top) > 0 {
		p.part("What the most automations depend on")
		p.bars(top)
	}
	p.part("Age, since the oldest commit that shows them")
	p.bars(p.ages())
}

// bar is one row of a chart.
type bar struct {
	name string
	n    int
}

func (p *paper) severities() []bar {
	var out []bar
	for _, s := range Severities {
		if n := p.d.Totals.Findings[s]; n > 0 {
			out = append(out, bar{s, n})
		}
	}
	return out
}

func (p *paper) ages() []bar {
	out := []bar{{"under 90 days", 0}, {"90 days to a year", 0}, {"one to two years", 0}, {"over two years", 0}, {"unknown", 0}}
	for i := range p.d.Credentials {
		d := p.d.Credentials[i].AgeDays
		switch {
		case d == nil:
			out[4].n++
		case *d < 90:
			out[0].n++
		case *d < 365:
			out[1].n++
		case *d < 730:
			out[2].n++
		default:
			out[3].n++
		}
	}
	return out
}

// bars draws a chart of lying bars.
func (p *paper) bars(all []bar) {
	most := 1
	for _, b := range all {
		most = max(most, b.n)
	}
	const names, numbers = 52.0, 14.0
	for _, b := range all {
		y := p.GetY()
		if y > pageHeight-foot-12 {
			p.AddPage()
			y = p.GetY()
		}
		p.font("", 9, inkText)
		p.SetXY(side, y)
		p.CellFormat(names, 5.4, p.cut(b.name, names-3), "", 0, "L", false, 0, "")
		p.SetFillColor(inkPanel[0], inkPanel[1], inkPanel[2])
		p.Rect(side+names, y+1, textWidth-names-numbers, 3.4, "F")
		p.SetFillColor(p.style.accent[0], p.style.accent[1], p.style.accent[2])
		p.Rect(side+names, y+1, (textWidth-names-numbers)*float64(b.n)/float64(most), 3.4, "F")
		p.SetXY(side+textWidth-numbers, y)
		p.CellFormat(numbers, 5.4, strconv.Itoa(b.n), "", 0, "R", false, 0, "")
		p.SetXY(side, y+5.8)
	}
}

// weightiest shows what stops when the credentials change that the most depends on.
func (p *paper) weightiest() error {
	top := p.d.Top(10)
	if len(top) == 0 {
		return nil
	}
	p.chapter("What the most depends on")
	for i := range top {
		c := &top[i]
		p.part(c.Label + "  " + c.Name)
		facts := []string{c.Exposure, c.Service, c.Environment, stops(len(c.Automations))}
		p.say(strings.Join(nonEmpty(facts), ", ")+".", inkSoft)
		p.dependents(c)
	}
	for i := range top[:min(pdfPictures, len(top))] {
		if err := p.picture(&top[i]); err != nil {
			return err
		}
	}
	return nil
}

func nonEmpty(all []string) []string {
	var out []string
	for _, s := range all {
		if s != "" && s != "unknown" {
			out = append(out, s)
		}
	}
	return out
}

// pdfDependents is the number of automations that the PDF lists for one credential.
const pdfDependents = 12

func (p *paper) dependents(c *Credential) {
	impact := p.d.Impact(c)
	rows, left := [][]string{}, 0
	for _, x := range append(impact.Dependents, impact.Possible...) {
		if x.Kind != "automation" {
			continue
		}
		if len(rows) == pdfDependents {
			left++
			continue
		}
		rows = append(rows, []string{nameOr(x.Name, x.ID), x.Platform, strings.ReplaceAll(x.Certainty, "-", " "),
			listOf(scheduleTexts(x.Schedules)), x.Environment, listOf(ownersOf(x.Owners))})
	}
	p.table([]pdfColumn{{"Automation", 40, "B", false}, {"Platform", 20, "", false}, {"Outcome", 16, "", false}, {"Schedule", 24, "", false},
		{"Environment", 18, "", false}, {"Owner", 26, "", false}}, rows)
	if left > 0 {
		p.say(fmt.Sprintf("%d more stand in the HTML report and the workbook.", left), inkSoft)
	}
}

// Room for a picture on a page that lies on its side, and the smallest letters that are read.
const (
	pictureWidth  = pageHeight - 2*side
	pictureHeight = pageWidth - 62
	leastScale    = 0.125 // millimetres for a unit: letters of 4.2 points
)

// picture draws the neighbourhood of a credential on a page that lies on its side, below the one before where there
// is room.
func (p *paper) picture(c *Credential) error {
	pic, err := p.d.Picture(c)
	if err != nil {
		return err
	}
	scale := min(pictureWidth/float64(pic.Width), pictureHeight/float64(pic.Height), 0.3)
	if scale < leastScale {
		return nil // nobody could read it: the HTML report shows it
	}
	height := float64(pic.Height) * scale
	if !p.wide || p.GetY()+13+height > pageWidth-foot-4 {
		p.AddPageFormat("L", p.GetPageSizeStr("A4"))
		p.wide = true
	}
	title := "Neighbourhood of " + c.Name
	p.Bookmark(p.faces.bold.text(title), 1, -1)
	p.font("B", 12, inkText)
	p.CellFormat(pictureWidth, 7, p.cut(c.Label+"  "+title, pictureWidth), "", 1, "L", false, 0, "")
	d := drawing{p, scale, side, p.GetY() + 3}
	d.lanes(pic)
	for _, e := range pic.Edges {
		d.line(e)
	}
	for _, n := range pic.Nodes {
		d.box(n)
	}
	p.SetDashPattern(nil, 0)
	p.SetXY(side, d.top+height+4)
	return nil
}

// drawing is a picture on a page.
type drawing struct {
	*paper
	scale, left, top float64
}

func (d drawing) at(x, y int) (float64, float64) {
	return d.left + float64(x)*d.scale, d.top + float64(y)*d.scale
}

func (d drawing) lanes(pic Picture) {
	seen := make([]bool, len(Lanes))
	for _, n := range pic.Nodes {
		if !seen[n.Lane] {
			seen[n.Lane] = true
			d.text(Lanes[n.Lane], n.X, margin+8, 10, inkSoft, "")
		}
	}
}

func (d drawing) line(e PictureEdge) {
	d.SetDrawColor(138, 151, 165)
	d.SetLineWidth(1.2 * d.scale)
	d.SetDashPattern(nil, 0)
	if e.Sure.String() == "low" || e.Sure.String() == "medium" {
		d.SetDashPattern([]float64{4 * d.scale, 3 * d.scale}, 0)
	}
	for i, s := range routeSpots(e.Route) {
		x, y := d.left+float64(s.x)*d.scale, d.top+float64(s.y)*d.scale
		if i == 0 {
			d.MoveTo(x, y)
		} else {
			d.LineTo(x, y)
		}
	}
	d.DrawPath("D")
}

func (d drawing) box(n PictureNode) {
	d.SetDashPattern(nil, 0)
	d.SetFillColor(inkPanel[0], inkPanel[1], inkPanel[2])
	d.SetDrawColor(inkLine[0], inkLine[1], inkLine[2])
	d.SetLineWidth(d.scale)
	if n.Kind == "credential" {
		pale := d.style.accent.pale()
		d.SetFillColor(pale[0], pale[1], pale[2])
		d.SetDrawColor(d.style.accent[0], d.style.accent[1], d.style.accent[2])
	}
	offsets := []int{0}
	if n.Count > 1 {
		offsets = []int{4, 0}
	}
	for _, by := range offsets {
		x, y := d.at(n.X+by, n.Y+by)
		d.RoundedRect(x, y, BoxWidth*d.scale, BoxHeight*d.scale, boxRadius*d.scale, "1234", "FD")
	}
	d.text(n.Name, n.X+10, n.Y+19, 12, inkText, "")
	d.text(cmp.Or(n.Note, n.Kind), n.X+10, n.Y+34, 10, inkSoft, "")
}

// text writes on a base line, cut to the width of a box.
func (d drawing) text(s string, x, y int, size float64, c ink, style string) {
	d.font(style, size*d.scale*72/25.4, c)
	at, base := d.at(x, y)
	d.Text(at, base, d.cut(s, (BoxWidth-18)*d.scale))
}
