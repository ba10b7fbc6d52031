package source

import (
	"os"
	"path/filepath"

	"github.com/rotamap/rotamap/graph/inventory"
)

// stdin reads standard input as one file, or as an archive.
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
	dir, base := filepath.Split(w.src.root)
	root, err := os.OpenRoot(dir)
	if err != nil {
		w.tally.unreadable(base, reasonOf(err))
		return nil
	}
	defer root.Close()
	info, err := root.Stat(base)
	if err != nil {
		w.tally.unreadable(base, reasonOf(err))
		return nil
	}
	w.meter.expect(info.Size())
	return w.run(func(put func(job) bool) {
		put(func(worker int) error { return w.diskFile(worker, root, base, info.Size(), nil, new([]byte)) })
	})
}
