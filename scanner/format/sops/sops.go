// Package sops reads files that SOPS has encrypted: their keys stand in the clear, so each encrypted value is a slot of
// which nothing but the value is hidden; and who can decrypt it. Files of git-crypt are told by their attributes.
//
// Ids: a value is sops:<source>/<path>#<key.path>. The variables of an encrypted .env file and the keys of an encrypted
// Secret are slots of their own formats, which this one marks.
package sops

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/dotenv"
)

// sealed is how an encrypted value begins.
const sealed = "ENC[AES256_GCM,"

// Files returns the row of encrypted files.
func Files() artifact.Format {
	return artifact.Format{
		ID: "sops", Title: "SOPS encrypted files", Doc: "https://getsops.io/docs/",
		Match: match, Parse: parse,
	}
}

// match takes files with encrypted values and with SOPS's own metadata.
func match(a *artifact.Artifact) bool {
	return a.Has(sealed) && (a.Has("sops") && a.Has("mac")) && !program[path.Ext(a.Path)]
}

// program are endings of texts that only speak of such values.
var program = map[string]bool{".go": true, ".md": true, ".py": true, ".js": true, ".ts": true, ".rb": true, ".rst": true, ".html": true, ".txtar": true}

// file is one file while it is read.
type file struct {
	*artifact.Facts
	environment string
	recipients  []recipient
	left        int
}

// maxValues bounds the values of one file.
const maxValues = 20_000

func parse(a *artifact.Artifact, facts *artifact.Facts) error {
	f := &file{Facts: facts, environment: detect.PathEnvironment(a.Path), left: maxValues}
	if isLines(a) {
		f.lines()
		return nil
	}
	var failed error
	for _, d := range a.Documents() {
		if d.Err != nil {
			failed = d.Err
		}
		f.document(d.Root)
	}
	if f.left < 0 {
		f.Skip("more encrypted values than the limit")
	}
	return failed
}

// isLines reports whether the file is one of NAME=value lines: .env or .ini.
func isLines(a *artifact.Artifact) bool {
	switch path.Ext(strings.TrimSuffix(a.Path, ".enc")) {
	case ".yaml", ".yml", ".json":
		return false
	case ".env", ".ini":
		return true
	}
	return !a.LooksLikeJSON() && (a.Has("sops_mac=") || a.Has("[sops]"))
}

func (f *file) document(root *tree.Node) {
	meta := root.Get("sops")
	if !meta.IsMap() {
		return
	}
	f.recipients = recipients(meta, "sops")
	manifest := root.Get("apiVersion").Str() != "" && root.Get("kind").Str() != ""
	for _, p := range root.Entries() {
		if p.Key != "sops" {
			f.values(p, tree.Path(p.Key), p.Key, manifest)
		}
	}
}

// values adds the encrypted values below an entry. Those of a Kubernetes object are the keys that its kind defines.
func (f *file) values(p tree.Pair, at tree.Path, key string, manifest bool) {
	if f.left--; f.left < 0 {
		return
	}
	switch {
	case p.Value.IsMap():
		for _, inner := range p.Value.Entries() {
			f.values(inner, at.Key(inner.Key), key+"."+inner.Key, manifest)
		}
	case p.Value.IsSeq():
		for i, item := range p.Value.Items {
			f.values(tree.Pair{Key: p.Key, Line: item.Line, Column: item.Column, Value: item}, at.Index(i), key, manifest)
		}
	case strings.HasPrefix(p.Value.Str(), sealed) && !manifest:
		f.value(Slot(f.Artifact.Source, f.Artifact.Path, key), artifact.AtPair(p, at))
	}
}

// Slot returns the slot of a value of an encrypted file.
func Slot(source, file, key string) inventory.SlotRef {
	return inventory.SlotRef{Store: "sops", Scope: source, Name: file, Key: key}
}

// value adds the slot of one encrypted value, with who can decrypt it.
func (f *file) value(r inventory.SlotRef, at artifact.Place) {
	slot := f.Facts.Slot(r, at)
	f.Defined(slot, inventory.DefinedInScan, at)
	f.Attr(slot, inventory.AttrType, "sops", "", at)
	for _, to := range f.recipients {
		f.Attr(slot, inventory.AttrTag, "encrypted for "+to.kind+": "+to.name, "", to.at)
	}
	if f.environment != "" {
		f.AttrSure(slot, inventory.AttrEnvironment, f.environment, "path", inventory.High, at)
	}
}

// lines reads NAME=ENC[...] line by line, below the section that stands before it in an .ini file.
func (f *file) lines() {
	a := f.Artifact
	section, ini := "", a.Has("[sops]")
	var found []artifact.Place
	var names []string
	for n, text := range strings.Split(string(a.Content), "\n") {
		text = strings.TrimSpace(text)
		if strings.HasPrefix(text, "[") && strings.HasSuffix(text, "]") {
			section = strings.Trim(text, "[]")
			continue
		}
		name, value, _ := strings.Cut(text, "=")
		name, value = strings.TrimSpace(strings.TrimPrefix(name, "export ")), strings.Trim(strings.TrimSpace(value), `"'`)
		at := artifact.Place{Line: n + 1, Column: 1, Pointer: name}
		if section == "sops" || strings.HasPrefix(name, "sops_") {
			f.recipients = append(f.recipients, lineRecipient(strings.TrimPrefix(name, "sops_"), value, at)...)
			continue
		}
		if !strings.HasPrefix(value, sealed) || name == "" {
			continue
		}
		if section != "" && section != "DEFAULT" {
			name = section + "." + name
		}
		names, found = append(names, name), append(found, at)
	}
	for i, name := range names {
		if f.left--; f.left < 0 {
			f.Skip("more encrypted values than the limit")
			return
		}
		if ini {
			f.value(Slot(a.Source, a.Path, name), found[i])
			continue
		}
		f.value(dotenv.Slot(a.Source, a.Path, name), found[i])
	}
}
