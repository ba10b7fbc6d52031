package source

import "github.com/rotamap/rotamap/scanner/artifact"

// leastText is how many bytes a stretch of text in a binary file has at least.
const leastText = 6

// binaryRead is what the coverage says of binary files whose text was searched, and binaryLeft of those that were left
// out.
const (
	binaryRead = "binary: its text was searched for the patterns of providers"
	binaryLeft = "binary, not read (--no-binary)"
)

// textRuns returns the stretches of text of a binary file, one in a line, and where each stands in the file.
func textRuns(data []byte) (text []byte, offsets []int) {
	start := -1
	for i := 0; i <= len(data); i++ {
		if i < len(data) && (data[i] >= ' ' && data[i] < 0x7f || data[i] == '\t') {
			if start < 0 {
				start = i
			}
			continue
		}
		if start >= 0 && i-start >= leastText {
			text = append(append(text, data[start:i]...), '\n')
			offsets = append(offsets, start)
		}
		start = -1
	}
	return text, offsets
}

// binary hands out the text of a binary file.
func (w *walk) binary(worker int, f file) error {
	if w.opt.NoBinary {
		w.tally.count(binaryLeft)
		f.stint.count(&f, binaryLeft)
		return nil
	}
	w.tally.count(binaryRead)
	f.stint.count(&f, binaryRead)
	text, offsets := textRuns(f.data)
	a := f.artifact(w, text)
	a.Binary = &artifact.Binary{Raw: f.data, Offsets: offsets}
	k, _ := w.introduce(&f, a)
	if err := w.visit(w.ctx, worker, a); err != nil {
		return err
	}
	if a.Quiet {
		w.learn(&f, k, outcome{kind: binaryOutcome, size: len(f.data)})
	}
	return nil
}
