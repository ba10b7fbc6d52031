// Package dockerfile reads Dockerfiles: build arguments, variables, build secrets, and what the build and the
// container run.
package dockerfile

import (
	"errors"
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format/container"
)

// Format is the row of Dockerfiles and Containerfiles, after the Dockerfile reference.
func Format() artifact.Format {
	return artifact.Format{
		ID: "dockerfile", Title: "Dockerfile", Doc: "https://docs.docker.com/reference/dockerfile/",
		Match: match, Parse: parse,
	}
}

// match takes Dockerfile, Dockerfile.x, x.Dockerfile and the same of Containerfile; a template of one
// (Dockerfile.j2) is none.
func match(a *artifact.Artifact) bool {
	base := strings.ToLower(a.Base())
	switch path.Ext(base) {
	case ".j2", ".jinja", ".jinja2", ".erb", ".tmpl", ".tpl", ".template", ".md", ".dockerignore", ".go", ".py", ".ts", ".js":
		return false
	}
	for _, name := range []string{"dockerfile", "containerfile"} {
		if base == name || strings.HasPrefix(base, name+".") || strings.HasPrefix(base, name+"-") ||
			strings.HasPrefix(base, name+"_") || strings.HasSuffix(base, "."+name) {
			return true
		}
	}
	return false
}

var errMalformed = errors.New("reading the Dockerfile: it holds no instruction")

func parse(a *artifact.Artifact, f *artifact.Facts) error {
	list := instructions(string(a.Content))
	if len(list) == 0 {
		return emptyOrMalformed(a.Content)
	}
	b := &build{facts: f, a: a, arguments: map[string]string{}, stages: map[string]*stage{}, left: maxReferences}
	b.automation = f.Automation("", a.Path, artifact.Place{Line: 1, Column: 1})
	f.Attr(b.automation, inventory.AttrNeeds, "redeploy", "build", artifact.Place{Line: 1, Column: 1})
	if e := detect.PathEnvironment(a.Path); e != "" {
		f.AttrSure(b.automation, inventory.AttrEnvironment, e, "path", inventory.High, artifact.Place{})
	}
	for _, in := range list {
		b.instruction(&in)
	}
	b.endStage()
	if b.left <= 0 {
		f.Skip("more references than the limit")
	}
	return nil
}

// emptyOrMalformed tells a file of comments, which is none of our business, from one that is no Dockerfile.
func emptyOrMalformed(text []byte) error {
	for _, line := range strings.Split(string(text), "\n") {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			return errMalformed
		}
	}
	return nil
}

// maxReferences bounds what one file yields.
const maxReferences = 50_000

// build is the state while the instructions are read in order.
type build struct {
	facts      *artifact.Facts
	a          *artifact.Artifact
	automation string
	arguments  map[string]string // default of each build argument declared so far
	stages     map[string]*stage // by name
	stage      *stage
	count      int
	lines      []string
	left       int
}

// stage is one build stage.
type stage struct {
	part        string
	variables   map[string]string // binding of each variable set by ENV, here or in the stage it builds on
	workdir     string
	first, last int
}

// consumer returns the part of the current stage, or the whole build before the first FROM.
func (b *build) consumer() string {
	if b.stage != nil {
		return b.stage.part
	}
	return b.automation
}

func (b *build) instruction(in *instruction) {
	if b.left--; b.left <= 0 {
		return
	}
	if b.stage != nil {
		b.stage.last = in.last
	}
	switch in.keyword {
	case "from":
		b.from(in)
	case "arg":
		b.arg(in)
	case "env":
		b.env(in)
	case "run":
		b.run(in)
	case "cmd", "entrypoint":
		b.command(in)
	case "healthcheck":
		b.healthcheck(in)
	case "copy", "add":
		b.copied(in)
	case "workdir":
		b.workdir(in)
	case "label":
		b.labels(in)
	case "maintainer":
		b.owner(in.rest, b.placeOf(in, "maintainer"))
	case "onbuild":
		b.onbuild(in)
	}
}

// onbuild reads the instruction that ONBUILD puts off to the build of an image derived from this one.
func (b *build) onbuild(in *instruction) {
	inner := split(in.rest, in.text)
	if inner.keyword == "onbuild" || inner.keyword == "from" {
		return
	}
	inner.first, inner.last, inner.textLine, inner.heredocs = in.first, in.last, in.textLine, in.heredocs
	b.instruction(&inner)
}

// placeOf finds a word on the lines of an instruction.
func (b *build) placeOf(in *instruction, word string) artifact.Place {
	for number := in.first; number <= in.last; number++ {
		if i := wordIndex(b.line(number), word); i >= 0 {
			return artifact.Place{Line: number, Column: i + 1}
		}
	}
	return artifact.Place{Line: in.first, Column: 1}
}

// line returns the text of a line, from 1.
func (b *build) line(number int) string {
	if b.lines == nil {
		b.lines = strings.Split(string(b.a.Content), "\n")
	}
	if number < 1 || number > len(b.lines) {
		return ""
	}
	return b.lines[number-1]
}

// wordIndex finds a word that is no part of a longer one, ignoring case.
func wordIndex(line, word string) int {
	lower, word := strings.ToLower(line), strings.ToLower(word)
	for from := 0; word != ""; {
		i := strings.Index(lower[from:], word)
		if i < 0 {
			return -1
		}
		i += from
		if end := i + len(word); (i == 0 || !isWord(lower[i-1])) && (end == len(lower) || !isWord(lower[end])) {
			return i
		}
		from = i + len(word)
	}
	return -1
}

func isWord(c byte) bool {
	return c == '_' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
}

// runner returns the part that runs the commands of the current stage.
func (b *build) runner() container.Runner {
	return container.Runner{Facts: b.facts, Part: b.consumer(), Dir: b.a.Dir(), Sure: inventory.Medium}
}
