package source

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rotamap/rotamap/scanner/artifact"
)

// plain makes a folder that is no repository from path, content pairs.
func plain(t *testing.T, pairs ...string) *forge {
	t.Helper()
	f := &forge{t: t, root: t.TempDir(), hash: sha1Kind}
	for i := 0; i < len(pairs); i += 2 {
		f.file(pairs[i], pairs[i+1])
	}
	return f
}

func TestParseSpec(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Mkdir("a=b", 0o755); err != nil {
		t.Fatal(err)
	}
	for arg, want := range map[string]Spec{
		"a=b": {Location: "a=b"}, "x=y": {"x", "y"}, "x=": {Location: "x="}, "=y": {Location: "=y"}, "-": {Location: "-"},
		"github.com/acme/shop=dir=x": {"github.com/acme/shop", "dir=x"},
	} {
		if got := ParseSpec(arg); got != want {
			t.Errorf("%s is %+v, want %+v", arg, got, want)
		}
	}
}

func TestFolder(t *testing.T) {
	f := plain(t, "a.txt", "x", ".env", "y", ".gitignore", "*", "sub/.git/config", "z", "sub/.git/HEAD", "q", "sub/code.py", "w", "bin", "a\x00b")
	s := sweep(t, f.root, Options{})
	s.want(t, "head a.txt", "head .env", "head .gitignore", "head sub/code.py")
	s.skipped(t, "", binaryRead, 1)
	s.unreadable(t)
	if s.source.Kind != KindFolder || s.cov.Files != 5 || len(s.cov.Notes) != 1 || !strings.HasPrefix(s.cov.Notes[0], "sub is a repository") {
		t.Errorf("%+v %+v", s.source, s.cov)
	}
	if s.all["head .env"].Blob != "" {
		t.Error("a file outside git has a blob id")
	}
}

func TestPruning(t *testing.T) {
	f := plain(t,
		"node_modules/mine.txt", "no package.json beside", "web/package.json", "{}", "web/node_modules/dep/index.js", "x",
		"env/pyvenv.cfg", "", "env/lib/x.py", "x", "vendor/ours.go", "no modules.txt",
		"go/go.mod", "module x", "go/vendor/modules.txt", "", "go/vendor/d/d.go", "x", "target/deploy.yml", "no Cargo.toml")
	s := sweep(t, f.root, Options{})
	s.want(t, "head node_modules/mine.txt", "head web/package.json", "head vendor/ours.go", "head go/go.mod", "head target/deploy.yml")
	s.skipped(t, "web/node_modules", "npm", 1)
	s.skipped(t, "env", "Python virtual environment", 1)
	s.skipped(t, "go/vendor", "Go modules", 1)
	if n := len(sweep(t, f.root, Options{NoPrune: true}).files); n != 10 {
		t.Errorf("%d files without pruning", n)
	}
}

func TestTrackedDependenciesAreRead(t *testing.T) {
	f := newForge(t)
	f.file("package.json", "{}")
	f.file("node_modules/a.js", "tracked")
	f.file("web/package.json", "{}")
	f.file("web/node_modules/b.js", "not tracked")
	tree := f.tree(node{"40000", "node_modules", f.files("a.js", "tracked")}, node{"100644", "package.json", f.blob("{}")})
	f.ref("refs/heads/main", f.commit(tree, "m"))
	s := sweep(t, f.root, Options{})
	s.want(t, "head package.json", "head node_modules/a.js", "head web/package.json")
	s.skipped(t, "web/node_modules", "npm", 1)
}

func TestUnreadableFile(t *testing.T) {
	if os.Getuid() == 0 || runtime.GOOS == "windows" {
		t.Skip("everything is readable here")
	}
	f := plain(t, "ok", "x", "closed", "y", "shut/a", "z")
	_ = os.Chmod(filepath.Join(f.root, "closed"), 0)
	_ = os.Chmod(filepath.Join(f.root, "shut"), 0)
	t.Cleanup(func() { _ = os.Chmod(filepath.Join(f.root, "shut"), 0o700) })
	s := sweep(t, f.root, Options{})
	s.want(t, "head ok")
	s.unreadable(t, "closed: permission denied", "shut: permission denied")
}

func TestShrinkingFile(t *testing.T) {
	name := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(name, []byte("12345"), 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if _, err := in.Seek(3, 0); err != nil { // two bytes are left of the five that the file says it has
		t.Fatal(err)
	}
	if data, err := readOpen(in, 100, nil); !errors.Is(err, errShrunk) || string(data) != "45" {
		t.Errorf("%q, %v", data, err)
	}
}

func TestOneFileAndStdin(t *testing.T) {
	f := plain(t, "dir/x.yaml", "a: 1")
	s := sweep(t, filepath.Join(f.root, "dir/x.yaml"), Options{})
	s.want(t, "head x.yaml")
	if s.source.ID != "x.yaml" || s.source.Kind != KindFile {
		t.Errorf("%+v", s.source)
	}
	s = sweep(t, "-", Options{Stdin: strings.NewReader("hello")})
	s.want(t, "head stdin")
	if s.source.ID != "stdin" || s.files["head stdin"] != "hello" {
		t.Errorf("%+v", s.source)
	}
	s = sweep(t, "-", Options{Stdin: strings.NewReader("hello"), MaxFile: 3})
	s.unreadable(t, "stdin: limit: larger than 3 bytes")
	if _, err := Open(Spec{Location: filepath.Join(f.root, "none")}, Options{}); err == nil {
		t.Error("opened what is not there")
	}
}

func TestVisitorEndsTheWalk(t *testing.T) {
	var pairs []string
	for i := range 200 {
		pairs = append(pairs, fmt.Sprint("f", i), "x")
	}
	s, err := Open(ParseSpec(plain(t, pairs...).root), Options{})
	if err != nil {
		t.Fatal(err)
	}
	enough := errors.New("enough")
	if _, err := s.Walk(context.Background(), func(context.Context, int, *artifact.Artifact) error { return enough }); !errors.Is(err, enough) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := s.Walk(ctx, func(context.Context, int, *artifact.Artifact) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestProgress(t *testing.T) {
	f, _ := company(t)
	for _, location := range []string{f.root, plain(t, "a", "xxx", "b/c", "yyyy").root} {
		var done, total int64
		sweep(t, location, Options{Progress: func(d, n int64) {
			if d < done || d > n {
				t.Errorf("%d of %d after %d", d, n, done)
			}
			done, total = d, n
		}})
		if done == 0 || done != total {
			t.Errorf("ended at %d of %d", done, total)
		}
	}
}

func TestDecode(t *testing.T) {
	text := "pass: gr\u00fc\u00dfe = 1234, twice over\n"
	wide := func(order string, units ...byte) string {
		var b bytes.Buffer
		for _, r := range text {
			u := []byte{byte(r), byte(r >> 8), 0, 0}[:len(units)]
			if order == "be" {
				for i := range u {
					b.WriteByte(u[len(u)-1-i])
				}
				continue
			}
			b.Write(u)
		}
		return b.String()
	}
	two, four := []byte{0, 0}, []byte{0, 0, 0, 0}
	for name, in := range map[string]string{
		"utf-8": text, "utf-8 mark": "\uFEFF" + text, "latin-1": strings.NewReplacer("\u00fc", "\xfc", "\u00df", "\xdf").Replace(text),
		"utf-16le mark": "\xff\xfe" + wide("le", two...), "utf-16be mark": "\xfe\xff" + wide("be", two...),
		"utf-16le": wide("le", two...), "utf-16be": wide("be", two...), "utf-32le mark": "\xff\xfe\x00\x00" + wide("le", four...),
		"utf-32be mark": "\x00\x00\xfe\xff" + wide("be", four...), "utf-32le": wide("le", four...), "utf-32be": wide("be", four...),
	} {
		if got, ok := decode([]byte(in)); !ok || string(got) != text {
			t.Errorf("%s: %q, %v", name, got, ok)
		}
	}
	for _, in := range []string{"\x89PNG\r\n\x1a\n", "a\x00b", "\x00\x00\x00\x00\x01\x02\x03\x04\x05\x06", "%PDF-1.7", "\x01\x02\x03\xfe\x04\x05"} {
		if got, ok := decode([]byte(in)); ok {
			t.Errorf("%q is text: %q", in, got)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte("a\x00b\x00c\x00d\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if text, ok := decode(b); ok && !utf8.Valid(text) {
			t.Errorf("%q gives invalid UTF-8", b)
		}
	})
}

func TestHasFile(t *testing.T) {
	f := plain(t, "a/b.txt", "x")
	for file, want := range map[string]bool{"a/b.txt": true, "a": false, "b.txt": false, "../x": false, "/etc/passwd": false} {
		if got := HasFile(f.root, file); got != want {
			t.Errorf("HasFile of %s is %v", file, got)
		}
	}
	if HasFile("missing", "a") {
		t.Error("a folder that is not there has a file")
	}
}
