package secret

import (
	"regexp"
	"strings"
	"testing"

	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/rules/provider"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// pathOf gives rules that look at the path a path they want.
var pathOf = map[string]string{
	"pgpass-password": ".pgpass", "rails-master-key": "config/master.key", "firefox-login": "logins.json",
	"client-config-password": ".esmtprc", "ide-password": "ventrilo_srv.ini",
}

// TestRows holds every row to its examples: each of them is found by that row, or by another of ours that reads
// the same place, and none of what the row says it does not mean.
func TestRows(t *testing.T) {
	rows, err := detect.Rules()
	if err != nil {
		t.Fatal(err)
	}
	services := map[string]bool{"": true}
	for _, s := range provider.Services() {
		services[s.ID] = true
	}
	d := newDetector(t)
	for _, r := range rows {
		if _, err := regexp.Compile(r.Regex); err != nil {
			t.Errorf("%s: %v", r.ID, err)
		}
		if !services[r.Service] {
			t.Errorf("%s: there is no provider %s", r.ID, r.Service)
		}
		if len(r.Examples) == 0 || len(r.NotExamples) == 0 {
			t.Errorf("%s: needs examples and not_examples", r.ID)
		}
		for i, e := range r.Examples {
			if hits := open(scanText(d, r, e)); len(hits) == 0 {
				t.Errorf("%s: example %d is not found", r.ID, i)
			} else if r.Service != "" && !has(hits, r.ID) {
				t.Errorf("%s: example %d is found by %s alone", r.ID, i, hits[0].Rule)
			}
		}
		for i, e := range r.NotExamples {
			if hits := open(scanText(d, r, e)); has(hits, r.ID) {
				t.Errorf("%s: not_example %d is found", r.ID, i)
			}
		}
	}
}

func scanText(d *Detector, r detect.Rule, pattern string) []Hit {
	path := pathOf[r.ID]
	if path == "" {
		path = "app.conf"
	}
	text := detect.Expand(strings.ReplaceAll(pattern, `\n`, "\n"))
	return d.Scan(&artifact.Artifact{Path: path, Content: []byte(text)})
}

// open returns the hits that are not suppressed.
func open(hits []Hit) []Hit {
	var out []Hit
	for _, h := range hits {
		if h.Suppressed == "" {
			out = append(out, h)
		}
	}
	return out
}

func has(hits []Hit, rule string) bool {
	for _, h := range hits {
		if h.Rule == rule {
			return true
		}
	}
	return false
}
