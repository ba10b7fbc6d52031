// Package codeowners reads CODEOWNERS files in the dialects of GitHub and GitLab.
//
// Each line becomes a pattern codeowners:<source>/<path>#<order> with its glob, dialect and section, and an edge
// owned-by to each owner. Which pattern holds for a path is decided on load: the last match wins, for GitLab in
// each section. A pattern without owners clears them.
package codeowners

import (
	"fmt"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Format returns the row.
func Format() artifact.Format {
	return artifact.Format{
		ID:    "codeowners",
		Title: "CODEOWNERS of GitHub and GitLab",
		Doc: "https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners" +
			" and https://docs.gitlab.com/user/project/codeowners/reference/",
		Match: match,
		Parse: parse,
	}
}

// match accepts the places where the two hosts look. A file elsewhere belongs to vendored code and owns nothing.
func match(a *artifact.Artifact) bool {
	switch a.Path {
	case "CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS":
		return true
	}
	return false
}

// The dialects.
const (
	github = "github"
	gitlab = "gitlab"
)

// maxLines bounds the work; GitHub itself ignores files over 3 MB.
const maxLines = 200_000

// last is added to the order of an exclusion: nothing later in its section takes it back.
const last = 500_000

func parse(a *artifact.Artifact, facts *artifact.Facts) error {
	lines := strings.Split(string(a.Content), "\n")
	if len(lines) > maxLines {
		facts.Skip("more lines than the limit: the rest of the file is left out")
		lines = lines[:maxLines]
	}
	r := reader{Facts: facts, dialect: dialect(a.Path, lines)}
	for i, line := range lines {
		r.line(strings.TrimSpace(line), artifact.Place{Line: i + 1, Column: 1})
	}
	return nil
}

// role is an owner that only GitLab knows: @@maintainer.
var role = lazy.New(`^[^#].*\s@@[a-z]`)

// dialect tells GitLab's from GitHub's by the folder, else by what only GitLab knows: sections and roles.
func dialect(path string, lines []string) string {
	if strings.HasPrefix(path, ".gitlab/") {
		return gitlab
	}
	if strings.HasPrefix(path, ".github/") {
		return github
	}
	for _, line := range lines {
		line = strings.TrimSpace(line)
		if _, ok := parseSection(line); ok || role.MatchString(line) {
			return gitlab
		}
	}
	return github
}

// reader holds what carries over from line to line.
type reader struct {
	*artifact.Facts
	dialect string
	section section
	order   int
}

func (r *reader) line(line string, at artifact.Place) {
	if line == "" || strings.HasPrefix(line, "#") {
		return
	}
	if r.dialect == gitlab {
		if s, ok := parseSection(line); ok {
			r.section = s
			return
		}
	}
	e, ok := parseEntry(line, r.dialect)
	if !ok {
		r.Skip("a line that GitHub does not accept in CODEOWNERS")
		return
	}
	if len(e.owners) == 0 && !e.exclude {
		e.owners = r.section.owners
	}
	r.add(e, at)
}

// add emits one pattern.
func (r *reader) add(e entry, at artifact.Place) {
	r.order++
	order := r.order
	if e.exclude {
		order += last
	}
	a := r.Artifact
	id := fmt.Sprintf("codeowners:%s/%s#%06d", a.Source, a.Path, order)
	r.Node(inventory.Pattern, id, e.glob, at)
	r.Attr(id, inventory.AttrGlob, e.glob, strings.TrimSpace(r.dialect+" "+r.section.name), at)
	r.Attr(id, inventory.AttrOrder, fmt.Sprintf("%06d", order), "", at)
	for _, o := range e.owners {
		r.Owner(id, o, "codeowners", inventory.Certain, at)
	}
	r.Refs++
}
