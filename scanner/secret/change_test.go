package secret

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// TestChangesShowAll writes histories of a file, line by line at random, and reads each version twice: whole, and
// what is new against the one before. Whatever a whole reading finds was found in a change by then.
func TestChangesShowAll(t *testing.T) {
	d := newDetector(t)
	lines := changeLines(t)
	for seed := range uint64(40) {
		random := rand.New(rand.NewPCG(seed, 7))
		seen := map[string]bool{}
		var before *artifact.Artifact
		var text [][]byte
		for version := range 25 {
			text = edited(random, text, lines)
			a := &artifact.Artifact{Path: "deploy/settings.yaml", Content: bytes.Join(text, []byte("\n"))}
			whole := &artifact.Artifact{Path: a.Path, Content: a.Content}
			if before != nil {
				a.Change = changeOf(before, a.Content)
			}
			for _, h := range open(d.Scan(a)) {
				seen[artifact.Reveal(h.Secret)] = true
			}
			for _, h := range open(d.Scan(whole)) {
				if !seen[artifact.Reveal(h.Secret)] {
					t.Fatalf("history %d, version %d, line %d: %s is seen in the whole text alone", seed, version, h.Place.Line, h.Rule)
				}
			}
			before = a
		}
	}
}

// changeLines are examples of our rules, what gitleaks' rules without an anchor need, and lines without a secret.
func changeLines(t *testing.T) [][]byte {
	t.Helper()
	rows, err := detect.Rules()
	if err != nil {
		t.Fatal(err)
	}
	var out [][]byte
	for _, r := range rows {
		for _, e := range r.Examples {
			out = append(out, bytes.Split([]byte(detect.Expand(e)), []byte("\n"))...)
		}
	}
	for i := range 60 {
		out = append(out, fmt.Appendf(nil, "setting_%d: value %d", i, i*i), []byte("# airtable"), []byte("via: facebook"),
			[]byte(detect.Expand(fmt.Sprintf("  x: pat{[A-Za-z0-9]:14:a%d}.{[a-f0-9]:64:b%d}", i, i))),
			[]byte(detect.Expand(fmt.Sprintf("  y: {[0-9]:16:c%d}|{[a-z0-9]:30:d%d}", i, i))))
	}
	return out
}

// edited adds, takes out or replaces a few lines.
func edited(random *rand.Rand, text, lines [][]byte) [][]byte {
	text = append([][]byte{}, text...)
	for range 1 + random.IntN(4) {
		at := 0
		if len(text) > 0 {
			at = random.IntN(len(text))
		}
		rest := text[at:]
		if len(rest) > 0 && random.IntN(3) == 0 {
			rest = rest[1:]
		}
		var fresh [][]byte
		for range random.IntN(3) {
			fresh = append(fresh, lines[random.IntN(len(lines))])
		}
		text = append(append(append([][]byte{}, text[:at]...), fresh...), rest...)
	}
	return text
}

// changeOf tells what is new in a text, as the reader of deltas does: what stands between the bytes that both texts
// begin and end with.
func changeOf(before *artifact.Artifact, text []byte) *artifact.Change {
	old, head := before.Content, 0
	for head < min(len(old), len(text)) && old[head] == text[head] {
		head++
	}
	tail := 0
	for tail < min(len(old), len(text))-head && old[len(old)-1-tail] == text[len(text)-1-tail] {
		tail++
	}
	c := &artifact.Change{Path: before.Path, Dirty: []artifact.Range{{Start: head, End: len(text) - tail}}}
	for _, m := range before.Marks {
		if m.Start < head {
			c.Kept = append(c.Kept, artifact.Range{Start: m.Start, End: min(m.End, head)})
		}
		if m.End > len(old)-tail {
			move := len(text) - len(old)
			c.Kept = append(c.Kept, artifact.Range{Start: max(m.Start, len(old)-tail) + move, End: m.End + move})
		}
	}
	slices.SortFunc(c.Kept, func(a, b artifact.Range) int { return a.Start - b.Start })
	return c
}
