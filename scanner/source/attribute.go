package source

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// maxOccurrences bounds the places that are told of one content, so that a tree bomb stays small.
const maxOccurrences = 64

// Attribute says, for blobs with findings, at which paths they stood, in which state, at the heads of which
// other branches, and in which commits they were first and last seen there (by the committer's time). It also
// returns the times of the commits it names. A blob that no reachable commit holds has no occurrences; of one
// that stands in many places the first 64 are told. A finding in an archive has the blob of the archive.
//
// It is called after Walk. What cannot be read was counted by then and is passed over.
func (s *Source) Attribute(ctx context.Context, blobs []string) (map[string][]Occurrence, []inventory.Commit, error) {
	if s.repo == nil || len(blobs) == 0 || s.opt.Scope != ScopeAll {
		return nil, nil, nil
	}
	if s.thrift != nil {
		s.thrift.adapt()
	}
	var a *attribution
	var found *places
	lost := error(nil)
	err := guarded(func() error {
		if err := s.repo.forest.plant(ctx, s.opt.Workers); err != nil {
			return err
		}
		a = newAttribution(s.repo, blobs)
		found = a.descend()
		return ctx.Err()
	}, func() {
		lost = fmt.Errorf("looking up commits of findings in %q: a pack was cut short meanwhile; scan again", s.ID)
	})
	if err := errors.Join(err, lost); err != nil {
		return nil, nil, err
	}
	occurrences, commits := a.tell(found)
	return occurrences, commits, nil
}

// attribution gathers where blobs stood.
type attribution struct {
	repo    *repository
	blobs   []oid     // the wanted ones, by their numbers
	commits []*commit // the oldest first
	forest  *forest
	sought  *sought
	paths   []pathNode // path 0 is the root
	numbers map[pathNode]int32
	heads   []atHead // what the spans name, from 1 on
}

// pathNode is a path: the number of the folder above, and that of its last name.
type pathNode struct{ above, name int32 }

// spot is a tree or a blob, by its number, at a path.
type spot struct{ path, object int32 }

// span is the life of a content at a path.
type span struct {
	first, last int32 // numbers of commits
	heads       int32 // which heads hold it, 0 for none
}

// atHead says at which heads a content stands.
type atHead struct {
	head     bool
	branches []int // numbers of other branches whose head holds it, sorted
}

// places are spots with their spans.
type places struct {
	at    map[spot]int32
	spots []spot
	spans []span
}

func newPlaces() *places { return &places{at: map[spot]int32{}} }

func newAttribution(r *repository, blobs []string) *attribution {
	a := &attribution{
		repo: r, forest: r.forest, paths: make([]pathNode, 1), numbers: map[pathNode]int32{}, heads: make([]atHead, 1),
		sought: &sought{forest: r.forest, wanted: make([]int32, r.forest.blobs.next)},
	}
	for _, b := range blobs {
		id, ok := r.hash.parse(b)
		if !ok {
			continue
		}
		if n, ok := r.forest.blobs.get(id); ok {
			a.blobs = append(a.blobs, id)
			a.sought.wanted[n] = int32(len(a.blobs))
		}
	}
	a.commits = oldestFirst(r.commits)
	return a
}

// oldestFirst sorts commits.
func oldestFirst(all map[oid]commit) []*commit {
	list := make([]commit, 0, len(all))
	out := make([]*commit, 0, len(all))
	for _, c := range all {
		list = append(list, c)
		out = append(out, &list[len(list)-1])
	}
	slices.SortFunc(out, older)
	return out
}

// put adds a span to what is known of a spot.
func (a *attribution) put(into *places, at spot, s span) {
	n, ok := into.at[at]
	if !ok {
		into.at[at] = int32(len(into.spots))
		into.spots, into.spans = append(into.spots, at), append(into.spans, s)
		return
	}
	o := &into.spans[n]
	o.first, o.last = min(s.first, o.first), max(s.last, o.last)
	switch {
	case o.heads == 0:
		o.heads = s.heads
	case s.heads != 0 && s.heads != o.heads:
		x, y := a.heads[o.heads], a.heads[s.heads]
		o.heads = a.held(atHead{x.head || y.head, union(x.branches, y.branches)})
	}
}

// held gives heads a number.
func (a *attribution) held(h atHead) int32 {
	if !h.head && len(h.branches) == 0 {
		return 0
	}
	a.heads = append(a.heads, h)
	return int32(len(a.heads) - 1)
}

// descend walks from the trees of all commits down to the wanted blobs, level by level, through those trees
// alone that lead to one: what each place inherits from the commits above is complete when it is read.
func (a *attribution) descend() *places {
	found := newPlaces()
	level := a.tops()
	for depth := 0; len(level.spots) > 0 && depth < maxDepth; depth++ {
		next := newPlaces()
		for i, at := range level.spots {
			for _, k := range a.sought.below(at.object) {
				to := spot{a.path(at.path, k.lead.name), k.lead.to}
				if blob, ok := a.sought.blob(k.lead); ok {
					to.object = blob
					a.put(found, to, level.spans[i])
				} else {
					a.put(next, to, level.spans[i])
				}
			}
		}
		level = a.fewest(next)
	}
	return a.fewest(found)
}

// path gives a path its number.
func (a *attribution) path(above, name int32) int32 {
	p := pathNode{above, name}
	n, ok := a.numbers[p]
	if !ok {
		n = int32(len(a.paths))
		a.paths = append(a.paths, p)
		a.numbers[p] = n
	}
	return n
}

// spell returns a path as it is written.
func (a *attribution) spell(path int32) string {
	var parts []string
	for ; path != 0; path = a.paths[path].above {
		parts = append(parts, a.forest.spelt[a.paths[path].name])
	}
	slices.Reverse(parts)
	return strings.Join(parts, "/")
}

// tops returns the trees of all commits, with what is known of the commits.
func (a *attribution) tops() *places {
	out := newPlaces()
	branches := map[oid][]int{}
	for i, b := range a.repo.otherHeads() {
		branches[b.id] = append(branches[b.id], i)
	}
	for i, c := range a.commits {
		if tree := a.forest.top(c); len(a.sought.below(tree)) > 0 {
			n := int32(i)
			a.put(out, spot{0, tree}, span{n, n, a.held(atHead{c.id == a.repo.refs.headID, branches[c.id]})})
		}
	}
	return out
}

// fewest keeps, of a content that stands in more places than are told, the least ones.
func (a *attribution) fewest(all *places) *places {
	n := map[int32]int{}
	many := false
	for _, at := range all.spots {
		n[at.object]++
		many = many || n[at.object] > maxOccurrences
	}
	if !many {
		return all
	}
	of := map[int32][]spot{}
	for _, at := range all.spots {
		if n[at.object] > maxOccurrences {
			of[at.object] = append(of[at.object], at)
		}
	}
	for _, list := range of {
		slices.SortFunc(list, func(x, y spot) int { return strings.Compare(a.spell(x.path), a.spell(y.path)) })
		for _, at := range list[maxOccurrences:] {
			delete(all.at, at)
		}
	}
	out := newPlaces()
	for i, at := range all.spots {
		if _, ok := all.at[at]; ok {
			a.put(out, at, all.spans[i])
		}
	}
	return out
}

// tell sorts what was gathered.
func (a *attribution) tell(found *places) (map[string][]Occurrence, []inventory.Commit) {
	out := map[string][]Occurrence{}
	named := map[string]string{}
	heads := a.repo.otherHeads()
	for i, at := range found.spots {
		s := found.spans[i]
		h := a.heads[s.heads]
		first, last := a.commits[s.first], a.commits[s.last]
		o := Occurrence{Path: cleanPath(a.spell(at.path)), State: h.state(), FirstSeen: a.repo.hash.text(first.id), LastSeen: a.repo.hash.text(last.id)}
		if o.State == inventory.Branch {
			for _, i := range h.branches {
				o.Branches = append(o.Branches, heads[i].short())
			}
		}
		named[o.FirstSeen], named[o.LastSeen] = stamp(first.time), stamp(last.time)
		blob := a.repo.hash.text(a.blobs[at.object])
		out[blob] = append(out[blob], o)
	}
	for _, list := range out {
		slices.SortFunc(list, func(x, y Occurrence) int {
			return cmp.Or(strings.Compare(x.Path, y.Path), strings.Compare(x.FirstSeen, y.FirstSeen))
		})
	}
	var commits []inventory.Commit
	for _, id := range slices.Sorted(maps.Keys(named)) {
		commits = append(commits, inventory.Commit{ID: id, Time: named[id], Author: a.repo.author(id)})
	}
	return out, commits
}

// state is the freshest of the states in which the content stands at the path.
func (h atHead) state() inventory.State {
	switch {
	case h.head:
		return inventory.Head
	case len(h.branches) > 0:
		return inventory.Branch
	}
	return inventory.History
}

// older orders commits by time, then by id.
func older(a, b *commit) int {
	return cmp.Or(cmp.Compare(a.time, b.time), bytes.Compare(a.id[:], b.id[:]))
}
