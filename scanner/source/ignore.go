package source

import (
	"bufio"
	"bytes"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/format/gitignore"
)

// ignored knows what .gitignore files and .git/info/exclude leave out of a work tree.
// Source: https://git-scm.com/docs/gitignore
type ignored struct {
	root     *os.Root
	patterns []gitignore.Pattern // of the folders seen so far, those of deeper ones later: the last match decides
}

func newIgnored(root *os.Root) *ignored {
	i := &ignored{root: root}
	i.read(path.Join(gitDir, "info", "exclude"), nil)
	return i
}

// folder takes in the .gitignore of a folder; true when the folder is a repository of its own.
func (i *ignored) folder(dir string, entries []fs.DirEntry) bool {
	has := func(name string) bool {
		return slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == name })
	}
	if dir != "" && has(gitDir) {
		return true
	}
	if has(".gitignore") {
		i.read(path.Join(dir, ".gitignore"), parts(dir))
	}
	return false
}

func (i *ignored) read(name string, domain []string) {
	text, err := readBelow(i.root, filepath.FromSlash(name), 1<<20, nil)
	if err != nil {
		return // there is none, or it is no file: nothing is left out
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		if line := lines.Text(); strings.TrimSpace(line) != "" && !strings.HasPrefix(line, "#") {
			i.patterns = append(i.patterns, gitignore.ParsePattern(line, domain))
		}
	}
}

// leaves reports whether a name is left out.
func (i *ignored) leaves(name string, dir bool) bool {
	return gitignore.NewMatcher(i.patterns).Match(parts(name), dir)
}

func parts(name string) []string {
	if name == "" {
		return nil
	}
	return strings.Split(name, "/")
}
