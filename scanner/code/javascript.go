package code

import (
	"bytes"
	"strings"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// environment is one object through which JavaScript sees the environment.
type environment struct{ via, anchor string }

var environments = []environment{
	{"js-process-env", "process.env"},
	{"js-process-env", "process?.env"},
	{"js-import-meta-env", "import.meta.env"},
	{"js-bun-env", "Bun.env"},
}

// builtIn are the members of import.meta.env that the bundler supplies.
var builtIn = map[string]bool{"MODE": true, "DEV": true, "PROD": true, "SSR": true, "BASE_URL": true}

// processEnv reads process.env and its like: members, indexes, destructuring, aliases and uses as a whole.
func processEnv(s *scan) {
	for _, e := range environments {
		s.each(e.anchor, true, func(start, end int) {
			if isWord(s.at(end)) {
				return
			}
			s.environment(e.via, start, end)
		})
	}
}

// environment reads one use of the environment object that ends at end.
func (s *scan) environment(via string, start, end int) {
	r := &row{via: via, shape: member, sure: certain}
	if args := s.member(end); len(args) > 0 {
		if !builtIn[args[0].name] || via == "js-process-env" {
			s.found(r, start, args[0])
		}
		return
	}
	next := s.skipSpace(end)
	if s.at(next) == '?' && s.at(next+1) == '.' {
		next += 2
	}
	if s.at(next) == '[' {
		r.shape = index
		for _, a := range s.argument(next + 1) {
			s.found(r, start, a)
		}
		return
	}
	s.entire(via, start, end)
}

// entire reads a use of the whole environment: a destructuring, an alias, a test for one name, a schema, or else
// everything.
func (s *scan) entire(via string, start, end int) {
	before := bytes.TrimRight(s.code[max(0, start-4096):start], " \t\r\n")
	switch {
	case bytes.HasSuffix(before, []byte("=")):
		left := bytes.TrimRight(before[:len(before)-1], " \t\r\n")
		if s.destructured(via, left, start) || s.alias(via, left, end) {
			return
		}
	case bytes.HasSuffix(before, []byte(" in")):
		if m := testedName.FindSubmatch(before); m != nil {
			s.read(string(m[1]), via, max(0, start-4096)+bytes.LastIndex(before, m[1]), certain)
			return
		}
	case schemaCall.Match(before[max(0, len(before)-300):]):
		return // the schema names what is read; see schemas
	case bytes.HasSuffix(before, []byte("typeof")), bytes.HasSuffix(before, []byte("delete")):
		return
	}
	if next := s.skipSpace(end); s.at(next) == '=' && s.at(next+1) != '=' {
		return
	}
	s.read("*", via, start, low)
}

var (
	testedName = lazy.New(`["']([A-Za-z_]\w*)["'] in$`)
	schemaCall = lazy.New(`runtimeEnv(?:Strict)?:$|experimental__runtimeEnv:$|(?:\b(?:cleanEnv|parseEnv|from|load)|[sS]chema\)?\.(?:parse|safeParse|validate|validateSync|parseAsync)|\}\s*\)[\w.()]*\.(?:parse|safeParse|validate))\($`)
	aliasName  = lazy.New(`(?:^|[^.\w$])([A-Za-z_$][\w$]*)(?:\s*:\s*[\w.<>, |]+)?$`)
)

// destructured reads {A, B: c = d, ...rest} in front of an assignment.
func (s *scan) destructured(via string, left []byte, start int) bool {
	if !bytes.HasSuffix(left, []byte("}")) {
		return false
	}
	end := bytes.LastIndexByte(s.code[:start], '}')
	depth := 0
	for i := end; i >= max(0, end-4096); i-- {
		switch s.code[i] {
		case '}':
			depth++
		case '{':
			if depth--; depth == 0 {
				for _, k := range s.keys(i) {
					if strings.HasPrefix(k.name, "...") {
						s.read("*", via, k.offset, low)
					} else if validName(k.name) {
						s.read(k.name, via, k.offset, certain)
					}
				}
				return true
			}
		}
	}
	return false
}

// alias reads the members of a variable that holds the environment: const env = process.env; env.X.
func (s *scan) alias(via string, left []byte, end int) bool {
	m := aliasName.FindSubmatch(left[max(0, len(left)-120):])
	if next := s.skipSpace(end); m == nil || (s.at(next) == '|' || s.at(next) == '&' || s.at(next) == '?') {
		return false
	}
	if len(m[1]) < 3 || len(s.aliases) >= maxConstants {
		return false // minified text: every letter is somebody's variable
	}
	if found, known := s.aliases[string(m[1])]; known {
		return found
	}
	before := len(s.out.Reads) + len(s.out.Writes)
	s.members(string(m[1]), via+"-alias", "", high)
	if s.aliases == nil {
		s.aliases = map[string]bool{}
	}
	found := len(s.out.Reads)+len(s.out.Writes) > before
	if len(s.aliases) < maxConstants {
		s.aliases[string(m[1])] = found
	}
	return found
}

// members reads NAME.X and NAME["X"] for a variable that stands for the environment.
func (s *scan) members(name, via, prefix string, sure confidence) {
	for _, sh := range []shape{member, index} {
		s.row(&row{via: via, anchor: name, shape: sh, sure: sure, upper: true, prefix: prefix})
	}
}

// keys lists the keys of the object literal that opens at open, with spread items as "...name". Nested objects
// do not count.
func (s *scan) keys(open int) []argument {
	var out []argument
	for _, at := range s.items(open, 1000, 64<<10) {
		a, ok := s.literal(at)
		switch {
		case ok:
		case hasPrefixAt(s.code, at, "..."):
			a = argument{name: "...", offset: at, end: at + 3}
		case isWord(s.at(at)):
			a = s.name(at)[0]
		default:
			continue
		}
		out = append(out, a)
	}
	return out
}

var staticEnv = lazy.New(`import\s*\{([^}]{1,1000})\}\s*from\s*["']\$env/static/(?:private|public)["']`)

// scriptImportsEnv reads SvelteKit's import {NAME} from '$env/static/private', and its dynamic env object.
func scriptImportsEnv(s *scan) {
	if !lazy.Contains(s.src, "$env/") {
		return
	}
	for _, m := range staticEnv.FindAllSubmatchIndex(s.code, 20) {
		for _, w := range wordsAt(s.code[m[2]:m[3]]) {
			if name := string(s.code[m[2]+w.from : m[2]+w.to]); isUpper(name) {
				s.read(name, "js-svelte-env", m[2]+w.from, certain)
			}
		}
	}
	for _, m := range dynamicEnv.FindAllSubmatchIndex(s.code, 5) {
		name := "env"
		if m[2] >= 0 {
			name = string(s.code[m[2]:m[3]])
		}
		s.members(name, "js-svelte-env", "", high)
		if n := lazy.Index(s.code, "..."+name); n >= 0 && !isWord(s.at(n+3+len(name))) {
			s.read("*", "js-svelte-env", n, low)
		}
	}
}

var dynamicEnv = lazy.New(`import\s*\{\s*env(?:\s+as\s+(\w+))?\s*\}\s*from\s*["']\$env/dynamic/(?:private|public)["']`)

// wordsAt returns the places of the first names of comma-separated items: A, B as C.
func wordsAt(list []byte) []span {
	var out []span
	first := true
	for i := 0; i < len(list); i++ {
		switch {
		case list[i] == ',':
			first = true
		case isWord(list[i]):
			from := i
			for i < len(list) && isWord(list[i]) {
				i++
			}
			if first {
				out = append(out, span{from, i})
			}
			first = false
			i--
		}
	}
	return out
}

var runtimeConfig = lazy.New(`(?:const|let|var)\s+(\w+)\s*=\s*useRuntimeConfig\(`)

// nuxt reads useRuntimeConfig().stripeKey: Nuxt fills it from NUXT_STRIPE_KEY.
func nuxt(s *scan) {
	if !lazy.Contains(s.src, "useRuntimeConfig") {
		return
	}
	names := []string{"useRuntimeConfig()", "useRuntimeConfig(event)"}
	for _, m := range runtimeConfig.FindAllSubmatch(s.code, 5) {
		names = append(names, string(m[1]))
	}
	for _, name := range names {
		s.each(name, false, func(_, end int) {
			for _, a := range s.member(end) {
				prefix := "NUXT_"
				if a.name == "public" {
					if inner := s.member(a.end); len(inner) > 0 {
						a, prefix = inner[0], "NUXT_PUBLIC_"
					}
				}
				s.read(prefix+snake(a.name), "js-nuxt-config", a.offset, medium)
			}
		})
	}
}

// snake writes a camel-case name as a variable: stripeKey becomes STRIPE_KEY.
func snake(name string) string {
	var b strings.Builder
	for i, r := range name {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteByte('_')
		}
		b.WriteRune(r)
	}
	return strings.ToUpper(b.String())
}
