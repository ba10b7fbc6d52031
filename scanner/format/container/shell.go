package container

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/code"
)

// maxShell bounds the shell text that is read of one command.
const maxShell = 1 << 20

// Shell reads shell text that the part runs: the stores it asks, the files it starts, the hosts it talks to.
func (r Runner) Shell(w Word) {
	if len(w.Text) > maxShell || strings.TrimSpace(w.Text) == "" {
		return
	}
	found := code.Scan("shell", []byte(w.Text))
	if r.Read != nil {
		for _, read := range found.Reads {
			r.Read(read.Name, read.Sure, w.place(read.Offset))
		}
	}
	for _, s := range found.Stores {
		at := w.place(s.Offset)
		r.Facts.Edge(inventory.Reads, r.Part, r.Facts.Slot(s.Slot, at), s.Via, s.Sure, at)
	}
	for _, run := range found.Runs {
		if run.Kind == "file" && run.Dir != "*" {
			r.Script(path.Join(run.Dir, run.Path), w.place(run.Offset))
		}
	}
	for _, h := range found.Hosts {
		r.Facts.Attr(r.Part, inventory.AttrHost, h.Name, "", w.place(h.Offset))
	}
}

// place returns the place of a byte offset in the text.
func (w Word) place(offset int) artifact.Place {
	at := w.At
	lines := strings.Count(w.Text[:min(offset, len(w.Text))], "\n")
	if w.Block {
		lines++
	}
	if lines > 0 {
		at.Line, at.Column = at.Line+lines, 1
	}
	return at
}
