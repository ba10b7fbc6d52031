package reports

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"text/template"

	"github.com/rotamap/rotamap/graph/inventory"
)

// templateFuncs are what templates can call beside the usual functions.
var templateFuncs = template.FuncMap{
	"join":  strings.Join,
	"place": func(e inventory.Evidence) string { return place(e) },
	"count": count,
	"age":   age,
	"csv":   noFormula,
}

// writeTemplate runs the user's own template, Options.Template, over the document.
func writeTemplate(w io.Writer, d *Document, o Options) error {
	if o.Template == "" {
		return errors.New("the template is empty: name its file, as in -f template=FILE")
	}
	t, err := template.New("report").Option("missingkey=error").Funcs(templateFuncs).Parse(o.Template)
	if err != nil {
		return fmt.Errorf("reading the template: %w", err)
	}
	if err := t.Execute(w, d); err != nil {
		return fmt.Errorf("running the template: %w", err)
	}
	return nil
}
