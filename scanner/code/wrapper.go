package code

import (
	"bytes"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// wrappedBy are what reads of the environment begin with.
var wrappedBy = []string{"process.env", "import.meta.env", "Deno.env", "os.environ", "ENV", "$_ENV", "getenv",
	"GetEnvironmentVariable", "env::var", "dotenv.get"}

// wrapped follows one of wrappedBy where a variable holds the name: process.env[name], os.environ.get(name).
var wrapped = lazy.New(`^(?:\.get|\.fetch)?\s*[\[(]\s*(\$?[A-Za-z_]\w*)\s*[\]),|]`)

// definedFunctions are the ways to define a function, with its name and the text behind its opening bracket.
var definedFunctions = lazy.New(`\b(?:function|def|fun|fn)\s+(?:self\.)?([A-Za-z_]\w*[?!]?)\s*(?:<[^>()\n]{0,60}>)?\s*\(` +
	`|\b(?:const|let|var)\s+([A-Za-z_]\w*)\s*(?::[^=\n]{0,80})?=\s*(?:async\s+)?(?:function\s*)?(?:<[^>()\n]{0,60}>\s*)?\(` +
	`|\bfunc\s+(?:\([^()\n]{0,80}\)\s*)?([A-Za-z_]\w*)\s*(?:\[[^\]\n]{0,60}\])?\(` +
	`|\b(?:public|private|protected|internal|static|final)\s[\w\s<>\[\],?.]{1,80}\s([A-Za-z_]\w*)\s*\(`)

// The limits of following a function that reads the environment for its callers.
const (
	maxWrapped   = 20
	wrapperReach = 2000 // bytes between the definition and the read
	wrappedReach = 100  // bytes of the read's argument
	maxParams    = 5
)

// wrappers reads calls of functions of the same file that hand one of their parameters to the environment:
// function get(name, fallback) { return process.env[name] }, get('SESSION_SECRET', ...).
func (s *scan) wrappers() {
	seen := map[string]bool{}
	tries := 0
	for _, anchor := range wrappedBy {
		s.each(anchor, true, func(_, end int) {
			m := wrapped.FindSubmatchIndex(s.code[end:min(len(s.code), end+wrappedReach)])
			if m == nil || tries >= maxWrapped {
				return
			}
			tries++
			name, param := s.enclosing(end, s.code[end+m[2]:end+m[3]])
			if name == "" || seen[name] || setters.MatchString(name) {
				return
			}
			seen[name] = true
			s.each(name, true, func(_, end int) { s.wrapperCall(end, param) })
		})
	}
}

// enclosing finds the function in front of an offset that has the identifier among its parameters, and its number.
func (s *scan) enclosing(off int, ident []byte) (name string, param int) {
	from := max(0, off-wrapperReach)
	all := definedFunctions.FindAllSubmatchIndex(s.code[from:off], -1)
	for i := len(all) - 1; i >= 0; i-- {
		m := all[i]
		open := from + m[1] - 1
		for n, at := range s.items(open, maxParams, 600) {
			if s.parameter(at, ident) {
				for g := 2; g < len(m); g += 2 {
					if m[g] >= 0 {
						return string(s.code[from+m[g] : from+m[g+1]]), n
					}
				}
			}
		}
	}
	return "", 0
}

// parameter reports whether a parameter that begins at an offset is the identifier: name, name: string, String name.
func (s *scan) parameter(at int, ident []byte) bool {
	text := s.code[min(at, len(s.code)):min(len(s.code), at+120)]
	if i := bytes.IndexAny(text, ",)=\n"); i >= 0 {
		text = text[:i]
	}
	if before, _, typed := bytes.Cut(text, []byte(":")); typed && !bytes.HasPrefix(text[len(before):], []byte("::")) {
		text = before
	}
	words := bytes.Fields(text)
	if s.lang.syntax == goSyntax && len(words) > 0 {
		words = words[:1] // name string
	}
	return len(words) > 0 && bytes.Equal(bytes.TrimRight(words[len(words)-1], "?"), ident)
}

// wrapperCall reads one call: the literal at the place of the parameter.
func (s *scan) wrapperCall(end, param int) {
	if s.at(end) == '<' {
		if i := bytes.IndexByte(s.code[end:min(len(s.code), end+80)], '>'); i > 0 {
			end += i + 1
		}
	}
	if s.at(end) != '(' {
		return
	}
	items := s.items(end, param+1, 600)
	if len(items) <= param {
		return
	}
	if a, ok := s.literal(items[param]); ok && validName(a.name) && isUpper(a.name) {
		s.read(a.name, s.lang.id+"-env-wrapper", a.offset, min(high, a.sure))
	}
}
