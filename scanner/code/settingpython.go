package code

import (
	"bytes"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Python's ways: Django's settings, Flask's config, and modules and settings classes that are imported. Sources: the
// documentation of Django (topics/settings), Flask (config) and pydantic-settings.

// settingsObject is the name of an imported object that holds settings, or of a function that returns it.
var settingsObject = lazy.New(`(?i)^(?:get_?)?(?:\w*_)?(?:settings|config|configuration|conf|cfg|env|environment|constants|secrets)(?:class)?$`)

func pythonUses(s *scan) {
	if s.contains("django.conf") {
		s.each("settings", false, func(_, end int) {
			if a := s.member(end); len(a) > 0 && s.at(end) == '.' && isUpper(a[0].name) {
				s.ask("django", a[0].name, "", a[0].offset, high)
			}
		})
		s.each("getattr", false, func(_, end int) {
			if a, ok := s.second(end, "settings"); ok && isUpper(a.name) {
				s.ask("django", a.name, "", a.offset, high)
			}
		})
	}
	for _, anchor := range []string{".config", ".config.get"} {
		s.asked(anchor, func(a argument) {
			if isUpper(a.name) && a.sure == certain {
				s.ask("flask", a.name, "", a.offset, high)
			}
		})
	}
	pythonImported(s)
	s.holderFields("py-field")
}

// asked reads the literal index or argument behind each place of an anchor that is not assigned to.
func (s *scan) asked(anchor string, f func(argument)) {
	s.each(anchor, true, func(_, end int) {
		sh := call
		if s.at(end) == '[' {
			sh = index
		}
		for _, a := range s.shaped(sh, end) {
			if sh == call || !s.assigned(a.end, index) {
				f(a)
			}
		}
	})
}

// second returns the literal that is the second argument of a call whose first one is a name.
func (s *scan) second(off int, first string) (argument, bool) {
	if s.at(off) != '(' {
		return argument{}, false
	}
	items := s.items(off, 2, 200)
	if len(items) < 2 || !hasPrefixAt(s.code, items[0], first) || isWord(s.at(items[0]+len(first))) {
		return argument{}, false
	}
	return s.literal(items[1])
}

// pythonImported reads what a file uses of modules of its own source that hold settings: from app.config import
// settings, then settings.stripe_key; from .constants import API_KEY, then API_KEY.
func pythonImported(s *scan) {
	marks(s.code, "from", func(at int) bool {
		if len(bytes.TrimLeft(lead(s.code, at), " \t")) > 0 || !promising(statement(s.code[at:min(len(s.code), at+4000)])) {
			return true
		}
		path, names, ok := pythonFrom(s.code[at:min(len(s.code), at+4000)])
		if !ok || bytes.HasPrefix(s.code[at+path.from:], []byte("django.conf")) {
			return true
		}
		module := pythonPath(string(s.code[at+path.from : at+path.to]))
		for _, i := range importItems(s.code[at+names.from:at+names.to], at+names.from, " as ") {
			s.imported("python", module, i)
		}
		return len(s.out.Settings) < maxSettings
	})
	marks(s.code, "import", func(at int) bool {
		if len(bytes.TrimLeft(lead(s.code, at), " \t")) == 0 {
			s.pythonModules(at)
		}
		return len(s.out.Settings) < maxSettings
	})
}

// pythonModules reads what a file uses of modules of settings that it imports by their names: import app.config as cfg, then
// cfg.API_KEY.
func (s *scan) pythonModules(at int) {
	line := statement(s.code[at:min(len(s.code), at+300)])
	if !promising(line) {
		return
	}
	m := pythonImport.FindSubmatchIndex(line)
	if m == nil {
		return
	}
	for _, i := range strings.Split(string(line[m[2]:m[3]]), ",") {
		f := strings.Fields(i)
		if len(f) == 0 || !ofSettings(pythonPath(f[0])) {
			continue
		}
		local := f[0]
		if len(f) == 3 && f[1] == "as" {
			local = f[2]
		}
		s.membersOf("python", pythonPath(f[0]), local, at)
	}
}

// ofSettings reports whether the path of a module says that it holds settings.
func ofSettings(module string) bool {
	words := strings.Split(module, "/")
	return slices.ContainsFunc(words[max(0, len(words)-2):], func(w string) bool { return settingsObject.MatchString(w) || settingsModule[w] })
}

var settingsModule = map[string]bool{"credentials": true, "creds": true, "keys": true, "globals": true, "variables": true, "consts": true, "constant": true}

// membersOf reads the members of a module that is known by a name.
func (s *scan) membersOf(kind, module, local string, from int) {
	uses := map[string]int{}
	s.eachTaken(local, func(start, end int) {
		if start < from+len("import ") || s.at(end) != '.' || !isWord(s.at(end+1)) {
			return
		}
		a := s.name(end + 1)[0]
		if uses[a.name]++; uses[a.name] <= maxUses && !s.assigned(a.end, member) && (isUpper(a.name) || detect.ClassifyName(a.name).Score > 0) {
			s.ask(kind, a.name, module, a.offset, high)
		}
	})
}

// statement is the text of one import: its line, or up to the bracket that closes its list.
func statement(text []byte) []byte {
	end := bytes.IndexByte(text, '\n')
	if open := bytes.IndexByte(text, '('); open >= 0 && open < end {
		end = bytes.IndexByte(text, ')')
	}
	if end < 0 {
		return text
	}
	return text[:end]
}

// promising reports whether imported names may be settings: a word that speaks of them, or one in capital letters.
func promising(names []byte) bool {
	for _, word := range []string{"ettings", "onfig", "onst", "env", "Env", "conf", "cfg", "ecret"} {
		if bytes.Contains(names, []byte(word)) {
			return true
		}
	}
	run := 0
	for _, b := range names {
		if b < 'A' || b > 'Z' {
			run = 0
			continue
		}
		if run++; run == 3 {
			return true
		}
	}
	return speaks(names)
}

// item is one imported name, and what the file calls it.
type item struct {
	name, local string
	offset      int
}

// importItems takes a list of imported names apart: a, b as c.
func importItems(list []byte, base int, as string) []item {
	var out []item
	for at := 0; at < len(list); {
		end := bytes.IndexByte(list[at:], ',')
		if end < 0 {
			end = len(list) - at
		}
		text := string(list[at : at+end])
		name, local, renamed := strings.Cut(text, as)
		trimmed := strings.TrimSpace(name)
		if !renamed {
			local = name
		}
		if isName(trimmed) {
			out = append(out, item{trimmed, strings.TrimSpace(local), base + at + strings.Index(text, trimmed)})
		}
		at += end + 1
	}
	return out
}

// imported reads the uses of one imported name of a module: itself, where it is written as constants are, or the members
// of an object that holds settings.
func (s *scan) imported(kind, module string, i item) {
	switch {
	case isUpper(i.name):
		s.ask(kind, i.name, module, i.offset, high)
		uses := 0
		s.each(i.local, false, func(start, end int) {
			if start > i.offset && !isWord(s.at(end)) && uses < maxUses {
				uses++
				s.ask(kind, i.name, module, start, high)
			}
		})
	case settingsObject.MatchString(i.name), kind == "python" && ofSettings(module) && strings.ToLower(i.name) == i.name:
		s.settingsOf(kind, module, i)
		s.importedGetter(kind, module, i)
	default:
		s.importedGetter(kind, module, i)
	}
}

// settingsOf reads the members of an imported object of settings.
func (s *scan) settingsOf(kind, module string, i item) {
	locals := []string{i.local}
	if strings.HasPrefix(strings.ToLower(i.name), "get") {
		locals = append(locals, "settings", "config")
	}
	for _, local := range locals {
		s.eachTaken(local, func(start, end int) {
			if isWord(s.at(end)) || start == i.offset {
				return
			}
			if s.at(end) == '(' && s.at(end+1) == ')' {
				end += 2
			}
			names, _ := s.chain(end)
			if len(names) == 0 || s.assigned(end, bare) {
				return
			}
			name, module := names[0], module
			if kind == "python" {
				module += "|" + module + "/" + i.name // the object of a module, or a module of a package
			} else {
				name = i.name + "." + strings.Join(names, ".")
				if i.name == "*" {
					name = strings.Join(names, ".")
				}
			}
			s.ask(kind, name, module, end, high)
		})
	}
}

// pythonNaming names what a module defines: the name of the module's or the class's attribute, or Flask's key.
func pythonNaming(_ *scan, p place) (kind, name string, ok bool) {
	name = p.root.name
	if strings.HasSuffix(name, ".update") || strings.HasSuffix(name, ".from_mapping") {
		if !strings.Contains(name, "config") || len(p.keys) == 0 {
			return "", "", false
		}
		return "python", p.keys[0].name, true
	}
	if base, key, indexed := strings.Cut(name, "["); indexed {
		if strings.HasSuffix(base, "config") {
			return "python", strings.Trim(key, `[]"'`), true
		}
		name = base
	}
	name = strings.TrimPrefix(strings.TrimPrefix(name, "self."), "cls.")
	return "python", name, isName(name)
}
