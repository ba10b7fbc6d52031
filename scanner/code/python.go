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

var environAliases = lazy.New(`(?m)^[ \t]*([A-Za-z_]\w+)[ \t]*=[ \t]*(?:os\.environ\.get|os\.getenv|env\.str|env|config)[ \t]*$`)

// environAlias reads calls of another name for a way to read the environment: secret = os.environ.get, secret("X").
func environAlias(s *scan) {
	if !s.contains("environ") && !s.contains("getenv") && !s.contains("env.str") {
		return
	}
	for _, m := range environAliases.FindAllSubmatchIndex(s.code, 5) {
		if s.inString(m[2]) {
			continue
		}
		s.each(string(s.code[m[2]:m[3]]), false, func(_, end int) {
			if a := s.shaped(call, end); s.at(end) == '(' && len(a) > 0 && isUpper(a[0].name) && validName(a[0].name) {
				s.read(a[0].name, "py-environ-alias", a[0].offset, min(high, a[0].sure))
			}
		})
	}
}
