package code

import (
	"bytes"

	"github.com/rotamap/rotamap/scanner/lazy"
)

var (
	testedEnviron = lazy.New(`["']([A-Za-z_]\w*)["']\s+(?:not\s+)?in$`)
	environUse    = lazy.New(`^\s*(?:\[|\.(?:get|pop|setdefault|update|clear|unsetenv|keys|__contains__)\b)`)
)

// environWhole reads the uses of os.environ that name no single variable: a copy, **os.environ, env=os.environ.
// "X" in os.environ is a read of X.
func environWhole(s *scan) {
	s.each("os.environ", true, func(start, end int) {
		if isWord(s.at(end)) || environUse.Match(s.code[end:min(len(s.code), end+40)]) {
			return
		}
		from := max(0, start-300)
		before := bytes.TrimRight(s.code[from:start], " \t")
		if m := testedEnviron.FindSubmatchIndex(before); m != nil {
			s.read(string(before[m[2]:m[3]]), "py-os-environ", from+m[2], certain)
			return
		}
		s.read("*", "py-os-environ", start, low)
	})
}

var (
	environAliases = lazy.New(`^[ \t]*([A-Za-z_]\w+)[ \t]*=[ \t]*$`)
	environReaders = []string{"os.environ.get", "os.getenv", "env.str", "env", "config"}
)

// maxAliases bounds the other names for a way to read the environment, in one file.
const maxAliases = 5

// environAlias reads calls of another name for a way to read the environment: secret = os.environ.get, secret("X").
func environAlias(s *scan) {
	if !s.contains("environ") && !s.contains("getenv") && !s.contains("env.str") {
		return
	}
	aliases := 0
	for _, reader := range environReaders {
		s.each(reader, false, func(start, end int) {
			line := lead(s.code, start)
			if m := environAliases.FindSubmatch(line); m != nil && aliases < maxAliases && s.blankBehind(end) {
				aliases++
				s.aliased(string(m[1]))
			}
		})
	}
}

// aliased reads the calls of another name for a way to read the environment.
func (s *scan) aliased(name string) {
	s.each(name, false, func(_, end int) {
		if a := s.shaped(call, end); s.at(end) == '(' && len(a) > 0 && isUpper(a[0].name) && validName(a[0].name) {
			s.read(a[0].name, "py-environ-alias", a[0].offset, min(high, a[0].sure))
		}
	})
}

// blankBehind reports whether a line ends behind an offset.
func (s *scan) blankBehind(off int) bool {
	for s.at(off) == ' ' || s.at(off) == '\t' || s.at(off) == '\r' {
		off++
	}
	return off >= len(s.code) || s.code[off] == '\n'
}
