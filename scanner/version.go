package scanner

import (
	"cmp"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/source"
)

// version is a finding in a blob of the history, of which there are as many as there are versions of its file.
type version struct {
	*literal
	path         string
	blob         string
	line, column int32
	pointer      string
}

// kept tells literals apart.
type kept struct {
	slot, name, reader, rule, severity, service, why, encoding string
	joins                                                      bool
	print                                                      string
}

func (l *literal) key() kept {
	return kept{l.slot, l.name, l.reader, l.rule, l.severity, l.service, l.why, l.encoding, l.joins, l.print.ID}
}

// shelve keeps the findings of a blob of the history, those from a number on, as versions.
func (w *worker) shelve(a *artifact.Artifact, from int) {
	if a.State != inventory.History || a.Blob == "" || a.Commit != "" {
		return
	}
	for _, f := range w.findings[from:] {
		e := f.evidence
		w.versions = append(w.versions, version{w.same(f.literal), e.Path, f.blob, int32(e.Line), int32(e.Column), e.Pointer})
	}
	w.findings = w.findings[:from]
}

// same returns the literal that stands for all that say the same.
func (w *worker) same(l literal) *literal {
	k := l.key()
	one, ok := w.literals[k]
	if !ok {
		one = &l
		w.literals[k] = one
	}
	return one
}

// finding returns the version as a finding.
func (v version) finding(source string) finding {
	return finding{literal: *v.literal, blob: v.blob, evidence: inventory.Evidence{
		Source: source, Path: v.path, Line: int(v.line), Column: int(v.column), Pointer: v.pointer, State: inventory.History,
	}}
}

// told is what the versions of a file say together.
type told struct {
	*literal
	path string
}

// foldVersions gives the versions their places, and adds one finding for what those of one path that are gone tell
// together. What is still at the head of a branch stands alone.
func (w *worker) foldVersions(out []finding, id string, where map[string][]source.Occurrence) []finding {
	at := map[told]int{}
	for _, v := range w.versions {
		one := w.same(*v.literal) // another worker may have met it too
		for _, f := range v.finding(id).spread(where[v.blob]) {
			if f.evidence.State != inventory.History {
				out = append(out, f)
				continue
			}
			i, ok := at[told{one, f.evidence.Path}]
			if !ok {
				at[told{one, f.evidence.Path}] = len(out)
				f.first, f.last = f.evidence.FirstSeen(), f.evidence.LastSeen()
				out = append(out, f)
				continue
			}
			into := &out[i]
			into.first, into.last = w.earlier(into.first, f.evidence.FirstSeen()), w.later(into.last, f.evidence.LastSeen())
			if f.evidence.Compare(into.evidence) < 0 {
				into.evidence, into.blob = f.evidence, f.blob
			}
		}
	}
	w.versions = nil
	return out
}

// place identifies a value in a file, whatever its line and revision.
type place struct{ path, value string }

// foldHistory sorts the findings and joins those of one value in one file: the freshest stands and takes the
// commits of the others. Of the versions at other branches one stands, with the names of all branches.
func (w *worker) foldHistory() {
	slices.SortStableFunc(w.findings, func(a, b finding) int {
		return cmp.Or(a.evidence.Compare(b.evidence), strings.Compare(b.slot, a.slot), strings.Compare(a.rule, b.rule),
			strings.Compare(a.print.ID, b.print.ID))
	})
	present := map[place]int{}
	var out []finding
	for _, f := range w.findings {
		p := place{f.evidence.Path, f.print.ID}
		i, ok := present[p]
		if !ok {
			present[p] = len(out)
		}
		if f.first != "" {
			f.evidence.Seen, f.evidence.Commit = inventory.SeenAt(f.evidence.Branches(), f.first, f.last), f.last
		}
		if !ok || f.evidence.State == inventory.Head || f.evidence.State == inventory.Branch && f.blob == out[i].blob {
			out = append(out, f)
			continue
		}
		w.fold(&out[i].evidence, f.evidence)
	}
	w.findings = out
}

// fold gives the evidence of a value the commits and branches of another version of its file.
func (w *worker) fold(into *inventory.Evidence, e inventory.Evidence) {
	branches, last := into.Branches(), into.LastSeen()
	switch into.State {
	case inventory.Branch:
		branches = inventory.MergeBranches(branches, e.Branches())
	case inventory.History:
		last = w.later(last, e.LastSeen())
		into.Commit = last
	}
	into.Seen = inventory.SeenAt(branches, w.earlier(into.FirstSeen(), e.FirstSeen()), last)
}

// earlier returns the earlier one of two commits, "" being none.
func (w *worker) earlier(a, b string) string {
	if b != "" && (a == "" || w.before(b, a)) {
		return b
	}
	return a
}

// later returns the later one of two commits, "" being none.
func (w *worker) later(a, b string) string {
	if b != "" && (a == "" || w.before(a, b)) {
		return b
	}
	return a
}

// before orders commits by time, then by id.
func (w *worker) before(a, b string) bool {
	return cmp.Or(strings.Compare(w.times[a], w.times[b]), strings.Compare(a, b)) < 0
}
