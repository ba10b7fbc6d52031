package inventory

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Schema names the format of the saved map. A reader refuses what it does not know.
const Schema = "rotamap/map/1"

// Map is the saved result of a scan: one fragment for each source, sorted by source id.
type Map struct {
	Schema    string     `json:"schema"`
	Fragments []Fragment `json:"fragments"`
}

// Fragment is all facts of one source at one revision.
type Fragment struct {
	Source   string `json:"source"`             // source id
	Kind     string `json:"kind"`               // git, folder, file, archive, stdin
	Revision string `json:"revision,omitempty"` // commit of HEAD; empty where the source has none
	Time     string `json:"time,omitempty"`     // of the newest commit, or --now; RFC 3339 in UTC
	KeyID    string `json:"key_id"`             // which key made the fingerprints

	// PreviousKeyID is the key before it, whose fingerprints the values give too; "" for none.
	PreviousKeyID string `json:"previous_key_id,omitempty"`

	Commits  []Commit  `json:"commits,omitempty"` // those that evidence names, sorted by id
	Nodes    []Node    `json:"nodes"`
	Edges    []Edge    `json:"edges"`
	Mentions []Mention `json:"mentions,omitempty"` // sorted by name
	Coverage Coverage  `json:"coverage"`
	Hash     string    `json:"hash"` // SHA-256 of the fragment without this field, "" until Seal or Encode sets it
}

// Commit gives a commit that evidence names its time.
type Commit struct {
	ID   string `json:"id"`
	Time string `json:"time"` // committer time, RFC 3339 in UTC

	// Author is the name of who wrote it, "" unknown.
	Author string `json:"author,omitempty"`
}

// Finish sorts what a Set has not sorted. The hash is left to Encode, which goes through all of the fragment anyway.
func (f *Fragment) Finish() {
	slices.SortFunc(f.Commits, func(a, b Commit) int { return strings.Compare(a.ID, b.ID) })
	f.Coverage.sort()
	f.Hash = ""
}

// Seal is Finish, and sets the hash. Nodes and edges must come from a Set.
func (f *Fragment) Seal() error {
	f.Finish()
	e := newMapEncoder(io.Discard)
	e.fragment(f)
	if e.err != nil {
		return fmt.Errorf("sealing the facts of %q: %w", f.Source, e.err)
	}
	return nil
}

// newer orders fragments of one source: the greater (time, revision, hash) stands.
func (f *Fragment) newer(o *Fragment) bool {
	return cmp.Or(strings.Compare(f.Time, o.Time), strings.Compare(f.Revision, o.Revision),
		strings.Compare(f.Hash, o.Hash)) > 0
}

// Merge joins maps. It is commutative, associative and idempotent: of two fragments of one source the newer
// stands whole, so facts of two revisions never mix.
func Merge(maps ...Map) Map {
	best := map[string]Fragment{}
	for _, m := range maps {
		for _, f := range m.Fragments {
			if old, ok := best[f.Source]; !ok || f.newer(&old) {
				best[f.Source] = f
			}
		}
	}
	out := Map{Schema: Schema, Fragments: make([]Fragment, 0, len(best))}
	for _, f := range best {
		out.Fragments = append(out.Fragments, f)
	}
	slices.SortFunc(out.Fragments, func(a, b Fragment) int { return strings.Compare(a.Source, b.Source) })
	return out
}

// KeyIDs returns the ids of the keys that made the fingerprints, sorted.
func (m *Map) KeyIDs() []string {
	var out []string
	for _, f := range m.Fragments {
		if f.KeyID != "" {
			out = append(out, f.KeyID)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// ErrNotAMap is returned for input that is not an asset map.
var ErrNotAMap = errors.New("not a rotamap asset map")

// Decode reads a map that Encode wrote.
func Decode(r io.Reader) (Map, error) {
	var m Map
	if err := json.NewDecoder(r).Decode(&m); err != nil {
		return Map{}, fmt.Errorf("%w: %w", ErrNotAMap, err)
	}
	if m.Schema != Schema {
		return Map{}, fmt.Errorf("%w: its schema is %q, this program reads %q", ErrNotAMap, m.Schema, Schema)
	}
	return m, nil
}
