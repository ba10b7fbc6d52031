package source

import (
	"bytes"
	"context"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// walk is one pass over a source.
type walk struct {
	src   *Source
	opt   Options
	ctx   context.Context //nolint:containedctx // lives as long as the walk
	visit Visit
	tally *tally
	meter *meter
	hash  hashKind

	flates  sync.Pool // of decompressors
	present *present  // of a repository
	waiting waiting
}

func newWalk(ctx context.Context, s *Source, visit Visit) *walk {
	w := &walk{src: s, opt: s.opt, ctx: ctx, visit: visit, tally: newTally(), meter: &meter{tell: s.opt.Progress}, hash: sha1Kind,
		waiting: waiting{files: map[oid][]file{}}}
	if s.repo != nil {
		w.hash = s.repo.hash
	}
	return w
}

// job is a piece of work for any worker. Its error ends the walk.
type job func(worker int) error

// run starts the workers and feeds them what produce puts. put returns false when the walk has ended.
func (w *walk) run(produce func(put func(job) bool)) error {
	jobs := make(chan job, 4*w.opt.Workers)
	g, ctx := errgroup.WithContext(w.ctx)
	for n := range w.opt.Workers {
		g.Go(func() error { return w.work(ctx, n, jobs) })
	}
	produce(func(j job) bool {
		select {
		case jobs <- j:
			return true
		case <-ctx.Done():
			return false
		}
	})
	close(jobs)
	if err := g.Wait(); err != nil {
		return err
	}
	return w.ctx.Err()
}

// work does jobs until there are no more.
func (w *walk) work(ctx context.Context, n int, jobs <-chan job) error {
	for j := range jobs {
		if err := ctx.Err(); err != nil {
			return err
		}
		w.src.thrift.look()
		if err := guarded(func() error { return j(n) }, w.packLost); err != nil {
			return err
		}
	}
	return nil
}

// packLost counts a pack that was cut short while it was read.
func (w *walk) packLost() { w.tally.unreadable("objects/pack", errShrunk.Error()) }

// file is one file on its way to the visitor: its bytes as stored, and where they stand.
type file struct {
	path     string
	data     []byte
	state    inventory.State
	blob     oid // zero for what is not in git
	commit   string
	branches []string
	depth    int     // how many archives it lies in
	budget   *budget // of the outermost of them
	carrier  oid     // the blob of the outermost of them
	message  bool    // the text of a commit or tag: no content of its own
	origin   origin
	stint    *stint // in which it is read, where that is written down for the cache
}

// deliver decodes a file and hands it to the visitor. Binary files, archives and LFS pointers are counted.
func (w *walk) deliver(worker int, f file) error {
	known, err := w.handle(worker, f)
	if known != nil && f.state != inventory.History && f.blob != (oid{}) && w.present != nil {
		w.present.know(placed{f.path, f.blob}, known)
	}
	return err
}

// handle is deliver, and returns what is known of the file when a visitor has seen it.
func (w *walk) handle(worker int, f file) (*scanned, error) {
	if f.stint != nil && f.blob != (oid{}) {
		f.stint.wait(&f, w.identify(&f))
	}
	kind := archiveKind(f.data)
	if !f.message && (f.depth == 0 || w.src.Kind != KindGit) {
		self := kind != notArchive && w.src.Kind == KindArchive && f.depth == 0
		w.tally.looked(f.content(w.hash), len(f.data), f.state == inventory.Head && !self)
		f.stint.looked(&f, f.blob, len(f.data))
	}
	if why := elsewhere(f.data); why != textOutcome {
		w.tally.skip(f.path, leftOut[why])
		f.stint.skip(&f, f.path, leftOut[why])
		w.learn(&f, w.identify(&f), outcome{kind: why, size: len(f.data)})
		return nil, nil
	}
	if kind != notArchive {
		return nil, w.archive(worker, f, kind)
	}
	text, ok := decode(f.data)
	if !ok {
		return nil, w.binary(worker, f)
	}
	return w.show(worker, f, f.artifact(w, text))
}

// leftOut says why a content that stands for another is left out.
var leftOut = map[outcomeKind]string{
	lfsOutcome:        "LFS pointer: the content is not in the repository",
	gitCryptOutcome:   "encrypted by git-crypt: nothing can be said of what it holds",
	transcryptOutcome: "encrypted by transcrypt or openssl: nothing can be said of what it holds",
}

// elsewhere returns what a content stands for, textOutcome when it is to be read. Formats: git-crypt's header, and the
// salt of openssl in base64, as transcrypt writes it.
func elsewhere(data []byte) outcomeKind {
	switch {
	case isLFSPointer(data):
		return lfsOutcome
	case bytes.HasPrefix(data, []byte("\x00GITCRYPT\x00")):
		return gitCryptOutcome
	case bytes.HasPrefix(data, []byte("U2FsdGVkX1")) && !bytes.ContainsAny(data[:min(len(data), 200)], " {}:"):
		return transcryptOutcome
	}
	return textOutcome
}

// content returns the id of the bytes, for counting.
func (f *file) content(k hashKind) oid {
	if f.blob != (oid{}) {
		return f.blob
	}
	return k.blob(f.data)
}

func (f *file) artifact(w *walk, text []byte) *artifact.Artifact {
	a := &artifact.Artifact{
		Source: w.src.ID, Path: cleanPath(f.path), Content: text, State: f.state, Commit: f.commit, Branches: f.branches,
	}
	switch {
	case f.blob != (oid{}):
		a.Blob = w.hash.text(f.blob)
	case f.carrier != (oid{}):
		a.Blob = w.hash.text(f.carrier)
	}
	return a
}

// cleanPath makes a path printable as UTF-8 text with slashes; control characters are left to the reports.
func cleanPath(p string) string { return strings.ToValidUTF8(filepath.ToSlash(p), "\uFFFD") }

// tally counts what is looked at; it is safe for concurrent use.
type tally struct {
	mu     sync.Mutex
	cov    inventory.Coverage
	counts map[string]int // reasons that are counted for the whole source
	seen   map[oid]bool
}

func newTally() *tally { return &tally{counts: map[string]int{}, seen: map[oid]bool{}} }

// looked counts a content, once, and a file of the present state.
func (t *tally) looked(id oid, size int, present bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if present {
		t.cov.Files++
	}
	if !t.seen[id] {
		t.seen[id] = true
		t.cov.Blobs++
		t.cov.Bytes += int64(size)
	}
}

// count adds one to a reason of the whole source.
func (t *tally) count(reason string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.counts[reason]++
}

// skip counts a path that is left out by choice.
func (t *tally) skip(path, reason string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cov.Skip(cleanPath(path), reason)
}

// unreadable counts what should have been read.
func (t *tally) unreadable(what, reason string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cov.Unreadable = append(t.cov.Unreadable, inventory.Unreadable{What: cleanPath(what), Reason: reason})
}

// note adds what a reader of the coverage must know.
func (t *tally) note(text string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cov.Notes = append(t.cov.Notes, text)
}

// result returns the coverage, in an order that depends on nothing but its content.
func (t *tally) result() inventory.Coverage {
	t.mu.Lock()
	defer t.mu.Unlock()
	for reason, n := range t.counts {
		t.cov.Skipped = append(t.cov.Skipped, inventory.Skipped{Reason: reason, Count: n})
	}
	t.counts = map[string]int{}
	slices.SortFunc(t.cov.Skipped, func(a, b inventory.Skipped) int {
		return 2*strings.Compare(a.Path, b.Path) + strings.Compare(a.Reason, b.Reason)
	})
	slices.SortFunc(t.cov.Unreadable, func(a, b inventory.Unreadable) int {
		return 2*strings.Compare(a.What, b.What) + strings.Compare(a.Reason, b.Reason)
	})
	t.cov.Unreadable = slices.Compact(t.cov.Unreadable)
	slices.Sort(t.cov.Notes)
	t.cov.Notes = slices.Compact(t.cov.Notes)
	return t.cov
}

// meter tells the progress.
type meter struct {
	mu          sync.Mutex
	tell        func(done, total int64)
	done, total int64
}

// expect adds bytes that will be read.
func (m *meter) expect(n int64) { m.add(0, n) }

// read adds bytes that were read.
func (m *meter) read(n int64) { m.add(n, 0) }

func (m *meter) add(done, total int64) {
	if m.tell == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.done += done
	m.total += total
	m.tell(m.done, max(m.total, m.done))
}
