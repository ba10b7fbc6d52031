package secret

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact"
)

// kind says how a value is written in a file: what may stand without quotes.
type kind uint8

const (
	unknownKind kind = iota
	codeKind         // a value without quotes is an expression
	configKind       // key = value and key: value
	shellKind        // NAME=value, words end at blanks
	proseKind        // text with snippets of anything
)

// text is one stretch under scan: the file itself, or what a decoder made of a part of it.
type text struct {
	artifact *artifact.Artifact
	body     []byte
	kind     kind
	markup   bool       // XML or HTML
	path     *pathFacts // nil for decoded text
	carrier  *carrier
}

// carrier is the place in the file from which a decoded text was made, and how.
type carrier struct {
	start, end int
	encoding   string
	depth      int
}

var kinds = func() map[string]kind {
	m := map[string]kind{}
	put := func(k kind, names string) {
		for _, n := range strings.Fields(names) {
			m[n] = k
		}
	}
	put(codeKind, `.go .py .js .ts .jsx .tsx .mjs .cjs .mts .java .kt .kts .scala .sc .cs .php .rb .rs .c .h .cc .cpp
		.hpp .m .mm .swift .dart .lua .pl .pm .r .hs .lhs .ex .exs .erl .clj .groovy .vb .fs .vue .svelte .html .htm
		.erb .haml .jsp .aspx .cshtml .sol .proto .gradle .elm .ml .jl .nim .zig .cr .coffee .less .scss .css .ipynb
		.f90 .v .sv .tsv .d .pyi .as .bas .pas .tpl .twig .liquid .slim .razor .xaml .axaml .svg .graphql`)
	put(configKind, `.yml .yaml .json .toml .ini .conf .cfg .config .properties .env .plist .tf .tfvars .hcl .json5
		.jsonc .netrc .npmrc .cnf .reg .desktop .service .rsp .har .j2 .template .tmpl .nomad .cue .csv .xml .dist
		.ovpn .lock .settings .props .prefs .bicep .pgpass .list .sql .inc`)
	put(shellKind, `.sh .bash .zsh .fish .bat .cmd .ps1 .psm1 .psd1 .ksh .csh .mk .dockerfile .envrc .profile
		.bashrc .zshrc .bash_profile .history`)
	put(proseKind, `.md .markdown .rst .adoc .asciidoc .txt .text .log .mdx .org .tex .wiki .out`)
	for _, n := range []string{"dockerfile", "makefile", "containerfile", "procfile", "vagrantfile", "jenkinsfile"} {
		m[n] = shellKind
	}
	return m
}()

// newText describes a file.
func (d *Detector) newText(a *artifact.Artifact) *text {
	f := d.facts(a.Path)
	return &text{artifact: a, body: a.Content, kind: f.kind, markup: f.markup, path: f}
}

// newPathFacts reads a path.
func newPathFacts(p string) *pathFacts {
	base := strings.ToLower(path.Base(p))
	f := &pathFacts{path: p, kind: kinds[path.Ext(base)], translated: translated(p)}
	switch {
	case kinds[base] != unknownKind:
		f.kind = kinds[base]
	case f.kind == unknownKind && strings.HasPrefix(base, "dockerfile"):
		f.kind = shellKind
	case strings.HasPrefix(base, ".env"):
		f.kind = configKind
	}
	switch path.Ext(base) {
	case ".xml", ".html", ".htm", ".config", ".plist", ".xaml", ".axaml", ".svg", ".props", ".settings", ".jsp", ".aspx":
		f.markup = true
	}
	return f
}

// line returns the line round offset i, without its end, cut at limit bytes on either side.
func (t *text) line(i, limit int) []byte {
	start, end := i, i
	for start > 0 && i-start < limit && t.body[start-1] != '\n' {
		start--
	}
	for end < len(t.body) && end-i < limit && t.body[end] != '\n' {
		end++
	}
	return t.body[start:end]
}
