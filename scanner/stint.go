package scanner

import (
	"reflect"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// begin makes what is visited of the history from here on belong to one run, which is kept as a whole.
func (w *worker) begin() {
	w.stint = newWorker(w.options, w.detector, w.gate)
	w.stint.branch = nil
}

// end takes in what the run gave, and returns it as a record; false when it cannot be kept: a value in it cannot be found
// again by its place, or something could not be read.
func (w *worker) end() ([]byte, bool) {
	s := w.stint
	w.stint = nil
	s.suppressed = inventory.MergeSuppressed(s.suppressed)
	slices.SortStableFunc(s.past, func(a, b inventory.Node) int { return strings.Compare(a.ID, b.ID) })
	s.past = slices.CompactFunc(s.past, func(a, b inventory.Node) bool { return reflect.DeepEqual(a, b) })
	r := &record{once: true}
	r.putRun(s)
	ok := !r.broken && len(s.unreadable)+len(s.programs)+len(s.imports)+s.set.Len() == 0
	w.mergeRest(s)
	w.compact()
	return r.out, ok
}

// resume takes over what an earlier scan made of a run; false when it must be read.
func (w *worker) resume(data []byte) bool {
	t := newWorker(w.options, w.detector, w.gate)
	r := &record{in: data, once: true}
	r.run(t, w.values)
	if r.broken || len(r.in) > 0 {
		return false
	}
	w.mergeRest(t)
	w.compact()
	return true
}

// into returns where what is visited of an artifact goes.
func (w *worker) into(state inventory.State) *worker {
	if w.stint != nil && state == inventory.History {
		return w.stint
	}
	return w
}

// putRun writes what a run gave.
func (r *record) putRun(w *worker) {
	r.putInt(len(w.suppressed))
	for _, s := range w.suppressed {
		r.putString(s.Path)
		r.putInt(s.Line)
		r.putString(s.Rule)
		r.putString(s.Reason)
		r.putInt(s.Count)
	}
	r.putCounts(w)
	r.putNodes(w.past)
	r.putVersions(w.versions)
	r.putMessages(w.findings)
}

// run reads what a run gave.
func (r *record) run(w *worker, known *values) {
	for range r.count() {
		w.suppressed = append(w.suppressed, inventory.Suppressed{Path: r.string(), Line: r.int(), Rule: r.string(), Reason: r.string(), Count: r.int()})
	}
	r.counts(w)
	w.past = r.nodes()
	r.pastVersions(w, known)
	r.messages(w, known)
}

// putMessages writes findings in messages of commits and tags.
func (r *record) putMessages(list []finding) {
	r.putInt(len(list))
	for i := range list {
		f := &list[i]
		e := f.evidence
		if f.at.blob == "" || f.blob+f.first+f.last != "" || e.State != inventory.History || len(e.Branches()) > 0 ||
			e.FirstSeen()+e.LastSeen() != "" || f.temporary != "" {
			r.broken = true
			return
		}
		r.putLiteral(&f.literal)
		r.putString(e.Path)
		r.putString(e.Commit)
		r.putInt(e.Line)
		r.putInt(e.Column)
		r.putString(e.Pointer)
	}
}

func (r *record) messages(w *worker, known *values) {
	for range r.count() {
		l, ok := r.literal(known, nil)
		if r.broken = r.broken || !ok; r.broken {
			return
		}
		w.findings = append(w.findings, finding{literal: l, evidence: inventory.Evidence{Source: known.source.ID, State: inventory.History,
			Path: r.string(), Commit: r.string(), Line: r.int(), Column: r.int(), Pointer: r.string()}})
	}
}

// putVersions writes versions: a literal stands once, and in place of its value where that is found.
func (r *record) putVersions(list []version) {
	at := map[*literal]int{}
	var all []*literal
	for _, v := range list {
		if _, ok := at[v.literal]; !ok {
			at[v.literal] = len(all)
			all = append(all, v.literal)
		}
	}
	r.putInt(len(all))
	for _, l := range all {
		if l.at.blob == "" {
			r.broken = true
			return
		}
		r.putLiteral(l)
	}
	r.putInt(len(list))
	for _, v := range list {
		r.putInt(at[v.literal])
		r.putString(v.path)
		r.putString(v.blob)
		r.putInt(int(v.line))
		r.putInt(int(v.column))
		r.putString(v.pointer)
	}
}

func (r *record) pastVersions(w *worker, known *values) {
	all := make([]*literal, r.count())
	for i := range all {
		l, ok := r.literal(known, nil)
		r.broken = r.broken || !ok
		if r.broken {
			return
		}
		all[i] = w.same(l)
	}
	for range r.count() {
		n := r.int()
		if n < 0 || n >= len(all) {
			r.broken = true
			return
		}
		w.versions = append(w.versions, version{all[n], r.string(), r.string(), int32(r.int()), int32(r.int()), r.string()})
	}
}
