package code

import (
	"path"
	"strings"
)

// Resolve returns the path of what a run starts, from the source's root. Folder is that of the text itself and
// working the caller's working directory, both from the root. It reports false when the text does not say where
// the file is, or when it lies outside of the source.
func (r Run) Resolve(folder, working string) (string, bool) {
	dir, ok := r.Folder(folder, working)
	if !ok {
		return "", false
	}
	return below(path.Join(dir, r.Path))
}

// Folder returns the working directory of a run from the source's root, as Resolve does for files. For a named
// target it is where its Makefile, package.json or Taskfile stands.
func (r Run) Folder(folder, working string) (string, bool) {
	switch {
	case r.Dir == "*":
		return "", false
	case r.Dir == "$0" || strings.HasPrefix(r.Dir, "$0/"):
		return below(path.Join(folder, r.Dir[2:]))
	case strings.HasPrefix(r.Dir, "/"):
		return below(path.Clean(r.Dir)[1:])
	}
	return below(path.Join(working, r.Dir))
}

// below cleans a path and reports whether it stays inside of the root.
func below(p string) (string, bool) {
	p = path.Clean(p)
	if p == "." {
		return "", true
	}
	return p, p != ".." && !strings.HasPrefix(p, "../") && !path.IsAbs(p)
}

// Modules lists the files that a module of Python may be: a file, or a package that is started or loaded, also below the
// folder src that an installation leaves out.
func Modules(file string) []string {
	var out []string
	for _, f := range []string{file, "src/" + file} {
		out = append(out, f+".py", f+"/__main__.py", f+"/__init__.py")
	}
	return out
}
