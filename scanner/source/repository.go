package source

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/go-git/go-git/v5/plumbing/format/config"
)

// maxMeta bounds trees, commits, tags and the index: what the walk itself must hold in memory.
const maxMeta = 256 << 20

// repository is an opened git repository.
type repository struct {
	gitDir   string // where HEAD is
	common   string // where objects and refs are; differs in a linked work tree
	bare     bool   // the source is the git directory itself: there is no work tree
	hash     hashKind
	config   *config.Config
	refs     refs
	shallow  map[oid]bool
	objects  *objects
	forest   *forest
	packed   map[oid]commit // that stand in packs and are not reachable, once the others are known
	commits  map[oid]commit // reachable from HEAD, refs and the HEADs of linked work trees
	troubles []trouble      // met while opening
	notes    []string
}

// trouble is something that should have been read and could not be.
type trouble struct{ what, reason string }

// openRepository opens the repository of a folder: its .git, or the folder itself when it is bare. It returns
// nil for a folder that is no repository. A broken one is opened as far as it goes.
func openRepository(root string, o Options) *repository {
	r := &repository{hash: sha1Kind, packed: map[oid]commit{}, commits: map[oid]commit{}}
	if !r.locate(root) {
		return nil
	}
	r.readConfig()
	r.objects = openObjects(filepath.Join(r.common, "objects"), r.hash, r.broken)
	r.openAlternates(r.objects, 0)
	_ = guarded(func() error { r.objects.remember(o.Cache); return nil }, func() { r.broken("objects/pack", errShrunk) })
	r.forest = newForest(r)
	r.refs = readRefs(r.gitDir, r.common, r.hash, r.broken)
	r.readShallow()
	r.packed = o.Memo.commits(r)
	if r.packed == nil {
		r.packed = map[oid]commit{}
		r.readCommits(o.Workers)
		o.Memo.keep(r)
	}
	_ = guarded(func() error { r.loadCommits(); return nil }, func() { r.broken("objects/pack", errShrunk) })
	return r
}

// broken records trouble.
func (r *repository) broken(what string, err error) {
	r.troubles = append(r.troubles, trouble{what, reasonOf(err)})
}

// locate finds the git directory.
func (r *repository) locate(root string) bool {
	dot := filepath.Join(root, gitDir)
	info, err := os.Lstat(dot)
	switch {
	case err == nil && info.IsDir() && looksLikeGitDir(dot):
		r.gitDir = dot
	case err == nil && info.Mode().IsRegular():
		if r.gitDir = r.follow(root, dot); r.gitDir == "" {
			return false
		}
	case looksLikeGitDir(root) && isDir(filepath.Join(root, "objects")) && isFile(filepath.Join(root, "HEAD")):
		r.gitDir, r.bare = root, true
	default:
		return false
	}
	r.common = r.gitDir
	if b, err := readSmall(filepath.Join(r.gitDir, "commondir"), 4096); err == nil {
		r.common = r.outside(root, resolve(r.gitDir, string(b)), r.gitDir)
	}
	return true
}

// looksLikeGitDir is lenient: a repository that lost its HEAD is a broken repository, not a folder.
func looksLikeGitDir(dir string) bool {
	n := 0
	for _, name := range []string{"objects", "refs", "HEAD", "config", "commondir"} {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			n++
		}
	}
	return n >= 2
}

func isDir(name string) bool { info, err := os.Stat(name); return err == nil && info.IsDir() }
func isFile(name string) bool {
	info, err := os.Lstat(name)
	return err == nil && info.Mode().IsRegular()
}

// follow reads a .git file, which names the git directory of a linked work tree or a submodule.
func (r *repository) follow(root, dot string) string {
	b, err := readSmall(dot, 4096)
	target, ok := strings.CutPrefix(string(b), "gitdir:")
	if err != nil || !ok {
		return ""
	}
	return r.outside(root, resolve(root, target), "")
}

// resolve joins a path that a git file names with the folder it is relative to.
func resolve(dir, target string) string {
	target = strings.TrimSpace(target)
	if !filepath.IsAbs(target) {
		target = filepath.Join(dir, target)
	}
	return filepath.Clean(target)
}

// outside allows a git directory outside the source only when it is one and belongs to the same user.
func (r *repository) outside(root, dir, otherwise string) string {
	own, err := os.Stat(root)
	info, err2 := os.Stat(dir)
	if err != nil || err2 != nil || !looksLikeGitDir(dir) || !sameOwner(own, info) {
		r.notes = append(r.notes, "the git directory that .git names was not read: it is missing, no repository, or another user's")
		return otherwise
	}
	r.notes = append(r.notes, "the git directory lies outside the source, where .git names it; it was read")
	return dir
}

// readConfig reads .git/config for the remote and the format of the objects. Includes are not followed.
func (r *repository) readConfig() {
	r.config = config.New()
	b, err := readSmall(filepath.Join(r.common, "config"), 16<<20)
	if err == nil {
		if config.NewDecoder(bytes.NewReader(b)).Decode(r.config) != nil {
			r.troubles = append(r.troubles, trouble{r.path("config"), "malformed git configuration"})
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		r.broken(r.path("config"), err)
	}
	if strings.EqualFold(r.config.Section("extensions").Option("objectformat"), "sha256") {
		r.hash = sha256Kind
	}
	if strings.EqualFold(r.config.Section("extensions").Option("refstorage"), "reftable") {
		r.troubles = append(r.troubles, trouble{r.path("reftable"), "refs are kept as reftable, which is not read"})
	}
}

// path returns the path of a file of the git directory, relative to the source.
func (r *repository) path(name string) string {
	if r.bare {
		return name
	}
	return gitDir + "/" + name
}

// partial reports whether objects were left out when the repository was cloned.
func (r *repository) partial() bool {
	return r.config.Section("extensions").Option("partialclone") != "" ||
		slices.ContainsFunc(r.config.Section("remote").Subsections, func(s *config.Subsection) bool { return s.Option("promisor") != "" })
}

// openAlternates opens the object stores that the repository borrows from, five deep as git does.
func (r *repository) openAlternates(o *objects, depth int) {
	b, err := readSmall(filepath.Join(o.dir, "info", "alternates"), 1<<20)
	if err != nil {
		return
	}
	own, err := os.Stat(o.dir)
	if err != nil {
		return
	}
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		dir := resolve(o.dir, line)
		info, err := os.Stat(dir)
		if err != nil || !info.IsDir() || !sameOwner(own, info) || depth >= 5 {
			r.troubles = append(r.troubles, trouble{r.path("objects/info/alternates"), "an object store that it names is missing, or another user's"})
			continue
		}
		a := openObjects(dir, r.hash, r.broken)
		r.openAlternates(a, depth+1)
		o.alternates = append(o.alternates, a)
		r.notes = append(r.notes, "objects were looked up in an object store outside the source (objects/info/alternates)")
	}
}

// readShallow reads where the history was cut when it was cloned.
func (r *repository) readShallow() {
	r.shallow = map[oid]bool{}
	b, err := readSmall(filepath.Join(r.common, "shallow"), maxRefFile)
	if err != nil {
		return
	}
	for line := range strings.Lines(string(b)) {
		if id, ok := r.hash.parse(strings.TrimSpace(line)); ok {
			r.shallow[id] = true
		}
	}
	if len(r.shallow) > 0 {
		r.notes = append(r.notes, "the clone is shallow: older commits are not in it")
	}
}

// author returns the name of who wrote a commit, "" when it cannot be read.
func (r *repository) author(text string) string {
	id, ok := r.hash.parse(text)
	if !ok {
		return ""
	}
	kind, data, err := r.objects.get(id, maxMeta)
	if err != nil || kind != commitKind {
		return ""
	}
	return authorName(data)
}

// tree reads the entries of a tree; those before a malformed one are returned with the error.
func (r *repository) tree(id oid) ([]treeEntry, error) {
	kind, data, err := r.objects.get(id, maxMeta)
	if err != nil {
		return nil, err
	}
	if kind != treeKind {
		return nil, errCorrupt
	}
	var out []treeEntry
	if !parseTree(r.hash, data, func(mode uint32, name []byte, id oid) {
		out = append(out, treeEntry{string(name), mode, id})
	}) {
		return out, errCorrupt
	}
	return out, nil
}

// revision returns the commit of HEAD, "" when it has none.
func (r *repository) revision() string {
	if r.refs.headID == (oid{}) {
		return ""
	}
	return r.hash.text(r.refs.headID)
}

// newest returns the time of the newest commit.
func (r *repository) newest() string {
	newest := int64(-1)
	for _, c := range r.commits {
		newest = max(newest, c.time)
	}
	if newest < 0 {
		return ""
	}
	return stamp(newest)
}

// stamp writes a time as RFC 3339 in UTC.
func stamp(seconds int64) string { return time.Unix(seconds, 0).UTC().Format(time.RFC3339) }

// name returns the id that the repository gives itself: its remote, or its oldest root commit; "" for neither.
func (r *repository) name() string {
	for _, url := range r.config.Section("remote").Subsection("origin").Options.GetAll("url") {
		if name := normalRemote(url); name != "" {
			return name
		}
	}
	root, ok := r.oldestRoot()
	if !ok {
		return ""
	}
	return "git-" + r.hash.text(root.id)[:12]
}

func (r *repository) oldestRoot() (commit, bool) {
	var best commit
	found := false
	for _, c := range r.commits {
		if len(c.parents) == 0 && (!found || older(&c, &best) < 0) {
			best, found = c, true
		}
	}
	return best, found
}

// otherHeads lists the branches beside HEAD's own that point at a commit, by short name.
func (r *repository) otherHeads() []ref {
	var out []ref
	for _, b := range r.refs.named {
		if b.short() == "" || b.name == r.refs.head || r.remoteDefault(b) {
			continue
		}
		if id, ok := r.peel(b.id, false); ok {
			out = append(out, ref{b.name, id})
		}
	}
	slices.SortFunc(out, func(a, b ref) int {
		return 2*strings.Compare(a.short(), b.short()) + strings.Compare(a.name, b.name)
	})
	return out
}

// remoteDefault reports whether a ref only says which branch of a remote is its default: origin/HEAD beside origin/main.
func (r *repository) remoteDefault(b ref) bool {
	remote, ok := strings.CutSuffix(b.name, "/HEAD")
	return ok && slices.ContainsFunc(r.refs.named, func(o ref) bool {
		return o.id == b.id && o.name != b.name && strings.HasPrefix(o.name, remote+"/")
	})
}
