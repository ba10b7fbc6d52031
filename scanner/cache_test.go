package scanner_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/cache"
	"github.com/rotamap/rotamap/scanner/source"
)

// cached is a repository whose history has values that come, stay, move and go, and what a cache must get right: a
// placeholder, a binary file, an LFS pointer, a bundle, program text with imports, several branches.
func cached(t *testing.T) (dir, value string) {
	t.Helper()
	value = detect.Expand("ghp_{[A-Za-z0-9]:36:cached}")
	var long strings.Builder
	for i := range 400 {
		fmt.Fprintf(&long, "setting_%d = %d\n", i, i*i)
	}
	commit := func(n int, files map[string]string, gone ...string) source.SampleCommit {
		return source.SampleCommit{Time: time.Date(2026, 1, n, 12, 0, 0, 0, time.UTC), Name: "Mira", Mail: "mira@acme.example",
			Message: fmt.Sprintf("Commit %d", n), Files: files, DeletePaths: gone}
	}
	workflow := "name: Deploy\non: push\njobs:\n  a:\n    runs-on: x\n    steps:\n    - run: ./deploy.sh\n      env: {TOKEN: \"${{ secrets.DEPLOY_TOKEN }}\"}\n"
	dir = t.TempDir()
	err := source.WriteRepository(dir, "https://github.com/acme/shop.git", []source.SampleCommit{
		commit(1, map[string]string{"settings.py": long.String(), ".github/workflows/deploy.yml": workflow, "deploy.sh": "curl -H \"X: $TOKEN\"\n",
			"picture.png": "\x89PNG\r\n\x1a\n\x00\x00", "big.bin": "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"}),
		commit(2, map[string]string{"settings.py": long.String() + "api_token = \"" + value + "\"\npassword = \"changeme\"\n"}),
		commit(3, map[string]string{"settings.py": "import os\n" + long.String() + "api_token = os.environ[\"API_TOKEN\"]\npassword = \"changeme\"\n"}),
		commit(4, map[string]string{"moved/settings.py": "import os\n" + long.String() + "api_token = os.environ[\"API_TOKEN\"]\n", "app.py": "from moved import settings\n",
			"main.tf": "variable \"db_password\" {}\n", "prod.tfvars": "region = \"eu\"\n"}, "settings.py"),
		commit(5, map[string]string{value + ".txt": "named for a value\n"}),
	})
	if err != nil {
		t.Fatal(err)
	}
	return dir, value
}

func gitIn(t *testing.T, dir string, args ...string) {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("there is no git")
	}
	c := exec.Command("git", append([]string{"-C", dir, "-c", "user.name=A", "-c", "user.email=a@acme.example", "-c", "commit.gpgsign=false"}, args...)...)
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir(), "GIT_CONFIG_NOSYSTEM=1"}
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
}

// scanWith scans a repository with the cache of a folder; "" for none.
func scanWith(t *testing.T, dir, folder string, readOnly bool, o scanner.Options) string {
	t.Helper()
	if folder != "" {
		c, err := cache.Open(folder, []byte("one build"), readOnly)
		if err != nil {
			t.Fatal(err)
		}
		o.Cache = c
	}
	o.Sources = []source.Spec{{Location: dir}}
	if o.Key.ID() == "" {
		o.Key = key(t)
	}
	m, out, err := scanner.Scan(context.Background(), o)
	if err != nil || out.CacheErr != nil {
		t.Fatal(err, out.CacheErr)
	}
	return encode(t, m)
}

// same compares a scan with a cache with one without.
func same(t *testing.T, what, dir, folder string) {
	t.Helper()
	if diff := cmp.Diff(scanWith(t, dir, "", false, scanner.Options{}), scanWith(t, dir, folder, false, scanner.Options{})); diff != "" {
		t.Errorf("%s: the cache changes the map:\n%s", what, diff)
	}
}

func TestCacheChangesNothing(t *testing.T) {
	dir, value := cached(t)
	folder := filepath.Join(t.TempDir(), "cache")
	same(t, "cold", dir, folder)
	same(t, "warm", dir, folder)
	gitIn(t, dir, "checkout", "-q", "-b", "topic", "HEAD~2")
	if err := os.WriteFile(filepath.Join(dir, "new.env"), []byte("NEW_TOKEN="+value+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	gitIn(t, dir, "add", "new.env")
	gitIn(t, dir, "commit", "-q", "-m", "one more")
	same(t, "one commit later", dir, folder)
	gitIn(t, dir, "gc", "-q", "--prune=now")
	same(t, "packed", dir, folder)
	same(t, "packed, warm", dir, folder)
	gitIn(t, dir, "checkout", "-q", "main")
	same(t, "another branch", dir, folder)
	if err := os.WriteFile(filepath.Join(dir, "prod.tfvars"), []byte("region = \"us\"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	same(t, "a file of a bundle changed", dir, folder)
	noneOf(t, folder, value)
}

// noneOf fails when a value stands in a file of a folder.
func noneOf(t *testing.T, folder, value string) {
	t.Helper()
	forms := []string{value, value[4:], base64.StdEncoding.EncodeToString([]byte(value))[:len(value)], hex.EncodeToString([]byte(value))}
	files := 0
	_ = filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		data, err := os.ReadFile(name)
		for _, f := range forms {
			if bytes.Contains(data, []byte(f)) {
				t.Errorf("%s holds a value", name)
			}
		}
		if info, _ := d.Info(); info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v", name, info.Mode())
		}
		return err
	})
	if files < 2 {
		t.Errorf("%d files in the cache", files)
	}
}

// TestCacheIsUsed tells a record from a reading: what a scan finds in a file whose record says that it is clean.
func TestCacheIsUsed(t *testing.T) {
	dir, _ := cached(t)
	gitIn(t, dir, "gc", "-q")
	folder := filepath.Join(t.TempDir(), "cache")
	reads := func() int {
		n := 0
		o := scanner.Options{Formats: []artifact.Format{counting(&n)}, Read: source.Options{Workers: 1}}
		scanWith(t, dir, folder, false, o)
		return n
	}
	if first, second := reads(), reads(); first < 5 || second*4 > first {
		t.Errorf("%d artifacts were read by the first scan and %d by the second", first, second)
	}
}

func TestCacheTampered(t *testing.T) {
	dir, _ := cached(t)
	folder := filepath.Join(t.TempDir(), "cache")
	same(t, "cold", dir, folder)
	var segments []string
	_ = filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
		if strings.HasSuffix(name, ".seg") {
			segments = append(segments, name)
		}
		return err
	})
	if len(segments) != 1 {
		t.Fatalf("segments: %q", segments)
	}
	whole, err := os.ReadFile(segments[0])
	if err != nil {
		t.Fatal(err)
	}
	for at := 20; at < len(whole); at += 97 { // a bit of nearly every record
		whole[at] ^= 1
	}
	if err := os.WriteFile(segments[0], whole, 0o600); err != nil {
		t.Fatal(err)
	}
	same(t, "tampered", dir, folder)
	if err := os.WriteFile(segments[0], whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	same(t, "cut short", dir, folder)
	if err := os.WriteFile(filepath.Join(folder, "key"), bytes.Repeat([]byte{1}, 32), 0o600); err != nil {
		t.Fatal(err)
	}
	same(t, "another key", dir, folder)
}

func TestCacheReadOnly(t *testing.T) {
	dir, _ := cached(t)
	folder := filepath.Join(t.TempDir(), "cache")
	scanWith(t, dir, folder, true, scanner.Options{})
	if _, err := os.Stat(folder); err == nil {
		t.Error("a read-only cache was made")
	}
	scanWith(t, dir, folder, false, scanner.Options{})
	before := listing(t, folder)
	if err := os.WriteFile(filepath.Join(dir, "more.env"), []byte("A=1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	scanWith(t, dir, folder, true, scanner.Options{})
	if diff := cmp.Diff(before, listing(t, folder)); diff != "" {
		t.Errorf("a read-only cache was written:\n%s", diff)
	}
}

func listing(t *testing.T, folder string) (out []string) {
	t.Helper()
	_ = filepath.WalkDir(folder, func(name string, d fs.DirEntry, err error) error {
		if err == nil {
			info, _ := d.Info()
			out = append(out, fmt.Sprint(name, info.Size(), info.ModTime()))
		}
		return err
	})
	return out
}

// TestCacheDamagedLater damages what an earlier scan has read: the next one says so all the same.
func TestCacheDamagedLater(t *testing.T) {
	dir, _ := cached(t)
	gitIn(t, dir, "gc", "-q")
	folder := filepath.Join(t.TempDir(), "cache")
	same(t, "cold", dir, folder)
	packs, _ := filepath.Glob(filepath.Join(dir, ".git/objects/pack/*.pack"))
	if len(packs) != 1 {
		t.Fatalf("packs: %q", packs)
	}
	whole, err := os.ReadFile(packs[0])
	if err != nil {
		t.Fatal(err)
	}
	for name, damage := range map[string]func([]byte) []byte{
		"cut short": func(b []byte) []byte { return b[:len(b)*2/3] },
		"a byte":    func(b []byte) []byte { b[len(b)/2] ^= 0x55; return b },
	} {
		if err := os.Remove(packs[0]); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(packs[0], damage(bytes.Clone(whole)), 0o644); err != nil {
			t.Fatal(err)
		}
		without, with := scanWith(t, dir, "", false, scanner.Options{}), scanWith(t, dir, folder, false, scanner.Options{})
		if strings.Count(without, `"what"`) == 0 {
			t.Fatalf("%s: nothing is unreadable", name)
		}
		if got, want := strings.Count(with, `"what"`), strings.Count(without, `"what"`); got != want {
			t.Errorf("%s: %d things are unreadable with a cache, %d without", name, got, want)
		}
	}
}

// TestCacheOfTwoScans runs scans at once on one cache.
func TestCacheOfTwoScans(t *testing.T) {
	dir, _ := cached(t)
	folder := filepath.Join(t.TempDir(), "cache")
	want := scanWith(t, dir, "", false, scanner.Options{})
	done := make(chan string)
	for range 4 {
		go func() { done <- scanWith(t, dir, folder, false, scanner.Options{}) }()
	}
	for range 4 {
		if got := <-done; got != want {
			t.Error("scans at once disturb each other")
		}
	}
	same(t, "after", dir, folder)
}

// TestCacheForgets takes a text out of the cache that has become a value since.
func TestCacheForgets(t *testing.T) {
	dir, folder := t.TempDir(), filepath.Join(t.TempDir(), "cache")
	word := detect.Expand("{[a-z]:9:word}-{[0-9]:6:word}")
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("compose.yaml", "services:\n  "+word+":\n    image: x\n    environment:\n      A_TOKEN: ${A_TOKEN}\n")
	same(t, "an ordinary name", dir, folder)
	write("db.env", "DB_PASSWORD="+word+"\n")
	same(t, "a value", dir, folder)
	noneOf(t, folder, "xxxx"+word)
	same(t, "after", dir, folder)
}

// counting is a format that claims nothing and counts what it is asked about.
func counting(n *int) artifact.Format {
	return artifact.Format{ID: "counting", Match: func(*artifact.Artifact) bool { *n++; return false }}
}
