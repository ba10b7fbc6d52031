package secret

import (
	"testing"

	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// FuzzScan holds that no text makes the detector panic, and that every hit lies in the text, in order.
func FuzzScan(f *testing.F) {
	rows, err := detect.Rules()
	if err != nil {
		f.Fatal(err)
	}
	for _, r := range rows {
		for _, e := range r.Examples {
			f.Add("a.go", detect.Expand(e))
			f.Add("a.yaml", detect.Expand(e))
		}
	}
	f.Add("a.xml", `<password>\"`)
	f.Add("a.js", `password = \\\"`)
	d := newDetector(f)
	f.Fuzz(func(t *testing.T, path, text string) {
		a := &artifact.Artifact{Path: path, Content: []byte(text)}
		last := 0
		for _, h := range d.Scan(a) {
			if h.Place.Line < last || h.EndLine < h.Place.Line {
				t.Errorf("hit of %s at line %d to %d, behind line %d", h.Rule, h.Place.Line, h.EndLine, last)
			}
			last = h.Place.Line
			d.Judge(artifact.Literal{Name: h.Name, Secret: h.Secret}, a)
		}
	})
}
