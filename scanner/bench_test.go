package scanner_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rotamap/rotamap/scanner"
	"github.com/rotamap/rotamap/scanner/fingerprint"
	"github.com/rotamap/rotamap/scanner/source"
)

// BenchmarkHistory scans generated histories. Its MB/s are of unique contents: a scan is linear when they do not fall
// from 1x to 8x. The other histories are the hard ones for a reader of deltas: no deltas, many packs, one long line.
func BenchmarkHistory(b *testing.B) {
	if _, err := exec.LookPath("git"); err != nil {
		b.Skip("git makes the histories, and is not on PATH")
	}
	for _, c := range []struct {
		name     string
		commits  int
		minified bool
		pack     []string
	}{
		{"1x", 250, false, []string{"repack", "-adq"}},
		{"2x", 500, false, []string{"repack", "-adq"}},
		{"4x", 1000, false, []string{"repack", "-adq"}},
		{"8x", 2000, false, []string{"repack", "-adq"}},
		{"without deltas", 1000, false, []string{"-c", "pack.depth=0", "-c", "pack.window=0", "repack", "-adfq"}},
		{"many packs", 1000, false, []string{"-c", "pack.packSizeLimit=1m", "repack", "-adq"}},
		{"minified", 250, true, []string{"repack", "-adq"}},
	} {
		b.Run(c.name, func(b *testing.B) {
			dir, size := history(b, c.commits, c.minified)
			git(b, nil, append([]string{"-C", dir}, c.pack...)...)
			key, err := fingerprint.NewKey(bytes.Repeat([]byte{7}, 32))
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(size)
			for b.Loop() {
				o := scanner.Options{Sources: []source.Spec{{Name: "x", Location: dir}}, Key: key}
				if _, _, err := scanner.Scan(context.Background(), o); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func git(b *testing.B, in []byte, args ...string) {
	b.Helper()
	c := exec.CommandContext(b.Context(), "git", args...)
	c.Stdin = bytes.NewReader(in)
	if out, err := c.CombinedOutput(); err != nil {
		b.Fatalf("git %v: %v: %s", args, err, out)
	}
}

// history makes a bare repository in which each commit changes five lines of one of twenty files of 400 lines, or of
// a file without line ends. It returns how many bytes its contents have together.
func history(b *testing.B, commits int, minified bool) (dir string, size int64) {
	b.Helper()
	dir = filepath.Join(b.TempDir(), "history.git")
	git(b, nil, "init", "-q", "--bare", dir)
	random, end := rand.New(rand.NewPCG(1, 2)), "\n"
	if minified {
		end = ";"
	}
	var files [20][]string
	for i := range files {
		for n := range 400 {
			files[i] = append(files[i], fmt.Sprintf("  option_%d: { name: first%d, key: value, token: none }", n, n))
		}
	}
	var stream bytes.Buffer
	for n := range commits {
		f := n % len(files)
		for range 5 {
			files[f][random.IntN(400)] = fmt.Sprintf("  changed_%d: { name: later%d, key: value, count: %d }", n, n, random.IntN(1000))
		}
		text := strings.Join(files[f], end)
		size += int64(len(text))
		fmt.Fprintf(&stream, "commit refs/heads/main\ncommitter a <a@x> %d +0000\ndata 1\nx\nM 100644 inline src/file%d.yaml\ndata %d\n%s\n", 1700000000+n, f, len(text), text)
	}
	git(b, stream.Bytes(), "-C", dir, "fast-import", "--quiet")
	return dir, size
}
