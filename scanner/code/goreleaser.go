package code

import "github.com/rotamap/rotamap/scanner/lazy"

// templateEnv reads {{ .Env.NAME }} of GoReleaser's configuration. Source: goreleaser.com on name templates.
func templateEnv(s *scan) {
	const anchor = ".Env."
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
