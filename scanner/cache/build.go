package cache

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"os"
)

// buildMark stands before the build id near the start of every program that Go builds.
var buildMark = []byte("\xff Go build ID: \"")

// noteMark is the type and the owner of the ELF note that holds the build id; its size stands in front of them.
// Format: cmd/internal/buildid of Go.
var noteMark = []byte("\x04\x00\x00\x00Go\x00\x00")

// buildID returns the build id that stands in the first bytes of a program, nil for none.
func buildID(head []byte) []byte {
	if at := bytes.Index(head, noteMark); at >= 4 {
		rest := head[at+len(noteMark):]
		if size := binary.LittleEndian.Uint32(head[at-4:]); int64(size) <= int64(len(rest)) {
			return rest[:size]
		}
	}
	_, rest, _ := bytes.Cut(head, buildMark)
	id, _, ok := bytes.Cut(rest, []byte("\"\n \xff"))
	if !ok {
		return nil
	}
	return id
}

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
	if id := buildID(head[:n]); len(id) > 20 {
		return id, nil
	}
	h := sha256.New()
	_, _ = h.Write(head[:n])
	if _, err := io.Copy(h, f); err != nil {
		return nil, fmt.Errorf("reading the program: %w", err)
	}
	return h.Sum(nil), nil
}
