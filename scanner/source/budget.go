package source

import (
	"bytes"
	"fmt"
	"io"
)

// The limits of one archive, all that is nested in it included.
const (
	maxEntries = 100000
	maxRatio   = 200      // unpacked to packed bytes ...
	freeBytes  = 64 << 20 // ... once so many were unpacked
)

// budget is what may still be unpacked of one archive.
type budget struct {
	left    int64
	most    int64 // that any archive may unpack to
	entries int
}

// newBudget returns the budget of an archive of the given size, of which most bytes are read.
func newBudget(packed, most int64) *budget {
	return &budget{left: min(most, freeBytes+maxRatio*packed), most: most}
}

// entry takes one entry from the budget.
func (b *budget) entry() error {
	if b.entries++; b.entries > maxEntries {
		return limitError{archive: true, text: fmt.Sprintf("limit: more than %d files in one archive", maxEntries)}
	}
	return nil
}

// reader takes what is read from r from the budget.
func (b *budget) reader(r io.Reader) io.Reader { return &metered{b, r} }

type metered struct {
	budget *budget
	in     io.Reader
}

// Read fails once the budget is spent.
func (m *metered) Read(p []byte) (int, error) {
	if m.budget.left <= 0 {
		return 0, limitError{archive: true, text: "limit: the archive unpacks to more than " + size(m.budget.most) + ", or to more than 200 times its size"}
	}
	n, err := m.in.Read(p)
	m.budget.left -= int64(n)
	return n, err
}

// countRecords fails for a zip file whose directory would fill the memory.
func countRecords(in io.ReaderAt, size int64) error {
	record := []byte("PK\x01\x02")
	buf := make([]byte, max(len(record), int(min(size, 64<<10))))
	n := 0
	for at := int64(0); at < size; at += int64(len(buf) - len(record) + 1) {
		got, err := in.ReadAt(buf, at)
		if err != nil && err != io.EOF {
			return err
		}
		if n += bytes.Count(buf[:got], record); n > maxEntries {
			return limitError{archive: true, text: fmt.Sprintf("limit: more than %d files in one archive", maxEntries)}
		}
	}
	return nil
}
