package source

import (
	"bytes"
	"cmp"
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/rotamap/rotamap/graph/inventory"
)

// The limits of expanding trees into paths: a tree bomb has few trees and more paths than can be counted.
const (
	maxRepeats = 1000    // how often one tree is expanded
	maxPaths   = 2000000 // paths of one expansion
	maxDepth   = 4096    // folders in one another
)

// placed is a content at a path.
type placed struct {
	path string
	id   oid
}

// compare orders contents by path, then by id.
func (p placed) compare(o placed) int {
	return cmp.Or(strings.Compare(p.path, o.path), bytes.Compare(p.id[:], o.id[:]))
}

// join puts a name below a folder as it is: a hostile ".." must not become another path.
func join(dir, name string) string {
	if dir == "" {
		return name
	}
	return dir + "/" + name
}

// present is the state "head" of a repository: what HEAD, the index and the work tree hold.
type present struct {
	repo   *repository
	commit string
	head   map[placed]bool // blobs of HEAD's tree
	trees  map[string]oid  // folders of HEAD's tree
	index  []placed
	dirs   map[string]bool // folders with files that git knows
	files  map[string]bool // and those files

	mu    sync.Mutex
	done  map[placed]bool
	blobs map[oid]bool // contents that were handed out, or are left out for good
	known map[placed]*scanned
}

func newPresent(r *repository) *present {
	return &present{
		repo: r, commit: r.revision(), head: map[placed]bool{}, trees: map[string]oid{}, dirs: map[string]bool{}, files: map[string]bool{},
		done: map[placed]bool{}, blobs: map[oid]bool{}, known: map[placed]*scanned{},
	}
}

// expand walks HEAD's tree.
func (p *present) expand(w *walk, root oid) {
	repeats := map[oid]int{}
	todo := []placed{{"", root}}
	for len(todo) > 0 {
		t := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if repeats[t.id]++; repeats[t.id] > maxRepeats || len(p.head) > maxPaths || strings.Count(t.path, "/") > maxDepth {
			w.repeated(t.id)
			continue
		}
		p.trees[t.path] = t.id
		entries, err := p.repo.tree(t.id)
		if err != nil {
			w.object("tree", t.id, err)
		}
		for _, e := range entries {
			at := placed{join(t.path, e.name), e.id}
			switch {
			case e.isTree():
				todo = append(todo, at)
			case e.isGitlink():
				w.tally.skip(at.path, "submodule: its commit is in another repository")
			default:
				p.add(w, at, e.isLink())
				p.head[at] = true
			}
		}
	}
}

// add records a path that git knows.
func (p *present) add(w *walk, at placed, link bool) {
	p.files[at.path] = true
	for dir := path.Dir(at.path); dir != "." && dir != "/" && !p.dirs[dir]; dir = path.Dir(dir) {
		p.dirs[dir] = true
	}
	if link && !p.done[at] {
		p.done[at], p.blobs[at.id] = true, true
		w.tally.count("symbolic link, not followed")
	}
}

// readIndex reads the index: staged contents may be in no commit.
func (p *present) readIndex(w *walk) {
	name := p.repo.path("index")
	b, err := readSmall(filepath.Join(p.repo.gitDir, "index"), maxMeta)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			w.tally.unreadable(name, reasonOf(err))
		}
		return
	}
	entries, ok := parseIndex(p.repo.hash, b, func(id oid) ([]byte, bool) {
		b, err := readSmall(filepath.Join(p.repo.gitDir, "sharedindex."+p.repo.hash.text(id)), maxMeta)
		return b, err == nil
	})
	if !ok {
		w.tally.unreadable(name, "damaged or unknown index")
	}
	for _, e := range entries {
		mode := treeEntry{mode: e.mode}
		if mode.isGitlink() || mode.isTree() {
			continue
		}
		at := placed{e.name, e.id}
		p.add(w, at, mode.isLink())
		p.index = append(p.index, at)
	}
}

// tracks reports whether git knows a file below the folder.
func (p *present) tracks(dir string) bool { return p.dirs[dir] }

// seen records that a content of the work tree was read, and returns the commit that holds it there.
func (p *present) seen(name string, id oid) string {
	at := placed{name, id}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done[at], p.blobs[id] = true, true
	if p.head[at] {
		return p.commit
	}
	return ""
}

// know records what is known of a content that was handed out.
func (p *present) know(at placed, k *scanned) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known[at] = k
}

// knows returns what is known of a content at a path, nil for nothing.
func (p *present) knows(at placed) *scanned {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.known[at]
}

// rest lists what HEAD and the index hold and the work tree does not, sorted.
func (p *present) rest() []placed {
	var out []placed
	for at := range p.head {
		if !p.done[at] {
			out = append(out, at)
		}
	}
	for _, at := range p.index {
		if !p.done[at] && !p.head[at] {
			out = append(out, at)
		}
	}
	slices.SortFunc(out, placed.compare)
	return slices.Compact(out)
}

// unchecked hands out the contents of HEAD and the index that are not in the work tree.
func (w *walk) unchecked(p *present) error {
	rest := p.rest()
	for _, at := range rest {
		p.seen(at.path, at.id)
	}
	list := make([]file, 0, len(rest))
	for _, at := range rest {
		f := file{path: at.path, blob: at.id, state: inventory.Head}
		if p.head[at] {
			f.commit = p.commit
		}
		list = append(list, f)
	}
	return w.wait(list)
}

// blob reads a blob and hands it out.
func (w *walk) blob(worker int, f file) error {
	kind, data, err := w.src.repo.objects.get(f.blob, w.opt.MaxFile)
	if err == nil && kind != blobKind {
		err = errCorrupt
	}
	if err != nil {
		w.object("blob", f.blob, err)
		return nil
	}
	f.data = data
	return w.deliver(worker, f)
}

// repeated counts a tree that stands in more places than are looked at.
func (w *walk) repeated(tree oid) {
	w.tally.unreadable("tree "+w.hash.text(tree), "limit: it stands in too many places, not all were looked at")
}

// object counts an object that cannot be read.
func (w *walk) object(kind string, id oid, err error) {
	reason := reasonOf(err)
	if errors.Is(err, errLimit) {
		reason = tooLarge(w.opt.MaxFile).Error()
	}
	if errors.Is(err, errMissing) && w.src.repo.partial() {
		reason += ": the clone is partial"
	}
	w.tally.unreadable(kind+" "+w.hash.text(id), reason)
}
