package code

import "github.com/rotamap/rotamap/scanner/lazy"

// templateEnv reads {{ .Env.NAME }} of GoReleaser's configuration, and keys that it hands to cosign by the variable that holds them
// (--key=env://NAME). Source: goreleaser.com on name templates and on signing.
func templateEnv(s *scan) {
	for _, anchor := range []string{".Env.", "env://"} {
		s.namesBehind(anchor)
	}
}

func (s *scan) namesBehind(anchor string) {
	for from := 0; from < len(s.code); {
		n := lazy.Index(s.code[from:], anchor)
		if n < 0 {
			return
		}
		from += n + len(anchor)
		if a := s.name(from)[0]; validName(a.name) {
			s.read(a.name, "goreleaser-env", from, certain)
		}
	}
}
