package secret

import (
	"os"
	"testing"

	"github.com/rotamap/rotamap/scanner/artifact"
)

// BenchmarkScan reads the files below the folder that ROTAMAP_BENCH names, this package without it.
func BenchmarkScan(b *testing.B) {
	root := os.Getenv("ROTAMAP_BENCH")
	if root == "" {
		root = "."
	}
	var files []*artifact.Artifact
	size := 0
	walk(b, root, func(path string, content []byte) {
		files = append(files, &artifact.Artifact{Path: path, Content: content})
		size += len(content)
	})
	d := newDetector(b)
	b.SetBytes(int64(size))
	for b.Loop() {
		for _, a := range files {
			d.Scan(a)
		}
	}
}
