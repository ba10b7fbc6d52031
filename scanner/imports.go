package scanner

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/fingerprint"
	"github.com/rotamap/rotamap/scanner/imported"
	"github.com/rotamap/rotamap/scanner/secret"
	"github.com/rotamap/rotamap/scanner/source"
)

// openImports opens the files that are imported. Their scope is the name in front of them; as sources they are called
// import:<scope>, or import:<file name> without one.
func openImports(o Options) ([]*source.Source, error) {
	var specs []source.Spec
	for _, s := range o.Imports {
		id := s.Name
		if id == "" {
			id = path.Base(s.Location)
		}
		specs = append(specs, source.Spec{Name: "import:" + id, Location: s.Location})
	}
	return openAll(specs, o.Read)
}

// readImport reads one imported file into a fragment of its own. A file that is of no known kind is an error: it was
// asked for by name.
func readImport(ctx context.Context, o Options, d *secret.Detector, s *source.Source, c imported.Context, gate *fingerprint.Gate) (inventory.Fragment, error) {
	w := newWorker(o, d, gate)
	coverage, err := s.Walk(ctx, func(_ context.Context, _ int, a *artifact.Artifact) error {
		all, row, err := imported.Read(a, c)
		if err != nil {
			return err
		}
		count := w.format(row.ID)
		count.Files++
		for _, f := range all {
			w.set.Absorb(f.Set)
			w.skipped = append(w.skipped, f.Skips...)
			w.judge(f.Artifact, []*artifact.Facts{f}, nil)
			count.References += f.Refs
		}
		return nil
	})
	if err != nil {
		return inventory.Fragment{}, fmt.Errorf("importing %q: %w", strings.TrimPrefix(s.ID, "import:"), err)
	}
	w.hold(s.ID)
	w.classify()
	f := inventory.Fragment{Source: s.ID, Kind: "import", Time: s.Time, KeyID: o.Key.ID(), PreviousKeyID: o.Key.PreviousID(),
		Nodes: w.set.Nodes(), Edges: w.set.Edges(), Coverage: w.cover(coverage)}
	w.finish(&f)
	return f, nil
}

// sweepImports reads all imported files. What the sources hold is known by then: swept are their fragments.
func sweepImports(ctx context.Context, o Options, d *secret.Detector, swept []inventory.Fragment, opened []*source.Source, gate *fingerprint.Gate) ([]inventory.Fragment, error) {
	known := imported.Context{Roots: map[string][]string{}, Known: slotsAt(swept), Hashed: slotsOf(swept, gate)}
	known.Has = hasFile(swept, known.Roots)
	for i, f := range swept {
		known.Sources = append(known.Sources, f.Source)
		given := o.Sources[i].Location
		if root, err := filepath.Abs(given); err == nil {
			known.Roots[f.Source] = []string{filepath.ToSlash(root), path.Clean(filepath.ToSlash(given))}
		}
	}
	one := o
	one.Read.Workers = 1
	var out []inventory.Fragment
	for i, s := range opened {
		known.Scope = o.Imports[i].Name
		f, err := readImport(ctx, one, d, s, known, gate)
		s.Close()
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// slotsAt returns a look-up of the slot that holds a value at a line, made when it is first asked.
func slotsAt(swept []inventory.Fragment) func(source, file string, line int) string {
	type spot struct {
		source, file string
		line         int
	}
	var at map[spot]string
	return func(source, file string, line int) string {
		if at == nil {
			at = map[spot]string{}
			for _, f := range swept {
				for _, e := range f.Edges {
					for _, place := range e.Evidence {
						if e.Kind == inventory.Holds && place.Line > 0 {
							at[spot{place.Source, place.Path, place.Line}] = e.From
						}
					}
				}
			}
		}
		return at[spot{source, file, line}]
	}
}

// slotsOf returns a look-up of the slot that holds a value of a SHA-1, made when it is first asked: the one of the file
// that is asked for, or else the first of the source.
func slotsOf(swept []inventory.Fragment, gate *fingerprint.Gate) func(source, file, sha1 string) string {
	var at map[valueSpot]string
	var prints map[string]string
	return func(source, file, sha1 string) string {
		if at == nil {
			at, prints = holders(swept), gate.SHA1()
		}
		value := inventory.ValueID(prints[sha1])
		return cmp.Or(at[valueSpot{source, file, value}], at[valueSpot{source, "", value}])
	}
}

// valueSpot is a value in a file, or anywhere in a source.
type valueSpot struct{ source, file, value string }

// holders are the slots of the values: the first of each file, and of each source.
func holders(swept []inventory.Fragment) map[valueSpot]string {
	at := map[valueSpot]string{}
	note := func(s valueSpot, slot string) {
		if at[s] == "" {
			at[s] = slot
		}
	}
	for _, f := range swept {
		for _, e := range f.Edges {
			if e.Kind != inventory.Holds {
				continue
			}
			for _, place := range e.Evidence {
				note(valueSpot{place.Source, place.Path, e.To}, e.From)
				note(valueSpot{place.Source, "", e.To}, e.From)
			}
		}
	}
	return at
}

// hasFile returns a look-up of the files of the sources: those in which something was seen, and those of a folder.
func hasFile(swept []inventory.Fragment, roots map[string][]string) func(id, file string) bool {
	var seen map[[2]string]bool
	return func(id, file string) bool {
		if seen == nil {
			seen = map[[2]string]bool{}
			for _, f := range swept {
				for _, n := range f.Nodes {
					for _, place := range n.Evidence {
						seen[[2]string{place.Source, place.Path}] = true
					}
				}
			}
		}
		if seen[[2]string{id, file}] {
			return true
		}
		return slices.ContainsFunc(roots[id], func(root string) bool { return source.HasFile(root, file) })
	}
}
