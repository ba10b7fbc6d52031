package source

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// Limits on the files of a bundle.
const (
	maxBeside     = 256
	maxBesideSize = 4 << 20
)

// Beside reads the files in the folder of an artifact whose names match one of the globs: the other files of its
// bundle. It reads the work tree, the tree of HEAD where there is no work tree, or the folder that was given; an
// artifact of another branch or of an archive has none. What cannot be read is left out here: the walk says it.
func (s *Source) Beside(a *artifact.Artifact, globs []string) map[string]*artifact.Artifact {
	if a.State != inventory.Head || s.Kind != KindFolder && s.Kind != KindGit {
		return nil
	}
	if s.repo != nil && s.repo.bare {
		return s.besideInTree(a, globs)
	}
	root, err := os.OpenRoot(s.root)
	if err != nil {
		return nil
	}
	defer root.Close()
	dir := a.Dir()
	entries, err := fs.ReadDir(root.FS(), path.Clean("./"+dir))
	if err != nil {
		return nil
	}
	out := map[string]*artifact.Artifact{}
	for _, e := range entries {
		if len(out) == maxBeside {
			break
		}
		if e.Type().IsRegular() && matchesAny(globs, e.Name()) {
			s.addBeside(out, root, a, path.Join(dir, e.Name()))
		}
	}
	return out
}

func (s *Source) addBeside(out map[string]*artifact.Artifact, root *os.Root, a *artifact.Artifact, name string) {
	content, err := readBelow(root, filepath.FromSlash(name), maxBesideSize)
	if err != nil {
		return
	}
	if text, ok := decode(content); ok {
		out[name] = &artifact.Artifact{Source: a.Source, Path: name, Content: text, State: a.State}
	}
}

func matchesAny(globs []string, name string) bool {
	for _, g := range globs {
		if ok, err := path.Match(g, name); ok && err == nil {
			return true
		}
	}
	return false
}
