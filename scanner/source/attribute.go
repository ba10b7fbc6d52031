package source

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// maxOccurrences bounds the paths that are told of one blob below one folder, so that a tree bomb stays small.
const maxOccurrences = 64

// Attribute says, for blobs with findings, at which paths they stood, in which state, at the heads of which
// other branches, and in which commits they were first and last seen there (by the committer's time). It also
// returns the times of the commits it names. A blob that no reachable commit holds has no occurrences. It is
// called after Walk. What cannot be read was counted by then and is passed over.
func (s *Source) Attribute(ctx context.Context, blobs []string) (map[string][]Occurrence, []inventory.Commit, error) {
	if s.repo == nil || len(blobs) == 0 {
		return nil, nil, nil
	}
	a := &attribution{repo: s.repo, want: map[oid]bool{}, memo: map[oid][]placed{}, spans: map[placed]*span{}}
	for _, b := range blobs {
		if id, ok := s.repo.hash.parse(b); ok {
			a.want[id] = true
		}
	}
	for _, c := range a.repo.commits {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		for _, at := range a.below(c.tree, 0) {
			a.extend(at, c)
		}
	}
	a.markHeads()
	return a.result()
}

// attribution gathers where blobs stood.
type attribution struct {
	repo  *repository
	want  map[oid]bool
	memo  map[oid][]placed // what of the wanted blobs lies below a tree, by relative path
	spans map[placed]*span
}

// span is the life of a blob at a path.
type span struct {
	first, last commit
	head        bool
	branches    []string
}

// below lists the wanted blobs below a tree; each tree is read once.
func (a *attribution) below(tree oid, depth int) []placed {
	if out, ok := a.memo[tree]; ok || depth > maxDepth {
		return out
	}
	a.memo[tree] = nil
	entries, _ := a.repo.tree(tree)
	var out []placed
	for _, e := range entries {
		switch {
		case e.isGitlink():
		case e.isTree():
			for _, at := range a.below(e.id, depth+1) {
				out = append(out, placed{join(e.name, at.path), at.id})
			}
		case a.want[e.id]:
			out = append(out, placed{e.name, e.id})
		}
	}
	out = fewest(out)
	a.memo[tree] = out
	return out
}

// fewest keeps the least paths of each blob.
func fewest(all []placed) []placed {
	if len(all) <= maxOccurrences {
		return all
	}
	slices.SortFunc(all, placed.compare)
	n := map[oid]int{}
	return slices.DeleteFunc(all, func(p placed) bool { n[p.id]++; return n[p.id] > maxOccurrences })
}

// extend adds a commit to the life of a blob at a path.
func (a *attribution) extend(at placed, c commit) {
	s := a.spans[at]
	if s == nil {
		a.spans[at] = &span{first: c, last: c}
		return
	}
	if older(c, s.first) < 0 {
		s.first = c
	}
	if older(c, s.last) > 0 {
		s.last = c
	}
}

// markHeads says which blobs stand in HEAD and at the heads of other branches.
func (a *attribution) markHeads() {
	r := a.repo
	if c, ok := r.commits[r.refs.headID]; ok {
		for _, at := range a.memo[c.tree] {
			a.spans[at].head = true
		}
	}
	for _, b := range r.otherHeads() {
		for _, at := range a.memo[r.commits[b.id].tree] {
			a.spans[at].branches = append(a.spans[at].branches, b.short())
		}
	}
}

// result sorts what was gathered.
func (a *attribution) result() (map[string][]Occurrence, []inventory.Commit, error) {
	out := map[string][]Occurrence{}
	named := map[string]string{}
	for at, s := range a.spans {
		o := Occurrence{Path: cleanPath(at.path), State: s.state(), FirstSeen: a.repo.hash.text(s.first.id), LastSeen: a.repo.hash.text(s.last.id)}
		if o.State != inventory.Head {
			o.Branches = s.branches
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
	return out, commits, nil
}

// state is the freshest of the states in which the blob stands at the path.
func (s *span) state() inventory.State {
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
