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
	var a *attribution
	lost := error(nil)
	err := guarded(func() error {
		if err := s.repo.forest.plant(ctx, s.opt.Workers); err != nil {
			return err
		}
		a = newAttribution(s.repo, blobs)
		a.descend()
		return ctx.Err()
	}, func() {
		lost = fmt.Errorf("looking up commits of findings in %q: a pack was cut short meanwhile; scan again", s.ID)
	})
	if err := errors.Join(err, lost); err != nil {
		return nil, nil, err
	}
	occurrences, commits := a.tell()
	return occurrences, commits, nil
}

// attribution gathers where blobs stood.
type attribution struct {
	repo    *repository
	blobs   []oid     // the wanted ones, by their numbers
	wanted  []int32   // their numbers by those of the forest, from 1 on
	commits []*commit // the oldest first
	forest  *forest
	result  []verdict  // of trees
	paths   []pathNode // path 0 is the root
	numbers map[pathNode]int32
	spans   map[spot]span // of blobs
}

// pathNode is a path: the number of the folder above, and that of its last name.
type pathNode struct{ above, name int32 }

// spot is a tree or a blob, by its number, at a path.
type spot struct{ path, object int32 }

// span is the life of a content at a path.
type span struct {
	first, last int32 // numbers of commits
	head        bool
	branches    []int // numbers of other branches whose head holds it, sorted
}

func newAttribution(r *repository, blobs []string) *attribution {
	a := &attribution{repo: r, forest: r.forest, wanted: make([]int32, r.forest.blobs.next), paths: make([]pathNode, 1), numbers: map[pathNode]int32{},
		spans: map[spot]span{}}
	for _, b := range blobs {
		id, ok := r.hash.parse(b)
		if !ok {
			continue
		}
		if n, ok := r.forest.blobs.get(id); ok {
			a.blobs = append(a.blobs, id)
			a.wanted[n] = int32(len(a.blobs))
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

// join puts the span that covers two into a set.
func (s span) join(into map[spot]span, at spot) {
	if o, ok := into[at]; ok {
		s = span{min(s.first, o.first), max(s.last, o.last), s.head || o.head, union(s.branches, o.branches)}
	}
	into[at] = s
}

// descend walks from the trees of all commits down to the wanted blobs, level by level, through those trees
// alone that lead to one: what each place inherits from the commits above is complete when it is read.
func (a *attribution) descend() {
	level := a.tops()
	for depth := 0; len(level) > 0 && depth < maxDepth; depth++ {
		next := map[spot]span{}
		for at, s := range level {
			for _, l := range a.forest.entries(at.object) {
				if blob, ok := a.blob(l); ok {
					s.join(a.spans, spot{a.path(at.path, l.name), blob})
				} else if l.to >= 0 && a.holds(l.to) {
					s.join(next, spot{a.path(at.path, l.name), l.to})
				}
			}
		}
		level = a.fewest(next)
	}
	a.spans = a.fewest(a.spans)
}

// blob returns the number of the wanted blob that an entry leads to.
func (a *attribution) blob(l lead) (int32, bool) {
	if l.to >= 0 || l.to == nowhere {
		return 0, false
	}
	if int(^l.to) >= len(a.wanted) { // met in a tree that was read just now
		return 0, false
	}
	n := a.wanted[^l.to]
	return n - 1, n > 0
}

// verdict says whether a wanted blob lies below a tree.
type verdict uint8

const (
	unasked verdict = iota
	asking
	holding
	barren
)

// holds reports whether a wanted blob lies below a tree.
func (a *attribution) holds(n int32) bool { return a.ask(n, 0) == holding }

// ask finds the verdict of a tree. Where the tree that it stands on leads nowhere, only what is new in it can. A ring
// of trees, which only a forged pack has, holds nothing.
func (a *attribution) ask(n int32, depth int) verdict {
	a.forest.fetch(n)
	if missing := len(a.forest.trees) - len(a.result); missing > 0 {
		a.result = append(a.result, make([]verdict, missing)...)
	}
	if a.result[n] != unasked || depth > maxChain+maxDepth {
		return a.result[n]
	}
	a.result[n] = asking
	v := barren
	look := func(l lead) {
		if v == holding {
			return
		}
		if _, ok := a.blob(l); ok || l.to >= 0 && a.ask(l.to, depth+1) == holding {
			v = holding
		}
	}
	if base := a.forest.trees[n].base; base >= 0 && a.ask(base, depth+1) == barren {
		a.forest.new(n, look)
	} else if base < 0 {
		a.forest.new(n, look) // all entries are
	} else {
		for _, l := range a.forest.entries(n) {
			look(l)
		}
	}
	a.result[n] = v
	return v
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
func (a *attribution) tops() map[spot]span {
	out := map[spot]span{}
	branches := map[oid][]int{}
	for i, b := range a.repo.otherHeads() {
		branches[b.id] = append(branches[b.id], i)
	}
	for i, c := range a.commits {
		if tree := a.forest.top(c); a.holds(tree) {
			n := int32(i)
			span{n, n, c.id == a.repo.refs.headID, branches[c.id]}.join(out, spot{0, tree})
		}
	}
	return out
}

// fewest keeps, of a content that stands in more places than are told, the least ones.
func (a *attribution) fewest(all map[spot]span) map[spot]span {
	n := map[int32]int{}
	many := false
	for at := range all {
		n[at.object]++
		many = many || n[at.object] > maxOccurrences
	}
	if !many {
		return all
	}
	places := map[int32][]spot{}
	for at := range all {
		if n[at.object] > maxOccurrences {
			places[at.object] = append(places[at.object], at)
		}
	}
	for _, list := range places {
		slices.SortFunc(list, func(x, y spot) int { return strings.Compare(a.spell(x.path), a.spell(y.path)) })
		for _, at := range list[maxOccurrences:] {
			delete(all, at)
		}
	}
	return all
}

// tell sorts what was gathered.
func (a *attribution) tell() (map[string][]Occurrence, []inventory.Commit) {
	out := map[string][]Occurrence{}
	named := map[string]string{}
	heads := a.repo.otherHeads()
	for at, s := range a.spans {
		first, last := a.commits[s.first], a.commits[s.last]
		o := Occurrence{Path: cleanPath(a.spell(at.path)), State: s.state(), FirstSeen: a.repo.hash.text(first.id), LastSeen: a.repo.hash.text(last.id)}
		if o.State == inventory.Branch {
			for _, i := range s.branches {
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
func older(a, b *commit) int {
	return cmp.Or(cmp.Compare(a.time, b.time), bytes.Compare(a.id[:], b.id[:]))
}
