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
	if s.repo == nil || len(blobs) == 0 {
		return nil, nil, nil
	}
	want := map[oid]bool{}
	for _, b := range blobs {
		if id, ok := s.repo.hash.parse(b); ok {
			want[id] = true
		}
	}
	a := &attribution{repo: s.repo, want: want, forest: newForest(s.repo, want), entries: map[oid][]treeEntry{}, spans: map[placed]span{}}
	lost := error(nil)
	err := guarded(func() error {
		if err := a.forest.plant(ctx); err != nil {
			return err
		}
		a.descend()
		return ctx.Err()
	}, func() {
		lost = fmt.Errorf("looking up commits of findings in %q: a pack was cut short meanwhile; scan again", s.ID)
	})
	if err := errors.Join(err, lost); err != nil {
		return nil, nil, err
	}
	occurrences, commits := a.result()
	return occurrences, commits, nil
}

// attribution gathers where blobs stood.
type attribution struct {
	repo    *repository
	want    map[oid]bool
	forest  *forest
	entries map[oid][]treeEntry // of the trees that hold wanted blobs: those entries that lead to them
	spans   map[placed]span
}

// span is the life of a content at a path.
type span struct {
	first, last commit
	head        bool
	branches    []int // numbers of other branches whose head holds it, sorted
}

// join returns the span that covers two.
func (s span) join(o span) span {
	if s.first.id == (oid{}) {
		return o
	}
	if older(o.first, s.first) < 0 {
		s.first = o.first
	}
	if older(o.last, s.last) > 0 {
		s.last = o.last
	}
	s.head = s.head || o.head
	s.branches = union(s.branches, o.branches)
	return s
}

// descend walks from the trees of all commits down to the wanted blobs, level by level, through those trees
// alone that lead to one: what each place inherits from the commits above is complete when it is read.
func (a *attribution) descend() {
	level := a.tops()
	for depth := 0; len(level) > 0 && depth < maxDepth; depth++ {
		next := map[placed]span{}
		for at, s := range level {
			for _, e := range a.leading(at.id) {
				below := placed{join(at.path, e.name), e.id}
				if e.isTree() {
					next[below] = next[below].join(s)
				} else {
					a.spans[below] = a.spans[below].join(s)
				}
			}
		}
		level = fewest(next)
	}
	a.spans = fewest(a.spans)
}

// tops returns the trees of all commits, with what is known of the commits.
func (a *attribution) tops() map[placed]span {
	out := map[placed]span{}
	add := func(c commit, s span) {
		if a.forest.holds(c.tree) {
			at := placed{"", c.tree}
			s.first, s.last = c, c
			out[at] = out[at].join(s)
		}
	}
	for _, c := range a.repo.commits {
		add(c, span{})
	}
	if c, ok := a.repo.commits[a.repo.refs.headID]; ok {
		add(c, span{head: true})
	}
	for i, b := range a.repo.otherHeads() {
		add(a.repo.commits[b.id], span{branches: []int{i}})
	}
	return out
}

// leading returns the entries of a tree that lead to wanted blobs.
func (a *attribution) leading(tree oid) []treeEntry {
	out, ok := a.entries[tree]
	if ok {
		return out
	}
	all, _ := a.repo.tree(tree)
	for _, e := range all {
		if e.isTree() && a.forest.holds(e.id) || !e.isTree() && !e.isGitlink() && a.want[e.id] {
			out = append(out, e)
		}
	}
	a.entries[tree] = out
	return out
}

// fewest keeps, of a content that stands in more places than are told, the least ones.
func fewest(all map[placed]span) map[placed]span {
	n := map[oid]int{}
	many := false
	for at := range all {
		n[at.id]++
		many = many || n[at.id] > maxOccurrences
	}
	if !many {
		return all
	}
	clear(n)
	for _, at := range slices.SortedFunc(maps.Keys(all), placed.compare) {
		if n[at.id]++; n[at.id] > maxOccurrences {
			delete(all, at)
		}
	}
	return all
}

// result sorts what was gathered.
func (a *attribution) result() (map[string][]Occurrence, []inventory.Commit) {
	out := map[string][]Occurrence{}
	named := map[string]string{}
	heads := a.repo.otherHeads()
	for at, s := range a.spans {
		o := Occurrence{Path: cleanPath(at.path), State: s.state(), FirstSeen: a.repo.hash.text(s.first.id), LastSeen: a.repo.hash.text(s.last.id)}
		if o.State == inventory.Branch {
			for _, i := range s.branches {
				o.Branches = append(o.Branches, heads[i].short())
			}
		}
		named[o.FirstSeen], named[o.LastSeen] = stamp(s.first.time), stamp(s.last.time)
		blob := a.repo.hash.text(at.id)
		out[blob] = append(out[blob], o)
	}
	for _, list := range out {
		slices.SortFunc(list, func(x, y Occurrence) int {
			return cmp.Or(strings.Compare(x.Path, y.Path), strings.Compare(x.FirstSeen, y.FirstSeen))
		})
	}
	var commits []inventory.Commit
	for _, id := range slices.Sorted(maps.Keys(named)) {
		commits = append(commits, inventory.Commit{ID: id, Time: named[id]})
	}
	return out, commits
}

// state is the freshest of the states in which the content stands at the path.
func (s span) state() inventory.State {
	switch {
	case s.head:
		return inventory.Head
	case len(s.branches) > 0:
		return inventory.Branch
	}
	return inventory.History
}

// older orders commits by time, then by id.
func older(a, b commit) int {
	return cmp.Or(cmp.Compare(a.time, b.time), bytes.Compare(a.id[:], b.id[:]))
}
