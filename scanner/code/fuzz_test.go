package code

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
)

// FuzzScan: no text in any language makes a panic, nor a fact outside of the text.
func FuzzScan(f *testing.F) {
	files, _ := filepath.Glob(cases + "/*.txtar")
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, part := range txtar.Parse(data).Files {
			f.Add(Language(part.Name, part.Data), part.Data)
		}
	}
	f.Fuzz(func(t *testing.T, language string, text []byte) {
		if len(text) > 1<<14 {
			return
		}
		check(t, text, Scan(language, text))
		for _, list := range [][]Target{Makefile(text), NPMScripts(text), Justfile(text), Taskfile(text)} {
			for _, x := range list {
				if x.Offset < 0 || x.Offset > len(text) {
					t.Fatalf("target at %d of %d", x.Offset, len(text))
				}
			}
		}
	})
}

// check fails when a fact lies outside of the text or has no name.
func check(t *testing.T, text []byte, r Result) {
	t.Helper()
	inside := func(off int, name string) {
		if off < 0 || off > len(text) || name == "" {
			t.Fatalf("fact %q at %d of %d", name, off, len(text))
		}
	}
	for _, x := range r.Reads {
		inside(x.Offset, x.Name)
	}
	for _, x := range r.Stores {
		inside(x.Offset, x.Slot.Name)
	}
	for _, x := range r.Runs {
		inside(x.Offset, x.Path)
	}
	for _, x := range r.Writes {
		inside(x.Offset, x.Name)
	}
	for _, x := range r.Mints {
		inside(x.Offset, x.What)
	}
	for _, x := range r.Hosts {
		inside(x.Offset, x.Name)
	}
	for _, x := range r.Uses {
		inside(x.Offset, x.What)
	}
	for _, x := range r.Imports {
		inside(x.Offset, x.Path)
	}
}
