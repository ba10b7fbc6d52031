package reports

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"golang.org/x/image/font/gofont/gosmallcaps"
)

// TestStyle: a consultant's template says the colours, the order and the chapters, and what is wrong in it is named.
func TestStyle(t *testing.T) {
	const text = `
subtitle = "Review of the rotation"
by = "Example Consulting"
notice = "Confidential"
accent = "#7a1f3d"
font = "our.ttf"
sections = ["scope", "summary", "findings", "coverage"]

[[chapter]]
id = "scope"
title = "Scope of the work"
text = """
We looked at {{count .Totals.Credentials "credential"}}.

It took a day."""

[[chapter]]
id = "next"
title = "Next steps"
text = "{{range .Credentials}}{{.Label}} {{end}}"
`
	d := acmeDocument(t)
	o := acmeOptions()
	var err error
	o.Style, err = ReadStyle([]byte(text), func(name string) ([]byte, error) { return gosmallcaps.TTF, nil })
	if err != nil {
		t.Fatal(err)
	}
	f, _, err := Find("pdf")
	if err != nil {
		t.Fatal(err)
	}
	data := render(t, f, &d, o)
	got := readPDF(t, data)
	last := 0
	for _, want := range []string{"Review of the rotation", "Example Consulting", "Confidential", "Scope of the work",
		"We looked at 6 credentials.", "It took a day.", "Confidential · ", "Summary", "One secret in 3 places", "Coverage", "Next steps", "S-001 S-002"} {
		i := strings.Index(got[last:], want)
		if i < 0 {
			t.Errorf("the pages do not say %q, or not there", want)
		}
		last += max(i, 0)
	}
	for _, want := range []string{"Rotation plan", "Credentials by owner"} {
		if strings.Contains(got, "\n"+want+"\n") {
			t.Errorf("the chapter %q was not asked for", want)
		}
	}
	for text, want := range map[string]string{
		`colour = "#fff"`:         `no key "colour"`,
		`accent = "red"`:          `accent is "red"`,
		`sections = ["resume"]`:   `sections has no "resume"`,
		`font = "missing.ttf"`:    "reading the font",
		"[[chapter]]\nid = \"a\"": "chapter 1 needs a title",
	} {
		if _, err := ReadStyle([]byte(text), func(string) ([]byte, error) { return nil, errors.New("no such file") }); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	for text, want := range map[string]string{"{{.Nothing}}": "running the chapter x", "{{": "reading the chapter x"} {
		o.Style, err = ReadStyle([]byte("[[chapter]]\nid = \"x\"\ntitle = \"X\"\ntext = \""+text+"\""), nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Write(&bytes.Buffer{}, &d, o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
