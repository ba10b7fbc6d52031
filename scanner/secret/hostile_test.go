package secret

import (
	"strings"
	"testing"
	"time"

	"github.com/rotamap/rotamap/scanner/artifact"
)

// TestScanIsBounded feeds the shapes that make scanners hang: one long line, a keyword at every byte, quotes
// that never close, thousands of findings, encoded text inside encoded text. The limit is for what would take hours.
func TestScanIsBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	d := newDetector(t)
	const size = 96 << 10
	for name, unit := range map[string]string{
		"keywords":       "key ",
		"glued keywords": "password",
		"assignments":    `password="aB3$xQ9z",`,
		"open quotes":    `password="`,
		"urls":           "a://b:c",
		"ats":            "://@@@@",
		"base64":         "QUFBQUFBQUFBQUFBQUFBQUFBQUFB ",
		"long base64":    "QUFBQUFB",
		"pem":            "-----BEGIN RSA PRIVATE KEY-----",
		"jwk":            "{kty{",
		"kty":            "kty",
		"insert":         "insert into t (password) values ('",
		"basic":          "basic YWE6",
		"value":          `"value":`,
		"machine":        "machine a login b password ",
		"percent":        "%41%42",
		"escapes":        `\u0041`,
		"braces":         "secret: {{{{",
		"spaces":         "token =          ",
		"jwt":            "eyJhbGciOiJIUzI1NiJ9.eyJ",
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Repeat(unit, size/len(unit))
			start := time.Now()
			d.Scan(&artifact.Artifact{Path: "x.yaml", Content: []byte(text)})
			d.Scan(&artifact.Artifact{Path: "x.go", Content: []byte(text)})
			if took := time.Since(start); took > time.Minute {
				t.Errorf("%s: %d bytes took %v", name, size, took)
			}
		})
	}
}

func newDetector(t testing.TB) *Detector {
	t.Helper()
	d, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := New(Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
