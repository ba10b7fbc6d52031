package secret

import (
	"strings"
	"testing"

	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// Values that prove something and open nothing are set aside with the reason; the same names elsewhere are findings.
func TestDigests(t *testing.T) {
	d := newDetector(t)
	long := detect.Expand(`{[a-f0-9]:64:digest}`)
	base64 := detect.Expand(`{[A-Za-z0-9]:22:digest}==`)
	for _, c := range []struct {
		path, text, reason string
	}{
		{"book.xlsx/xl/worksheets/sheet1.xml", `<sheetProtection algorithmName="SHA-512" saltValue="` + base64 + `" sheet="1"/>`, "protects a sheet"},
		{"sorbet/rbi/gems/stripe.rbi", "  api_key = '" + base64 + "'\n", "generated interface"},
		{".drone.yml", "---\nkind: signature\nhmac: " + long + "\n", "signature of a pipeline"},
		{"config/app.yml", "signing:\n  hmac_secret: " + long + "\n", ""},
		{"lib/client.rb", "  api_key = '" + base64 + "'\n", ""},
	} {
		hits := d.Scan(&artifact.Artifact{Path: c.path, Content: []byte(c.text)})
		open := 0
		for _, h := range hits {
			if h.Suppressed == "" {
				open++
			} else if !strings.Contains(h.Suppressed, c.reason) {
				t.Errorf("%s: set aside as %q", c.path, h.Suppressed)
			}
		}
		if c.reason == "" && open == 0 {
			t.Errorf("%s: nothing is found", c.path)
		}
		if c.reason != "" && open > 0 {
			t.Errorf("%s: %d findings", c.path, open)
		}
	}
}
