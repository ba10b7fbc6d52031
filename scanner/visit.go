package scanner

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/cache"
	"github.com/rotamap/rotamap/scanner/fingerprint"
	"github.com/rotamap/rotamap/scanner/secret"
)

// worker gathers the facts of the artifacts that one goroutine visits. Joining the workers of a scan gives the
// same result in any order.
type worker struct {
	options  Options
	detector *secret.Detector
	gate     *fingerprint.Gate

	set        *inventory.Set
	branch     *inventory.Set // what stands at the heads of other branches; nil in a worker for one artifact
	present    *presence      // what all workers have met of the present
	findings   []finding
	versions   []version         // findings in blobs of the history
	literals   map[kept]*literal // of versions
	past       []inventory.Node  // slots of literals in the history, kept when a finding is in one
	programs   []string          // paths of program text in the present state
	imports    []programImport   // what they load
	skipped    []inventory.Skipped
	unreadable []inventory.Unreadable
	suppressed []inventory.Suppressed
	dense      int // length of past and suppressed at which they are compacted
	denser     int // the same of programs and imports
	formats    map[string]*inventory.FormatCount
	times      map[string]string // commit -> time

	beside func(*artifact.Artifact, []string) map[string]*artifact.Artifact // reads the other files of a bundle
	kept   [2]keptBundle                                                    // the last bundles
	files  map[string]*artifact.Artifact                                    // of the bundles before

	fileBytes int       // in those, about
	bundles   []bundled // what was asked for

	table    *cache.Table // what earlier scans learned; nil for nothing
	byCommit bool         // the user's rules may ask for the commit
	one      *worker      // notes one artifact
	stint    *worker      // notes what a run of the history gives, nil outside of one
	values   *values      // where values stand; nil without a cache
	groups   *groups      // the files at the heads of other branches; nil without a cache

	named    []named           // names in the present that may be those of credentials
	interned map[string]string // their texts
}

func newWorker(o Options, d *secret.Detector, gate *fingerprint.Gate) *worker {
	return &worker{options: o, detector: d, gate: gate, set: inventory.NewSet(), branch: inventory.NewSet(), present: newPresence(),
		formats: map[string]*inventory.FormatCount{}, literals: map[kept]*literal{},
		byCommit: o.Detect.Gitleaks+o.Detect.Ignore != "", interned: map[string]string{}}
}

func (w *worker) merge(o *worker) {
	w.set.Absorb(o.set)
	w.branch.Absorb(o.branch)
	w.imports = append(w.imports, o.imports...)
	w.mergeRest(o)
}

// mergeRest takes over all but the facts and the imports.
func (w *worker) mergeRest(o *worker) {
	w.findings = append(w.findings, o.findings...)
	w.versions = append(w.versions, o.versions...)
	w.past = append(w.past, o.past...)
	w.programs = append(w.programs, o.programs...)
	w.named = append(w.named, o.named...)
	w.skipped = append(w.skipped, o.skipped...)
	w.unreadable = append(w.unreadable, o.unreadable...)
	w.suppressed = append(w.suppressed, o.suppressed...)
	for id, n := range o.formats {
		c := w.format(id)
		c.Files += n.Files
		c.References += n.References
		c.Skips += n.Skips
	}
}

func (w *worker) format(id string) *inventory.FormatCount {
	c, ok := w.formats[id]
	if !ok {
		c = &inventory.FormatCount{}
		w.formats[id] = c
	}
	return c
}

// roomy is how many notes on literals a worker gathers before those that are the same are put together.
const roomy = 1 << 15

// compact puts the same notes together: a history repeats them in every version of a file.
func (w *worker) compact() {
	w.compactImports()
	if len(w.suppressed)+len(w.past) < max(roomy, w.dense) {
		return
	}
	w.suppressed = inventory.MergeSuppressed(w.suppressed)
	slices.SortStableFunc(w.past, func(a, b inventory.Node) int { return strings.Compare(a.ID, b.ID) })
	w.past = slices.CompactFunc(w.past, func(a, b inventory.Node) bool { return reflect.DeepEqual(a, b) })
	w.dense = 2 * (len(w.suppressed) + len(w.past))
}

// visit takes in one artifact: what an earlier scan learned of it, or what there is to read in it.
func (w *worker) visit(a *artifact.Artifact) {
	if w.excluded(a) {
		return
	}
	defer w.compact()
	if w.table == nil {
		w.read(a)
		return
	}
	k := w.recallKey(a)
	if (a.Known || a.Identity == "") && w.recall(k, a) {
		return
	}
	t := w.scratch()
	t.read(a)
	w.remember(k, a, t)
	w.takeIn(a, t)
	w.groups.of(a).came(len(t.unreadable) == 0)
	w.into(a.State).mergeRest(t)
}

// revisit takes in an artifact without its content; false when it must be read.
func (w *worker) revisit(a *artifact.Artifact) bool {
	if w.excluded(a) {
		return true
	}
	if a.Quiet {
		w.groups.of(a).came(true)
		return true
	}
	return w.recall(w.recallKey(a), a)
}

// excluded reports whether the configuration leaves an artifact out, and counts it.
func (w *worker) excluded(a *artifact.Artifact) bool {
	if w.options.Exclude == nil || !w.options.Exclude(a.Path) {
		return false
	}
	into := w.into(a.State)
	into.skipped = append(into.skipped, inventory.Skipped{Reason: "excluded by the configuration", Count: 1})
	return true
}

// scratches keeps the memory in which artifacts are read.
var scratches = sync.Pool{New: func() any { return new(artifact.Scratch) }}

// read reads one artifact. References come from the present state only; literals from all of it.
func (w *worker) read(a *artifact.Artifact) {
	memory := scratches.Get().(*artifact.Scratch)
	a.Lend(memory)
	defer func(a *artifact.Artifact, from int) {
		a.Lend(nil)
		scratches.Put(memory)
		w.shelve(a, from)
	}(a, len(w.findings))
	var hits []secret.Hit
	w.guard(a, "detector", func() error {
		var limited string
		if hits, limited = w.detector.ScanLimited(a); limited != "" {
			w.unreadable = append(w.unreadable, inventory.Unreadable{What: a.Path, Reason: "limit: " + limited})
		}
		return nil
	})
	w.countUntrusted(a, hits)
	var all []*artifact.Facts
	var left []stretch
	if a.Binary != nil {
		w.judge(a, nil, hits)
		return
	}
	if a.State != inventory.History {
		all = append(all, w.parse(a)...)
		if len(w.options.Formats) > 0 {
			all = append(all, w.program(a, len(all) > 0)...)
			w.noteNames(a)
		}
	} else if anyFinding(hits) {
		if a, hits, left = w.inherit(a, hits); a == nil {
			return
		}
		all = w.parse(a)
	}
	said := commentsOf(a)
	for _, f := range all {
		said.mark(a, f)
	}
	from := len(w.findings)
	w.judge(a, all, hits)
	learn(a, left, w.findings[from:])
	said.flag(a, w.findings[from:])
	for _, f := range all {
		if a.Blob == "" {
			dropUnheld(f, w.findings[from:])
		}
		if !anyFinding(hits) {
			dropIdle(f)
		}
		w.keep(a, f)
		w.skipped = append(w.skipped, f.Skips...)
	}
}

// dropUnheld leaves out the slots of literals that are no secrets. In a source with other revisions they wait until all
// of them were read: what is plain here may have been a secret before.
func dropUnheld(f *artifact.Facts, found []finding) {
	if len(f.Literals) == 0 {
		return
	}
	held := make(map[string]bool, len(found))
	for _, x := range found {
		held[x.slot] = true
	}
	empty := make(map[string]bool, len(f.Literals))
	for _, l := range f.Literals {
		if !held[l.Slot] {
			empty[l.Slot] = true
		}
	}
	for id := range empty {
		if n, ok := f.Set.Node(id); !ok || n.Attr(inventory.AttrStore) != inlineStore {
			delete(empty, id)
		}
	}
	f.Set.RemoveIDs(empty)
}

// stepRoles are the roles of steps in exported workflows. Most steps of one only sort, wait or compute.
var stepRoles = map[string]bool{"node": true, "module": true, "agent": true, "state": true, "action": true}

// dropIdle leaves out the steps of a workflow that hold nothing, need nothing and talk to nobody: they say nothing of
// credentials, and are more than half of what exports hold. In a file with a finding all steps stay: it may be theirs.
func dropIdle(f *artifact.Facts) {
	f.Set.RemoveUnrelated(func(n inventory.Node) bool {
		if n.Kind != inventory.Part || !stepRoles[n.Attr(inventory.AttrRole)] {
			return false
		}
		for _, a := range n.Attrs {
			if a.Key != inventory.AttrRole && a.Key != inventory.AttrPlatform {
				return false
			}
		}
		return true
	})
}

// keep adds the facts of an artifact; what stands only in the history says nothing of the present.
func (w *worker) keep(a *artifact.Artifact, f *artifact.Facts) {
	if a.State != inventory.History {
		w.take(a, f.Set)
	}
}

// countUntrusted counts what a scanned source says to a scanner about itself. It is obeyed only when it is trusted.
func (w *worker) countUntrusted(a *artifact.Artifact, hits []secret.Hit) {
	if w.options.Detect.TrustSource || a.State == inventory.History {
		return
	}
	if a.State == inventory.Head && (a.Path == ".gitleaks.toml" || a.Path == ".gitleaksignore") {
		w.skipped = append(w.skipped, inventory.Skipped{Path: a.Path, Count: 1,
			Reason: "configuration of gitleaks in a scanned source, not obeyed (--trust-source-config)"})
	}
	for _, h := range hits {
		if h.Allowed {
			w.skipped = append(w.skipped, inventory.Skipped{Path: a.Path, Count: 1,
				Reason: "gitleaks:allow comment in a scanned source, not obeyed (--trust-source-config)"})
		}
	}
}

func anyFinding(hits []secret.Hit) bool {
	for _, h := range hits {
		if h.Suppressed == "" {
			return true
		}
	}
	return false
}

// parse runs every format that claims the artifact.
func (w *worker) parse(a *artifact.Artifact) []*artifact.Facts {
	var out []*artifact.Facts
	for _, row := range w.options.Formats {
		matched := false
		w.guard(a, row.ID, func() error { matched = row.Match(a); return nil })
		if !matched {
			continue
		}
		w.gather(a, row)
		f := artifact.NewFacts(a, row.ID)
		w.guard(a, row.ID, func() error { return row.Parse(a, f) })
		withinBlocks(a, f)
		count := w.format(row.ID)
		count.Files++
		count.References += f.Refs
		count.Skips += len(f.Skips)
		out = append(out, f)
	}
	if len(out) == 0 && a.State == inventory.Head {
		if a.Malformed() {
			w.skipped = append(w.skipped, inventory.Skipped{Path: a.Path, Count: 1,
				Reason: "malformed JSON or YAML: searched for secrets, no format could look into it"})
		}
	}
	return out
}

// furtherRounds bounds how often the files of a bundle may name more of them: overlay, base, component, folder.
const furtherRounds = 4

// gather reads the other files of a bundle.
func (w *worker) gather(a *artifact.Artifact, row artifact.Format) {
	if row.Siblings == nil || w.beside == nil {
		return
	}
	globs := row.Siblings(a)
	if len(globs) == 0 {
		return
	}
	files, digest := w.besideOf(a, globs)
	a.Siblings = files
	for range furtherRounds {
		if row.Further == nil || len(a.Siblings) == 0 {
			break
		}
		more := slices.DeleteFunc(row.Further(a), func(g string) bool { return slices.Contains(globs, g) })
		if len(more) == 0 {
			break
		}
		globs = slices.Concat(globs, more)
		a.Siblings, digest = w.besideOf(a, globs)
	}
	w.bundles = append(w.bundles, bundled{globs, digest})
}

var errPanic = errors.New("the parser failed on it")

// guard runs one reader of an artifact. An error becomes a counted skip; a panic is a defect of ours and makes
// the scan incomplete. Neither stops the scan, and neither quotes the file.
func (w *worker) guard(a *artifact.Artifact, reader string, read func() error) {
	err := func() (err error) {
		defer func() {
			if recover() != nil {
				err = errPanic
			}
		}()
		return read()
	}()
	switch {
	case err == nil:
	case errors.Is(err, errPanic):
		w.unreadable = append(w.unreadable, inventory.Unreadable{What: a.Path, Reason: reader + ": " + err.Error()})
	default:
		w.skipped = append(w.skipped, inventory.Skipped{Path: a.Path, Reason: fmt.Sprintf("%s: %v", reader, err), Count: 1})
	}
}
