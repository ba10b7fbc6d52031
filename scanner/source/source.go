// Package source opens what a scan is pointed at (a folder, a git repository with its history, an archive, one
// file, standard input) and hands out its files as artifacts. It is the only user of go-git.
//
// A scanned tree is hostile: nothing in it is executed or written, symbolic links are not followed, and every
// read has a limit. What cannot be read is counted and never ends the walk.
//
// A git repository is read object by object, not patch by patch. Each unique content is handed out once, in
// the freshest state in which it stands:
//
//   - head: each (path, content) of the work tree, the index and the tree of HEAD;
//   - branch: each (path, content) at the heads of other branches, local and remote-tracking, that is not in head;
//   - history: each other blob of the object store, under the least of its paths (fewest elements first). A blob
//     that stands in no tree has the path .git/objects/<id>.
//
// What git keeps beside files are artifacts too, where they can hold a credential: .git/config, hooks that are
// no samples, reflogs that mention a URL, messages of commits (.git/commits/<id>) and of tags (.git/tags/<id>).
package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/cache"
)

// Spec is one SOURCE argument of the command line: NAME=LOCATION, or a location alone.
type Spec struct {
	Name     string // the id that the user gave, "" for none
	Location string // path, or "-" for standard input
}

// ParseSpec reads a SOURCE argument. What exists as a path is a path, even with an equals sign in it.
func ParseSpec(arg string) Spec {
	name, location, ok := strings.Cut(arg, "=")
	if !ok || name == "" || location == "" {
		return Spec{Location: arg}
	}
	if _, err := os.Lstat(arg); err == nil {
		return Spec{Location: arg}
	}
	return Spec{Name: name, Location: location}
}

// Options says what is read and within which limits. The zero value of a limit means its default.
type Options struct {
	NoHistory     bool
	NoArchives    bool
	NoUnreachable bool
	NoBinary      bool   // leave out what binary files hold of text
	NoPrune       bool   // read dependency folders too
	Scope         Scope  // how much of a repository is read
	Base          string // for ScopeBase: the revision from which HEAD departed
	MaxFile       int64  // bytes of one file
	MaxDepth      int    // nesting of archives
	MaxUnpacked   int64  // bytes that one archive unpacks to
	Workers       int
	Cache         *cache.Cache // what earlier scans learned of packs; nil for nothing
	Memo          *Memo        // shared by several readings of the present state of one repository; nil for none
	Stdin         io.Reader
	Progress      func(doneBytes, totalBytes int64) // called now and then, from one goroutine at a time; nil for none
}

// The default limits.
const (
	DefaultMaxFile  = 64 << 20
	DefaultMaxDepth = 4

	DefaultMaxUnpacked = 1 << 30
)

// withDefaults fills in the limits that are not set.
func (o Options) withDefaults() Options {
	if o.MaxFile <= 0 {
		o.MaxFile = DefaultMaxFile
	}
	if o.MaxDepth <= 0 {
		o.MaxDepth = DefaultMaxDepth
	}
	if o.MaxUnpacked <= 0 {
		o.MaxUnpacked = DefaultMaxUnpacked
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Stdin == nil {
		o.Stdin = strings.NewReader("")
	}
	return o
}

// The kinds of source.
const (
	KindGit     = "git"
	KindFolder  = "folder"
	KindFile    = "file"
	KindArchive = "archive"
	KindStdin   = "stdin"
)

// Source is an opened source.
type Source struct {
	ID       string
	Kind     string // git, folder, file, archive, stdin
	Revision string // commit of HEAD
	Time     string // of the newest commit, RFC 3339 UTC; "" where there is none

	root   string
	opt    Options
	repo   *repository  // nil unless Kind is git
	table  *cache.Table // what earlier scans learned of contents; nil for nothing
	memory Memory       // of the visitor, where there is a table

	thrift  *thrift             // while a history is read and what was found in it is looked up
	listing map[string][]placed // files of HEAD's tree by folder, where there is no work tree; made by Walk
}

// Occurrence says where a blob of the history was: attribution for a finding.
type Occurrence struct {
	Path      string
	State     inventory.State
	Branches  []string
	FirstSeen string // commit id
	LastSeen  string // commit id
}

// Visit is called for every artifact, from several workers at once; worker is 0..Workers-1. The memory of the
// content is used again when it returns: what it wants to keep it copies. An error ends the walk.
type Visit func(ctx context.Context, worker int, a *artifact.Artifact) error

// absent is the error for a source that is not there. An address of a repository is a likely mistake: nothing is
// fetched.
func absent(location string) error {
	if strings.Contains(location, "://") || strings.HasPrefix(location, "git@") {
		return errors.New("an address is no source: rotamap works offline\nhint: git clone it, then scan the folder")
	}
	return fmt.Errorf("opening source %q: no such file or folder", location)
}

// Open looks at what the spec names and gives it its id. It fails only when there is nothing to read at all.
func Open(spec Spec, o Options) (*Source, error) {
	s := &Source{ID: spec.Name, root: spec.Location, opt: o.withDefaults()}
	if spec.Location == "-" {
		s.Kind = KindStdin
		s.name(KindStdin)
		return s, nil
	}
	info, err := os.Stat(spec.Location)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, absent(spec.Location)
	}
	if err != nil {
		return nil, fmt.Errorf("opening source %q: %s", spec.Location, reasonOf(err))
	}
	base, err := s.locate(spec.Location)
	if err != nil {
		return nil, fmt.Errorf("opening source %q: %s", spec.Location, reasonOf(err))
	}
	switch {
	case info.IsDir():
		s.openFolder(base)
	case info.Mode().IsRegular():
		if s, err = s.openFile(base); err != nil {
			return nil, err
		}
	default:
		return nil, fmt.Errorf("opening source %q: neither a file nor a folder; give - to read standard input", spec.Location)
	}
	if s.opt.Scope == ScopeBase {
		if err := s.pin(); err != nil {
			s.Close()
			return nil, err
		}
	}
	return s, nil
}

// locate makes the location absolute and resolves the links in it: the user named it, so it is trusted. It
// returns the base name as the user wrote it.
func (s *Source) locate(location string) (string, error) {
	full, err := filepath.Abs(location)
	if err != nil {
		return "", err
	}
	s.root, err = filepath.EvalSymlinks(full)
	return filepath.Base(full), err
}

// Tables are the tables of what is known of the packs, nil where there is no cache. They are to be saved once all is read.
func (s *Source) Tables() []*cache.Table {
	if s.repo == nil {
		return nil
	}
	return s.repo.objects.tables()
}

// Close frees what the source holds open. The source cannot be read after.
func (s *Source) Close() {
	if s.repo != nil {
		s.repo.objects.close()
	}
	s.thrift.end()
}

// openFolder tells a repository from a plain folder.
func (s *Source) openFolder(base string) {
	s.Kind = KindFolder
	if s.repo = openRepository(s.root, s.opt); s.repo != nil {
		s.Kind = KindGit
		s.Revision = s.repo.revision()
		s.Time = s.repo.newest()
		s.name(s.repo.name())
	}
	s.name(base)
}

// openFile tells an archive from any other file.
func (s *Source) openFile(base string) (*Source, error) {
	s.Kind = KindFile
	head, err := readHead(s.root)
	if err != nil {
		return nil, fmt.Errorf("opening source %q: %s", base, reasonOf(err))
	}
	if archiveKind(head) != notArchive {
		s.Kind = KindArchive
	}
	s.name(base)
	return s, nil
}

// name sets the id unless there is one.
func (s *Source) name(id string) {
	if s.ID == "" {
		s.ID = strings.ToValidUTF8(id, "\uFFFD")
	}
}

// Walk hands out every artifact of the source and says what was looked at. The set of artifacts does not depend
// on the number of workers or on the order in which the file system lists its files. An error means that visit
// returned one or that ctx ended; whatever else goes wrong is in the coverage.
func (s *Source) Walk(ctx context.Context, visit Visit) (inventory.Coverage, error) {
	w := newWalk(ctx, s, visit)
	var err error
	switch s.Kind {
	case KindStdin:
		err = w.stdin()
	case KindFile, KindArchive:
		err = w.oneFile()
	case KindFolder:
		err = w.folder(nil)
	case KindGit:
		err = w.git()
	}
	return w.tally.result(), err
}
