package source

import (
	"bufio"
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// ref is a name and the object that it points at.
type ref struct {
	name string // refs/heads/main, HEAD, or the path of a reflog
	id   oid
}

// refs holds what a repository points at. It is read from the files, for a single odd one (an empty file below
// refs/) must not hide the others.
type refs struct {
	head   string // the ref that HEAD names, "" when it is detached
	headID oid    // zero when HEAD is unborn
	named  []ref  // all of refs/, sorted by name, symbolic ones left out
	others []ref  // HEAD of linked work trees, ORIG_HEAD and the like, sorted
	logs   []ref  // every object that a reflog names, sorted
}

// maxRefFile bounds the files read here; the longest real packed-refs are some tens of megabytes.
const maxRefFile = 256 << 20

// readRefs reads the refs of a repository. gitDir is the folder of HEAD, common the one that work trees share.
func readRefs(gitDir, common string, k hashKind, broken func(string, error)) refs {
	r := refReader{hash: k, broken: broken, found: map[string]oid{}}
	r.packed(filepath.Join(common, "packed-refs"))
	r.folder(common, "refs")
	if gitDir != common {
		r.folder(gitDir, "refs")
	}
	out := refs{}
	out.head, out.headID = r.head(gitDir)
	for name, id := range r.found {
		out.named = append(out.named, ref{name, id})
	}
	out.others = r.pseudo(gitDir, common)
	out.logs = r.logs(gitDir, common)
	for _, list := range [][]ref{out.named, out.others, out.logs} {
		slices.SortFunc(list, func(a, b ref) int {
			return 2*strings.Compare(a.name, b.name) + bytes.Compare(a.id[:], b.id[:])
		})
	}
	return out
}

type refReader struct {
	hash   hashKind
	broken func(string, error)
	found  map[string]oid
}

// packed reads packed-refs.
func (r *refReader) packed(file string) {
	b, err := readSmall(file, maxRefFile)
	if err != nil {
		r.fail(".git/packed-refs", err)
		return
	}
	for line := range bytes.Lines(b) {
		id, name, ok := strings.Cut(strings.TrimRight(string(line), "\r\n"), " ")
		if v, good := r.hash.parse(id); ok && good {
			r.found[name] = v
		}
	}
}

// folder reads the loose refs below a folder.
func (r *refReader) folder(root, name string) {
	_ = filepath.WalkDir(filepath.Join(root, name), func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			r.fail(".git/"+name, err)
			return nil
		}
		if !d.Type().IsRegular() {
			return nil
		}
		rel, err := filepath.Rel(root, file)
		if err != nil {
			return nil
		}
		if id, _ := r.file(file); id != (oid{}) {
			r.found[filepath.ToSlash(rel)] = id
		}
		return nil
	})
}

// file reads one loose ref: an id, or the name of another ref.
func (r *refReader) file(file string) (id oid, target string) {
	b, err := readSmall(file, 4096)
	if err != nil {
		r.fail(".git/refs", err)
		return oid{}, ""
	}
	line, _, _ := strings.Cut(string(b), "\n")
	if name, ok := strings.CutPrefix(line, "ref:"); ok {
		return oid{}, strings.TrimSpace(name)
	}
	id, _ = r.hash.parse(strings.TrimSpace(line))
	return id, ""
}

// head resolves HEAD through at most five symbolic refs, as git does.
func (r *refReader) head(gitDir string) (name string, id oid) {
	id, name = r.file(filepath.Join(gitDir, "HEAD"))
	first := name
	for range 5 {
		if id != (oid{}) || name == "" {
			break
		}
		if v, ok := r.found[name]; ok {
			return first, v
		}
		clean := path.Clean("/" + name)
		if !strings.HasPrefix(clean, "/refs/") {
			break
		}
		file := filepath.Join(gitDir, filepath.FromSlash(clean))
		if info, err := os.Lstat(file); err != nil || !info.Mode().IsRegular() {
			break
		}
		id, name = r.file(file)
	}
	return first, id
}

// pseudo reads the refs that stand beside HEAD, those of linked work trees included.
func (r *refReader) pseudo(gitDir, common string) []ref {
	var out []ref
	dirs := []string{gitDir, common}
	linked, _ := filepath.Glob(filepath.Join(globSafe(common), "worktrees", "*"))
	dirs = append(dirs, linked...)
	slices.Sort(dirs)
	for _, dir := range slices.Compact(dirs) {
		list, err := os.ReadDir(dir)
		if err != nil {
			continue
		}
		for _, f := range list {
			if !f.Type().IsRegular() || !strings.HasSuffix(f.Name(), "HEAD") && f.Name() != "AUTO_MERGE" {
				continue
			}
			out = append(out, r.heads(filepath.Join(dir, f.Name()), f.Name())...)
		}
	}
	return out
}

// heads reads a file whose lines start with an id (FETCH_HEAD has several).
func (r *refReader) heads(file, name string) []ref {
	b, err := readSmall(file, 1<<20)
	if err != nil {
		return nil
	}
	var out []ref
	for line := range bytes.Lines(b) {
		word, _, _ := strings.Cut(strings.TrimSpace(string(line)), "\t")
		if id, ok := r.hash.parse(word); ok {
			out = append(out, ref{name, id})
		}
	}
	return out
}

// logs reads the ids of all reflogs: "old new name <mail> time zone TAB message".
func (r *refReader) logs(gitDir, common string) []ref {
	seen := map[oid]bool{}
	var out []ref
	for _, dir := range slices.Compact([]string{gitDir, common}) {
		_ = filepath.WalkDir(filepath.Join(dir, "logs"), func(file string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return nil
			}
			for _, id := range r.log(file) {
				if !seen[id] {
					seen[id] = true
					out = append(out, ref{"logs", id})
				}
			}
			return nil
		})
	}
	return out
}

// log reads one reflog.
func (r *refReader) log(file string) []oid {
	f, err := os.Open(file)
	if err != nil {
		r.fail(".git/logs", err)
		return nil
	}
	defer f.Close()
	var out []oid
	n := 2 * int(r.hash)
	lines := bufio.NewReader(f)
	for {
		line, err := lines.ReadSlice('\n')
		if len(line) > 2*n+1 {
			for _, word := range []string{string(line[:n]), string(line[n+1 : 2*n+1])} {
				if id, ok := r.hash.parse(word); ok {
					out = append(out, id)
				}
			}
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return out
		}
	}
}

// fail counts a file that is there and cannot be read.
func (r *refReader) fail(what string, err error) {
	if !os.IsNotExist(err) {
		r.broken(what, err)
	}
}

// short returns the short name of a branch, local or remote-tracking; "" for any other ref.
func (r ref) short() string {
	for _, prefix := range []string{"refs/heads/", "refs/remotes/"} {
		if name, ok := strings.CutPrefix(r.name, prefix); ok {
			return strings.ToValidUTF8(name, "\uFFFD")
		}
	}
	return ""
}

// globSafe escapes what filepath.Glob would take for a pattern.
func globSafe(dir string) string {
	return strings.NewReplacer("*", "[*]", "?", "[?]", "[", "[[]").Replace(dir)
}
