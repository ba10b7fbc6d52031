package source

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// zipped makes a zip file from name, content pairs.
func zipped(t *testing.T, pairs ...string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		w, err := z.Create(pairs[i])
		if err != nil {
			t.Fatal(err)
		}
		_, _ = w.Write([]byte(pairs[i+1]))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func tarred(pairs ...string) string {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		_ = w.WriteHeader(&tar.Header{Name: pairs[i], Mode: 0o644, Size: int64(len(pairs[i+1])), Format: tar.FormatUSTAR})
		_, _ = w.Write([]byte(pairs[i+1]))
	}
	_ = w.Close()
	return b.String()
}

func gzipped(data string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(data))
	_ = z.Close()
	return b.String()
}

func TestArchives(t *testing.T) {
	inner := zipped(t, "deep.env", "A=1")
	f := plain(t, "a.zip", zipped(t, "x.yaml", "x", "dir/in.zip", inner, "../../out.txt", "o", `win\path.txt`, "w", "e/", ""),
		"b.tar.gz", gzipped(tarred("t.txt", "t")), "c.tar", tarred("u.txt", "u"), "log.txt.gz", gzipped("l"), "d.7z", "7z\xbc\xaf\x27\x1c0000000000")
	s := sweep(t, f.root, Options{})
	s.want(t, "head a.zip!/x.yaml", "head a.zip!/dir/in.zip!/deep.env", "head a.zip!/out.txt", "head a.zip!/win/path.txt",
		"head b.tar.gz!/t.txt", "head c.tar!/u.txt", "head log.txt.gz!/log.txt")
	s.skipped(t, "d.7z", "not read", 1)
	s.unreadable(t)

	s = sweep(t, f.root, Options{NoArchives: true})
	s.want(t)
	s.skipped(t, "a.zip", "--no-archives", 1)

	s = sweep(t, filepath.Join(f.root, "a.zip"), Options{})
	s.want(t, "head x.yaml", "head dir/in.zip!/deep.env", "head out.txt", "head win/path.txt")
	if s.source.Kind != KindArchive || s.source.ID != "a.zip" {
		t.Errorf("%+v", s.source)
	}
}

// TestCompressors reads what the programs of this machine write.
func TestCompressors(t *testing.T) {
	for _, c := range []struct{ program, ending string }{{"xz", ".xz"}, {"zstd", ".zst"}, {"lz4", ".lz4"}, {"bzip2", ".bz2"}, {"gzip", ".gz"}} {
		if _, err := exec.LookPath(c.program); err != nil {
			t.Logf("there is no %s", c.program)
			continue
		}
		f := plain(t, "a.env", "A=1", "t.tar", tarred("in/b.env", "B=2"))
		for _, name := range []string{"a.env", "t.tar"} {
			cmd := exec.Command(c.program, "-c", filepath.Join(f.root, name))
			data, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			f.file("out/"+name+c.ending, string(data))
		}
		s := sweep(t, filepath.Join(f.root, "out"), Options{})
		s.want(t, "head a.env"+c.ending+"!/a.env", "head t.tar"+c.ending+"!/in/b.env")
		s.unreadable(t)
	}
}

// TestAr reads an archive of Unix, with a Debian package's usual compressed member.
func TestAr(t *testing.T) {
	member := func(name, data string) string {
		pad := strings.Repeat("\n", len(data)%2)
		return fmt.Sprintf("%-16s%-12d%-6d%-6d%-8o%-10d`\n", name, 0, 0, 0, 0o644, len(data)) + data + pad
	}
	deb := "!<arch>\n" + member("debian-binary", "2.0\n") + member("data.tar.gz/", gzipped(tarred("./etc/app.env", "A=1"))) + member("odd", "x")
	s := sweep(t, plain(t, "app.deb", deb, "cut.deb", deb[:90], "wrong.deb", "!<arch>\n"+strings.Repeat("x", 80)).root, Options{})
	s.want(t, "head app.deb!/debian-binary", "head app.deb!/data.tar.gz!/etc/app.env", "head app.deb!/odd", "head cut.deb!/debian-binary")
	s.unreadable(t, "cut.deb: corrupt archive", "wrong.deb: corrupt archive")
}

func TestArchiveLargerThanOneFile(t *testing.T) {
	f := plain(t, "big.zip", zipped(t, "a", "1", "b", strings.Repeat("x", 300)))
	s := sweep(t, f.root, Options{MaxFile: 200})
	s.want(t, "head big.zip!/a")
	s.unreadable(t, "big.zip!/b: limit: larger than 200 bytes")
}

func TestArchiveBombs(t *testing.T) {
	nested := "text"
	for i := range 6 {
		nested = zipped(t, fmt.Sprintf("%d.zip", i), nested)
	}
	zeros := strings.Repeat("\x00", 1<<20)
	var wide []string
	for i := range 200 {
		wide = append(wide, fmt.Sprint(i), zeros)
	}
	f := plain(t, "nested.zip", nested, "wide.zip", zipped(t, wide...), "stream.gz", gzipped(strings.Repeat(zeros, 100)),
		"cut.zip", zipped(t, "a", "b")[:40], "cut.gz", gzipped(strings.Repeat("abc", 1000))[:30])
	s := sweep(t, f.root, Options{MaxFile: 8 << 20})
	s.want(t)
	over := "limit: the archive unpacks to more than 1 GiB, or to more than 200 times its size"
	s.unreadable(t, "nested.zip!/5.zip!/4.zip!/3.zip!/2.zip: limit: archives nested deeper than 4", "wide.zip: "+over,
		"stream.gz!/stream: limit: larger than 8 MiB", "cut.zip: corrupt archive", "cut.gz!/cut: corrupt archive entry")
}

func TestArchiveInHistory(t *testing.T) {
	f := newForge(t)
	id := f.blob(zipped(t, "in.env", "A=1"))
	f.ref("refs/heads/main", f.commit(f.files("a", "x"), "second", f.commit(f.tree(node{"100644", "old.zip", id}), "first")))
	s := sweep(t, f.root, Options{})
	s.want(t, "head a", "history old.zip!/in.env")
	if got := s.all["history old.zip!/in.env"].Blob; got != f.hash.text(id) {
		t.Errorf("blob %s, want that of the archive", got)
	}
}
