package reports

import (
	"errors"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"
)

// mostLinks bounds the links of one sheet: looking one up is linear in their number.
const mostLinks = 5000

// writeXLSX writes a workbook: a summary, then a sheet for each kind of thing, with filters, a head that stays in
// sight, and links from a label to its credential. No cell is a formula, and none becomes one when it is edited.
func writeXLSX(w io.Writer, d *Document, o Options) error {
	b := &workbook{f: excelize.NewFile()}
	defer b.f.Close()
	if err := b.styles(); err != nil {
		return fmt.Errorf("styling the workbook: %w", err)
	}
	err := b.f.SetDocProps(&excelize.DocProperties{Title: d.Title, Creator: "rotamap", Created: "2006-09-16T00:00:00Z", Modified: "2006-09-16T00:00:00Z"})
	if err != nil {
		return fmt.Errorf("naming the workbook: %w", err)
	}
	b.at = make(map[string]int, len(d.Credentials))
	for i := range d.Credentials {
		b.at[d.Credentials[i].Label] = i + 2
	}
	tables := d.tables(o)
	if err := b.summary(d, tables); err != nil {
		return fmt.Errorf("writing the summary sheet: %w", err)
	}
	for _, t := range tables {
		if err := b.sheet(t); err != nil {
			return fmt.Errorf("writing the sheet %s: %w", t.title, err)
		}
	}
	return b.f.Write(w)
}

// workbook is a workbook while it is written.
type workbook struct {
	f                             *excelize.File
	head, text, link, title, note int            // styles
	at                            map[string]int // label of a credential -> its row
}

func (b *workbook) styles() error {
	var errs [5]error
	line := []excelize.Border{{Type: "bottom", Color: "1F5F8B", Style: 2}}
	const face = "Calibri"
	b.head, errs[0] = b.f.NewStyle(&excelize.Style{Font: &excelize.Font{Family: face, Bold: true, Size: 11, Color: "18212B"}, Border: line,
		Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E4EFF7"}}, Alignment: &excelize.Alignment{Vertical: "center"}})
	b.text, errs[1] = b.f.NewStyle(&excelize.Style{Font: &excelize.Font{Family: face, Size: 11}, Alignment: &excelize.Alignment{Vertical: "top"}})
	b.link, errs[2] = b.f.NewStyle(&excelize.Style{Font: &excelize.Font{Family: face, Size: 11, Color: "1F5F8B", Underline: "single"}, Alignment: &excelize.Alignment{Vertical: "top"}})
	b.title, errs[3] = b.f.NewStyle(&excelize.Style{Font: &excelize.Font{Family: face, Bold: true, Size: 16, Color: "18212B"}})
	b.note, errs[4] = b.f.NewStyle(&excelize.Style{Font: &excelize.Font{Family: face, Size: 11, Color: "556272"}, Alignment: &excelize.Alignment{Vertical: "top", Horizontal: "left", WrapText: true}})
	return errors.Join(errs[:]...)
}

// summary writes the first sheet: what the workbook is about, the numbers, and a link to each sheet.
func (b *workbook) summary(d *Document, tables []table) error {
	const name = "Summary"
	f := b.f
	t := d.Totals
	complete := "Everything that should have been read was read."
	if !d.Coverage.Complete {
		complete = "Not everything that should have been read could be read: see the sheet Not looked at."
	}
	errs := []error{f.SetSheetName("Sheet1", name), f.SetColWidth(name, "A", "A", 34), f.SetColWidth(name, "B", "B", 60),
		f.SetCellStr(name, "A1", noFormula(d.Title)), f.SetCellStyle(name, "A1", "A1", b.title)}
	rows := [][2]any{{"For", d.Client}, {"As of", day(d.Time)}, {"Sources", t.Sources}, {"Files looked at", t.Files}, {"Commits", t.Commits},
		{"Credentials", t.Credentials}, {"  hard-coded", t.HardCoded}, {"  only in the history", t.HistoryOnly},
		{"  only referenced by name", t.Referenced}, {"Automations", t.Automations}, {"Services", t.Services}, {"Owners", t.Owners},
		{"Coverage", complete}, {"", "No reference found means: none in the sources listed here. It never means unused or safe to delete."}}
	n := 3
	for _, r := range rows {
		if r[1] == "" {
			continue
		}
		errs = append(errs, b.row(name, n, []any{r[0], r[1]}), f.SetCellStyle(name, cellName(0, n), cellName(1, n), b.note))
		n++
	}
	for _, s := range tables {
		n++
		errs = append(errs, b.row(name, n, []any{s.title, len(s.rows)}), b.point(name, cellName(0, n), "'"+s.title+"'!A1"),
			f.SetCellStyle(name, cellName(1, n), cellName(1, n), b.note))
	}
	return errors.Join(append(errs, b.printed(name))...)
}

func (b *workbook) sheet(t table) error {
	f := b.f
	if _, err := f.NewSheet(t.title); err != nil {
		return err
	}
	head := make([]any, len(t.columns))
	var errs []error
	for i, c := range t.columns {
		head[i] = c.title
		letter := columnName(i)
		errs = append(errs, f.SetColWidth(t.title, letter, letter, float64(c.width)), f.SetColStyle(t.title, letter, b.text))
	}
	last := cellName(len(t.columns)-1, len(t.rows)+1)
	errs = append(errs, b.row(t.title, 1, head), f.SetCellStyle(t.title, "A1", cellName(len(t.columns)-1, 1), b.head),
		f.AutoFilter(t.title, "A1:"+last, nil),
		f.SetPanes(t.title, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
	for i, r := range t.rows {
		errs = append(errs, b.row(t.title, i+2, r))
	}
	return errors.Join(append(errs, f.SetSheetDimension(t.title, "A1:"+last), b.links(t), b.printed(t.title))...)
}

// printed makes a sheet print on pages that lie on their side, as wide as a page.
func (b *workbook) printed(sheet string) error {
	landscape, width, height, fit := "landscape", 1, 0, true
	return errors.Join(b.f.SetPageLayout(sheet, &excelize.PageLayoutOptions{Orientation: &landscape, FitToWidth: &width, FitToHeight: &height}),
		b.f.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit}))
}

// row writes cells. A text is written as text, and with an apostrophe before what a spreadsheet would run.
func (b *workbook) row(sheet string, n int, cells []any) error {
	for i, v := range cells {
		var err error
		switch v := v.(type) {
		case string:
			if v != "" {
				err = b.f.SetCellStr(sheet, cellName(i, n), noFormula(v))
			}
		case int:
			err = b.f.SetCellInt(sheet, cellName(i, n), int64(v))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// links make the labels of credentials lead to their rows.
func (b *workbook) links(t table) error {
	for i, c := range t.columns {
		if !c.refers {
			continue
		}
		for n, r := range t.rows[:min(mostLinks, len(t.rows))] {
			label, _ := r[i].(string)
			if at, ok := b.at[label]; ok {
				if err := b.point(t.title, cellName(i, n+2), "Credentials!"+cellName(0, at)); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (b *workbook) point(sheet, cell, to string) error {
	return errors.Join(b.f.SetCellHyperLink(sheet, cell, to, "Location"), b.f.SetCellStyle(sheet, cell, cell, b.link))
}

// cellName names a cell by its column, from 0, and its row, from 1.
func cellName(column, row int) string { return fmt.Sprintf("%s%d", columnName(column), row) }

// columnName is the letter of a column, from 0; no table has more columns than there are letters.
func columnName(column int) string { return string(rune('A' + column)) }
