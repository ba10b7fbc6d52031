package scanner

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/fingerprint"
	"github.com/rotamap/rotamap/scanner/secret"
	"github.com/rotamap/rotamap/scanner/source"
)

// finding is one literal secret at one place, sealed: its value is gone.
type finding struct {
	literal
	blob     string
	evidence inventory.Evidence

	temporary string             // why it was meant to go again, "" when nothing says so
	said      inventory.Evidence // where that is said

	first, last string // of what versions of the history tell together: the commits that held it first and last
}

// literal is what is known of a secret in a file, whatever its place.
type literal struct {
	slot     string // id of the slot that a format gave it, "" when only the detector saw it
	name     string // the name it was assigned to, "" unknown
	reader   string // node that uses it, when only the detector saw it
	rule     string
	severity string
	service  string
	why      string
	encoding string
	joins    bool // it is no finding: its value is kept because it joins
	print    fingerprint.Print
	size     int  // of the value, in bytes
	at       spot // where it stands, for the cache
}

// judge decides which literals and hits of an artifact are findings. A hit inside a literal that a format
// reported belongs to that literal's slot.
func (w *worker) judge(a *artifact.Artifact, all []*artifact.Facts, hits []secret.Hit) {
	taken := make([]bool, len(hits))
	for _, f := range all {
		for _, l := range f.Literals {
			w.literal(a, l, hits, taken)
		}
	}
	facts := artifact.NewFacts(a, "")
	for i, h := range hits {
		switch {
		case h.Suppressed != "":
			w.suppress(a, h.Place.Line, h.Rule, h.Suppressed)
		case !taken[i]:
			h.Name = cmp.Or(h.Name, assignedName(a, h.Place))
			w.findings = append(w.findings, w.seal(a, h, "", w.reader(facts, all, h)))
		}
	}
	w.keep(a, facts)
	if a.State == inventory.History {
		w.keepSlots(all)
	}
}

// keepSlots names the slots of literals that stand only in the history: what they are, not that they are there.
func (w *worker) keepSlots(all []*artifact.Facts) {
	for _, f := range all {
		for _, l := range f.Literals {
			n, ok := f.Set.Node(l.Slot)
			if !ok {
				continue
			}
			kept := inventory.Node{ID: n.ID, Kind: n.Kind, Name: n.Name}
			for _, a := range n.Attrs {
				if a.Key == inventory.AttrStore || a.Key == inventory.AttrScope || a.Key == inventory.AttrKeyName {
					a.Evidence = nil
					kept.Attrs = append(kept.Attrs, a)
				}
			}
			w.past = append(w.past, kept)
		}
	}
}

// literal judges one value that a format reported, together with the hits that lie inside it.
func (w *worker) literal(a *artifact.Artifact, l artifact.Literal, hits []secret.Hit, taken []bool) {
	v := w.detector.Judge(l, a)
	found, carriers := w.inside(a, l, hits, taken, v.Secret)
	for _, i := range carriers {
		taken[i] = taken[i] || found || v.Secret
	}
	switch {
	case found:
	case v.Secret:
		w.findings = append(w.findings, w.seal(a, secret.Hit{Rule: v.Rule, Severity: v.Severity, Service: v.Service,
			Name: l.Name, Why: v.Reason, Place: l.Place, Secret: l.Secret, Encoding: l.Encoding, Provider: v.Provider}, l.Slot, ""))
	case l.Joins:
		x := w.seal(a, secret.Hit{Name: l.Name, Place: l.Place, Secret: l.Secret}, l.Slot, "")
		x.joins = true
		w.findings = append(w.findings, x)
	case v.Reason != "":
		w.suppress(a, l.Place.Line, cmp.Or(v.Rule, "structured-literal"), v.Reason)
	}
}

// inside takes the hits that lie inside a literal into its slot, and reports whether the literal is done with them. What
// it returns besides are the hits whose value holds the literal, encoded or with more around it: one with it, when that is
// kept.
func (w *worker) inside(a *artifact.Artifact, l artifact.Literal, hits []secret.Hit, taken []bool, isSecret bool) (found bool, carriers []int) {
	for i, h := range hits {
		if h.Suppressed != "" || !near(l.Place.Line, h) {
			continue
		}
		if h.Place.Line != l.Place.Line && l.Place.Line > 0 && fingerprint.Size(h.Secret) < minBelow {
			continue // a short one stands in many texts
		}
		if !fingerprint.Contains(l.Secret, h.Secret) {
			wider := l.Sure && h.Place.Line == l.Place.Line && fingerprint.Contains(h.Secret, l.Secret)
			if wider || l.Encoding != "" && fingerprint.Wraps(h.Secret, l.Secret) {
				carriers = append(carriers, i)
			}
			continue
		}
		taken[i] = true
		whole := fingerprint.Contains(h.Secret, l.Secret)
		x := w.seal(a, h, l.Slot, "")
		if found = found || whole; whole || isSecret {
			x.name = l.Name
		}
		if !whole {
			x.encoding = "part"
		}
		w.findings = append(w.findings, x)
	}
	return found, carriers
}

// minBelow is the size in bytes from which on a value below the first line of a literal is held to be in it.
const minBelow = 8

// near reports whether a hit lies on the line of a literal, or in the block that starts there.
func near(line int, h secret.Hit) bool {
	return line == 0 || h.Place.Line >= line && h.Place.Line <= line+200
}

// seal turns a hit into a finding. From here on the value is gone.
func (w *worker) seal(a *artifact.Artifact, h secret.Hit, slot, reader string) finding {
	print := w.options.Key.Of(h.Secret, h.Provider)
	w.gate.Add(h.Secret)
	return finding{blob: a.Blob, evidence: a.Evidence(h.Place), literal: literal{
		slot: slot, name: h.Name, reader: reader, rule: h.Rule, severity: h.Severity, service: h.Service, why: h.Why,
		encoding: h.Encoding, print: print, size: fingerprint.Size(h.Secret),
		at: w.values.locate(a, h.Place.Line, h.Secret, h.Provider, print),
	}}
}

func (w *worker) suppress(a *artifact.Artifact, line int, rule, reason string) {
	w.suppressed = append(w.suppressed, inventory.Suppressed{Path: a.Path, Line: line, Rule: rule, Reason: reason, Count: 1})
}

// reader returns the node that a hit belongs to: the innermost part that covers its line, else the file.
func (w *worker) reader(into *artifact.Facts, all []*artifact.Facts, h secret.Hit) string {
	best, size := "", 0
	for _, f := range all {
		for _, s := range f.Spans {
			if lines := s.Last - s.First + 1; s.First <= h.Place.Line && h.Place.Line <= s.Last && (best == "" || lines < size) {
				best, size = s.Node, lines
			}
		}
	}
	if best != "" {
		return best
	}
	return fileNode(into)
}

// attribute asks the source in which commits the blobs with findings were, and gives each finding its places.
func (w *worker) attribute(ctx context.Context, s *source.Source) ([]inventory.Commit, error) {
	var blobs []string
	for _, f := range w.findings {
		if f.blob != "" {
			blobs = append(blobs, f.blob)
		}
	}
	for _, v := range w.versions {
		blobs = append(blobs, v.blob)
	}
	slices.Sort(blobs)
	where, commits, err := s.Attribute(ctx, slices.Compact(blobs))
	if err != nil {
		return nil, fmt.Errorf("looking up the commits of findings: %w", err)
	}
	w.times = make(map[string]string, len(commits))
	for _, c := range commits {
		w.times[c.ID] = c.Time
	}
	var out []finding
	for _, f := range w.findings {
		out = append(out, f.spread(where[f.blob])...)
	}
	w.findings = w.foldVersions(out, s.ID, where)
	return commits, nil
}

// spread gives one finding for each path at which its blob was. The blob of an entry of an archive is that of the
// archive.
func (f finding) spread(where []source.Occurrence) []finding {
	var out []finding
	file, entry, inArchive := strings.Cut(f.evidence.Path, "!/")
	if inArchive {
		entry = "!/" + entry
	}
	for _, o := range where {
		x, branches := f, f.evidence.Branches()
		if f.evidence.State == inventory.History {
			x.evidence.Path, x.evidence.State, branches = o.Path+entry, o.State, o.Branches
		}
		x.evidence.Seen = inventory.SeenAt(branches, o.FirstSeen, o.LastSeen)
		x.evidence.Commit = o.LastSeen
		if o.Path != file && f.evidence.State != inventory.History {
			continue // the same content at another path of the present state is visited there
		}
		out = append(out, x)
	}
	if len(out) == 0 {
		return []finding{f}
	}
	return out
}

// hold turns findings into slots that hold values. A value that is still in a file stands once, with the first
// and last commit that hold it; a value that is gone is a past one of the slot of that name.
func (w *worker) hold(source string) {
	w.foldHistory()
	numbers := map[string]int{}
	used := map[string]bool{}
	slotOf := map[string]map[string]string{} // inline slot -> value -> slot id
	for _, f := range w.findings {
		if f.slot == "" {
			f.slot = w.inlineSlot(source, f, numbers, slotOf)
		}
		w.holds(f)
		used[f.slot] = true
	}
	for _, n := range w.past {
		if used[n.ID] {
			w.set.AddNode(n)
		}
	}
	w.dropEmpty()
}
