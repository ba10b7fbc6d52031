package scanner_test

import (
	"context"
	"os"
	"testing"

	"github.com/rotamap/rotamap/scanner"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/fingerprint"
	"github.com/rotamap/rotamap/scanner/source"
)

// BenchmarkFormats scans the folder of ROTAMAP_BENCH_FOLDER with every format and with none: the difference is what
// formats add to a scan.
func BenchmarkFormats(b *testing.B) {
	folder := os.Getenv("ROTAMAP_BENCH_FOLDER")
	if folder == "" {
		b.Skip("ROTAMAP_BENCH_FOLDER names no folder")
	}
	key, err := fingerprint.RandomKey()
	if err != nil {
		b.Fatal(err)
	}
	for _, name := range []string{"all", "none"} {
		formats := map[string][]artifact.Format{"none": {}}[name] // nil means all
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				o := scanner.Options{Sources: []source.Spec{{Name: "bench", Location: folder}}, Key: key, Formats: formats}
				if _, _, err := scanner.Scan(context.Background(), o); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
