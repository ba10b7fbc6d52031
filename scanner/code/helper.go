package code

import (
	"strings"

	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// setters are words of functions that put variables into the environment, or only speak of them.
var setters = lazy.New(`(?i)set|put|del|remove|clear|mock|stub|with|add|append|write|push|apply|invalid|missing|describe|error|throw|warn|log|print`)

// helpers reads calls of functions whose name speaks of the environment, with an upper-case literal among the
// first two arguments: mustEnv("X"), getEnvOrDefault("X", "y"), mustMapEnv(&x, "X").
func (s *scan) helpers() {
	for _, anchor := range []string{"env", "Env", "ENV"} {
		for from, tries := 0, 0; s.may(anchor) && from < len(s.code) && tries < maxPlaces; tries++ {
			n := lazy.Index(s.code[from:], anchor)
			if n < 0 {
				break
			}
			from += n + len(anchor)
			s.helper(from-len(anchor), from)
		}
	}
}

// askers are how functions begin that hand out what they are asked for by name.
var askers = lazy.New(`(?i)^(?:require|required|must|get|read|load|fetch|opt|optional|maybe|try)_?\w*$`)

// varHelpers reads calls of functions that are named for variables or settings, defined in some other file, with a credential's
// name in capital letters: required_var("SESSION_KEY"), getConfig('STRIPE_SECRET'), must_get_secret("DB_PASSWORD").
func (s *scan) varHelpers() {
	for _, anchor := range []string{"_var(", "Var(", "onfig(", "ecret(", "etting("} {
		if !s.may(anchor) {
			continue
		}
		for from := 0; from < len(s.code); {
			n := lazy.Index(s.code[from:], anchor)
			if n < 0 {
				break
			}
			end := from + n + len(anchor) - 1
			from = end
			start := end
			for start > 0 && isWord(s.code[start-1]) && end-start < 60 {
				start--
			}
			if name := s.code[start:end]; askers.Match(name) && !setters.Match(name) && !s.inString(start) {
				s.varHelper(end)
			}
		}
	}
}

func (s *scan) varHelper(end int) {
	for _, at := range s.items(end, 1, 300) {
		a, ok := s.literal(at)
		if ok && isUpper(a.name) && validName(a.name) && strings.Contains(a.name, "_") && detect.ClassifyName(a.name).Score > 0 {
			s.read(a.name, s.lang.id+"-env-helper", a.offset, min(medium, a.sure))
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
