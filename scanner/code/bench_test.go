package code

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// BenchmarkScan measures the languages on the files below ROTAMAP_BENCH, or on this package's own.
func BenchmarkScan(b *testing.B) {
	root := os.Getenv("ROTAMAP_BENCH")
	if root == "" {
		root = "."
	}
	texts := map[string][][]byte{}
	_ = filepath.WalkDir(root, func(p string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.Contains(p, ".git/") {
			return nil
		}
		data, _ := os.ReadFile(p)
		if l := Language(p, data[:min(len(data), 256)]); l != "" {
			texts[l] = append(texts[l], data)
		}
		return nil
	})
	for l, list := range texts {
		size := 0
		for _, t := range list {
			size += len(t)
		}
		b.Run(l, func(b *testing.B) {
			b.SetBytes(int64(size))
			for b.Loop() {
				for _, t := range list {
					Scan(l, t)
				}
			}
		})
	}
}
