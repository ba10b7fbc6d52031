package scanner

import (
	"bytes"
	"hash/maphash"
	"math"
	"path"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/fingerprint"
	"github.com/rotamap/rotamap/scanner/secret"
)

// A history repeats a secret in every version of its file. To parse each of them, only to learn in which slots the same
// values stand, takes most of the time that a history of manifests needs. So versions that git stored on each other share
// what was learned: a document with the same hits and the same telling lines as an earlier one of the same path has its
// findings, and is not parsed again.

// stretch is a document of a file: a whole file, mostly.
type stretch struct {
	start, end int   // bytes
	first      int   // its first line
	telling    []int // numbers of its telling lines, ascending
	hits       []secret.Hit
	features   features
}

// features are what the findings of a document depend on: the path, the hits and the telling lines.
type features struct {
	path string
	sum  uint64
}

// harvest are the findings of a document that was parsed, and where they are found again.
type harvest struct {
	findings []finding
	anchors  []anchor
}

// anchor ties a finding to a hit of the detector, or, with -1, to a line so many lines behind a telling one.
type anchor struct {
	hit           int
	telling, down int
	text          uint64 // of the line
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
			at, anchored := l.anchor(a, s, f)
			ok = ok && anchored
			h.findings, h.anchors = append(h.findings, f), append(h.anchors, at)
		}
		if ok {
			l.known[s.features] = h
		}
	}
}

// anchor finds where a finding can be found again; false when it is bound to nothing that another version shows.
func (l *lore) anchor(a *artifact.Artifact, s stretch, f finding) (anchor, bool) {
	at := slices.IndexFunc(s.hits, func(h secret.Hit) bool {
		return h.Suppressed == "" && h.Rule == f.rule && h.Place.Line == f.evidence.Line && h.Place.Column == f.evidence.Column
	})
	if at >= 0 {
		return anchor{hit: at}, true
	}
	line := f.evidence.Line
	n, here := slices.BinarySearch(s.telling, line)
	if !here {
		n--
	}
	if n < 0 || f.evidence.Path != a.Path || f.size >= len(lineOf(a, line)) {
		return anchor{}, false
	}
	return anchor{-1, n, line - s.telling[n], maphash.Bytes(l.seed, lineOf(a, line))}, true
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
		place := artifact.Place{Column: f.evidence.Column, Pointer: f.evidence.Pointer}
		if at := h.anchors[i]; at.hit >= 0 {
			place.Line = s.hits[at.hit].Place.Line
		} else {
			place.Line = s.telling[at.telling] + at.down
			if a.LineStart(place.Line) < 0 || maphash.Bytes(l.seed, lineOf(a, place.Line)) != at.text {
				return nil, false
			}
		}
		f.blob, f.evidence = a.Blob, a.Evidence(place)
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
	lines := telling(a)
	for i := range out {
		s := &out[i]
		next := len(lines)
		last := math.MaxInt
		if i+1 < len(out) {
			last = out[i+1].first
			next, _ = slices.BinarySearch(lines, last)
		}
		s.telling, lines = lines[:next], lines[next:]
		for _, h := range hits {
			if h.Place.Line < last && (h.Place.Line >= s.first || i == 0) {
				s.hits = append(s.hits, h)
			}
		}
		s.features = l.features(a, s)
	}
	return out
}

// hitFeatures are what a hit says, but for its line.
type hitFeatures struct {
	rule, suppressed string
	column           int
	value            uint64
}

// features sums up what the findings of a document depend on. Hits count with their values, telling lines with their text.
func (l *lore) features(a *artifact.Artifact, s *stretch) features {
	var sum maphash.Hash
	sum.SetSeed(l.seed)
	for _, h := range s.hits {
		maphash.WriteComparable(&sum, hitFeatures{h.Rule, h.Suppressed, h.Place.Column, fingerprint.Digest(l.seed, h.Secret)})
	}
	for _, n := range s.telling {
		_, _ = sum.Write(lineOf(a, n))
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

// tellingWords, by their first letters, are what the lines hold that say in which slot a value is, or that a value is a
// secret.
var tellingWords = [256][]string{
	'n': {"name"}, 'k': {"kind", "key"}, 'p': {"pass", "pwd"}, 's': {"secret"}, 't': {"token"}, 'c': {"cred", "cert"}, 'a': {"auth"},
}

// telling returns the numbers of the lines that hold such a word, or open a mapping or a list, ascending.
func telling(a *artifact.Artifact) []int {
	var out []int
	for n, at := 1, 0; at < len(a.Content); n++ {
		end := a.LineStart(n + 1)
		if end < 0 {
			end = len(a.Content)
		}
		if tells(a.Content[at:end]) {
			out = append(out, n)
		}
		at = end
	}
	return out
}

func tells(line []byte) bool {
	trimmed := bytes.TrimRight(line, " \t\r\n")
	if len(trimmed) > 0 && strings.IndexByte(":{[", trimmed[len(trimmed)-1]) >= 0 {
		return true
	}
	for i, c := range line {
		for _, word := range tellingWords[c|0x20] {
			if len(line)-i >= len(word) && strings.EqualFold(string(line[i:i+len(word)]), word) {
				return true
			}
		}
	}
	return false
}
