package scanner_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rotamap/rotamap/scanner/source"
)

// TestShortBelow: a short value far below a literal that happens to hold its letters is no part of it.
func TestShortBelow(t *testing.T) {
	dir := t.TempDir()
	text := "FROM alpine\nENV PATH=\"/opt/gen3_venv/bin:$PATH\"\n" + strings.Repeat("RUN true\n", 9) + "RUN echo \"shop:gen3\" | chpasswd\n"
	if err := os.WriteFile(filepath.Join(dir, "Dockerfile"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	m, _ := scan(t, 1, source.Spec{Location: dir, Name: "x"})
	found := false
	for _, e := range m.Fragments[0].Edges {
		found = found || e.Rule == "holds-current"
		if e.Rule == "holds-current" && strings.HasSuffix(e.From, "#ENV PATH") {
			t.Errorf("the password of the user is held by %s", e.From)
		}
	}
	if !found {
		t.Error("the password of the user was not found")
	}
}
