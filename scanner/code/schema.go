package code

import (
	"bytes"
	"regexp"
)

// validators are the calls whose object literal names the variables that are read. Sources: the documentation of
// envalid, znv, T3 env (createEnv), Astro env, zod, Joi and Nest.
var validators = []struct{ via, anchor, need string }{
	{"js-envalid", "cleanEnv", ""},
	{"js-znv", "parseEnv", ""},
	{"js-create-env", "createEnv", ""},
	{"js-env-schema", "z.object", "process.env"},
	{"js-env-schema", "z.strictObject", "process.env"},
	{"js-env-schema", "z.object", "import.meta.env"},
	{"js-env-schema", "oi.object", "process.env"},
	{"js-env-schema", "oi.object", "validationSchema"},
	{"js-env-schema", "yup.object", "process.env"},
	{"js-env-schema", "v.object", "process.env"},
}

// createEnvParts are the sections of createEnv's argument that hold names.
var createEnvParts = map[string]bool{"server": true, "client": true, "shared": true}

// schemas reads the keys of schemas that validate the environment.
func schemas(s *scan) {
	for _, v := range validators {
		if v.need != "" && !bytes.Contains(s.src, []byte(v.need)) || !bytes.Contains(s.src, []byte(v.anchor)) {
			continue
		}
		s.each(v.anchor, true, func(_, end int) { s.schema(v.via, end) })
	}
}

// schema reads the object literals among the arguments of a call.
func (s *scan) schema(via string, off int) {
	if s.at(off) == '<' { // type arguments
		off = max(off, off+bytes.IndexByte(s.code[off:min(len(s.code), off+200)], '(')) //nolint
	}
	off = s.skipSpace(off)
	if s.at(off) != '(' {
		return
	}
	for _, at := range s.items(off, 4) {
		if s.at(at) != '{' {
			continue
		}
		for _, k := range s.keys(at) {
			if open := s.section(k); via == "js-create-env" && open > 0 {
				s.upperKeys(via, open)
			}
		}
		if via != "js-create-env" {
			s.upperKeys(via, at)
		}
	}
}

// section returns where the object of a createEnv section opens, 0 when the key is none.
func (s *scan) section(k argument) int {
	if !createEnvParts[k.name] {
		return 0
	}
	off := s.skipSpace(k.end)
	if s.at(off) != ':' {
		return 0
	}
	if off = s.skipSpace(off + 1); s.at(off) == '{' {
		return off
	}
	return 0
}

// upperKeys reads the upper-case keys of an object literal.
func (s *scan) upperKeys(via string, open int) {
	for _, k := range s.keys(open) {
		if isUpper(k.name) && validName(k.name) {
			s.read(k.name, via, k.offset, high)
		}
	}
}

var (
	settingsClass = regexp.MustCompile(`(?m)^class[ \t]+(\w+)\(([^)]*)\):[ \t]*$`)
	settingsField = regexp.MustCompile(`^([ \t]+)([A-Za-z]\w*)[ \t]*:[^=\n]*(=.*)?$`)
	envPrefix     = regexp.MustCompile(`env_prefix\s*=\s*["'](\w*)["']`)
	fieldAlias    = regexp.MustCompile(`\b(?:env|alias|validation_alias)\s*=\s*(?:AliasChoices\()?["'](\w+)["']`)
)

// pydantic reads the fields of classes derived from BaseSettings: each is a variable, behind the class's prefix.
func pydantic(s *scan) {
	if !bytes.Contains(s.src, []byte("BaseSettings")) {
		return
	}
	known := map[string]bool{"BaseSettings": true}
	for _, m := range settingsClass.FindAllSubmatchIndex(s.code, 100) {
		for _, base := range bytes.FieldsFunc(s.code[m[4]:m[5]], func(r rune) bool { return r == ',' || r == ' ' || r == '.' }) {
			if known[string(base)] && !s.inString(m[0]) {
				known[string(s.code[m[2]:m[3]])] = true
				s.settings(m[1])
				break
			}
		}
	}
}

// settings reads the body of one class.
func (s *scan) settings(off int) {
	body := s.code[off:s.dedent(off)]
	prefix := ""
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
