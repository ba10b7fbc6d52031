package code

import (
	"bytes"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Setting is a place at which code asks for a setting of its application: settings.STRIPE_KEY, config('mail.key').
// Kind is the way of asking: graph/resolve knows where each kind is defined.
type Setting struct {
	Kind   string
	Name   string // a path of names with dots; a last "*" stands for all below
	Import string // the file that it comes from, as Import.Path has it, with | between two that it may be; "" where the framework finds it
	Offset int
	Sure   inventory.Confidence
}

// Definition is a place at which a file gives a setting its value: from a variable of the environment, or from another
// setting.
type Definition struct {
	Kind     string
	Name     string // as Setting.Name; a first "*" stands for any name
	Offset   int    // of the setting's name
	From     string // name of the variable, or of the setting
	FromKind string // the kind of the setting; "" for a variable
	On       []int  // offsets of the read, and of the names of the file that hand the value on
	Sure     inventory.Confidence
}

// The bounds of what one file yields.
const (
	maxSettings = 2000
	maxLocals   = 40 // local names that are followed
	maxUses     = 20 // places at which one of them is used
)

// naming says how a language names the settings that a file defines: the root of the assignment and the keys below.
type naming func(s *scan, p place) (kind, name string, ok bool)

// configuration reads what the file asks its configuration for, and which settings it defines.
func (s *scan) configuration() {
	if s.lang.uses != nil {
		s.lang.uses(s)
		s.out.Settings = s.out.Settings[:min(len(s.out.Settings), maxSettings)]
	}
	locals := map[string][]Definition{}
	for _, r := range s.out.Reads {
		if r.Property || strings.Contains(r.Name, "*") {
			continue
		}
		p, ok := s.defined(r.Offset, Definition{From: r.Name, Sure: min(r.Sure, high)}, r.Via, locals)
		if ok && len(p.keys) == 0 && p.root.name != "" {
			s.held(p.root.name, p.root, r)
		}
		if ok {
			s.fieldOf(p, r)
		}
		s.getter(r, p, ok)
	}
	s.environmentAliases()
	if s.lang.naming == nil {
		return
	}
	for _, u := range s.out.Settings {
		s.defined(u.Offset, Definition{From: u.Name, FromKind: u.Kind, Sure: min(u.Sure, high)}, "", locals)
	}
	s.throughLocals(locals)
}

// defined adds what the read at an offset defines, and returns its place.
func (s *scan) defined(off int, d Definition, via string, locals map[string][]Definition) (place, bool) {
	if len(s.out.Definitions) >= maxSettings {
		return place{}, false
	}
	p, ok := s.declared(off, via)
	if !ok {
		return p, false
	}
	if s.lang.naming == nil {
		return p, true
	}
	d.Offset, d.On = p.offset(), []int{off}
	if local := p.root.name; len(p.keys) == 0 && len(local) > 2 && isName(local) && len(locals) < maxLocals {
		locals[local] = append(locals[local], d)
	}
	d.Kind, d.Name, ok = s.lang.naming(s, p)
	if ok && (d.Kind != d.FromKind || d.Name != d.From) {
		s.out.Definitions = append(s.out.Definitions, d)
	}
	return p, true
}

// declared is the place of a read below its assignment; a schema that names variables is its own place.
func (s *scan) declared(off int, via string) (place, bool) {
	switch {
	case via == "py-pydantic", via == "py-django-values":
		return place{root: s.name(off)[0]}, true
	case schemaVias[via]:
		a := s.name(off)[0]
		return place{root: argument{name: "*", offset: a.offset}, keys: []argument{a}}, true
	}
	return s.placeOf(off)
}

// schemaVias are the reads whose place is the key of a schema: the object that it validates has the same keys.
var schemaVias = map[string]bool{"js-envalid": true, "js-znv": true, "js-create-env": true, "js-env-schema": true}

// throughLocals follows names of the file: key = env("X"), then STORAGE = {"key": key}.
func (s *scan) throughLocals(locals map[string][]Definition) {
	names := make([]string, 0, len(locals))
	for name := range locals {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		uses := 0
		s.each(name, false, func(start, end int) {
			if uses >= maxUses || isWord(s.at(end)) || s.assigned(end, bare) || len(s.out.Definitions) >= maxSettings {
				return
			}
			uses++
			p, ok := s.placeOf(start)
			if !ok || p.root.name == name {
				return
			}
			kind, full, ok := s.lang.naming(s, p)
			if !ok {
				return
			}
			for _, d := range locals[name] {
				local := d
				d.Kind, d.Name, d.Offset = kind, full, p.offset()
				d.Sure, d.On = min(d.Sure, medium), append(slices.Clone(d.On), local.Offset)
				s.out.Definitions = append(s.out.Definitions, d)
			}
		})
	}
}

// environmentAliases says what a variable of the program's own environment is made from: ENV["B"] = ENV.fetch("A").
func (s *scan) environmentAliases() {
	for i := range s.out.Writes {
		w := &s.out.Writes[i]
		if w.To != "env" || len(w.From) > 0 {
			continue
		}
		end := w.Offset + 200
		if n := bytes.IndexByte(s.code[w.Offset:min(len(s.code), end)], '\n'); n >= 0 {
			end = w.Offset + n
		}
		for _, r := range s.out.Reads {
			if r.Offset > w.Offset && r.Offset < end && r.Name != w.Name && !r.Property && !strings.Contains(r.Name, "*") {
				w.From, w.End = []string{r.Name}, r.Offset
				break
			}
		}
	}
}

// ask adds a place at which a setting is asked for.
func (s *scan) ask(kind, name, from string, off int, sure confidence) {
	if len(name) <= maxName && validSetting(name) {
		s.out.Settings = append(s.out.Settings, Setting{Kind: kind, Name: name, Import: from, Offset: off, Sure: sure})
	}
}

func validSetting(name string) bool {
	return name != "" && !strings.ContainsAny(name, " \t\r\n\"'`/\\(){}<>%$,;=") && !strings.HasPrefix(name, ".") && !strings.HasSuffix(name, ".")
}

func isName(name string) bool {
	for i := range len(name) {
		if !isWord(name[i]) {
			return false
		}
	}
	return name != ""
}

// chain reads what is asked of an object, as a path: .a.b, [:a]["b"], .dig(:a, :b), &.a. It returns where the path ends.
func (s *scan) chain(off int) (names []string, end int) {
	for len(names) < 6 {
		before := off
		if c := s.at(off); c == '!' || c == '?' || c == '&' {
			off++
		}
		var got []string
		switch s.at(off) {
		case '.':
			got, off = s.link(off)
		case '[':
			if a, ok := s.literal(s.skipSpace(off + 1)); ok && a.sure == certain {
				got, off = []string{a.name}, s.closed(off)
			}
		}
		if len(got) == 0 {
			return names, before
		}
		names = append(names, got...)
	}
	return names, off
}

// link reads one member behind a dot, or the arguments of a call that fetches by name; nothing for any other call.
func (s *scan) link(off int) (names []string, end int) {
	if !isWord(s.at(off + 1)) {
		return nil, off
	}
	a := s.name(off + 1)[0]
	called := s.at(a.end) == '('
	switch {
	case called && fetches[a.name]:
		for _, g := range s.arguments(a.end) {
			if names = append(names, g.name); a.name != "dig" {
				break
			}
		}
		return names, s.closed(a.end)
	case called, predicates[a.name]:
		return nil, off
	}
	return []string{a.name}, a.end
}

// closed returns the offset behind the bracket that opens at off.
func (s *scan) closed(off int) int {
	depth := 0
	for i := off; i < min(len(s.code), off+400); i++ {
		switch s.code[i] {
		case '(', '[':
			if !s.inString(i) {
				depth++
			}
		case ')', ']':
			if s.inString(i) {
				continue
			}
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return off + 1
}

// fetches are methods that take the name of what they return; predicates are methods of what was found.
var (
	fetches    = map[string]bool{"dig": true, "fetch": true, "get": true, "getOrThrow": true}
	predicates = map[string]bool{"present": true, "blank": true, "nil": true, "to_s": true, "to_h": true, "presence": true,
		"to_i": true, "split": true, "freeze": true, "dup": true, "try": true, "include": true, "length": true, "trim": true,
		"toString": true, "endsWith": true, "startsWith": true, "join": true, "each": true, "map": true}
)

// contains reports whether the text holds a word, cheaply.
func (s *scan) contains(word string) bool { return s.may(word) && lazy.Contains(s.code, word) }
