package scanner_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner"
	"github.com/rotamap/rotamap/scanner/source"
)

// hostileFolder makes what is meant to hang, crash or fill a scanner. Heavy asks for all of it.
func hostileFolder(t *testing.T, heavy bool) string {
	t.Helper()
	dir := t.TempDir()
	size := func(small, large int) int {
		if heavy {
			return large
		}
		return small
	}
	for i := range size(1000, 100_000) {
		writeFile(t, dir, fmt.Sprintf("many/%d.txt", i), nil)
	}
	var zeros bytes.Buffer
	z, _ := gzip.NewWriterLevel(&zeros, gzip.BestSpeed)
	for range size(100, 1024) {
		_, _ = z.Write(make([]byte, 1<<20))
	}
	_ = z.Close()
	writeFile(t, dir, "zeros.gz", zeros.Bytes())
	writeFile(t, dir, "long.json", []byte(`{"a":"`+strings.Repeat("x y ", size(200_000, 1_300_000))+`"}`))
	var line strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&line, `password=%q `, detect.Expand(fmt.Sprintf("{[A-Za-z0-9]:16:line%d}", i)))
	}
	writeFile(t, dir, "findings.txt", []byte(line.String()))
	yaml, xml := "a: &a [x,x,x,x,x,x,x,x,x]\n", `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "lol">`
	for c := 'b'; c <= 'k'; c++ {
		yaml += fmt.Sprintf("%c: &%c [%s]\n", c, c, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c,", c-1), 9), ","))
		xml += fmt.Sprintf(`<!ENTITY l%d "%s">`, c-'a', strings.Repeat(fmt.Sprintf("&l%d;", c-'b'), 10))
	}
	writeFile(t, dir, "bomb.yaml", []byte(yaml))
	writeFile(t, dir, "bomb.xml", []byte(xml+"]><l>&l10;</l>"))
	writeFile(t, dir, "deep.json", []byte(strings.Repeat("[", 200_000)+strings.Repeat("]", 200_000)))
	var deep strings.Builder
	for i := range 3000 {
		deep.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	writeFile(t, dir, "deep.yaml", []byte(deep.String()))
	nested := make([]byte, 10<<20)
	for range 6 {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for i := range size(3, 10) {
			f, _ := w.Create(fmt.Sprintf("%d.zip", i))
			_, _ = f.Write(nested)
		}
		_ = w.Close()
		nested = b.Bytes()
	}
	writeFile(t, dir, "nested.zip", nested)
	for name, to := range map[string]string{"loop": ".", "outside": "/etc", "a": "b", "b": "a"} {
		if err := os.Symlink(to, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestHostile scans it: the scan ends, says what it could not read, and leaves nothing behind. ROTAMAP_HOSTILE asks for
// the full sizes.
func TestHostile(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	dir := hostileFolder(t, os.Getenv("ROTAMAP_HOSTILE") != "")
	before := listing(t, temp)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	m, _, err := scanner.Scan(ctx, scanner.Options{Sources: []source.Spec{{Location: dir}}, Key: key(t)})
	if err != nil {
		t.Fatal(err)
	}
	cov := m.Fragments[0].Coverage
	limits := map[string]bool{}
	for _, u := range cov.Unreadable {
		if u.Reason == "" || strings.Contains(u.Reason, "failed on it") {
			t.Errorf("%s: %q", u.What, u.Reason)
		}
		file, _, _ := strings.Cut(u.What, "!/")
		limits[file] = limits[file] || strings.Contains(u.Reason, "limit")
	}
	for _, file := range []string{"zeros.gz", "nested.zip"} {
		if !limits[file] {
			t.Errorf("%s hit no limit", file)
		}
	}
	values := 0
	for _, e := range m.Fragments[0].Edges {
		if e.Kind == "holds" && e.Evidence[0].Path == "findings.txt" {
			values++
		}
	}
	if values < 1900 {
		t.Errorf("%d of 2000 findings on one line", values)
	}
	if after := listing(t, temp); len(after) != len(before) {
		t.Errorf("%d files in the temporary folder before, %d after", len(before), len(after))
	}
}
