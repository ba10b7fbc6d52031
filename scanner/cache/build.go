package cache

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
)

// buildMark stands before the build id near the start of every program that Go builds.
var buildMark = []byte("\xff Go build ID: \"")

// Build identifies the running program: it changes with every change of its code. It is the build id, which stands
// within the first bytes of the file, else a digest of the file.
func Build() ([]byte, error) {
	name, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding the program: %w", err)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("reading the program: %w", err)
	}
	defer f.Close()
	head := make([]byte, 64<<10)
	n, err := io.ReadFull(f, head)
	if err != nil && n == 0 {
		return nil, fmt.Errorf("reading the program: %w", err)
	}
	if _, rest, ok := bytes.Cut(head[:n], buildMark); ok {
		if id, _, ok := bytes.Cut(rest, []byte("\"\n \xff")); ok && len(id) > 20 {
			return id, nil
		}
	}
	h := sha256.New()
	_, _ = h.Write(head[:n])
	if _, err := io.Copy(h, f); err != nil {
		return nil, fmt.Errorf("reading the program: %w", err)
	}
	return h.Sum(nil), nil
}
