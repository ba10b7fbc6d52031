package code

import (
	"bytes"
	"strings"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// JavaScript's ways: what a module of the same source exports (an object that a schema validated, constants), and the
// configuration services of Nest and of the package config. Sources: docs.nestjs.com/techniques/configuration,
// github.com/node-config/node-config/wiki, env.t3.gg.

var (
	scriptNeed = lazy.New(`^require\s*\(\s*["']([^"'\n]+)["']\s*\)`)
	ownModule  = lazy.New(`^(?:\.{1,2}(?:/|$)|@/|~/|#|src/|\$(?:lib|src|server|config|utils|components)/|@[\w.-]+/[\w.-]+)`)
	needInto   = lazy.New(`(?:const|let|var)\s+(?:([\w$]+)|\{([^}]+)\})\s*=\s*$`)
)

func scriptUses(s *scan) {
	for from, tries := 0, 0; tries < maxImports; tries++ {
		n := lazy.Index(s.code[from:], "import")
		if n < 0 {
			break
		}
		start := from + n
		from = start + len("import")
		if s.startsName(start, false) && !isWord(s.at(from)) {
			s.importClause(from)
		}
	}
	s.each("require", false, func(start, _ int) { s.required(start) })
	s.configService()
	s.holderFields("js-field")
}

// maxClause bounds the names of one import.
const maxClause = 3000

// importClause reads what stands between import and the module's name.
func (s *scan) importClause(off int) {
	window := s.code[off:min(len(s.code), off+maxClause)]
	quote := bytes.IndexAny(window, "\"'`;(=")
	if quote < 0 || window[quote] != '"' && window[quote] != '\'' {
		return
	}
	end := bytes.IndexByte(window[quote+1:], window[quote])
	clause, from := bytes.CutSuffix(bytes.TrimSpace(window[:quote]), []byte("from"))
	if end < 0 || !from || !promising(clause) {
		return
	}
	module := string(window[quote+1 : quote+1+end])
	if !ownModule.MatchString(module) {
		return
	}
	base := off + bytes.Index(window, clause)
	list := []byte(nil)
	if open := bytes.IndexByte(clause, '{'); open >= 0 {
		list, clause = clause[open+1:], clause[:open]
		for _, i := range importItems(bytes.TrimRight(list, " \t\r\n}"), base+open+1, " as ") {
			s.imported("js", module, i)
		}
	}
	for _, word := range importItems(clause, base, " as ") {
		if settingsObject.MatchString(word.local) {
			s.settingsOf("js", module, item{"default", word.local, word.offset})
		}
	}
	if _, local, all := strings.Cut(string(clause), "* as "); all {
		if local = strings.TrimSpace(local); settingsObject.MatchString(local) {
			s.settingsOf("js", module, item{"*", local, off})
		}
	}
}

// required reads const {A, b: c} = require("./x").
func (s *scan) required(start int) {
	m := scriptNeed.FindSubmatch(s.code[start:min(len(s.code), start+300)])
	if m == nil || !ownModule.Match(m[1]) {
		return
	}
	from := max(0, start-2100)
	into := needInto.FindSubmatchIndex(s.code[from:start])
	if into == nil {
		return
	}
	if into[2] >= 0 {
		if local := string(s.code[from+into[2] : from+into[3]]); settingsObject.MatchString(local) {
			s.settingsOf("js", string(m[1]), item{"default", local, from + into[2]})
		}
		return
	}
	for _, i := range importItems(s.code[from+into[4]:from+into[5]], from+into[4], ":") {
		s.imported("js", string(m[1]), i)
	}
}

// configCalls ask a service for a setting by its path.
var configCalls = []string{"configService.get", "configService.getOrThrow", "configurationService.get", "config.get", "config.getOrThrow", "config.has"}

// configService reads configService.get('mail.key') and config.get('mail.key').
func (s *scan) configService() {
	for _, anchor := range configCalls {
		s.each(anchor, true, func(_, end int) {
			for _, a := range s.shaped(call, end) {
				if a.sure == certain && !isUpper(a.name) {
					s.ask("js-config", a.name, "", a.offset, high)
				}
			}
		})
	}
}

// scriptNaming names what a module exports, by the path that an importer would write.
func scriptNaming(s *scan, p place) (kind, name string, ok bool) {
	root := p.root.name
	switch {
	case root == "registerAs":
		return "js-config", p.path(), true
	case root == rootDefault, root == "module.exports", root == "exports":
		root = "default"
	case strings.HasPrefix(root, "module.exports."), strings.HasPrefix(root, "exports."):
		root = root[strings.LastIndexByte(root, '.')+1:]
	case root == "*":
	case !isName(root) || !topLevel(s.code, p.root.offset):
		return "", "", false
	}
	if keys := p.path(); keys != "" {
		return "js", root + "." + keys, true
	}
	return "js", root, root != "default"
}

// topLevel reports whether a declaration stands at the beginning of its line, as those of a module do.
func topLevel(code []byte, at int) bool {
	line := code[bytes.LastIndexByte(code[:at], '\n')+1 : at]
	return len(line) > 0 && !isSpace(line[0])
}
