//go:build unix

package source

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestHostileFolder(t *testing.T) {
	f := plain(t, "ok", "x", "long", strings.Repeat("a", 5000), "new\nline\x1b[31m", "y")
	outside := plain(t, "secret", "outside")
	for name, target := range map[string]string{"loop": ".", "out": outside.root, "file": filepath.Join(outside.root, "secret"), "dead": "nowhere"} {
		if err := os.Symlink(target, filepath.Join(f.root, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(f.root, "pipe"), 0o600); err != nil {
		t.Skip(err)
	}
	s := sweep(t, f.root, Options{MaxFile: 4096})
	s.want(t, "head ok", "head new\nline\x1b[31m")
	s.skipped(t, "", "symbolic link", 4)
	s.skipped(t, "pipe", "special file", 1)
	s.unreadable(t, "long: limit: larger than 4 KiB")
}
