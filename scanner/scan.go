// Package scanner is the sweep: it walks the sources, hands every file to the formats, to the reading of
// program text and to the detection engine, seals what they find into fingerprints, and writes the facts down as
// an asset map. Limits and recovery live here, once. No secret leaves it.
package scanner

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/cache"
	"github.com/rotamap/rotamap/scanner/fingerprint"
	"github.com/rotamap/rotamap/scanner/format"
	"github.com/rotamap/rotamap/scanner/secret"
	"github.com/rotamap/rotamap/scanner/source"
)

// Options says what to scan and how.
type Options struct {
	Sources  []source.Spec
	Imports  []source.Spec // names listings and reports of other programs; Name is the scope in front of the file
	Read     source.Options
	Detect   secret.Options
	Mails    bool                   // keep mail addresses of owners
	Exclude  func(path string) bool // paths to leave out; nil for none
	Key      fingerprint.Key
	Now      time.Time         // time of a source that has no commit; zero for none
	Formats  []artifact.Format // nil means all; an empty list searches for secrets only
	OnSource func(id string)   // called when a source is opened; nil for none
	Cache    *cache.Cache      // what earlier scans learned; nil for nothing
}

// Outcome is what a scan yields beside the map.
type Outcome struct {
	Leaks    int   // strings of the map that held a secret and were replaced: 0, or a defect
	CacheErr error // the cache could not be written; the map is whole
}

// Scan reads all sources and returns one map. The same input gives the same map, whatever the number of workers.
// A source that cannot be opened is an error; what cannot be read inside one is in its coverage.
func Scan(ctx context.Context, o Options) (inventory.Map, Outcome, error) {
	detector, err := secret.New(o.Detect)
	if err != nil {
		return inventory.Map{}, Outcome{}, fmt.Errorf("loading the detection rules: %w", err)
	}
	if o.Formats == nil {
		o.Formats = format.All()
	}
	if o.Read.Workers <= 0 {
		o.Read.Workers = runtime.GOMAXPROCS(0)
	}
	o.Read.Cache = o.Cache
	opened, err := openAll(o.Sources, o.Read)
	if err != nil {
		return inventory.Map{}, Outcome{}, err
	}
	imports, err := openImports(o)
	if err != nil {
		return inventory.Map{}, Outcome{}, err
	}
	var (
		m      inventory.Map
		out    Outcome
		tables []*cache.Table
		gate   = fingerprint.NewGate(o.Key)
	)
	for _, s := range opened {
		if o.OnSource != nil {
			o.OnSource(s.ID)
		}
		table := o.Cache.Table(s.ID, o.settings())
		f, err := sweep(ctx, o, detector, s, gate, table)
		s.Close()
		if err != nil {
			return inventory.Map{}, Outcome{}, fmt.Errorf("scanning %q: %w", s.ID, err)
		}
		m.Fragments = append(m.Fragments, f)
		tables = append(append(tables, table), s.Tables()...)
	}
	more, err := sweepImports(ctx, o, detector, m.Fragments, imports, gate)
	if err != nil {
		return inventory.Map{}, Outcome{}, err
	}
	m.Fragments = append(m.Fragments, more...)
	for _, t := range tables {
		out.CacheErr = errors.Join(out.CacheErr, t.Save(gate.Holds))
	}
	for i := range m.Fragments {
		out.Leaks += gate.CleanFragment(&m.Fragments[i])
		m.Fragments[i].Finish()
	}
	return inventory.Merge(m), out, nil
}

// openAll opens all sources before any is read, so that a mistyped one costs no time.
func openAll(specs []source.Spec, read source.Options) ([]*source.Source, error) {
	var out []*source.Source
	at := map[string]string{}
	for _, spec := range specs {
		s, err := source.Open(spec, read)
		if err != nil {
			return nil, err
		}
		if other, ok := at[s.ID]; ok {
			return nil, fmt.Errorf("two sources have the id %q: %s and %s\nhint: give one a name of its own: NAME=%s",
				s.ID, other, spec.Location, spec.Location)
		}
		at[s.ID] = spec.Location
		out = append(out, s)
	}
	return out, nil
}

// sweep reads one source.
func sweep(ctx context.Context, o Options, d *secret.Detector, s *source.Source, gate *fingerprint.Gate,
	table *cache.Table,
) (inventory.Fragment, error) {
	workers := make([]*worker, o.Read.Workers)
	present := newPresence()
	present.alone = s.Kind != source.KindGit
	var heads *groups
	var known *values
	if table != nil {
		known = newValues(o, s, gate)
	}
	for i := range workers {
		workers[i] = newWorker(o, d, gate)
		workers[i].beside, workers[i].table, workers[i].present, workers[i].values = s.Beside, table, present, known
	}
	if table != nil {
		s.Remember(table, source.Memory{
			Recall:   func(n int, a *artifact.Artifact) bool { return workers[n].revisit(a) },
			Begin:    func(n int) { workers[n].begin() },
			End:      func(n int) ([]byte, bool) { return workers[n].end() },
			Resume:   func(n int, record []byte) bool { return workers[n].resume(record) },
			Excluded: o.Exclude,
			Heads: func(list []*artifact.Artifact) {
				heads = newGroups(table, list, o.Exclude)
				for _, w := range workers {
					w.groups = heads
				}
			},
		})
	}
	coverage, err := s.Walk(ctx, func(_ context.Context, n int, a *artifact.Artifact) error {
		workers[n].visit(a)
		return nil
	})
	if err != nil {
		return inventory.Fragment{}, err
	}
	all := newWorker(o, d, gate)
	all.present = present
	for i, w := range workers {
		all.merge(w)
		workers[i] = nil // its facts would stand in memory twice
	}
	all.settle(heads, s.ID)
	commits, err := all.attribute(ctx, s)
	if err != nil {
		return inventory.Fragment{}, err
	}
	return all.fragment(s, commits, coverage), nil
}

// fragment puts together what the workers of a source found.
func (w *worker) fragment(s *source.Source, commits []inventory.Commit, coverage inventory.Coverage) inventory.Fragment {
	w.foldBranches()
	w.hold(s.ID)
	w.joinImports(s.ID)
	w.dropSettings()
	w.joinWrappers()
	w.classify()
	key := w.options.Key
	nodes, edges := w.set.NodesAndEdges()
	f := inventory.Fragment{
		Source: s.ID, Kind: s.Kind, Revision: s.Revision, Time: s.Time, KeyID: key.ID(), PreviousKeyID: key.PreviousID(), Commits: commits,
		Nodes: nodes, Edges: edges, Mentions: w.mentions(), Coverage: w.cover(coverage),
	}
	w.finish(&f)
	return f
}

// finish hides what a map does not keep and dates a fragment without commits.
func (w *worker) finish(f *inventory.Fragment) {
	if !w.options.Mails {
		w.hideMails(f)
	}
	if f.Time == "" && !w.options.Now.IsZero() {
		f.Time = w.options.Now.UTC().Format(time.RFC3339)
	}
}

// settings names what the records of the cache depend on, beside the program.
func (o *Options) settings() []byte {
	r := o.Read
	text := fmt.Sprintf("%q %q %q %q %v %d %v", o.Detect.Gitleaks, o.Detect.Extended, o.Detect.Ignore, o.Detect.Baseline, o.Detect.TrustSource, r.MaxFile, r.NoBinary)
	for _, f := range o.Formats {
		text += " " + f.ID
	}
	return []byte(text)
}

// cover adds what the workers met to the coverage of the source.
func (w *worker) cover(c inventory.Coverage) inventory.Coverage {
	c.Skipped = append(c.Skipped, w.skipped...)
	c.Unreadable = append(c.Unreadable, w.unreadable...)
	slices.SortFunc(c.Unreadable, func(a, b inventory.Unreadable) int {
		return cmp.Or(strings.Compare(a.What, b.What), strings.Compare(a.Reason, b.Reason))
	})
	c.Unreadable = slices.Compact(c.Unreadable)
	c.Suppressed = append(c.Suppressed, w.suppressed...)
	for id, n := range w.formats {
		n.ID = id
		c.Formats = append(c.Formats, *n)
	}
	slices.SortFunc(c.Formats, func(a, b inventory.FormatCount) int { return strings.Compare(a.ID, b.ID) })
	return c
}
