package secret

import (
	"fmt"
	"os"
	"strings"
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

// BenchmarkChange reads a content of 200 kB of which a line is new, as most contents of a history are: the time
// must not depend on the size of the content.
func BenchmarkChange(b *testing.B) {
	var text strings.Builder
	for i := range 4000 {
		fmt.Fprintf(&text, "func line%d(token string) (key, value int) { return }\n", i)
	}
	body := []byte(text.String())
	d := newDetector(b)
	b.ReportAllocs()
	for b.Loop() {
		d.Scan(&artifact.Artifact{Path: "a.go", Content: body, Change: &artifact.Change{
			Path: "a.go", Dirty: []artifact.Range{{Start: len(body) / 2, End: len(body)/2 + 60}}}})
	}
}

// BenchmarkWords runs the automaton alone.
func BenchmarkWords(b *testing.B) {
	d := newDetector(b)
	body := []byte(strings.Repeat("for i := range lines { fmt.Println(lines[i], \"and the rest of it\") }\n", 20000))
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		d.words.each(body, span{0, len(body)}, func(uint16, int) {})
	}
}
