package scanner

import (
	"strings"
	"sync"

	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/fingerprint"
	"github.com/rotamap/rotamap/scanner/source"
)

// A record of the cache holds no value and no fingerprint. It tells where a value stands: which bytes of the text of which
// blob. The next scan reads it there, and makes the fingerprint under its own key. A value that stands in hundreds of
// versions is told by one place.

// spot is where a value stands. Its zero value is nowhere.
type spot struct {
	blob       string // or the commit or tag in whose message it stands; "" in what git does not have
	start, end int    // bytes of the text; both 0 where the value is not found in it as it is
	provider   bool   // it matched a provider's own pattern
}

// values is what the workers of a scan know of the values of a source.
type values struct {
	source *source.Source
	key    fingerprint.Key
	gate   *fingerprint.Gate

	mu     sync.Mutex
	first  map[place]spot // of a value, and of whether it matched a provider's pattern
	prints map[spot]sealed
}

// sealed is what remains of a value.
type sealed struct {
	print fingerprint.Print
	size  int
}

func newValues(o Options, s *source.Source, gate *fingerprint.Gate) *values {
	return &values{source: s, key: o.Key, gate: gate, first: map[place]spot{}, prints: map[spot]sealed{}}
}

// locate finds a value of an artifact in its text, by the line on which it was seen. Equal values get one place.
func (v *values) locate(a *artifact.Artifact, line int, s artifact.Secret, provider bool, print fingerprint.Print) spot {
	if v == nil || a.Binary != nil {
		return spot{}
	}
	start, end, ok := fingerprint.Locate(a.Content, max(a.LineStart(line), 0), s)
	if !ok {
		return spot{}
	}
	at := spot{start: start, end: end, provider: provider}
	object := a.Blob
	if object == "" {
		object = source.MessageOf(a.Path)
	}
	if strings.Contains(a.Path, "!/") || !v.source.Holds(object) {
		return at
	}
	at.blob = object
	kind := ""
	if provider {
		kind = "provider"
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if known, ok := v.first[place{kind, print.ID}]; ok {
		return known
	}
	v.first[place{kind, print.ID}] = at
	return at
}

// read makes the print of a value from where it stands; false when it is not there any more. The artifact is the one in
// whose text a value stands that has no blob.
func (v *values) read(at spot, a *artifact.Artifact) (sealed, bool) {
	if v == nil {
		return sealed{}, false
	}
	v.mu.Lock()
	known, ok := v.prints[at]
	v.mu.Unlock()
	if ok && at.blob != "" {
		return known, true
	}
	var text []byte
	switch {
	case at.blob != "":
		text, ok = v.source.Text(at.blob)
	case a != nil && a.Content != nil:
		text, ok = a.Content, true
	case a != nil:
		text, ok = v.source.Text(a.Blob)
	}
	if !ok || at.start < 0 || at.start >= at.end || at.end > len(text) {
		return sealed{}, false
	}
	secret := artifact.Seal(string(text[at.start:at.end]))
	v.gate.Add(secret)
	s := sealed{v.key.Of(secret, at.provider), fingerprint.Size(secret)}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.prints[at] = s
	return s, true
}

// putLiteral writes a literal without its value.
func (r *record) putLiteral(l *literal) {
	for _, s := range []string{l.slot, l.name, l.reader, l.rule, l.severity, l.service, l.why, l.encoding, l.at.blob} {
		r.putString(s)
	}
	flags := 0
	if l.joins {
		flags |= 1
	}
	if l.at.provider {
		flags |= 2
	}
	r.putInt(flags)
	r.putInt(l.at.start)
	r.putInt(l.at.end)
	r.broken = r.broken || l.at.end == 0
}

// literal reads a literal, with its value from where it stands; false when that is not there.
func (r *record) literal(known *values, a *artifact.Artifact) (literal, bool) {
	l := literal{slot: r.string(), name: r.string(), reader: r.string(), rule: r.string(), severity: r.string(), service: r.string(), why: r.string(), encoding: r.string()}
	l.at.blob = r.string()
	flags := r.int()
	l.joins, l.at.provider = flags&1 != 0, flags&2 != 0
	l.at.start, l.at.end = r.int(), r.int()
	if r.broken {
		return l, false
	}
	s, ok := known.read(l.at, a)
	l.print, l.size = s.print, s.size
	return l, ok
}

// putFindings writes the findings of an artifact of the present.
func (r *record) putFindings(list []finding) {
	r.putInt(len(list))
	for i := range list {
		f := &list[i]
		r.putLiteral(&f.literal)
		r.putPlace(f.evidence)
		r.putString(f.temporary)
		if f.temporary != "" {
			r.putPlace(f.said)
		}
		r.broken = r.broken || f.blob != r.artifact.Blob || f.first+f.last != ""
	}
}

func (r *record) findings(known *values) (out []finding, ok bool) {
	ok = true
	for range r.count() {
		f := finding{blob: r.artifact.Blob}
		if f.literal, ok = r.literal(known, r.artifact); !ok {
			return nil, false
		}
		f.evidence = r.place()
		if f.temporary = r.string(); f.temporary != "" {
			f.said = r.place()
		}
		out = append(out, f)
	}
	return out, true
}
