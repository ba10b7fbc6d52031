package scanner

import (
	"context"
	"fmt"
	"path"
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
		facts, row, err := imported.Read(a, c)
		if err != nil {
			return err
		}
		w.set.Add(facts.Set.Nodes(), facts.Set.Edges())
		w.skipped = append(w.skipped, facts.Skips...)
		w.judge(a, []*artifact.Facts{facts}, nil)
		count := w.format(row.ID)
		count.Files, count.References = count.Files+1, count.References+facts.Refs
		return nil
	})
	if err != nil {
		return inventory.Fragment{}, fmt.Errorf("importing %q: %w", strings.TrimPrefix(s.ID, "import:"), err)
	}
	w.hold(s.ID)
	w.classify()
	f := inventory.Fragment{Source: s.ID, Kind: "import", Time: s.Time, KeyID: o.Key.ID(),
		Nodes: w.set.Nodes(), Edges: w.set.Edges(), Coverage: w.cover(coverage)}
	w.finish(&f)
	return f, nil
}

// sweepImports reads all imported files.
func sweepImports(ctx context.Context, o Options, d *secret.Detector, scanned []*source.Source, opened []*source.Source, gate *fingerprint.Gate) ([]inventory.Fragment, error) {
	var ids []string
	for _, s := range scanned {
		ids = append(ids, s.ID)
	}
	one := o
	one.Read.Workers = 1
	var out []inventory.Fragment
	for i, s := range opened {
		f, err := readImport(ctx, one, d, s, imported.Context{Scope: o.Imports[i].Name, Sources: ids}, gate)
		s.Close()
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}
