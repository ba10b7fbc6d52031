package githubactions

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/code"
	"github.com/rotamap/rotamap/scanner/format/target"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// mount is a repository that a job has checked out into a folder of its workspace.
type mount struct{ folder, source string }

// checkout reads actions/checkout: which repository lies where.
func (st *step) checkout() {
	m := mount{source: st.Artifact.Source}
	if name := st.text("repository"); name != "" {
		owner, repo, ok := strings.Cut(name, "/")
		if !ok || strings.Contains(name, "${{") {
			m.source = ""
		} else {
			m.source = st.repository(owner, repo)
		}
	}
	folder := st.text("path")
	if strings.Contains(folder, "${{") {
		return
	}
	m.folder = strings.Trim(path.Clean("/"+folder), "/")
	*st.mounts = append(*st.mounts, m)
}

// whereabouts returns source and path of a file in the job's workspace; no source when it is in none that the
// file names. Without any checkout the workspace is taken for this repository.
func (s *scope) whereabouts(p string) (source, file string) {
	if p = strings.TrimPrefix(p, "./"); p == "." {
		p = ""
	}
	best := mount{source: s.Artifact.Source}
	for _, m := range *s.mounts {
		inside := m.folder == "" || p == m.folder || strings.HasPrefix(p, m.folder+"/")
		if inside && len(m.folder) >= len(best.folder) && !(m.folder == "" && m.source != best.source && s.hasOwnRoot()) {
			best = m
		}
	}
	p = strings.TrimPrefix(strings.TrimPrefix(p, best.folder), "/")
	if best.source == s.Artifact.Source {
		p = s.root + p
	}
	return best.source, p
}

// hasOwnRoot reports whether the job has checked this repository out into the workspace itself.
func (s *scope) hasOwnRoot() bool {
	for _, m := range *s.mounts {
		if m.folder == "" && m.source == s.Artifact.Source {
			return true
		}
	}
	return false
}

// runs reads the files and targets that the text starts, in each working directory that the step may have.
func (s *script) runs() {
	for _, r := range s.Runs {
		if r.Kind == "client" && r.Path == "docker" {
			s.loggedIn(s.places.script(r.Offset))
		}
		for _, dir := range s.folders(r) {
			if !s.spend() {
				return
			}
			s.start(r, dir, s.places.script(r.Offset))
		}
	}
}

func (s *script) start(r code.Run, dir string, at artifact.Place) {
	p := path.Clean(dir)
	_, named := target.ID("", "", r)
	named = named || r.InFolder()
	if !named {
		p = path.Join(dir, r.Path)
	}
	if p == ".." || strings.HasPrefix(p, "../") || strings.HasPrefix(p, "/") {
		return
	}
	source, p := s.whereabouts(p)
	if source == "" {
		return
	}
	id, sure := inventory.FileID("code", source, p), inventory.High
	switch r.Kind {
	case "source":
		s.EdgeWith(inventory.Runs, s.part, id, "R5-run", sure, at, inventory.AttrAs, "source")
		return
	case "file":
	case "module":
		for _, f := range code.Modules(p) {
			s.Edge(inventory.Runs, s.part, inventory.FileID("code", source, f), "R5-run", inventory.Medium, at)
		}
		return
	case "terraform":
		id = inventory.FileID("file", source, p) + "/"
	case "package":
		id = strings.TrimSuffix(id, "/") + "/"
	default:
		target.Start(s.Facts, s.part, source, p, r, "R5-run", sure, at)
		return
	}
	s.Edge(inventory.Runs, s.part, id, "R5-run", sure, at)
}

// folders returns the folders of the workspace in which a command may run.
func (s *script) folders(r code.Run) []string {
	switch {
	case r.Dir == "*":
		return nil
	case r.Dir == "$0" || strings.HasPrefix(r.Dir, "$0/"):
		if !s.action {
			return nil
		}
		return []string{path.Join(strings.TrimPrefix(s.folder, s.root), strings.TrimPrefix(r.Dir, "$0"))}
	case strings.HasPrefix(r.Dir, "/"):
		return []string{strings.TrimPrefix(r.Dir, "/")}
	}
	dir := s.node.Get("working-directory").Str()
	if dir == "" {
		dir = s.dir
	}
	if dir == "" {
		return []string{r.Dir}
	}
	var out []string
	for _, c := range s.foldText(withoutWorkspace(dir)) {
		if !c.open() && !strings.HasPrefix(c.text, "/") {
			out = append(out, path.Join(c.text, r.Dir))
		}
	}
	return out
}

// isContext reports whether an expression is exactly a value of the github context.
func (e expression) isContext(name string) bool {
	return len(e.refs) == 1 && e.refs[0].context == "github" && len(e.refs[0].path) == 1 && e.refs[0].name(0) == name
}

// withoutWorkspace drops ${{ github.workspace }}/ from a path.
func withoutWorkspace(text string) string {
	for _, e := range expressions(text) {
		if e.isContext("workspace") {
			return "./" + strings.TrimPrefix(text[:e.start]+text[e.end:], "/")
		}
	}
	return text
}

// masked returns the text as the program reader takes it, at equal length: expressions become words, the
// workspace becomes the variable that also holds it, the folder of an action becomes that of a script.
// A variable whose text is known stands for that, where it is a word of its own.
func (st *step) masked(text, language string) string {
	b, action := []byte(text), st.action
	for _, e := range expressions(text) {
		size := e.end - e.start
		switch constant := st.word(e, text); {
		case constant != "" && language == "shell":
			copy(b[e.start:e.end], constant+strings.Repeat(" ", size-len(constant)))
		case language != "shell":
			fill(b[e.start:e.end], "", "")
		case e.isContext("workspace"):
			fill(b[e.start:e.end], "${GITHUB_WORKSPACE:-", "}")
		case action && e.isContext("action_path") && size > 6:
			fill(b[e.start:e.end], "${0:-", "}")
		}
	}
	out := string(b)
	if action && language == "shell" {
		out = strings.ReplaceAll(out, "${GITHUB_ACTION_PATH}", "${0:-_______________}")
		out = strings.ReplaceAll(out, "$GITHUB_ACTION_PATH", "${0:-_____________}")
	}
	return out
}

// plainWord is a text that is one word of a shell.
var plainWord = lazy.New(`^[\w./:@+-]+$`)

// word returns the text of a variable that an expression is, where blanks may follow it.
func (st *step) word(e expression, text string) string {
	if r, ok := e.chain(e.node, 0); !ok || r.context != "env" || e.end < len(text) && !strings.ContainsRune(" \t\n", rune(text[e.end])) {
		return ""
	}
	all := st.fold(e.node)
	if len(all) != 1 || !plainWord.MatchString(all[0].text) || len(all[0].text) > e.end-e.start {
		return ""
	}
	return all[0].text
}

// fill overwrites a piece of text by a word of the same length.
func fill(b []byte, head, tail string) {
	if len(head)+len(tail) > len(b) {
		return
	}
	for i := range b {
		b[i] = 'x'
	}
	copy(b, head)
	copy(b[len(b)-len(tail):], tail)
}
