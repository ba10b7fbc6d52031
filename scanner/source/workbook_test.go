package source

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// TestWorkbook: the sheets of a workbook are texts in which a name and its value stand on the line of their row.
func TestWorkbook(t *testing.T) {
	book := excelize.NewFile()
	put := func(sheet string, rows map[string][]any) {
		if _, err := book.NewSheet(sheet); err != nil {
			t.Fatal(err)
		}
		for at, row := range rows {
			if err := book.SetSheetRow(sheet, at, &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	put("Settings", map[string][]any{"A1": {"Name", "Value", "Note"}, "A4": {"Queue", "Orders", "two\nlines"}, "A5": {"Empty", nil, "note"}})
	put("Logins", map[string][]any{"B2": {"Site", "Password"}, "B3": {"example.test", "pw-of-it"}, "AB4": {"far"}})
	var data bytes.Buffer
	if err := book.Write(&data); err != nil {
		t.Fatal(err)
	}
	f := plain(t, "a.xlsx", data.String())
	s := sweep(t, f.root, Options{})
	for path, want := range map[string]string{
		"a.xlsx!/Settings": "Name\tValue\tNote\n\n\nQueue: Orders\tNote: two lines\nName: Empty\tNote: note\n",
		"a.xlsx!/Logins":   "\n\tSite\tPassword\nSite: example.test\tPassword: pw-of-it\nfar\n",
	} {
		if got := s.files["head "+path]; got != want {
			t.Errorf("%s: %q", path, got)
		}
	}
	s.unreadable(t)
	if strings.Contains(strings.Join(slices.Sorted(maps.Keys(s.files)), " "), "sharedStrings") {
		t.Error("the texts are handed out twice")
	}
}

// TestBrokenWorkbook: a workbook that cannot be read, or that says one long text too often, is handed out as it is packed.
func TestBrokenWorkbook(t *testing.T) {
	const head = `<workbook xmlns:r="r"><sheets><sheet name="S" r:id="r1"/></sheets></workbook>`
	const rels = `<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>`
	cell := `<row><c t="s"><v>0</v></c></row>`
	for name, parts := range map[string][2]string{
		"cut":  {`<sst><si><t>x</t>`, `<worksheet><sheetData><row`},
		"bomb": {`<sst><si><t>` + strings.Repeat("long ", 6000) + `</t></si></sst>`, `<worksheet><sheetData>` + strings.Repeat(cell, 3000) + `</sheetData></worksheet>`},
	} {
		f := plain(t, "a.xlsx", zipped(t, "xl/workbook.xml", head, "xl/_rels/workbook.xml.rels", rels, "xl/sharedStrings.xml", parts[0], "xl/worksheets/sheet1.xml", parts[1]))
		s := sweep(t, f.root, Options{MaxFile: 1 << 20})
		if got := strings.Join(slices.Sorted(maps.Keys(s.files)), " "); !strings.Contains(got, "a.xlsx!/xl/sharedStrings.xml") || strings.Contains(got, "!/S") {
			t.Errorf("%s: %s", name, got)
		}
	}
}
