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
