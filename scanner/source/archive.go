package source

import (
	"bytes"
	"os"
	"path/filepath"

	"github.com/rotamap/rotamap/graph/inventory"
)

// archiveType says how a file packs others.
type archiveType int

const (
	notArchive archiveType = iota
	zipArchive
	tarArchive
	gzipStream
)

// archiveKind tells an archive by its first bytes.
func archiveKind(b []byte) archiveType {
	switch {
	case bytes.HasPrefix(b, []byte("PK\x03\x04")), bytes.HasPrefix(b, []byte("PK\x05\x06")):
		return zipArchive
	case bytes.HasPrefix(b, []byte{0x1f, 0x8b, 8}):
		return gzipStream
	case len(b) > 262 && string(b[257:262]) == "ustar":
		return tarArchive
	}
	return notArchive
}

// archive reads an archive in memory.
func (w *walk) archive(_ int, f file, _ archiveType) error {
	w.tally.skip(f.path, "archive, not read yet")
	return nil
}

// bigArchive reports whether a file that is larger than the limit of one file is an archive.
func (w *walk) bigArchive(*os.Root, string) bool { return false }

// archiveOnDisk reads an archive without holding it in memory.
func (w *walk) archiveOnDisk(int, *os.Root, string) error { return nil }

// stdin reads standard input as one file.
func (w *walk) stdin() error {
	data, err := readStream(w.opt.Stdin, w.opt.MaxFile)
	if err != nil {
		w.tally.unreadable(KindStdin, reasonOf(err))
		return nil
	}
	return w.run(func(put func(job) bool) {
		put(func(worker int) error {
			return w.deliver(worker, file{path: KindStdin, data: data, state: inventory.Head})
		})
	})
}

// oneFile reads a source that is a single file.
func (w *walk) oneFile() error {
	root, err := os.OpenRoot(filepath.Dir(w.src.root))
	if err != nil {
		w.tally.unreadable(filepath.Base(w.src.root), reasonOf(err))
		return nil
	}
	defer root.Close() //nolint:errcheck // opened for reading
	return w.run(func(put func(job) bool) {
		put(func(worker int) error { return w.diskFile(worker, root, filepath.Base(w.src.root), 0, nil) })
	})
}
