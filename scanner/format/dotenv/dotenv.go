// Package dotenv reads .env files: one slot for each variable, with the value that stands there. Files that only
// document the names (.env.example) and direnv's .envrc are read too.
package dotenv

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/code"
	"github.com/rotamap/rotamap/scanner/format/container"
)

// Format is the row of .env files. There is no standard: the grammar is what the dotenv libraries, Docker
// Compose and direnv accept in common, read tolerantly line by line.
func Format() artifact.Format {
	return artifact.Format{
		ID: "dotenv", Title: ".env files", Doc: "https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/",
		Match: match, Parse: parse,
	}
}

// match takes .env, .env.<mode>, <name>.env, .envrc and env.example. Program text that only begins with .env
// (.env.ts, .env.d.ts) is none.
func match(a *artifact.Artifact) bool {
	base := strings.ToLower(a.Base())
	switch strings.TrimPrefix(path.Ext(base), ".") {
	case "ts", "js", "mjs", "cjs", "json", "yml", "yaml", "py", "go", "rb", "php", "md", "enc", "vault", "gpg", "age", "toml", "d":
		return false
	}
	switch {
	case base == ".env", base == ".envrc", strings.HasPrefix(base, ".env."), strings.HasPrefix(base, ".env-"),
		strings.HasPrefix(base, ".env_"), strings.HasPrefix(base, ".envrc."):
		return true
	case strings.HasSuffix(base, ".env"), strings.HasSuffix(base, ".op") && strings.Contains(base, "env"): // the latter for op run
		return true
	case strings.HasPrefix(base, "env."), strings.HasPrefix(base, "env-"), strings.HasPrefix(base, "dotenv.") || strings.HasPrefix(base, "dotenv-"):
		return isSample(base)
	}
	return isSample(base) && strings.Contains(base, ".env")
}

var sampleWords = []string{"example", "sample", "dist", "template", "tmpl", "tpl", "defaults", "default"}

// isSample reports whether a file only documents names: .env.example, app.env.sample.
func isSample(base string) bool {
	for _, w := range strings.FieldsFunc(strings.ToLower(base), func(r rune) bool { return r == '.' || r == '-' || r == '_' }) {
		for _, s := range sampleWords {
			if w == s {
				return true
			}
		}
	}
	return false
}

func parse(a *artifact.Artifact, f *artifact.Facts) error {
	r := reader{facts: f, names: map[string]bool{}, environment: detect.PathEnvironment(a.Path),
		sample: isSample(a.Base())}
	if strings.HasPrefix(a.Base(), ".envrc") {
		r.fetched = fetched(a)
	}
	lines := scan(string(a.Content))
	for _, l := range lines {
		r.names[l.name] = true
	}
	for _, l := range lines {
		if !strings.HasPrefix(l.name, "sops_") { // SOPS keeps its own account in the file that it encrypts
			r.variable(l)
		}
	}
	return nil
}

type reader struct {
	facts       *artifact.Facts
	names       map[string]bool // that the file assigns
	environment string
	sample      bool
	fetched     map[string]code.StoreRead // by direnv's file; nil for any other
}

// Slot returns the slot of a variable of a .env file.
func Slot(source, file, name string) inventory.SlotRef {
	return inventory.SlotRef{Store: "dotenv", Scope: source, Name: file, Key: name}
}

func (r *reader) variable(l line) {
	a := r.facts.Artifact
	at := artifact.Place{Line: l.at, Column: l.column, Pointer: l.name}
	slot := r.facts.Slot(Slot(a.Source, a.Path, l.name), at)
	r.facts.Refs--
	how := inventory.DefinedInScan
	if r.sample {
		how = inventory.DefinedDocumented
	}
	r.facts.Defined(slot, how, at)
	if r.environment != "" {
		r.facts.AttrSure(slot, inventory.AttrEnvironment, r.environment, "path", inventory.High, at)
	}
	if strings.HasPrefix(l.value, "encrypted:") {
		r.facts.Attr(slot, inventory.AttrType, "dotenvx-encrypted", "", at)
		return
	}
	if r.fetched != nil && r.command(slot, l, at) {
		return
	}
	value := l.value
	if l.expands {
		value = container.Fallback(value)
		r.interpolated(slot, l, at)
	}
	if container.Copy(r.facts, slot, value, at) {
		r.facts.Literal(slot, l.name, value, at)
	}
}

// interpolated adds the variables of the same file that a value takes in.
func (r *reader) interpolated(slot string, l line, at artifact.Place) {
	a := r.facts.Artifact
	for _, v := range detect.Variables(l.value) {
		if !r.names[v.Name] || v.Name == l.name {
			continue
		}
		from := r.facts.Slot(Slot(a.Source, a.Path, v.Name), at)
		if v.Start == 0 && v.End == len(l.value) {
			r.facts.EdgeWith(inventory.CopiesFrom, slot, from, "dotenv-interpolation", inventory.Certain, at, inventory.AttrWhole, "true")
			continue
		}
		r.facts.Edge(inventory.CopiesFrom, slot, from, "dotenv-interpolation", inventory.Certain, at)
	}
}
