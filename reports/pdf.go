package reports

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	_ "image/jpeg" // logos
	_ "image/png"  // logos
	"io"
	"strconv"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
)

// writePDF writes the document that a client gets: title page, summary with charts, what the most depends on, tables
// by environment and owner, findings with fixes, plan, places, method and limits. The same document gives the same
// bytes.
func writePDF(w io.Writer, d *Document, o Options) error {
	p, err := newPaper(d, o.Style)
	if err != nil {
		return err
	}
	if err := p.cover(o); err != nil {
		return err
	}
	for _, id := range o.Style.sections() {
		if err := p.section(id, o); err != nil {
			return err
		}
	}
	if err := p.Output(w); err != nil {
		return fmt.Errorf("writing the PDF: %w", err)
	}
	return nil
}

// section writes one chapter of PDFSections, or of the consultant's own.
func (p *paper) section(id string, o Options) error {
	switch id {
	case "summary":
		p.summary()
	case "dependents":
		return p.weightiest()
	case "environments":
		p.byEnvironment()
	case "owners":
		p.byOwner()
	case "findings":
		p.findings()
	case "plan":
		p.plan()
	case "places":
		p.places(o)
	case "method":
		p.method()
	case "coverage":
		p.coverage()
	default:
		for _, c := range o.Style.Chapters {
			if c.ID == id {
				return p.chapterOf(c)
			}
		}
	}
	return nil
}

// Sizes of a page, in millimetres.
const (
	pageWidth  = 210.0
	pageHeight = 297.0
	side       = 18.0
	foot       = 16.0
	textWidth  = pageWidth - 2*side
)

// The inks of the PDF.
type ink [3]int

var (
	inkText   = ink{24, 33, 43}
	inkSoft   = ink{85, 98, 114}
	inkLine   = ink{205, 212, 220}
	inkAccent = ink{31, 95, 139}
	inkPanel  = ink{245, 247, 249}
)

// paper is the PDF while it is written.
type paper struct {
	*fpdf.Fpdf
	d     *Document
	faces typefaces
	style Style // the zero value for our own look
	wide  bool  // the page lies on its side
}

func newPaper(d *Document, style *Style) (*paper, error) {
	faces, err := style.styled(d)
	if err != nil {
		return nil, err
	}
	p := &paper{Fpdf: fpdf.New("P", "mm", "A4", ""), d: d, faces: faces, style: Style{accent: inkAccent}}
	if style != nil {
		p.style = *style
	}
	made, err := time.Parse(time.RFC3339, d.Time)
	if err != nil {
		made = time.Unix(0, 0).UTC()
	}
	p.SetCreationDate(made)
	p.SetModificationDate(made)
	p.SetCatalogSort(true)
	p.SetTitle(d.Title, true)
	p.SetAuthor(p.style.By, true)
	p.SetCreator("rotamap", true)
	p.SetLang("en")
	p.AddUTF8FontFromBytes("text", "", bytes.Clone(faces.regular.data)) // it writes into what it is given
	p.AddUTF8FontFromBytes("text", "B", bytes.Clone(faces.bold.data))
	p.AddUTF8FontFromBytes("mono", "", bytes.Clone(faces.mono.data))
	p.SetMargins(side, 20, side)
	p.SetAutoPageBreak(true, foot+4)
	p.AliasNbPages("")
	p.SetCellMargin(0)
	p.SetFooterFunc(p.footer)
	p.font("", 10, inkText)
	return p, nil
}

// footer numbers every page but the first.
func (p *paper) footer() {
	if p.PageNo() == 1 {
		return
	}
	width, height, _ := p.PageSize(p.PageNo())
	p.SetY(height - foot)
	p.font("", 8, inkSoft)
	p.CellFormat((width-2*side)*0.8, 6, p.cut(strings.Join(nonEmpty([]string{p.style.Notice, p.d.Title}), " · "), (width-2*side)*0.8), "", 0, "L", false, 0, "")
	p.CellFormat((width-2*side)*0.2, 6, strconv.Itoa(p.PageNo())+" / {nb}", "", 0, "R", false, 0, "")
}

// font sets style ("", "B", "M" for mono), size in points, and ink.
func (p *paper) font(style string, size float64, c ink) {
	family := "text"
	if style == "M" {
		family, style = "mono", ""
	}
	p.SetFont(family, style, size)
	p.SetTextColor(c[0], c[1], c[2])
}

// chapter begins a page with a heading that stands in the bookmarks.
func (p *paper) chapter(title string) {
	p.wide = false
	p.AddPage()
	p.Bookmark(title, 0, -1)
	p.font("B", 18, inkText)
	p.MultiCell(textWidth, 9, title, "", "L", false)
	p.Ln(3)
}

// part is a heading inside a chapter, with room for something below it.
func (p *paper) part(title string) {
	if p.GetY() > pageHeight-60 {
		p.AddPage()
	}
	p.Ln(4)
	p.Bookmark(p.faces.bold.text(title), 1, -1)
	p.font("B", 12, inkText)
	p.MultiCell(textWidth, 6, p.faces.bold.text(title), "", "L", false)
	p.Ln(1.5)
}

// say writes a paragraph.
func (p *paper) say(text string, c ink) {
	p.font("", 10, c)
	p.MultiCell(textWidth, 5, p.faces.regular.text(text), "", "L", false)
	p.Ln(1.5)
}

// cut shortens a text to a width in the current font.
func (p *paper) cut(text string, room float64) string {
	text = p.faces.regular.text(text)
	if p.GetStringWidth(text) <= room {
		return text
	}
	runes := []rune(text)
	for len(runes) > 0 && p.GetStringWidth(string(runes)+"…") > room {
		runes = runes[:len(runes)-1]
	}
	return string(runes) + "…"
}

// cover is the title page: for whom, of what, how far it was looked, and what the report does not say.
func (p *paper) cover(o Options) error {
	p.AddPage()
	p.Bookmark("Title", 0, -1)
	if err := p.logo(o.Logo); err != nil {
		return err
	}
	p.SetDrawColor(p.style.accent[0], p.style.accent[1], p.style.accent[2])
	p.SetLineWidth(1.2)
	p.Line(side, 92, side+28, 92)
	p.SetY(98)
	p.font("B", 27, inkText)
	p.MultiCell(textWidth, 11.5, p.faces.bold.text(p.d.Title), "", "L", false)
	p.Ln(3)
	p.font("", 13, inkSoft)
	p.MultiCell(textWidth, 6.5, p.faces.regular.text(cmp.Or(p.style.Subtitle,
		"Credential asset map: what each credential powers, and what to do before it is rotated")), "", "L", false)
	p.Ln(12)
	t := p.d.Totals
	facts := [][2]string{{"For", p.d.Client}, {"By", p.style.By}, {"As of", day(p.d.Time)}, {"Scope", p.scope()},
		{"Looked at", fmt.Sprintf("%s, %s", count(t.Files, "file"), count(t.Commits, "commit"))}, {"Coverage", p.whole()}, {"", p.style.Notice}}
	for _, f := range facts {
		if f[1] == "" {
			continue
		}
		p.font("", 10.5, inkSoft)
		p.CellFormat(30, 6.5, f[0], "", 0, "L", false, 0, "")
		p.font("", 10.5, inkText)
		p.MultiCell(textWidth-30, 6.5, p.faces.regular.text(f[1]), "", "L", false)
	}
	return nil
}

// coverSources is the number of sources that the title page names.
const coverSources = 8

func (p *paper) scope() string {
	all := p.d.Coverage.Sources
	text := ""
	for i, s := range all[:min(coverSources, len(all))] {
		if i > 0 {
			text += ", "
		}
		text += s.ID
	}
	if more := len(all) - coverSources; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

func (p *paper) whole() string {
	if p.d.Coverage.Complete {
		return "Everything that should have been read was read."
	}
	return fmt.Sprintf("%s that should have been read could not be: see Coverage.", count(len(p.d.Coverage.Unreadable), "thing"))
}

// logo puts the client's or consultant's mark at the head of the title page.
func (p *paper) logo(data []byte) error {
	if len(data) == 0 {
		return nil
	}
	config, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || config.Width == 0 || config.Height == 0 {
		return fmt.Errorf("the logo is no PNG or JPEG")
	}
	options := fpdf.ImageOptions{ImageType: kind}
	p.RegisterImageOptionsReader("logo", options, bytes.NewReader(data))
	if err := p.Error(); err != nil {
		return fmt.Errorf("reading the logo: %w", err)
	}
	width := min(60, 26*float64(config.Width)/float64(config.Height))
	p.ImageOptions("logo", side, 24, width, 0, false, options, 0, "")
	return nil
}
