package source

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"syscall"

	"github.com/rotamap/rotamap/graph/inventory"
)

// gitDir is the name of the folder in which git keeps a repository.
const gitDir = ".git"

// folder walks the files below the root. In a repository, tracked says which folders hold files that git knows:
// those are read even where they look like dependencies. A nil onDisk means a plain folder.
func (w *walk) folder(repo *present) error {
	root, err := os.OpenRoot(w.src.root)
	if err != nil {
		w.tally.unreadable(".", reasonOf(err))
		return nil
	}
	defer root.Close()
	l := &lister{walk: w, root: root, repo: repo}
	if w.opt.Scope == ScopePresent && repo != nil {
		l.ignored = newIgnored(root)
	}
	l.list("", nil)
	if repo == nil {
		w.src.spend()
	}
	memory := make([][]byte, w.opt.Workers)
	return w.run(func(put func(job) bool) {
		for _, f := range l.files {
			if !put(func(worker int) error { return w.diskFile(worker, root, f.path, f.size, repo, &memory[worker]) }) {
				return
			}
		}
	})
}

// found is a file to be read.
type found struct {
	path string
	size int64
}

// lister finds the files below a root.
type lister struct {
	walk  *walk
	root  *os.Root
	repo  *present
	files []found

	ignored *ignored // what .gitignore leaves out; nil: all is read
}

// list adds the files of one folder and of those in it. The names in the folder above decide, with its own,
// whether it holds dependencies.
func (l *lister) list(dir string, above []fs.DirEntry) {
	entries, err := l.read(dir)
	if err != nil {
		l.walk.tally.unreadable(dir, reasonOf(err))
	}
	if reason := dependencies(dir, above, entries); reason != "" && !l.walk.opt.NoPrune && !l.tracks(dir) {
		l.walk.tally.skip(dir, reason)
		return
	}
	if l.ignored != nil && l.ignored.folder(dir, entries) {
		l.walk.tally.skip(dir, "a repository of its own: no part of this one's change")
		return
	}
	for _, e := range entries {
		if name := path.Join(dir, e.Name()); l.ignored == nil || l.known(name) || !l.ignored.leaves(name, e.IsDir()) {
			l.entry(name, e, entries)
		}
	}
}

// known reports whether git knows a file, or a file below a folder: ignoring it has no effect then.
func (l *lister) known(name string) bool { return l.repo.files[name] || l.repo.dirs[name] }

// read lists a folder, sorted by name.
func (l *lister) read(dir string) ([]fs.DirEntry, error) {
	f, err := l.root.Open(path.Join(".", dir))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	entries, err := f.ReadDir(-1)
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, err
}

// tracks reports whether git knows a file below the folder.
func (l *lister) tracks(dir string) bool { return l.repo != nil && l.repo.tracks(dir) }

// entry looks at one name of a folder.
func (l *lister) entry(name string, e fs.DirEntry, siblings []fs.DirEntry) {
	t := l.walk.tally
	switch {
	case e.Name() == gitDir:
		l.nested(name)
	case e.IsDir():
		l.list(name, siblings)
	case e.Type()&fs.ModeSymlink != 0:
		t.count("symbolic link, not followed")
	case !e.Type().IsRegular():
		t.skip(name, errSpecial.Error())
	default:
		l.regular(name, e)
	}
}

// nested notes a repository inside the source. Its own history is another source.
func (l *lister) nested(name string) {
	if name == gitDir && l.repo != nil {
		return
	}
	dir := cleanPath(path.Dir(name))
	if dir == "." {
		l.walk.tally.note("the root holds a " + gitDir + " that is no repository; it was not read")
		return
	}
	l.walk.tally.note(dir + " is a repository of its own: its files were read, its history was not; scan it as a source to read both")
}

// regular adds a file.
func (l *lister) regular(name string, e fs.DirEntry) {
	info, err := e.Info()
	if err != nil {
		l.walk.tally.unreadable(name, reasonOf(err))
		return
	}
	l.files = append(l.files, found{name, info.Size()})
	l.walk.meter.expect(min(info.Size(), l.walk.opt.MaxFile))
}

// diskFile reads a file and hands it out. What it reads is in the worker's memory, and gone with the next file.
func (w *walk) diskFile(worker int, root *os.Root, name string, size int64, repo *present, memory *[]byte) error {
	defer w.meter.read(min(size, w.opt.MaxFile))
	data, err := readBelow(root, name, w.opt.MaxFile, *memory)
	if n := cap(data); n > cap(*memory) && n <= maxFreeBytes {
		*memory = data[:0]
	}
	if errors.Is(err, errLimit) && w.bigArchive(root, name) {
		return w.archiveOnDisk(worker, root, file{path: name, state: inventory.Head})
	}
	if err != nil {
		w.tally.unreadable(name, reasonOf(err))
	}
	if err != nil && len(data) == 0 {
		return nil
	}
	f := file{path: name, data: data, state: inventory.Head}
	if repo != nil {
		f.blob = w.hash.blob(data)
		f.commit = repo.seen(name, f.blob)
	}
	return w.deliver(worker, f)
}

// readBelow reads a regular file without leaving the root, into memory where that is large enough.
func readBelow(root *os.Root, name string, limit int64, memory []byte) ([]byte, error) {
	f, err := root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readOpen(f, limit, memory)
}

// readHead returns the first bytes of a file, to tell what it is.
func readHead(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head := make([]byte, 512)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	return head[:n], nil
}

// HasFile reports whether a folder has a regular file of that slash path; no link leads out of the folder.
func HasFile(folder, file string) bool {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return false
	}
	defer root.Close()
	info, err := root.Lstat(path.Clean(file))
	return err == nil && info.Mode().IsRegular()
}
