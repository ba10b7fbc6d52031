package code

import (
	"bytes"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// setters are words of functions that put variables into the environment, or only speak of them.
var setters = lazy.New(`(?i)set|put|del|remove|clear|mock|stub|with|add|append|write|push|apply|invalid|missing|describe|error|throw|warn|log|print`)

// helpers reads calls of functions whose name speaks of the environment, with an upper-case literal among the
// first two arguments: mustEnv("X"), getEnvOrDefault("X", "y"), mustMapEnv(&x, "X").
func (s *scan) helpers() {
	for _, anchor := range [][]byte{[]byte("env"), []byte("Env"), []byte("ENV")} {
		for from, tries := 0, 0; s.may(string(anchor)) && from < len(s.code) && tries < maxPlaces; tries++ {
			n := bytes.Index(s.code[from:], anchor)
			if n < 0 {
				break
			}
			from += n + len(anchor)
			s.helper(from-len(anchor), from)
		}
	}
}

// helper reads one call whose name holds env between two offsets.
func (s *scan) helper(start, end int) {
	for end < len(s.code) && isWord(s.code[end]) && end-start < 60 {
		end++
	}
	if s.at(end) != '(' {
		return
	}
	for start > 0 && isWord(s.code[start-1]) && end-start < 60 {
		start--
	}
	if setters.Match(s.code[start:end]) || s.inString(start) {
		return
	}
	for _, at := range s.items(end, 2, 300) {
		a, ok := s.literal(at)
		if ok && isUpper(a.name) && validName(a.name) {
			s.read(a.name, s.lang.id+"-env-helper", a.offset, min(medium, a.sure))
			return
		}
	}
}
