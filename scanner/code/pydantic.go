package code

import (
	"bytes"

	"github.com/rotamap/rotamap/scanner/lazy"
)

var (
	settingsClass = lazy.New(`(?m)^class[ \t]+(\w+)\(([^)]*)\):[ \t]*$`)
	settingsField = lazy.New(`^([ \t]+)([A-Za-z]\w*)[ \t]*:[^=\n]*(=.*)?$`)
	envPrefix     = lazy.New(`env_prefix\s*=\s*["'](\w*)["']`)
	fieldAlias    = lazy.New(`\b(?:env|alias|validation_alias)\s*=\s*(?:AliasChoices\()?["'](\w+)["']`)
)

// pydantic reads the fields of classes derived from BaseSettings: each is a variable, behind the class's prefix.
func pydantic(s *scan) {
	if !s.mentions("BaseSettings") {
		return
	}
	known := map[string]string{"BaseSettings": ""} // class -> the prefix its children inherit
	for _, m := range settingsClass.FindAllSubmatchIndex(s.code, 100) {
		for _, base := range bytes.FieldsFunc(s.code[m[4]:m[5]], func(r rune) bool { return r == ',' || r == ' ' || r == '.' }) {
			if prefix, ok := known[string(base)]; ok && !s.inString(m[0]) {
				known[string(s.code[m[2]:m[3]])] = s.settings(m[1], prefix)
				break
			}
		}
	}
}

// settings reads the body of one class and returns its prefix.
func (s *scan) settings(off int, prefix string) string {
	body := s.code[off:s.dedent(off)]
	if m := envPrefix.FindSubmatch(body); m != nil {
		prefix = string(m[1])
	}
	indent := ""
	for at := 0; at < len(body); {
		line := body[at:]
		if n := bytes.IndexByte(line, '\n'); n >= 0 {
			line = line[:n]
		}
		m := settingsField.FindSubmatchIndex(line)
		if m != nil && (indent == "" || indent == string(line[m[2]:m[3]])) {
			indent = string(line[m[2]:m[3]])
			s.field(prefix, off+at, line, m)
		}
		at += len(line) + 1
	}
	return prefix
}

// field emits the variable of one field.
func (s *scan) field(prefix string, at int, line []byte, m []int) {
	name := string(line[m[4]:m[5]])
	if name == "model_config" || bytes.Contains(line, []byte("ClassVar")) || s.inString(at+m[4]) {
		return
	}
	if m[6] >= 0 {
		if alias := fieldAlias.FindSubmatch(line[m[6]:m[7]]); alias != nil {
			s.read(string(bytes.ToUpper(alias[1])), "py-pydantic", at+m[4], high)
			return
		}
	}
	s.read(string(bytes.ToUpper([]byte(prefix+name))), "py-pydantic", at+m[4], high)
}

// dedent returns where the indented block that begins behind off ends.
func (s *scan) dedent(off int) int {
	for i := off; i < len(s.code); i++ {
		if s.code[i] == '\n' && i+1 < len(s.code) && !isSpace(s.code[i+1]) && !s.inString(i+1) {
			return i + 1
		}
	}
	return len(s.code)
}
