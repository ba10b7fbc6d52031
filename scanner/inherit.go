package scanner

import (
	"bytes"
	"hash/maphash"
	"math"
	"path"
	"slices"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/fingerprint"
	"github.com/rotamap/rotamap/scanner/secret"
)

// A history repeats a secret in every version of its file. To parse each of them, only to learn in which slots the same
// values stand, takes most of the time that a history of manifests needs. So versions that git stored on each other share
// what was learned: a document with the same hits and the same lines as an earlier one of the same path has its findings,
// and is not parsed again. Lines whose values change with every build count with their keys alone.

// stretch is a document of a file: a whole file, mostly.
type stretch struct {
	start, end int // bytes
	first      int // its first line
	hits       []secret.Hit
	features   features
}

// features are what the findings of a document depend on: the path, the hits and the lines.
type features struct {
	path string
	sum  uint64
}

// harvest are the findings of a document that was parsed, and where they stand.
type harvest struct {
	findings []finding
	places   []standing
}

// standing is the line of a finding in its document, from 0, and what that line must be: 0 where a hit of the detector says
// that the value is the same.
type standing struct {
	down int
	text uint64
}

// lore is what a worker knows of the documents of a run. Its seed makes sums comparable.
type lore struct {
	seed  maphash.Seed
	known map[features]harvest
}

// maxHarvests bounds what a run remembers.
const maxHarvests = 1 << 15

// loreOf returns what is known in the run of an artifact.
func loreOf(a *artifact.Artifact) *lore {
	l, _ := a.Kin.Data.(*lore)
	if l == nil || len(l.known) > maxHarvests {
		l = &lore{maphash.MakeSeed(), map[features]harvest{}}
		a.Kin.Data = l
	}
	return l
}

// inherit takes over the findings of the documents of a version that are known. It returns the version without them and
// the hits that are left; nil when nothing is.
func (w *worker) inherit(a *artifact.Artifact, hits []secret.Hit) (*artifact.Artifact, []secret.Hit, []stretch) {
	if a.Kin == nil || a.Binary != nil {
		return a, hits, nil
	}
	var left []stretch
	var open []secret.Hit
	l := loreOf(a)
	all := l.stretches(a, hits)
	for _, s := range all {
		found, ok := l.findings(a, s)
		if !ok {
			left, open = append(left, s), append(open, s.hits...)
			continue
		}
		w.findings = append(w.findings, found...)
		for _, h := range s.hits {
			if h.Suppressed != "" {
				w.suppress(a, h.Place.Line, h.Rule, h.Suppressed)
			}
		}
	}
	switch len(left) {
	case 0:
		return nil, nil, nil
	case len(all):
		return a, hits, left
	}
	kept := make([]artifact.Range, len(left))
	for i, s := range left {
		kept[i] = artifact.Range{Start: s.start, End: s.end}
	}
	return a.Only(kept), open, left
}

// learn remembers what was found in the documents of a version that were parsed.
func learn(a *artifact.Artifact, parsed []stretch, found []finding) {
	if len(parsed) == 0 {
		return
	}
	l := loreOf(a)
	for i, s := range parsed {
		h := harvest{}
		end := math.MaxInt
		if i+1 < len(parsed) {
			end = parsed[i+1].first
		}
		ok := true
		for _, f := range found {
			if f.evidence.Line != 0 && (f.evidence.Line < s.first || f.evidence.Line >= end) {
				continue
			}
			at, stands := l.standing(a, s, f)
			ok = ok && stands
			h.findings, h.places = append(h.findings, f), append(h.places, at)
		}
		if ok {
			l.known[s.features] = h
		}
	}
}

// standing says where a finding is found again; false when nothing in another version shows that its value is the same.
func (l *lore) standing(a *artifact.Artifact, s stretch, f finding) (standing, bool) {
	line := f.evidence.Line
	if line == 0 || f.evidence.Path != a.Path {
		return standing{}, false
	}
	if slices.ContainsFunc(s.hits, func(h secret.Hit) bool {
		return h.Suppressed == "" && h.Rule == f.rule && h.Place.Line == line && h.Place.Column == f.evidence.Column
	}) {
		return standing{down: line - s.first}, true
	}
	return standing{line - s.first, maphash.Bytes(l.seed, lineOf(a, line))}, f.size < len(lineOf(a, line))
}

// findings returns those of a document with the same features, as they stand in this one; false when there is none, or
// one of them is not here.
func (l *lore) findings(a *artifact.Artifact, s stretch) ([]finding, bool) {
	h, ok := l.known[s.features]
	if !ok {
		return nil, false
	}
	out := make([]finding, len(h.findings))
	for i, f := range h.findings {
		line := s.first + h.places[i].down
		if text := h.places[i].text; text != 0 && (a.LineStart(line) < 0 || maphash.Bytes(l.seed, lineOf(a, line)) != text) {
			return nil, false
		}
		f.blob, f.evidence = a.Blob, a.Evidence(artifact.Place{Line: line, Column: f.evidence.Column, Pointer: f.evidence.Pointer})
		out[i] = f
	}
	return out, true
}

// stretches cuts a file into its documents, and gives each its hits.
func (l *lore) stretches(a *artifact.Artifact, hits []secret.Hit) []stretch {
	out := []stretch{{end: len(a.Content), first: 1}}
	if ext := path.Ext(a.Path); ext == ".yaml" || ext == ".yml" {
		for at := 0; ; {
			n := bytes.Index(a.Content[at:], []byte("\n---"))
			if n < 0 {
				break
			}
			at += n + 1
			out[len(out)-1].end = at
			out = append(out, stretch{start: at, end: len(a.Content), first: a.PlaceOf(at).Line})
		}
	}
	for i := range out {
		s := &out[i]
		last := math.MaxInt
		if i+1 < len(out) {
			last = out[i+1].first
		}
		for _, h := range hits {
			if h.Place.Line < last && (h.Place.Line >= s.first || i == 0) {
				s.hits = append(s.hits, h)
			}
		}
		s.features = l.features(a, s)
	}
	return out
}

// hitFeatures are what a hit says, with its line in the document.
type hitFeatures struct {
	rule, suppressed string
	line, column     int
	value            uint64
}

// features sums up what the findings of a document depend on.
func (l *lore) features(a *artifact.Artifact, s *stretch) features {
	var sum maphash.Hash
	sum.SetSeed(l.seed)
	for _, h := range s.hits {
		maphash.WriteComparable(&sum, hitFeatures{h.Rule, h.Suppressed, h.Place.Line - s.first, h.Place.Column, fingerprint.Digest(l.seed, h.Secret)})
	}
	for line := range bytes.Lines(a.Content[s.start:s.end]) {
		_, _ = sum.Write(settled(line))
		_ = sum.WriteByte('\n')
	}
	return features{a.Path, sum.Sum64()}
}

// lineOf returns a line with its end.
func lineOf(a *artifact.Artifact, n int) []byte {
	end := a.LineStart(n + 1)
	if end < 0 {
		end = len(a.Content)
	}
	return a.Content[a.LineStart(n):end]
}

// maxRestless bounds the lines that are looked at for a value that changes with every build.
const maxRestless = 300

// settled returns what of a line counts: its key alone, where its value changes with every build and is none that a
// credential may have.
func settled(line []byte) []byte {
	if len(line) > maxRestless || bytes.ContainsAny(line, "{}[]<>") {
		return line
	}
	at := bytes.Index(line, []byte(": "))
	if at < 0 {
		at = bytes.IndexByte(line, '=')
	}
	if at < 0 {
		return line
	}
	key, value := line[:at], bytes.Trim(line[at+1:], " \t\r\n\"',")
	name := bytes.ToLower(bytes.Trim(key, " \t-\"'"))
	if !restless(name, value) || detect.ClassifyName(string(name)).Class == inventory.ClassCredential {
		return line
	}
	return key
}

// buildWords are in the names of what identifies a build.
var buildWords = [][]byte{[]byte("commit"), []byte("sha"), []byte("rev"), []byte("digest"), []byte("hash"), []byte("checksum")}

// restless reports whether a value is an image, a version, a time of a build or its id.
func restless(name, value []byte) bool {
	switch {
	case len(value) == 0 || bytes.Contains(value, []byte("://")):
		return false
	case bytes.IndexByte(value, '/') > 0 && bytes.ContainsAny(value, ":@"): // an image
		return true
	case len(bytes.Trim(value, "0123456789.-:+TZv ")) == 0: // a version or a time
		return true
	}
	return len(bytes.Trim(value, "0123456789abcdef")) == 0 &&
		slices.ContainsFunc(buildWords, func(w []byte) bool { return bytes.Contains(name, w) })
}
