package code

import (
	"bytes"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Import is a file of the same source that a program loads. A path that begins with "./" or "../" is relative to
// the importing file; "." is every file of its own folder; others count from the source's root or from a root
// that the language defines (a Go module path, "@/x"). Extensions are left out where the language leaves them
// out, so that a resolver has to try them. Packages from outside look the same: what does not exist is none.
type Import struct {
	Path   string
	Offset int
}

// maxImports bounds what one file yields.
const maxImports = 500

// importRow is one way to import: the second group of the expression, or the first, is the path.
type importRow struct {
	mark  string
	match *regexp.Regexp
	path  func(string) string
}

var scriptImports = []importRow{
	{"from", regexp.MustCompile(`\bfrom\s*["']((?:\.{1,2}/|@/|~/|#)[^"'\n]{0,200}|\.{1,2})["']`), nil},
	{"import", regexp.MustCompile(`\bimport\s*\(?\s*["']((?:\.{1,2}/|@/|~/|#)[^"'\n]{0,200})["']`), nil},
	{"require", regexp.MustCompile(`\brequire(?:\.resolve)?\s*\(\s*["']((?:\.{1,2}/|@/|~/|#)[^"'\n]{0,200}|\.{1,2})["']`), nil},
}

// importRows are the imports of each language that names files or packages of its own source.
var importRows = map[string][]importRow{
	"javascript": scriptImports,
	"typescript": scriptImports,
	"ruby": {
		{"require_relative", regexp.MustCompile(`(?m)^\s*require_relative[ (]+["']([\w./-]+)["']`), relative},
		{"require", regexp.MustCompile(`(?m)^\s*(?:require|load)[ (]+["'](\.{1,2}/[\w./-]+)["']`), nil},
	},
	"php": {
		{"__DIR__", regexp.MustCompile(`\b(?:require|include)(?:_once)?\s*\(?\s*__DIR__\s*\.\s*["']/?([\w./-]+)["']`), relative},
		{"clude", regexp.MustCompile(`\binclude(?:_once)?\s*\(?\s*["']([\w./-]+)["']`), relative},
		{"require", regexp.MustCompile(`\brequire(?:_once)?\s*\(?\s*["']([\w./-]+)["']`), relative},
	},
	"rust":       {{"mod", regexp.MustCompile(`(?m)^\s*(?:pub(?:\([^)]*\))?\s+)?mod\s+(\w+)\s*;`), relative}},
	"shell":      {{" ", regexp.MustCompile(`(?m)^[ \t]*(?:source|\.)[ \t]+["']?([\w./-]+)["']?`), relative}},
	"makefile":   {{"include", regexp.MustCompile(`(?m)^-?s?include[ \t]+([\w./-]+)`), relative}},
	"powershell": {{".", regexp.MustCompile(`(?m)^\s*\.\s+["']?(?:\$PSScriptRoot[\\/])?([\w./\\-]+\.ps1)["']?`), relative}},
	"lua":        {{"require", regexp.MustCompile(`\brequire\s*\(?\s*["']([\w./-]+)["']`), slashed}},
	"c":          {{"#include", regexp.MustCompile(`(?m)^\s*#\s*include\s+"([\w./-]+)"`), relative}},
	"dart":       {{"import", regexp.MustCompile(`(?m)^\s*import\s+["']([\w./-]+\.dart)["']`), relative}},
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
	}
	for _, r := range importRows[language] {
		if bytes.Contains(text, []byte(r.mark)) {
			out = append(out, r.find(text)...)
		}
	}
	slices.SortStableFunc(out, func(a, b Import) int { return a.Offset - b.Offset })
	return out[:min(len(out), maxImports)]
}

// find lists what one row finds. Imports in comments are left out as far as the line shows it.
func (r *importRow) find(text []byte) []Import {
	var out []Import
	for _, m := range r.match.FindAllSubmatchIndex(text, maxImports) {
		line := text[bytes.LastIndexByte(text[:m[2]], '\n')+1 : m[0]]
		if trimmed := bytes.TrimSpace(line[:min(len(line), 80)]); bytes.HasPrefix(trimmed, []byte("//")) || bytes.HasPrefix(trimmed, []byte("*")) || bytes.HasPrefix(trimmed, []byte("# ")) {
			continue
		}
		p := string(text[m[2]:m[3]])
		if r.mark == " " && isEnvFile(p) {
			continue
		}
		if r.path != nil {
			p = r.path(p)
		}
		out = append(out, Import{Path: p, Offset: m[2]})
	}
	return out
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

var (
	pythonFrom   = regexp.MustCompile(`(?m)^[ \t]*from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]+(?:\(([^)]*)\)|([^\n#;]+))`)
	pythonImport = regexp.MustCompile(`(?m)^[ \t]*import[ \t]+([\w., \t]+)`)
)

// pythonImports lists the modules that a Python text imports. "from .a import b" may mean the module a or the
// module a/b: both are listed.
func pythonImports(text []byte) []Import {
	var out []Import
	for _, m := range pythonFrom.FindAllSubmatchIndex(text, maxImports) {
		base := pythonPath(string(text[m[2]:m[3]]))
		out = append(out, Import{Path: base, Offset: m[2]})
		list := m[4:6]
		if list[0] < 0 {
			list = m[6:8]
		}
		for _, w := range wordsAt(text[list[0]:list[1]]) {
			if name := string(text[list[0]+w.from : list[0]+w.to]); name != "" && strings.ToLower(name) == name {
				out = append(out, Import{Path: strings.TrimSuffix(base, "/.") + "/" + name, Offset: list[0] + w.from})
			}
		}
	}
	for _, m := range pythonImport.FindAllSubmatchIndex(text, maxImports) {
		for _, item := range strings.Split(string(text[m[2]:m[3]]), ",") {
			if f := strings.Fields(item); len(f) > 0 {
				out = append(out, Import{Path: pythonPath(f[0]), Offset: m[2]})
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Import) int { return a.Offset - b.Offset })
	return out[:min(len(out), maxImports)]
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
