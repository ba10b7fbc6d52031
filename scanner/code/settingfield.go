package code

import (
	"bytes"
	"strings"

	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// fieldHolders are how the names of objects of settings end, with the dot behind them, that a program hands on to those who use
// it: constructor(private config: ConfigService), def __init__(self, settings).
var fieldHolders = []string{"onfig.", "onf.", "cfg.", "ettings.", "onfigService.", "onfigurationService.", "onfiguration.", "nvironment.", "roperties.", "rops.", "nvService."}

// holderFields reads credentials that code takes out of an object of settings by the name of a field or a getter:
// this.config.stripeKey, settings.stripe_key, props.getStripeKey(). Which one is meant is for graph/resolve to find, in the
// program's own folder.
func (s *scan) holderFields(kind string) {
	known := map[int]bool{} // of an imported object, whose module is known
	for _, a := range s.out.Settings {
		known[a.Offset] = true
	}
	for _, anchor := range fieldHolders {
		if !s.may(anchor) {
			continue
		}
		for from := 0; from < len(s.code) && len(s.out.Settings) < maxSettings; {
			n := lazy.Index(s.code[from:], anchor)
			if n < 0 {
				break
			}
			if from += n + len(anchor); !known[from-1] {
				s.holderField(kind, from)
			}
		}
	}
}

// holderField reads what stands behind the dot: a field, one of an inner object, or a getter.
func (s *scan) holderField(kind string, from int) {
	parent := ""
	for range 3 {
		if !isWord(s.at(from)) || s.inString(from) && s.at(from-1) != '{' {
			return
		}
		a := s.name(from)[0]
		if c := a.name[0]; c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' && (kind != "jvm-field" || !isUpper(a.name)) {
			return
		}
		if name, ok := fieldName(parent, a.name); ok && !s.assigned(a.end, member) {
			s.ask(kind, name, "", a.offset, medium)
			return
		}
		if s.at(a.end) == '(' && s.at(a.end+1) == ')' {
			a.end += 2
		}
		if c := s.at(a.end); (c == '?' || c == '!') && s.at(a.end+1) == '.' {
			a.end++
		}
		if s.at(a.end) != '.' {
			return
		}
		parent, from = a.name, a.end+1
	}
}

// fieldName is the name of a field in one spelling, however languages write it and its getter: getStripeKey, stripe_key and
// stripeKey are stripekey. One word says too little (key, password): the name of the object that holds it stands in front. False
// where it does not speak of a credential.
func fieldName(parent, name string) (string, bool) {
	if !speaks([]byte(name)) && (!isUpper(name) || !speaks([]byte(strings.ToLower(name)))) || detect.ClassifyName(name).Score == 0 {
		return "", false
	}
	if len(name) > 3 && strings.HasPrefix(name, "get") && (name[3] == '_' || name[3] >= 'A' && name[3] <= 'Z') {
		name = strings.ToLower(name[3:4]) + name[4:]
	}
	lower := strings.ToLower(strings.ReplaceAll(name, "_", ""))
	if lower != name || isUpper(name) {
		return lower, true
	}
	return strings.ToLower(strings.ReplaceAll(parent, "_", "")) + lower, parent != ""
}

// fieldKinds says as which kind of setting fields are asked for, by the family of the language.
var fieldKinds = map[string]string{"python": "py-field", "script": "js-field", "java": "jvm-field", "kotlin": "jvm-field"}

// fieldOf says that a variable fills a field, in addition to what else is said of the place.
func (s *scan) fieldOf(p place, r Read) {
	last := p.lastName()
	if len(p.keys) == 0 && !s.attribute(p.root.name, p.root) && (!isUpper(p.root.name) || s.lang.naming != nil) && r.Via != "py-pydantic" && !s.inClass(p.root.offset) {
		return // a function's own
	}
	parent := ""
	if n := len(p.keys); n > 1 {
		parent = p.keys[n-2].name
	}
	s.fillsField(parent, last.name, p.offset(), r)
}

// inClass reports whether a name of Python is assigned to in the body of a class.
func (s *scan) inClass(off int) bool {
	if s.lang.syntax != pythonSyntax || indentOf(wholeLine(s.code, off)) != 4 {
		return false
	}
	for end := off; ; {
		end = bytes.LastIndexByte(s.code[:end], '\n')
		switch {
		case end < 0, hasPrefixAt(s.code[:off], end, "\ndef "):
			return false
		case hasPrefixAt(s.code[:off], end, "\nclass "):
			return true
		}
	}
}

// fillsField says that a variable fills what is called by a name.
func (s *scan) fillsField(parent, name string, at int, r Read) {
	kind := fieldKinds[s.lang.syntax.family]
	if isUpper(name) && kind != "jvm-field" {
		return // asked for by its module
	}
	field, ok := fieldName(parent, name)
	if !ok || kind == "" || len(s.out.Definitions) >= maxSettings {
		return
	}
	s.out.Definitions = append(s.out.Definitions, Definition{Kind: kind, Name: field, Offset: at, From: r.Name, On: []int{r.Offset}, Sure: min(r.Sure, high)})
}

// lastName is the innermost name of a place.
func (p place) lastName() argument {
	if n := len(p.keys); n > 0 {
		return p.keys[n-1]
	}
	a := p.root
	if i := strings.LastIndexByte(a.name, '.'); i >= 0 {
		a.name, a.offset = a.name[i+1:], a.offset+i+1
	}
	return a
}

// jvmUses reads the credentials that Java and Kotlin take out of an object of settings.
func jvmUses(s *scan) { s.holderFields("jvm-field") }
