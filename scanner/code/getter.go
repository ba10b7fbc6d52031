package code

import (
	"bytes"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// getterReach bounds how far a function's head stands above the line that returns a variable.
const getterReach = 14

// functionHead matches the line that opens a function or a property, and takes its name.
var functionHead = lazy.New(`(?:\b(?:def|fn|fun|func|function\*?)\s+(?:self\.|\([^)]*\)\s*)?(\w+)|\b(?:const|let|var)\s+(\w+)(?:\s*:[^=]+)?\s*=\s*(?:async\s*)?(?:\([^()]*\)|\w+|function\s*\w*\([^()]*\))\s*(?::\s*[\w<>|\[\] ]+)?\s*(?:=>|\{)|^\s*(?:(?:public|private|protected|internal|static|final|async|get|override|readonly|export|default)\s+)*(?:[\w<>?\[\].]+\s+)?(\w+)\s*(?:\([^()]*\)\s*(?::\s*[\w<>|\[\] ]+|throws [\w., ]+)?)?\s*(?:\{|=>|$))`)

// blockWord begins a line that opens a block inside of a function.
var blockWord = lazy.New(`^(?:if|else|elif|try|catch|except|finally|with|for|while|do|switch|case|when|unless|rescue|begin|match|using|lock|\}|\{|get\s*(?:\{|=>|$)|return\b|"""|''')`)

// noGetter are functions that hand nothing out, or whose name says nothing.
var noGetter = map[string]bool{"main": true, "init": true, "__init__": true, "constructor": true, "initialize": true, "setup": true, "handler": true, "run": true,
	"default": true, "get": true, "load": true, "if": true, "for": true, "while": true, "switch": true, "return": true, "class": true, "register": true, "use": true,
	"map": true, "call": true, "invoke": true, "execute": true, "new": true, "create": true, "build": true, "test": true, "it": true, "describe": true, "else": true,
	"catch": true, "try": true, "function": true, "value": true, "config": true, "settings": true, "props": true, "state": true, "data": true}

// getter finds the function or property that hands out what a read takes from the environment, and the calls of it in the same
// file, which read the variable too. What other files call is for graph/resolve to find.
func (s *scan) getter(r Read, p place, placed bool) {
	if r.Property || !heldWord.MatchString(r.Name) {
		return
	}
	name, at, ok := s.handsOut(r.Offset, p, placed)
	if !ok || len(name) < 4 || noGetter[name] || isUpper(name) {
		return
	}
	s.fillsField("", name, at, r)
	if s.lang.naming != nil && len(s.out.Definitions) < maxSettings {
		if kind := getterKind[s.lang.syntax.family]; kind != "" {
			s.out.Definitions = append(s.out.Definitions, Definition{Kind: kind, Name: name, Offset: at, From: r.Name, On: []int{r.Offset}, Sure: min(r.Sure, high)})
		}
	}
	found := 0
	s.begin([]byte(name), func(start int) bool {
		end := start + len(name)
		if isWord(s.at(end)) || start == at || s.inString(start) && s.at(start-1) != '{' || !s.callsGetter(start, end) {
			return true
		}
		r.Offset = start
		s.out.Reads = append(s.out.Reads, r)
		found++
		return found < maxHeld
	})
}

// getterKind says as which kind of setting a getter is handed on to other files, by the family of the language.
var getterKind = map[string]string{"python": "python", "script": "js"}

// callsGetter reports whether what stands between two offsets takes what a getter of this file hands out.
func (s *scan) callsGetter(start, end int) bool {
	before := bytes.TrimRight(s.code[max(0, start-12):start], " \t")
	owned := false
	for _, owner := range []string{"self.", "this.", "cls.", "$this->", "self::", "static::", "Self::"} {
		owned = owned || bytes.HasSuffix(before, []byte(owner))
	}
	if s.at(end) != '(' {
		return owned || s.lang.syntax == rubySyntax && !isWord(s.at(start-1)) && s.at(start-1) != '.' && s.at(start-1) != ':' && !bytes.HasSuffix(before, []byte("def"))
	}
	if c := s.at(start - 1); c == '.' || c == '>' || c == ':' {
		return owned
	}
	for _, head := range []string{"def", "function", "func", "fn", "fun", "get", "async", "string", "String", "static"} {
		if bytes.HasSuffix(before, []byte(head)) {
			return false
		}
	}
	return !isWord(s.at(start - 1))
}

// handsOut returns the name of the function around a read, where what it returns is what was read.
func (s *scan) handsOut(off int, p place, placed bool) (name string, at int, ok bool) {
	line := bytes.LastIndexByte(s.code[:off], '\n') + 1
	before := s.code[line:off]
	switch arrow := bytes.LastIndex(before, []byte("=>")); {
	case s.returns(off), s.lang.syntax == rubySyntax && s.lastOfRuby(line, off):
	case arrow >= 0 && bytes.IndexByte(before[arrow:], '{') < 0:
	case placed && len(p.keys) == 0 && isName(p.root.name) && s.returnsLocal(p.root.name, off):
	default:
		return "", 0, false
	}
	return s.head(line, off)
}

// returns reports whether the statement of a read returns it, alone or in one call.
func (s *scan) returns(off int) bool {
	window := s.code[max(0, off-160):off]
	i := bytes.LastIndex(window, []byte("return"))
	if i < 0 || i > 0 && isWord(window[i-1]) || isWord(s.at(off-len(window)+i+len("return"))) {
		return false
	}
	between := window[i+len("return"):]
	return !bytes.ContainsAny(between, ";{}") && bytes.Count(between, []byte("(")) <= 3 && bytes.Count(between, []byte("\n")) <= 2
}

// returnsLocal reports whether a local name is returned soon after it was filled.
func (s *scan) returnsLocal(local string, off int) bool {
	window := s.code[off:min(len(s.code), off+500)]
	i := bytes.Index(window, []byte("return "+local))
	return i > 0 && !isWord(s.at(off+i+len("return ")+len(local))) && !functionHeadBetween(window[:i])
}

// functionHeadBetween reports whether another function begins in a text.
func functionHeadBetween(text []byte) bool {
	for _, w := range []string{"\ndef ", "function ", "\nfunc ", " => {", "\n}"} {
		if lazy.Contains(text, w) {
			return true
		}
	}
	return false
}

// lastOfRuby reports whether the line of a read is the last of a method of Ruby, whose value is what it hands out.
func (s *scan) lastOfRuby(line, off int) bool {
	first := bytes.TrimSpace(s.code[line:off])
	if !bytes.HasPrefix(first, []byte("ENV")) && !bytes.HasPrefix(first, []byte("@")) {
		return false
	}
	n := bytes.IndexByte(s.code[off:], '\n')
	return n >= 0 && bytes.HasPrefix(bytes.TrimSpace(s.code[off+n:min(len(s.code), off+n+60)]), []byte("end"))
}

// head looks for the head of the function that holds an offset: on its own line, or above it on one that is indented less.
func (s *scan) head(line, off int) (name string, at int, ok bool) {
	if name, at, ok = s.headOn(line, off); ok {
		return name, at, true
	}
	indent := indentOf(s.code[line:])
	for range getterReach {
		if line == 0 {
			return "", 0, false
		}
		end := line - 1
		line = bytes.LastIndexByte(s.code[:end], '\n') + 1
		text := bytes.TrimSpace(s.code[line:end])
		here := indentOf(s.code[line:end])
		if len(text) == 0 || here >= indent {
			continue
		}
		if blockWord.Match(text) {
			indent = here
			if len(text) == 1 {
				indent++ // the bracket on a line of its own belongs to the line above
			}
			continue
		}
		return s.headOn(line, end)
	}
	return "", 0, false
}

// headOn returns the name of the function whose head stands between two offsets of one line.
func (s *scan) headOn(from, to int) (name string, at int, ok bool) {
	text := s.code[from:min(to, from+300)]
	m := functionHead.FindSubmatchIndex(text)
	if m == nil || bytes.HasPrefix(bytes.TrimSpace(text), []byte("return")) || bytes.HasPrefix(bytes.TrimSpace(text), []byte("class ")) {
		return "", 0, false
	}
	for i := 2; i < len(m); i += 2 {
		if m[i] >= 0 {
			return string(text[m[i]:m[i+1]]), from + m[i], true
		}
	}
	return "", 0, false
}

func indentOf(line []byte) int {
	for i, c := range line {
		if c != ' ' && c != '\t' {
			return i
		}
	}
	return len(line)
}

// importedGetter reads the uses of an imported name that speaks of a credential: a function that hands it out, or a constant that
// holds it (from .config import get_api_key; import { mailApiKey } from "./constants"). In
// JavaScript constants are written like functions, import { stripeApiKey } from "./constants", so that each use counts.
func (s *scan) importedGetter(kind, module string, i item) {
	if isUpper(i.local) || kind == "js" && !ownModule.MatchString(module) || !speaks([]byte(i.name)) || detect.ClassifyName(i.name).Score == 0 {
		return
	}
	uses := 0
	constant := kind == "js" && detect.ClassifyName(i.name).Class == inventory.ClassCredential
	if constant {
		s.ask(kind, i.name, module, i.offset, high)
	}
	s.each(i.local, false, func(start, end int) {
		if start > i.offset && (s.at(end) == '(' || constant && !isWord(s.at(end))) && uses < maxHeld {
			uses++
			s.ask(kind, i.name, module, start, high)
		}
	})
}

// speaks reports whether a list of imported names may hold a function that hands out a credential.
func speaks(names []byte) bool {
	return slices.ContainsFunc(getterWords, func(w string) bool { return bytes.Contains(names, []byte(w)) })
}

var getterWords = strings.Fields("Key key oken ecret assword redential Dsn _dsn ebhook")
