package container

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/code"
	"github.com/rotamap/rotamap/scanner/format/target"
)

// maxShell bounds the shell text that is read of one command.
const maxShell = 1 << 20

// Shell reads shell text that the part runs: the stores it asks, the files it starts, the hosts it talks to.
func (r Runner) Shell(w Word) {
	if len(w.Text) > maxShell || strings.TrimSpace(w.Text) == "" {
		return
	}
	found := code.Scan("shell", []byte(w.Text))
	if r.Read == nil {
		r.bound(found.Reads, w)
	} else {
		for _, read := range found.Reads {
			if strings.Contains(read.Name, "/") {
				continue // a file that is mounted has a binding of its own
			}
			r.Read(read.Name, read.Sure, w.Place(read.Offset))
		}
	}
	for _, s := range found.Stores {
		at := w.Place(s.Offset)
		r.Facts.Edge(inventory.Reads, r.Part, r.Facts.Slot(s.Slot, at), s.Via, s.Sure, at)
	}
	for _, run := range found.Runs {
		r.start(run, w.Place(run.Offset))
	}
	for _, h := range found.Hosts {
		r.Facts.Attr(r.Part, inventory.AttrHost, h.Name, "", w.Place(h.Offset))
	}
	for _, u := range found.Uses {
		r.Facts.Use(r.Part, u.Kind, u.What, w.Place(u.Offset))
	}
}

// bound adds the places at which shell text takes a variable that the part binds.
func (r Runner) bound(reads []code.Read, w Word) {
	for _, read := range reads {
		id := inventory.BindingID(r.Part, read.Name)
		if _, ok := r.Facts.Set.Node(id); ok && !read.Property {
			r.Facts.Edge(inventory.Reads, r.Part, id, "command", read.Sure, w.Place(read.Offset))
		}
	}
}

// start adds an edge to what a command of shell text starts: a file, a module, or a named target.
func (r Runner) start(run code.Run, at artifact.Place) {
	if run.Dir == "*" {
		return
	}
	switch run.Kind {
	case "file":
		r.Script(path.Join(run.Dir, run.Path), at)
	case "module":
		for _, f := range code.Modules(path.Join(run.Dir, run.Path)) {
			r.Script(f, at)
		}
	default:
		dir := path.Join(r.Dir, strings.TrimPrefix(run.Dir, "/"))
		if !strings.HasPrefix(dir, "..") {
			target.Start(r.Facts, r.Part, r.Facts.Artifact.Source, dir, run, "command", r.Sure, at)
		}
	}
}

// launchers start the program that their arguments name, behind words of their own.
var launchers = map[string]bool{
	"npx": true, "bunx": true, "pnpx": true, "pnpm": true, "uv": true, "poetry": true, "pipenv": true, "pdm": true, "bundle": true, "dotenv": true,
	"doppler": true, "op": true, "infisical": true, "chamber": true, "gosu": true, "su-exec": true, "newrelic-admin": true, "ddtrace-run": true,
	"opentelemetry-instrument": true, "xvfb-run": true, "timeout": true, "nice": true, "watch": true, "nodemon": true,
}

// targets reads words that run a named target (npm start) or a module (python -m app).
func (r Runner) targets(words []Word) {
	var text []string
	for _, w := range words {
		if strings.ContainsAny(w.Text, " \t\n'\"$`\\;&|<>(){}*?") {
			return
		}
		text = append(text, w.Text)
	}
	for _, run := range code.Scan("shell", []byte(strings.Join(text, " "))).Runs {
		if run.Kind != "file" || launchers[path.Base(text[0])] {
			r.start(run, words[0].At)
		}
	}
}

// Place returns the place of a byte offset in the text.
func (w Word) Place(offset int) artifact.Place {
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
