package scanner

import (
	"bytes"
	"crypto/sha256"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/cache"
)

// bundled is what a format asked for beside an artifact, and what was there.
type bundled struct {
	globs  []string
	digest string
}

// recallKey names what the visit of an artifact depends on, beside the settings of the table. The commit counts only
// where the user's own rules can ask for it.
func (w *worker) recallKey(a *artifact.Artifact) cache.Key {
	identity := a.Identity
	if identity == "" {
		sum := sha256.Sum256(a.Content)
		identity = string(sum[:])
	}
	state, commit := byte(0), ""
	switch a.State {
	case inventory.Head:
		state = 2 // its names are noted too
	case inventory.Branch:
		state = 1
	}
	if w.byCommit {
		commit = a.Commit
	}
	return w.table.Key("visit", []byte(identity), []byte(a.Source), []byte(a.Path), []byte{state}, []byte(commit))
}

// recall takes over what an earlier scan learned of an artifact; false when it must be visited. Its content need
// not be at hand when its identity is.
func (w *worker) recall(k cache.Key, a *artifact.Artifact) bool {
	data, ok := w.table.Get(k)
	if !ok {
		return false
	}
	r := &record{artifact: a, in: data}
	for range r.count() {
		globs, digest := r.strings(), r.string()
		if _, now := w.besideOf(a, globs); now != digest {
			return false
		}
	}
	t := w.scratch()
	r.rest(t)
	found, ok := r.findings(w.values)
	r.names(t)
	more := r.int() > 0
	if !ok || r.broken || len(r.in) > 0 {
		return false
	}
	if g := w.groups.of(a); more && (g == nil || !g.known) && !w.recallFacts(k, a, t) {
		return false
	}
	t.findings = found
	w.into(a.State).mergeRest(t)
	w.takeIn(a, t)
	w.groups.of(a).came(true)
	return true
}

// recallFacts reads the facts of an artifact, which are a record of their own: where a group of versions is known they are
// not asked for.
func (w *worker) recallFacts(k cache.Key, a *artifact.Artifact, into *worker) bool {
	data, ok := w.table.Get(w.table.Key("facts", k[:]))
	if !ok {
		return false
	}
	r := &record{artifact: a, in: data}
	r.facts(into)
	return !r.broken && len(r.in) == 0
}

// remember keeps what the visit of an artifact gave, unless it could not be done in full: then the artifact is read again
// by the next scan. A version of the history that holds a value is kept with its run, not by itself: what is learned from
// it serves the versions after it.
func (w *worker) remember(k cache.Key, a *artifact.Artifact, t *worker) {
	if len(t.versions)+len(t.past)+len(t.unreadable) > 0 || a.State == inventory.History && len(t.findings) > 0 {
		return
	}
	nodes, edges := t.set.Nodes(), t.set.Edges()
	if len(nodes)+len(edges)+len(t.suppressed)+len(t.skipped)+len(t.formats)+len(t.programs)+len(t.imports)+len(t.bundles)+len(t.findings)+len(t.named) == 0 {
		a.Quiet = true
		if a.Identity != "" {
			return
		}
	}
	r := &record{artifact: a}
	r.putInt(len(t.bundles))
	for _, b := range t.bundles {
		r.putStrings(b.globs)
		r.putString(b.digest)
	}
	r.putRest(t)
	r.putFindings(t.findings)
	r.putNames(t)
	more := len(nodes)+len(edges)+len(t.imports) > 0
	if !more {
		r.putInt(0)
	} else {
		r.putInt(1)
	}
	f := &record{artifact: a}
	if more {
		f.putFacts(nodes, edges, t.imports)
	}
	if r.broken || f.broken {
		return
	}
	w.table.Put(k, r.out)
	if more {
		w.table.Put(w.table.Key("facts", k[:]), f.out)
	}
}

// scratch returns an empty worker that notes one artifact.
func (w *worker) scratch() *worker {
	t := w.one
	if t == nil {
		t = newWorker(w.options, w.detector, w.gate)
		t.beside, t.table, t.values, t.branch, t.interned = w.beside, w.table, w.values, nil, w.interned
		w.one = t
		return t
	}
	if t.set.Len() > 0 {
		t.set = inventory.NewSet()
	}
	t.findings, t.versions, t.past, t.programs, t.imports = t.findings[:0], t.versions[:0], t.past[:0], t.programs[:0], t.imports[:0]
	t.named = t.named[:0]
	t.skipped, t.unreadable, t.suppressed, t.bundles = t.skipped[:0], t.unreadable[:0], t.suppressed[:0], t.bundles[:0]
	clear(t.formats)
	return t
}

// besideOf returns the files beside an artifact that the globs name, and their digest. Files of one bundle come close
// to one another, so the last answers are kept, and with them what formats made of files that several bundles share.
func (w *worker) besideOf(a *artifact.Artifact, globs []string) (map[string]*artifact.Artifact, string) {
	if w.beside == nil {
		return nil, ""
	}
	var key strings.Builder
	key.WriteString(string(a.State))
	for _, g := range globs {
		key.WriteString("\x00" + path.Join(a.Dir(), g))
	}
	if key.String() != w.kept[0].key {
		w.kept[0], w.kept[1] = w.kept[1], w.kept[0]
	}
	if k := &w.kept[0]; key.String() != k.key {
		k.key, k.files = key.String(), w.shared(w.beside(a, globs))
		k.digest = digest(k.files)
	}
	return w.kept[0].files, w.kept[0].digest
}

// keptBundle is a bundle that was read.
type keptBundle struct {
	key, digest string
	files       map[string]*artifact.Artifact
}

// Bounds of what is kept of bundles for the next one: files, and the bytes in them. What a parser makes of a file takes many
// times its size.
const (
	maxShared     = 512
	maxSharedSize = 1 << 18
)

// shared puts files that an earlier bundle had in place of equal ones.
func (w *worker) shared(bundle map[string]*artifact.Artifact) map[string]*artifact.Artifact {
	if w.files == nil || len(w.files)+len(bundle) > maxShared || w.fileBytes > maxSharedSize {
		w.files, w.fileBytes = map[string]*artifact.Artifact{}, 0
	}
	for p, a := range bundle {
		if old := w.files[p]; old != nil && old.State == a.State && bytes.Equal(old.Content, a.Content) {
			bundle[p] = old
			continue
		}
		w.files[p] = a
		w.fileBytes += len(a.Content)
	}
	return bundle
}

func digest(files map[string]*artifact.Artifact) string {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		sum := sha256.Sum256(files[name].Content)
		h.Write([]byte(name + "\x00"))
		h.Write(sum[:])
	}
	return string(h.Sum(nil))
}
