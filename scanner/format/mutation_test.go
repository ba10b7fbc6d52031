package format_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format"
)

// mutations is how many damaged forms of each file of the cases every row reads.
const mutations = 40

// TestDamagedFiles reads the files of all cases after random damage: no row may panic, and whatever a row takes
// for its own it must read to the end. Every new case adds its files to the seeds.
func TestDamagedFiles(t *testing.T) {
	for _, row := range format.All() {
		cases, err := filepath.Glob(filepath.Join("../../testdata/format", row.ID, "*.txtar"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range cases {
			ar, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for i, f := range ar.Files {
				for n := range mutations {
					damaged := damage([]byte(detect.Expand(string(f.Data))), rand.New(rand.NewPCG(uint64(i), uint64(n))))
					readDamaged(t, row, f.Name, damaged, fmt.Sprintf("%s, file %d, mutation %d", file, i, n))
				}
			}
		}
	}
}

func readDamaged(t *testing.T, row artifact.Format, path string, content []byte, what string) {
	t.Helper()
	defer func() {
		if r := recover(); r != nil {
			t.Errorf("%s: row %s panics: %v", what, row.ID, r)
		}
	}()
	a := &artifact.Artifact{Source: "acme", Path: path, State: inventory.Head, Content: content}
	if row.Match(a) {
		_ = row.Parse(a, artifact.NewFacts(a, row.ID))
	}
}

// damage cuts, repeats and overwrites parts of a text.
func damage(text []byte, r *rand.Rand) []byte {
	const alphabet = "{}[]:,\"'&*!|>-#$%\\\n\t \r\x00a1"
	for range 1 + r.IntN(4) {
		if len(text) == 0 {
			return text
		}
		from := r.IntN(len(text))
		to := min(len(text), from+r.IntN(20))
		switch r.IntN(4) {
		case 0:
			text = append(text[:from:from], text[to:]...)
		case 1:
			text = append(text[:to:to], text[from:]...)
		case 2:
			text = text[:from]
		default:
			text = append([]byte(nil), text...)
			text[from] = alphabet[r.IntN(len(alphabet))]
		}
	}
	return text
}
