package code

import (
	"bytes"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// Import is a file of the same source that a program loads. A path that begins with "./" or "../" is relative to
// the importing file; "." is every file of its own folder; others count from the source's root or from a root
// that the language defines (a Go module path, "@/x"). Extensions are left out where the language leaves them
// out, so that a resolver has to try them. Packages from outside look the same: what does not exist is none.
type Import struct {
	Path   string
	Offset int
	Names  []Taken // what is taken from it; nil for all of it
}

// Taken is one name that is taken from another file.
type Taken struct {
	Name   string
	Inside []string // names of the importing file by which its uses are reached, as Read.Inside
	On     []int    // offsets of its first uses
	local  string   // the name that the importing file gives it
}

// maxImports bounds what one file yields.
const maxImports = 500

// importRow is one way to import: behind the mark, the first group of the expression is the path.
type importRow struct {
	mark  string
	first bool         // only blanks, or "-" in a Makefile, stand before the mark on its line
	match *lazy.Regexp // matched at the mark
	path  func(string) string
}

var scriptImports = []importRow{
	{"from", false, lazy.New(`^from\s*["']((?:\.{1,2}/|@/|~/|#)[^"'\n]{0,200}|\.{1,2})["']`), nil},
	{"import", false, lazy.New(`^import\s*\(?\s*["']((?:\.{1,2}/|@/|~/|#)[^"'\n]{0,200})["']`), nil},
	{"require", false, lazy.New(`^require(?:\.resolve)?\s*\(\s*["']((?:\.{1,2}/|@/|~/|#)[^"'\n]{0,200}|\.{1,2})["']`), nil},
}

var phpImport = lazy.New(`^(?:require|include)(?:_once)?\s*\(?\s*(?:__DIR__\s*\.\s*)?["']/?([\w./-]+)["']`)

// importRows are the imports of each language that names files or packages of its own source.
var importRows = map[string][]importRow{
	"javascript": scriptImports,
	"typescript": scriptImports,
	"ruby": {
		{"require_relative", true, lazy.New(`^require_relative[ (]+["']([\w./-]+)["']`), relative},
		{"require", true, lazy.New(`^require[ (]+["'](\.{1,2}/[\w./-]+)["']`), nil},
		{"load", true, lazy.New(`^load[ (]+["'](\.{1,2}/[\w./-]+)["']`), nil},
	},
	"php":        {{"require", false, phpImport, relative}, {"include", false, phpImport, relative}},
	"rust":       {{"mod", false, lazy.New(`^mod\s+(\w+)\s*;`), relative}},
	"makefile":   {{"include", true, lazy.New(`^include[ \t]+([\w./-]+)`), relative}},
	"powershell": {{". ", true, lazy.New(`^\.\s+["']?(?:\$PSScriptRoot[\\/])?([\w./\\-]+\.ps1)["']?`), relative}},
	"lua":        {{"require", false, lazy.New(`^require\s*\(?\s*["']([\w./-]+)["']`), slashed}},
	"c":          {{"#include", true, lazy.New(`^#include\s+"([\w./-]+)"`), relative}},
	"dart":       {{"import", true, lazy.New(`^import\s+["']([\w./-]+\.dart)["']`), relative}},
}

// sameFolder are the languages in which the files of a folder see each other without an import.
var sameFolder = map[string]bool{"go": true, "java": true, "kotlin": true, "groovy": true, "csharp": true, "scala": true}

// relative makes a path relative to the importing file.
func relative(p string) string {
	p = strings.ReplaceAll(p, `\`, "/")
	if strings.HasPrefix(p, "./") || strings.HasPrefix(p, "../") || strings.HasPrefix(p, "/") {
		return p
	}
	return "./" + p
}

func slashed(p string) string { return strings.ReplaceAll(p, ".", "/") }

// Imports lists the files and packages of its own source that a program text loads.
func Imports(language string, text []byte) []Import {
	var out []Import
	if sameFolder[language] {
		out = append(out, Import{Path: "."})
	}
	switch language {
	case "go":
		return append(out, goImports(text)...)
	case "python":
		return pythonImports(text)
	case "shell":
		return sourceImports(shellText(text).Runs)
	}
	for _, r := range importRows[language] {
		out = append(out, r.find(text)...)
	}
	slices.SortStableFunc(out, func(a, b Import) int { return a.Offset - b.Offset })
	return out[:min(len(out), maxImports)]
}

// sourceImports turns the files that a script sources into imports.
func sourceImports(runs []Run) []Import {
	var out []Import
	for _, r := range runs {
		switch {
		case r.Kind != "source":
		case strings.HasPrefix(r.Dir, "$0"):
			out = append(out, Import{Path: relative(path.Join("."+r.Dir[2:], r.Path)), Offset: r.Offset})
		case strings.HasPrefix(r.Dir, "/"):
			out = append(out, Import{Path: path.Join(r.Dir, r.Path)[1:], Offset: r.Offset})
		case r.Dir != "*":
			out = append(out, Import{Path: relative(path.Join(r.Dir, r.Path)), Offset: r.Offset})
		}
	}
	return out
}

// find lists what one row finds. Imports in comments are left out as far as their line shows it.
func (r *importRow) find(text []byte) []Import {
	var out []Import
	marks(text, r.mark, func(at int) bool {
		window := text[at:min(len(text), at+300)]
		if r.first && len(bytes.TrimLeft(lead(text, at), " \t-")) > 0 || commented(lead(text, at)) {
			return true
		}
		if m := r.match.FindSubmatchIndex(window); m != nil {
			p := string(window[m[2]:m[3]])
			if r.path != nil {
				p = r.path(p)
			}
			i := Import{Path: p, Offset: at + m[2]}
			if !strings.HasPrefix(r.mark, "from") && r.mark != "require" || !scriptNames(&i, text, at, r.mark) {
				out = append(out, i)
			}
		}
		return len(out) < maxImports
	})
	return out
}

// namesReach bounds how far the list of imported names stands in front of the module.
const namesReach = 2000

// scriptNames reads the names that an import of JavaScript takes: import { a, b as c } from "./x", const { a } = require("./x"). It
// reports whether the import is one of types, which loads nothing.
func scriptNames(i *Import, text []byte, at int, mark string) (types bool) {
	before := bytes.TrimRight(text[max(0, at-namesReach):at], " \t\r\n")
	if mark == "require" {
		before = bytes.TrimSuffix(bytes.TrimRight(bytes.TrimSuffix(before, []byte("await")), " "), []byte("="))
		before = bytes.TrimRight(before, " \t\r\n")
	}
	if !bytes.HasSuffix(before, []byte("}")) {
		line := bytes.TrimSpace(before[bytes.LastIndexByte(before, '\n')+1:])
		return mark == "from" && bytes.HasPrefix(line, []byte("import type "))
	}
	open := bytes.LastIndexByte(before, '{')
	if open < 0 {
		return false
	}
	word := bytes.TrimSpace(before[:open])
	switch {
	case bytes.HasSuffix(word, []byte("import type")):
		return true
	case mark == "from" && !bytes.HasSuffix(word, []byte("import")): // a re-export, or a default beside the names
		return false
	case mark == "require" && !bytes.HasSuffix(word, []byte("const")) && !bytes.HasSuffix(word, []byte("let")) && !bytes.HasSuffix(word, []byte("var")):
		return false
	}
	i.Names = []Taken{}
	for _, item := range bytes.Split(before[open+1:len(before)-1], []byte(",")) {
		words := bytes.FieldsFunc(item, func(r rune) bool { return !isWord(byte(r)) || r > 0x7f })
		if len(words) > 0 && !(len(words) > 1 && string(words[0]) == "type" && string(words[1]) != "as") {
			i.Names = append(i.Names, Taken{Name: string(words[0]), local: string(words[len(words)-1])})
		}
	}
	return false
}

// marks calls f with each place at which a word begins, until it returns false.
func marks(text []byte, word string, f func(at int) bool) {
	for from := 0; from < len(text); {
		n := lazy.Index(text[from:], word)
		if n < 0 {
			return
		}
		at := from + n
		from = at + len(word)
		if at > 0 && isWord(text[at-1]) {
			continue
		}
		if !f(at) {
			return
		}
	}
}

// lead returns what stands before an offset on its line, the last bytes of it.
func lead(text []byte, at int) []byte {
	before := text[max(0, at-200):at]
	return before[bytes.LastIndexByte(before, '\n')+1:]
}

// commented reports whether a line begins as a comment does.
func commented(line []byte) bool {
	t := bytes.TrimSpace(line)
	return bytes.HasPrefix(t, []byte("//")) || bytes.HasPrefix(t, []byte("*")) || bytes.HasPrefix(t, []byte("# "))
}

// goImports lists the imported packages whose path begins with a host: those of the own module are among them.
func goImports(text []byte) []Import {
	files := token.NewFileSet()
	tree, err := parser.ParseFile(files, "", text, parser.ImportsOnly)
	if tree == nil || err != nil {
		return nil
	}
	var out []Import
	for _, spec := range tree.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		first, _, _ := strings.Cut(p, "/")
		if err == nil && strings.Contains(first, ".") {
			out = append(out, Import{Path: p, Offset: files.File(spec.Pos()).Offset(spec.Pos())})
		}
	}
	return out
}

var pythonImport = lazy.New(`^import[ \t]+([\w., \t]+)`)

// pythonFrom takes "from module import names" apart, at the begin of a text. The names are those in brackets, or up to the
// end of the line, a comment or a semicolon.
func pythonFrom(text []byte) (module, names span, ok bool) {
	at, ok := blanks(text, len("from"))
	if !ok || !bytes.HasPrefix(text, []byte("from")) {
		return module, names, false
	}
	module = span{at, at}
	for module.to < len(text) && (text[module.to] == '.' || isWord(text[module.to]) && text[module.to] < 0x80) {
		module.to++
	}
	if at, ok = blanks(text, module.to); !ok || !bytes.HasPrefix(text[at:], []byte("import")) {
		return module, names, false
	}
	if at, ok = blanks(text, at+len("import")); !ok {
		return module, names, false
	}
	if at < len(text) && text[at] == '(' {
		if n := bytes.IndexByte(text[at:], ')'); n > 0 {
			return module, span{at + 1, at + n}, true
		}
	}
	end := len(text)
	if n := bytes.IndexAny(text[at:], "\n#;"); n >= 0 {
		end = at + n
	}
	return module, span{at, end}, true
}

// blanks returns where blanks end that begin at an offset; false when there are none.
func blanks(text []byte, at int) (end int, ok bool) {
	for end = at; end < len(text) && (text[end] == ' ' || text[end] == '\t'); end++ {
	}
	return end, end > at
}

// pythonImports lists the modules that a Python text imports. "from .a import b" may mean the module a or the
// module a/b: both are listed.
func pythonImports(text []byte) []Import {
	var out []Import
	blank := func(at int) bool { return len(bytes.TrimLeft(lead(text, at), " \t")) == 0 }
	marks(text, "from", func(at int) bool {
		if blank(at) {
			out = append(out, fromImports(text[at:min(len(text), at+4000)], at)...)
		}
		return len(out) < maxImports
	})
	marks(text, "import", func(at int) bool {
		if !blank(at) {
			return true
		}
		if m := pythonImport.FindSubmatch(text[at:min(len(text), at+300)]); m != nil {
			for _, item := range strings.Split(string(m[1]), ",") {
				if f := strings.Fields(item); len(f) > 0 {
					out = append(out, Import{Path: pythonPath(f[0]), Offset: at})
				}
			}
		}
		return len(out) < 2*maxImports
	})
	marks(text, "DJANGO_SETTINGS_MODULE", func(at int) bool {
		if m := djangoModule.FindSubmatch(text[at:min(len(text), at+200)]); m != nil && !commented(lead(text, at)) {
			out = append(out, Import{Path: pythonPath(string(m[1])), Offset: at})
		}
		return len(out) < 2*maxImports
	})
	slices.SortStableFunc(out, func(a, b Import) int { return a.Offset - b.Offset })
	return out[:min(len(out), maxImports)]
}

// djangoModule matches what a program gives Django as its settings when it starts: they are loaded by that name.
var djangoModule = lazy.New(`^DJANGO_SETTINGS_MODULE["']\s*\]?\s*[,=]\s*["']([A-Za-z_][\w.]*)["']`)

// fromImports reads one "from a import b, c".
func fromImports(text []byte, at int) []Import {
	module, names, ok := pythonFrom(text)
	if !ok {
		return nil
	}
	base := pythonPath(string(text[module.from:module.to]))
	out := []Import{{Path: base, Offset: at + module.from}}
	for _, item := range bytes.Split(text[names.from:names.to], []byte(",")) {
		item, _, _ = bytes.Cut(item, []byte("#"))
		if words := bytes.Fields(item); len(words) > 0 && isWord(words[0][0]) {
			out[0].Names = append(out[0].Names, Taken{Name: string(words[0]), local: string(words[len(words)-1])})
		}
	}
	for _, w := range wordsAt(text[names.from:names.to]) {
		if name := string(text[names.from+w.from : names.from+w.to]); strings.ToLower(name) == name {
			out = append(out, Import{Path: base + "/" + name, Offset: at + names.from + w.from})
		}
	}
	return out
}

// pythonPath writes a module's name as a path: .a.b is ./a/b, ..a is ../a, a.b stays absolute.
func pythonPath(module string) string {
	dots := len(module) - len(strings.TrimLeft(module, "."))
	p := strings.ReplaceAll(module[dots:], ".", "/")
	switch dots {
	case 0:
		return p
	case 1:
		return strings.TrimSuffix("./"+p, "/")
	}
	return strings.TrimSuffix(strings.Repeat("../", dots-1)+p, "/")
}
