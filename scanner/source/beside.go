package source

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// Limits on the files of a bundle.
const (
	maxBeside     = 256
	maxBesideSize = 4 << 20
)

// globText writes the name of a folder as a glob that matches it alone.
var globText = strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`)

// besideGlobs returns the globs from the root of the source; those that lead out of it are left out.
func besideGlobs(a *artifact.Artifact, globs []string) []string {
	var out []string
	for _, g := range globs {
		if g = path.Join(globText.Replace(a.Dir()), g); g != ".." && !strings.HasPrefix(g, "../") {
			out = append(out, g)
		}
	}
	return out
}

// Beside reads the files that match one of the globs, which are relative to the folder of an artifact: the other
// files of its bundle. It reads the work tree, the tree of HEAD where there is no work tree, or the folder that was
// given; an artifact of another branch or of an archive has none. What cannot be read is left out here: the walk
// says it.
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
	out := map[string]*artifact.Artifact{}
	for _, pattern := range besideGlobs(a, globs) {
		names, _ := fs.Glob(root.FS(), pattern)
		for _, name := range names {
			if len(out) == maxBeside {
				return out
			}
			if info, err := fs.Lstat(root.FS(), name); err == nil && info.Mode().IsRegular() && out[name] == nil {
				s.addBeside(out, root, a, name)
			}
		}
	}
	return out
}

func (s *Source) addBeside(out map[string]*artifact.Artifact, root *os.Root, a *artifact.Artifact, name string) {
	content, err := readBelow(root, filepath.FromSlash(name), maxBesideSize, nil)
	if err != nil {
		return
	}
	if text, ok := decode(content); ok {
		out[name] = &artifact.Artifact{Source: a.Source, Path: name, Content: text, State: a.State}
	}
}
