package reports

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strings"
)

// The HTML report is one file of our own markup, style and script. It asks for nothing: its content security policy
// allows the one style and the one script in it, by their hashes, and nothing else.

//go:embed html
var htmlFiles embed.FS

// htmlScripts are the parts of the script, in order; they share one scope.
var htmlScripts = []string{"data.js", "state.js", "table.js", "graph.js", "path.js", "plan.js", "detail.js", "automation.js", "views.js", "print.js", "main.js"}

// htmlPage is what the template draws.
type htmlPage struct {
	Title   string
	Policy  string
	Style   template.HTML
	Script  template.HTML
	Data    template.HTML
	Totals  Totals
	Summary string
}

func writeHTML(w io.Writer, d *Document, o Options) error {
	page, err := newHTMLPage(d, o)
	if err != nil {
		return err
	}
	t, err := template.ParseFS(htmlFiles, "html/page.html")
	if err != nil {
		return fmt.Errorf("reading the page of the HTML report: %w", err)
	}
	return t.Execute(w, page)
}

func newHTMLPage(d *Document, o Options) (htmlPage, error) {
	style, err := htmlFiles.ReadFile("html/style.css")
	if err != nil {
		return htmlPage{}, fmt.Errorf("reading the style of the HTML report: %w", err)
	}
	script, err := htmlScript()
	if err != nil {
		return htmlPage{}, err
	}
	data, err := htmlData(d, o)
	if err != nil {
		return htmlPage{}, err
	}
	policy := "default-src 'none'; style-src " + hashOf(style) + "; script-src " + hashOf(script) +
		"; base-uri 'none'; form-action 'none'"
	return htmlPage{
		Title: d.Title, Policy: policy, Totals: d.Totals,
		Style:  template.HTML("<style>" + string(style) + "</style>"),    //nolint:gosec // our own file
		Script: template.HTML("<script>" + string(script) + "</script>"), //nolint:gosec // our own files
		Data:   data,
	}, nil
}

// htmlScript joins the parts of the script in a function of its own.
func htmlScript() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("(() => {\n\"use strict\";\n")
	for _, name := range htmlScripts {
		part, err := htmlFiles.ReadFile("html/" + name)
		if err != nil {
			return nil, fmt.Errorf("reading the script of the HTML report: %w", err)
		}
		b.Write(part)
	}
	b.WriteString("})();\n")
	return b.Bytes(), nil
}

// hashOf is the source expression of a content security policy for an inline text.
func hashOf(text []byte) string {
	sum := sha256.Sum256(text)
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// htmlData writes the data block. JSON with <, > and & escaped cannot end the element that it stands in.
func htmlData(d *Document, o Options) (template.HTML, error) {
	data, err := newWebData(d, o)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString(`<script type="application/json" id="data">`)
	enc := json.NewEncoder(&b) // escapes <, >, & and the line separators
	if err := enc.Encode(data); err != nil {
		return "", fmt.Errorf("encoding the data of the HTML report: %w", err)
	}
	b.WriteString("</script>")
	return template.HTML(b.String()), nil //nolint:gosec // escaped above
}
