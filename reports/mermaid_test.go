package reports

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"testing"
)

// TestMermaidParts: what Mermaid would refuse as one flowchart becomes several, within its limits, and nothing is lost.
func TestMermaidParts(t *testing.T) {
	d := New(company(t, 300), Options{})
	var files []bytes.Buffer
	o := Options{Further: func(n int, write func(io.Writer) error) error {
		if n != len(files)+2 {
			t.Errorf("further file %d comes after %d", n, len(files)+1)
		}
		files = append(files, bytes.Buffer{})
		return write(&files[len(files)-1])
	}}
	f, _, err := Find("mermaid")
	if err != nil {
		t.Fatal(err)
	}
	files = append(files, *bytes.NewBuffer(render(t, f, &d, o)))
	if len(files) < 3 {
		t.Fatalf("%d files", len(files))
	}
	found := map[string]bool{}
	for i := range files {
		text := files[i].String()
		inertMermaid(t, files[i].Bytes())
		if strings.Contains(text, "PRINT") {
			t.Errorf("file %d holds a fingerprint", i+1)
		}
		if n := len(regexp.MustCompile(`-->`).FindAllString(text, -1)); n > 500 || len(text) > 50_000 {
			t.Errorf("a part has %d edges and %d characters", n, len(text))
		}
		for _, name := range regexp.MustCompile(`TOKEN_\d+`).FindAllString(text, -1) {
			found[name] = true
		}
	}
	if len(found) != 300 {
		t.Errorf("%d of 300 credentials are drawn", len(found))
	}
	alone := string(render(t, f, &d, Options{}))
	if !strings.Contains(alone, "more flowcharts: -f mermaid=FILE writes all") {
		t.Error("a first part that stands alone does not say so")
	}
}

// TestVersions: a format that has versions can be asked for one of them, and says which there are.
func TestVersions(t *testing.T) {
	if _, v, err := Find("cyclonedx@1.7"); v != "1.7" || err != nil {
		t.Errorf("cyclonedx@1.7 is %q, %v", v, err)
	}
	for id, want := range map[string]string{"cyclonedx@1.1": "it has 1.6, 1.7", "html@2": "it has one only", "xml": "there are html"} {
		if _, _, err := Find(id); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", id, err)
		}
	}
}
