package source

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// git walks a repository: the present first, then other branches, then whatever else there is.
func (w *walk) git() error {
	r := w.src.repo
	for _, t := range r.troubles {
		w.tally.unreadable(t.what, t.reason)
	}
	for _, n := range r.notes {
		w.tally.note(n)
	}
	w.tally.cov.Commits = len(r.commits)
	p := newPresent(r)
	w.present = p
	steps := []func(*present) error{w.recorded, w.workTree, w.internals, w.unchecked, w.branches, w.history}
	if w.opt.Scope != ScopeAll {
		steps = []func(*present) error{w.recorded, w.workTree, w.unchecked}
	}
	for _, step := range steps {
		if err := guarded(func() error { return step(p) }, w.packLost); err != nil {
			return err
		}
	}
	return nil
}

// recorded reads what git knows of the present: HEAD's tree and the index.
func (w *walk) recorded(p *present) error {
	if c, ok := p.repo.commits[p.repo.refs.headID]; ok {
		p.expand(w, c.tree)
	}
	if w.src.repo.bare {
		w.src.listing = p.listed()
	}
	if w.opt.Scope != ScopeBase {
		p.readIndex(w)
	}
	return nil
}

// workTree reads the files on disk.
func (w *walk) workTree(p *present) error {
	if w.src.repo.bare {
		return nil
	}
	return w.folder(p)
}

// internals reads the files of the git directory that people or tools put credentials in.
func (w *walk) internals(*present) error {
	r := w.src.repo
	names := []string{"config", "config.worktree", "FETCH_HEAD", "COMMIT_EDITMSG", "MERGE_MSG", "SQUASH_MSG"}
	names = append(names, listFiles(r.common, "hooks", func(n string) bool { return !strings.HasSuffix(n, ".sample") })...)
	for _, dir := range []string{"modules", "worktrees"} {
		names = append(names, listFiles(r.common, dir, func(n string) bool { return n == "config" || n == "config.worktree" })...)
	}
	names = append(names, listFiles(r.common, "logs", func(string) bool { return true })...)
	return w.run(func(put func(job) bool) {
		for _, name := range names {
			if !put(func(worker int) error { return w.internal(worker, name) }) {
				return
			}
		}
	})
}

// listFiles lists the regular files below a folder of the git directory.
func listFiles(root, dir string, want func(base string) bool) []string {
	var out []string
	_ = filepath.WalkDir(filepath.Join(root, dir), func(name string, d os.DirEntry, err error) error {
		if err != nil {
			return nil
		}
		if d.IsDir() && d.Name() == "objects" {
			return filepath.SkipDir
		}
		if rel, err := filepath.Rel(root, name); err == nil && d.Type().IsRegular() && want(d.Name()) {
			out = append(out, filepath.ToSlash(rel))
		}
		return nil
	})
	return out
}

// internal reads one file of the git directory. A reflog is worth reading only where it names a URL.
func (w *walk) internal(worker int, name string) error {
	r := w.src.repo
	data, err := readSmall(filepath.Join(r.common, filepath.FromSlash(name)), w.opt.MaxFile)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		w.tally.unreadable(r.path(name), reasonOf(err))
		return nil
	}
	if strings.HasPrefix(name, "logs/") && !bytes.Contains(data, []byte("://")) {
		return nil
	}
	return w.deliver(worker, file{path: r.path(name), data: data, state: inventory.Head})
}
