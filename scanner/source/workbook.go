package source

import (
	"archive/zip"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
)

// A workbook (.xlsx: ECMA-376, part 1, SpreadsheetML) keeps its texts apart from the cells that show them. It is handed out
// as one text for each sheet, so that a name and its value stand on one line, and the line is the number of the row.

// workbook is a workbook that is read.
type workbook struct {
	unpacker *unpacker
	files    map[string]*zip.File
	texts    []string // those that cells refer to
	read     []string // parts that the texts stand for
}

// sheet is the text of one sheet.
type sheet struct{ name, text string }

// workbookOf reads the sheets of a workbook, and says which entries they stand for; nothing for another archive, and for a
// workbook that is larger than a file may be or broken: then its entries are handed out as they are.
func (u *unpacker) workbookOf(z *zip.Reader) (sheets []sheet, parts []string, err error) {
	b := workbook{unpacker: u, files: map[string]*zip.File{}}
	for _, e := range z.File {
		if e.Flags&1 == 0 && e.Mode().IsRegular() {
			b.files[e.Name] = e
		}
	}
	if b.files["xl/workbook.xml"] == nil {
		return nil, nil, nil
	}
	sheets, err = b.sheets()
	switch {
	case err == nil:
		return sheets, b.read, nil
	case errors.As(err, new(limitError)):
		return nil, nil, err
	}
	return nil, nil, nil
}

// sheets reads all of it.
func (b *workbook) sheets() ([]sheet, error) {
	targets := map[string]string{}
	if err := b.each("xl/_rels/workbook.xml.rels", func(e xml.StartElement, _ *xml.Decoder) error {
		if e.Name.Local == "Relationship" {
			targets[attribute(e, "Id")] = path.Join("xl", attribute(e, "Target"))
			if t := attribute(e, "Target"); strings.HasPrefix(t, "/") {
				targets[attribute(e, "Id")] = t[1:]
			}
		}
		return nil
	}); err != nil {
		return nil, err
	}
	if err := b.each("xl/sharedStrings.xml", func(e xml.StartElement, d *xml.Decoder) error {
		if e.Name.Local != "si" {
			return nil
		}
		text, err := textIn(d)
		b.texts = append(b.texts, text)
		return err
	}); err != nil {
		return nil, err
	}
	var out []sheet
	err := b.each("xl/workbook.xml", func(e xml.StartElement, _ *xml.Decoder) error {
		if e.Name.Local != "sheet" || len(out) == mostSheets {
			return nil
		}
		text, err := b.sheet(targets[attribute(e, "id")])
		out = append(out, sheet{attribute(e, "name"), text})
		return err
	})
	b.read = append(b.read, "xl/sharedStrings.xml")
	return out, err
}

// Bounds of a workbook.
const (
	mostSheets  = 200
	mostColumns = 200
	mostRows    = 200_000
	mostCell    = 32_767 // what the program itself takes
)

// each calls a function with every element of a part; a part that is not there has none.
func (b *workbook) each(name string, visit func(xml.StartElement, *xml.Decoder) error) error {
	file := b.files[name]
	if file == nil {
		return nil
	}
	r, err := file.Open()
	if err != nil {
		return err
	}
	defer r.Close() //nolint:errcheck // read in full or given up
	d := xml.NewDecoder(io.LimitReader(b.unpacker.budget.reader(r), b.unpacker.walk.opt.MaxFile))
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := t.(xml.StartElement); ok {
			if err := visit(e, d); err != nil {
				return err
			}
		}
	}
}

// sheet is the text of a sheet: a line for each row, its cells between tabs, the first two as name and value where the head
// says that they are, any other behind its head.
func (b *workbook) sheet(part string) (string, error) {
	b.read = append(b.read, part)
	t := &sheetText{line: 1}
	err := b.each(part, func(e xml.StartElement, d *xml.Decoder) error {
		switch e.Name.Local {
		case "row":
			t.end()
			t.begin(attribute(e, "r"))
			if int64(t.text.Len()) > b.unpacker.walk.opt.MaxFile {
				return errLarge
			}
		case "c":
			value, err := b.cell(e, d)
			t.put(column(attribute(e, "r")), value)
			return err
		}
		return nil
	})
	t.end()
	t.text.WriteByte('\n')
	return t.text.String(), err
}

// sheetText is the text of a sheet while it is written.
type sheetText struct {
	text      strings.Builder
	head, row []string
	line      int
}

// begin goes to the line of a row; a number that leads back or too far is taken for the next.
func (t *sheetText) begin(number string) {
	next, err := strconv.Atoi(number)
	if err != nil || next < t.line || next > mostRows {
		next = t.line + 1
	}
	t.text.WriteString(strings.Repeat("\n", next-t.line))
	t.line = next
}

// put adds a cell in its column, or in the next when it does not say which.
func (t *sheetText) put(at int, value string) {
	if at < len(t.row) {
		at = len(t.row)
	}
	if at >= mostColumns {
		return
	}
	for len(t.row) < at {
		t.row = append(t.row, "")
	}
	t.row = append(t.row, value)
}

// end writes the row. The first with several cells is the head.
func (t *sheetText) end() {
	for len(t.row) > 0 && t.row[len(t.row)-1] == "" {
		t.row = t.row[:len(t.row)-1]
	}
	if t.head == nil && len(t.row) > 1 {
		t.head = slices.Clone(t.row)
		t.text.WriteString(strings.Join(t.row, "\t"))
	} else {
		t.text.WriteString(cells(t.head, t.row))
	}
	t.row = t.row[:0]
}

// cell reads the text of a cell.
func (b *workbook) cell(e xml.StartElement, d *xml.Decoder) (string, error) {
	text, err := textIn(d)
	if attribute(e, "t") == "s" {
		i, bad := strconv.Atoi(text)
		if bad != nil || i < 0 || i >= len(b.texts) {
			return "", err
		}
		text = b.texts[i]
	}
	if len(text) > mostCell {
		text = strings.ToValidUTF8(text[:mostCell], "")
	}
	return strings.Join(strings.Fields(text), " "), err
}

// errLarge is a workbook whose cells say one long text many times.
var errLarge = errors.New("a sheet is larger than a file may be")

// textIn reads the text up to the end of the element that began: that of t and v, without formulas and phonetic hints.
func textIn(d *xml.Decoder) (string, error) {
	var out strings.Builder
	var open []string
	for {
		t, err := d.Token()
		if err != nil {
			return "", err
		}
		switch t := t.(type) {
		case xml.StartElement:
			open = append(open, t.Name.Local)
		case xml.EndElement:
			if len(open) == 0 {
				return out.String(), nil
			}
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 && (open[len(open)-1] == "t" || open[len(open)-1] == "v") && open[0] != "rPh" {
				out.Write(t)
			}
		}
	}
}

// column is the number of the column of a place such as AB12, from 0; -1 for none.
func column(place string) int {
	n := 0
	for _, c := range place {
		if c < 'A' || c > 'Z' || n > mostColumns {
			break
		}
		n = n*26 + int(c-'A') + 1
	}
	return n - 1
}

// nameHeads are the heads of a first column that names what stands in the second.
var nameHeads = map[string]bool{"name": true, "key": true, "setting": true, "variable": true, "parameter": true}

// cells is a row as text.
func cells(head, row []string) string {
	var out []string
	for i, cell := range row {
		switch {
		case cell == "" || i == 1 && out != nil && pairs(head):
		case i == 0 && pairs(head) && len(row) > 1 && row[1] != "":
			out = append(out, cell+": "+row[1])
		case i < len(head) && head[i] != "":
			out = append(out, head[i]+": "+cell)
		default:
			out = append(out, cell)
		}
	}
	return strings.Join(out, "\t")
}

func pairs(head []string) bool { return len(head) > 1 && nameHeads[strings.ToLower(head[0])] }

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
