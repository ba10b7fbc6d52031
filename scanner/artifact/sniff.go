package artifact

import (
	"bytes"
	"path"
	"strings"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// notYAML are the endings of files that are never YAML, whatever words they hold: program text, markup, styles.
// Looking at the name is cheaper than parsing them.
var notYAML = func() map[string]bool {
	out := map[string]bool{}
	for e := range strings.FieldsSeq(`.go .js .mjs .cjs .jsx .ts .tsx .py .rb .java .kt .kts .scala .groovy .cs .fs .vb .php .rs .c .h .cc
		.cpp .hpp .m .swift .dart .lua .pl .pm .r .sh .bash .zsh .fish .ps1 .psm1 .bat .cmd .sql .md .mdx .rst .adoc .html .htm .xml .svg
		.css .scss .less .vue .svelte .tf .tfvars .hcl .toml .ini .properties .proto .thrift .csv .tsv .lock .sum .mod .po .pot .tex
		.ipynb .map .snap .patch .diff .log`) {
		out[e] = true
	}
	return out
}()

// MayBeYAML reports whether the file can be YAML, judged by its name and its first byte.
func (a *Artifact) MayBeYAML() bool {
	return !notYAML[strings.ToLower(path.Ext(a.Path))] && !a.LooksLikeJSON()
}

// HasKey reports whether some line begins with one of the keys and a colon, as YAML writes it: blanks, a dash or a
// quote may stand in front. It searches bytes and parses nothing.
func (a *Artifact) HasKey(keys ...string) bool {
	for _, k := range keys {
		if a.Has(k) && hasKeyLine(a.Content, k) {
			return true
		}
	}
	return false
}

func hasKeyLine(text []byte, key string) bool {
	for from := 0; ; {
		i := lazy.Index(text[from:], key)
		if i < 0 {
			return false
		}
		start, end := from+i, from+i+len(key)
		from = end
		rest := bytes.TrimLeft(text[end:min(end+4, len(text))], "\"' \t")
		if len(rest) > 0 && rest[0] == ':' && opensLine(text, start) {
			return true
		}
	}
}

// maxIndent bounds how far in front of a key the start of its line is looked for.
const maxIndent = 200

func opensLine(text []byte, at int) bool {
	for n := 0; at > 0 && n < maxIndent; n++ {
		switch at--; text[at] {
		case '\n':
			return true
		case ' ', '\t', '-', '"', '\'', '\r':
		default:
			return false
		}
	}
	return at == 0
}
