package reports

import (
	"archive/zip"
	"bytes"
	"database/sql"
	"fmt"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// readers say as text what a user sees of the formats that are no text.
var readers = map[string]func(t testing.TB, data []byte) string{"xlsx": readXLSX, "sqlite": readSQLite, "png": readPNG, "pdf": readPDF,
	"neo4j": readZIP}

// readable is what a reader of the format sees.
func readable(t testing.TB, f Format, data []byte) []byte {
	t.Helper()
	if read := readers[f.ID]; read != nil {
		return []byte(read(t, data))
	}
	if f.ID == "ics" {
		return bytes.ReplaceAll(data, []byte("\r\n"), []byte("\n"))
	}
	return data
}

func readXLSX(t testing.TB, data []byte) string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var b strings.Builder
	for _, s := range f.GetSheetList() {
		fmt.Fprintf(&b, "# %s\n", s)
		rows, err := f.GetRows(s)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			fmt.Fprintln(&b, strings.Join(r, " | "))
		}
	}
	return b.String()
}

// readZIP shows the files of an archive.
func readZIP(t testing.TB, data []byte) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "# %s\n%s", f.Name, text)
	}
	return b.String()
}

func openSQLite(t testing.TB, data []byte) *sql.DB {
	t.Helper()
	path := filepath.Join(t.TempDir(), "map.sqlite")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func readSQLite(t testing.TB, data []byte) string {
	t.Helper()
	db := openSQLite(t, data)
	var b strings.Builder
	for _, name := range query(t, db, "SELECT name FROM sqlite_master") {
		fmt.Fprintf(&b, "# %s\n", name[0])
		for _, r := range query(t, db, `SELECT * FROM "`+name[0]+`"`) {
			fmt.Fprintln(&b, strings.Join(r, " | "))
		}
	}
	return b.String()
}

func query(t testing.TB, db *sql.DB, q string) [][]string {
	t.Helper()
	rows, err := db.Query(q)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var out [][]string
	for rows.Next() {
		cells, to := make([]any, len(columns)), make([]any, len(columns))
		for i := range cells {
			to[i] = &cells[i]
		}
		if err := rows.Scan(to...); err != nil {
			t.Fatal(err)
		}
		row := make([]string, len(cells))
		for i, c := range cells {
			row[i] = fmt.Sprint(c)
		}
		out = append(out, row)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// readPNG says how large the picture is, and which of our colours it has.
func readPNG(t testing.TB, data []byte) string {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	out := fmt.Sprintf("%v\n", img.Bounds().Size())
	for _, c := range []struct {
		name string
		r    uint32
	}{{"box", 0xf4f4}, {"credential", 0xe3e3}, {"line", 0x8a8a}, {"ink", 0x1b1b}} {
		for i := range img.Bounds().Dx() * img.Bounds().Dy() {
			if r, _, _, _ := img.At(i%img.Bounds().Dx(), i/img.Bounds().Dx()).RGBA(); r == c.r {
				out += "has " + c.name + "\n"
				break
			}
		}
	}
	return out
}

// readPDF is the text of the pages, as pdftotext reads it.
func readPDF(t testing.TB, data []byte) string {
	t.Helper()
	program, err := exec.LookPath("pdftotext")
	if err != nil {
		t.Skip("no pdftotext on PATH: the text of the PDF is not read")
	}
	cmd := exec.Command(program, "-layout", "-enc", "UTF-8", "-", "-")
	cmd.Stdin = bytes.NewReader(data)
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	text, err := cmd.Output()
	if err != nil || complaints.Len() > 0 {
		t.Fatalf("pdftotext: %v %s", err, &complaints)
	}
	var b strings.Builder
	for l := range strings.Lines(strings.ReplaceAll(string(text), "\f", "\n-- page --\n")) {
		if words := strings.Fields(l); len(words) > 0 {
			fmt.Fprintln(&b, strings.Join(words, " ")) // how far apart they stand differs from version to version
		}
	}
	return b.String()
}

// TestPDF: pages are numbered, chapters stand in the bookmarks, letters beyond Latin are drawn or shown as escapes,
// and the logo and client stand on the title page.
func TestPDF(t *testing.T) {
	d := acmeDocument(t)
	d.Client = "Größe Καλημέρα Привет 日本 서울 שלום"
	f, _, err := Find("pdf")
	if err != nil {
		t.Fatal(err)
	}
	data := render(t, f, &d, acmeOptions())
	text := readPDF(t, data)
	for _, want := range []string{`Größe Καλημέρα Привет 日本 서울 \u05e9\u05dc\u05d5\u05dd`, "2 / ", "Credentials by environment", "Method and limits", "Rotation plan"} {
		if !strings.Contains(text, want) {
			t.Errorf("the pages do not say %q", want)
		}
	}
	if strings.Contains(text, "{nb}") {
		t.Error("the number of pages was not filled in")
	}
	if n := bytes.Count(data, []byte("/Title ")); n < 10 {
		t.Errorf("%d bookmarks", n)
	}
	o := acmeOptions()
	o.Logo = []byte("GIF89a")
	if err := f.Write(&bytes.Buffer{}, &d, o); err == nil || !strings.Contains(err.Error(), "logo") {
		t.Errorf("a logo that is no picture: %v", err)
	}
}

// TestXLSX: heads stay in sight and can be filtered, a label leads to its credential, and no cell is a formula.
func TestXLSX(t *testing.T) {
	d := acmeDocument(t)
	var b bytes.Buffer
	if err := writeXLSX(&b, d.forSharing(), acmeOptions()); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheets := f.GetSheetList()
	if len(sheets) != 11 || sheets[0] != "Summary" {
		t.Errorf("the sheets are %q", sheets)
	}
	for _, s := range sheets[1:] {
		if p, err := f.GetPanes(s); err != nil || !p.Freeze || p.YSplit != 1 {
			t.Errorf("the head of %s does not stay in sight", s)
		}
	}
	if n := len(f.GetDefinedName()); n != 10 {
		t.Errorf("%d sheets have filters", n)
	}
	linked, to, err := f.GetCellHyperLink("Findings", "C2")
	if label, _ := f.GetCellValue("Findings", "C2"); err != nil || !linked || label != "S-004" || to != "Credentials!A5" {
		t.Errorf("the label %s leads to %q", label, to)
	}
	for _, s := range sheets {
		rows, err := f.GetRows(s)
		if err != nil {
			t.Fatal(err)
		}
		for y, r := range rows {
			for x, cell := range r {
				formula, err := f.GetCellFormula(s, cellName(x, y+1))
				if err != nil || formula != "" || strings.ContainsAny(cell[:min(1, len(cell))], "=+-@|%") {
					t.Errorf("%s %s: a spreadsheet runs %q", s, cellName(x, y+1), cell)
				}
			}
		}
	}
}

// TestOffice: LibreOffice opens the workbook and shows its rows.
func TestOffice(t *testing.T) {
	program, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("no soffice on PATH: the workbook is not opened by LibreOffice")
	}
	d := acmeDocument(t)
	f, _, err := Find("xlsx")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "acme.xlsx"), render(t, f, &d, acmeOptions()), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "--headless", "-env:UserInstallation=file://"+filepath.ToSlash(dir)+"/profile", "--convert-to",
		"csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2", "--outdir", dir, filepath.Join(dir, "acme.xlsx"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("LibreOffice: %v\n%s", err, out)
	}
	found, err := filepath.Glob(filepath.Join(dir, "*.csv"))
	if err != nil || len(found) != 1 {
		t.Fatalf("LibreOffice wrote %q: %v", found, err)
	}
	text, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	inertCSV(t, text)
	if !bytes.Contains(text, []byte("S-001,secret/shop/db#password,postgres")) {
		t.Errorf("LibreOffice shows\n%s", text)
	}
}

// TestSQLite: what the tables say can be asked for with SQL, and agrees with the document.
func TestSQLite(t *testing.T) {
	d := acmeDocument(t)
	f, _, err := Find("sqlite")
	if err != nil {
		t.Fatal(err)
	}
	db := openSQLite(t, render(t, f, &d, acmeOptions()))
	got := query(t, db, "SELECT c.label, count(*) FROM credentials c JOIN dependents x ON x.credential = c.label WHERE x.certainty = 'breaks' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 1")
	if want := []string{"S-001", "9"}; len(got) != 1 || !slices.Equal(got[0], want) {
		t.Errorf("what the most depends on is %q, want %q", got, want)
	}
	if got := query(t, db, "SELECT count(*) FROM edges e JOIN nodes n ON n.id = e.from_id JOIN nodes m ON m.id = e.to_id")[0][0]; got != fmt.Sprint(len(d.visible().network().edges)) {
		t.Errorf("%s edges join two nodes", got)
	}
}
