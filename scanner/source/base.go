package source

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact"
)

// Scope says how much of a git repository is read. Other sources have one state only.
type Scope uint8

const (
	// ScopeAll reads the present state, other branches, the history and the files of the git directory.
	ScopeAll Scope = iota
	// ScopePresent reads HEAD, the index and the work tree, without what .gitignore leaves out: what a change is
	// made of.
	ScopePresent
	// ScopeBase reads the tree of one commit: the one from which HEAD departed from Options.Base.
	ScopeBase
)

// ErrNoRevision is returned for a revision that the repository does not have.
var ErrNoRevision = errors.New("the repository has no such revision")

// pin makes the source one of the commit from which HEAD departed from Options.Base. Where the history does not
// tell (a shallow clone, unrelated histories) it is the commit of Options.Base itself.
func (s *Source) pin() error {
	if s.repo == nil {
		return fmt.Errorf("comparing %q with %q: it is no git repository\nhint: give the folder that holds .git", s.root, s.opt.Base)
	}
	if s.repo.unborn(s.opt.Base) {
		s.repo.bare = true // before the first commit there is nothing to compare with: all is new
		return nil
	}
	id, err := s.repo.resolve(s.opt.Base)
	if err != nil {
		return fmt.Errorf("looking up %q in %q: %w\nhint: in CI fetch it first: git fetch origin BRANCH, or fetch-depth: 0", s.opt.Base, s.ID, err)
	}
	if fork, ok := s.repo.mergeBase(id, s.repo.refs.headID); ok {
		id = fork
	}
	s.repo.refs.headID = id
	s.repo.bare = true // no work tree, no index: one commit
	s.Revision, s.Time = s.repo.revision(), stamp(s.repo.commits[id].time)
	return nil
}

// FileAt reads a file of a repository as it is at a revision. A file that is not there is fs.ErrNotExist, a revision
// that is not there ErrNoRevision. The memo may be nil.
func FileAt(location, revision, name string, memo *Memo) ([]byte, error) {
	s, err := Open(Spec{Location: location}, Options{Memo: memo})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	if s.repo == nil {
		return nil, fmt.Errorf("reading %q at %q: %q is no git repository", name, revision, location)
	}
	if s.repo.unborn(revision) {
		return nil, fs.ErrNotExist
	}
	id, err := s.repo.resolve(revision)
	if err != nil {
		return nil, fmt.Errorf("reading %q at %q: %w", name, revision, err)
	}
	at := s.repo.commits[id].tree
	for _, part := range strings.Split(name, "/") {
		entries, err := s.repo.tree(at)
		if err != nil {
			return nil, fmt.Errorf("reading %q at %q: %s", name, revision, reasonOf(err))
		}
		i := slices.IndexFunc(entries, func(e treeEntry) bool { return e.name == part })
		if i < 0 {
			return nil, fs.ErrNotExist
		}
		at = entries[i].id
	}
	kind, data, err := s.repo.objects.get(at, maxMeta)
	if err != nil || kind != blobKind {
		return nil, fs.ErrNotExist
	}
	return slices.Clone(data), nil
}

// unborn reports whether a revision is HEAD of a repository without a commit.
func (r *repository) unborn(revision string) bool {
	return revision == "HEAD" && r.refs.headID == oid{} && r.refs.head != ""
}

// resolve finds the commit that a revision names: HEAD, a branch, a tag, a remote branch, the beginning of a commit's
// id, each with ~N and ^ behind it.
func (r *repository) resolve(revision string) (oid, error) {
	end := strings.IndexAny(revision, "~^")
	if end < 0 {
		end = len(revision)
	}
	id, ok := r.named(revision[:end])
	if ok {
		id, ok = r.ancestor(id, revision[end:])
	}
	if _, known := r.commits[id]; !ok || !known {
		return oid{}, ErrNoRevision
	}
	return id, nil
}

// named finds a ref as git does, else a commit by the beginning of its id.
func (r *repository) named(name string) (oid, bool) {
	if name == "HEAD" || name == "@" {
		return r.refs.headID, r.refs.headID != oid{}
	}
	for _, pattern := range []string{"%s", "refs/%s", "refs/tags/%s", "refs/heads/%s", "refs/remotes/%s", "refs/remotes/%s/HEAD"} {
		full := strings.Replace(pattern, "%s", name, 1)
		for _, list := range [][]ref{r.refs.named, r.refs.others} {
			if i := slices.IndexFunc(list, func(x ref) bool { return x.name == full }); i >= 0 {
				return r.peel(list[i].id, false)
			}
		}
	}
	return r.abbreviated(strings.ToLower(name))
}

// abbreviated finds the one commit whose id begins with the text; four digits at least, as git asks for.
func (r *repository) abbreviated(text string) (oid, bool) {
	if len(text) < 4 || strings.Trim(text, "0123456789abcdef") != "" {
		return oid{}, false
	}
	if id, ok := r.hash.parse(text); ok { // a whole id may be one that no ref leads to: a fetched commit
		if _, known := r.commits[id]; !known {
			r.reach([]ref{{"", id}}, r.commits, nil, false)
		}
		return id, true
	}
	var found oid
	for id := range r.commits {
		if strings.HasPrefix(r.hash.text(id), text) {
			if found != (oid{}) {
				return oid{}, false
			}
			found = id
		}
	}
	return found, found != oid{}
}

// ancestor follows ~N (first parents) and ^N (the Nth parent) from a commit.
func (r *repository) ancestor(id oid, steps string) (oid, bool) {
	for len(steps) > 0 {
		kind, rest := steps[0], steps[1:]
		digits := rest[:len(rest)-len(strings.TrimLeft(rest, "0123456789"))]
		steps = rest[len(digits):]
		n, err := strconv.Atoi(cmp.Or(digits, "1"))
		if err != nil || n > len(r.commits) {
			return id, false
		}
		which := 1
		if kind == '^' && n > 0 {
			which, n = n, 1
		}
		for range n {
			parents := r.commits[id].parents
			if which > len(parents) {
				return id, false
			}
			id = parents[which-1]
		}
	}
	return id, true
}

// mergeBase returns the newest commit that both lead back to; false when there is none.
func (r *repository) mergeBase(a, b oid) (oid, bool) {
	of := map[oid]commit{}
	r.ancestors(a, of)
	var best oid
	seen := map[oid]bool{}
	for todo := []oid{b}; len(todo) > 0; {
		id := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[id] {
			continue
		}
		seen[id] = true
		c, known := r.commits[id]
		if !known {
			continue
		}
		if _, common := of[id]; common {
			if best == (oid{}) || newer(c, r.commits[best]) {
				best = id
			}
			continue
		}
		todo = append(todo, c.parents...)
	}
	return best, best != oid{}
}

func newer(a, b commit) bool {
	return a.time > b.time || a.time == b.time && string(a.id[:]) > string(b.id[:])
}

// ancestors adds a commit and all that it leads back to.
func (r *repository) ancestors(from oid, into map[oid]commit) {
	for todo := []oid{from}; len(todo) > 0; {
		id := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		c, known := r.commits[id]
		if _, done := into[id]; done || !known {
			continue
		}
		into[id] = c
		todo = append(todo, c.parents...)
	}
}

// besideInTree reads the other files of a bundle from the tree of a repository without a work tree.
func (s *Source) besideInTree(a *artifact.Artifact, globs []string) map[string]*artifact.Artifact {
	out := map[string]*artifact.Artifact{}
	for _, g := range besideGlobs(a, globs) {
		for _, at := range s.listedAs(g) {
			if len(out) == maxBeside {
				return out
			}
			if out[at.path] != nil {
				continue
			}
			kind, data, err := s.repo.objects.get(at.id, maxBesideSize)
			if err != nil || kind != blobKind {
				continue
			}
			if text, ok := decode(slices.Clone(data)); ok {
				out[at.path] = &artifact.Artifact{Source: a.Source, Path: at.path, Content: text, State: a.State}
			}
		}
	}
	return out
}

// listedAs lists the files of HEAD's tree that a glob from the root of the source matches.
func (s *Source) listedAs(glob string) []placed {
	dir, name := path.Split(glob)
	dir = strings.TrimSuffix(dir, "/")
	dirs := []string{dir}
	if strings.ContainsAny(dir, `*?[\`) {
		dirs = nil
		for d := range s.listing {
			if ok, err := path.Match(dir, d); ok && err == nil {
				dirs = append(dirs, d)
			}
		}
		slices.Sort(dirs)
	}
	var out []placed
	for _, d := range dirs {
		for _, at := range s.listing[d] {
			if ok, err := path.Match(name, at.path[strings.LastIndexByte(at.path, '/')+1:]); ok && err == nil {
				out = append(out, at)
			}
		}
	}
	return out
}

// listed sorts the files of HEAD's tree by their folders.
func (p *present) listed() map[string][]placed {
	out := map[string][]placed{}
	for at := range p.head {
		dir := ""
		if i := strings.LastIndexByte(at.path, '/'); i >= 0 {
			dir = at.path[:i]
		}
		out[dir] = append(out[dir], at)
	}
	for dir := range out {
		slices.SortFunc(out[dir], placed.compare)
	}
	return out
}
