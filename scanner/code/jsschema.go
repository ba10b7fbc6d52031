package code

import "github.com/rotamap/rotamap/scanner/lazy"

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
		if v.need != "" && !lazy.Contains(s.src, v.need) || !lazy.Contains(s.src, v.anchor) {
			continue
		}
		s.each(v.anchor, true, func(_, end int) { s.schema(v.via, end) })
	}
}

// schema reads the object literals among the arguments of a call.
func (s *scan) schema(via string, off int) {
	off = s.skipSpace(s.typed(off))
	if s.at(off) != '(' {
		return
	}
	for _, at := range s.items(off, 4, 64<<10) {
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
