package code

import (
	"bytes"
	"strings"

	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// laravelCalls are the ways in which Laravel code asks for configuration, symfonyCalls those for Symfony's parameters.
// Sources: laravel.com/docs/configuration, symfony.com/doc/current/configuration.html.
var (
	laravelCalls = []string{"config", "Config::get", "Config::string", "Config::integer", "Config::boolean", "Config::array",
		"config()->get", "config()->string", "app('config')->get"}
	symfonyCalls = []string{"->getParameter", "->getParameterBag()->get"}
)

func phpUses(s *scan) {
	for _, anchor := range laravelCalls {
		s.each(anchor, true, func(start, end int) {
			if s.at(end) != '(' || start > 0 && strings.IndexByte(">:$", s.code[start-1]) >= 0 {
				return
			}
			for _, a := range s.argument(end + 1) {
				if a.sure == certain && strings.Contains(a.name, ".") {
					s.ask("laravel", a.name, "", a.offset, high)
				}
			}
		})
	}
	for _, anchor := range symfonyCalls {
		s.each(anchor, true, func(_, end int) {
			for _, a := range s.shaped(call, end) {
				s.ask("symfony", a.name, "", a.offset, high)
			}
		})
	}
	s.autowire()
	s.constructors()
}

// boundArgument matches a parameter that a container may hand a plain value.
var boundArgument = lazy.New(`\b(?:string|array)\s+\$(\w+)`)

// BoundName is what stands in front of the name of an argument that a container of services binds (bind: $apiKey).
const BoundName = "bind."

// constructors reads the parameters of constructors that are named for a credential: Symfony hands them what it binds under
// their names.
func (s *scan) constructors() {
	s.each("function __construct", true, func(_, end int) {
		b, ok := s.bracket(end)
		if !ok {
			return
		}
		for _, m := range boundArgument.FindAllSubmatchIndex(s.code[b.from:b.to], 50) {
			before := s.code[b.from : b.from+m[0]]
			if bytes.Contains(before[max(0, bytes.LastIndexByte(before, '#')):], []byte("[Autowire")) && !bytes.ContainsRune(before[bytes.LastIndexByte(before, ']')+1:], ',') {
				continue // it says itself what it is handed
			}
			if name := string(s.code[b.from+m[2] : b.from+m[3]]); detect.ClassifyName(name).Score > 0 {
				s.ask("symfony", BoundName+name, "", b.from+m[2], medium)
			}
		}
	})
}

var (
	autowireEnv   = lazy.New(`\benv:\s*['"](?:[a-z_]+:)*([A-Za-z_]\w*)['"]`)
	autowireParam = lazy.New(`\bparam:\s*['"]([\w.]+)['"]|['"]%([\w.]+)%['"]`)
)

// autowire reads Symfony's attribute that hands a variable or a parameter to a constructor.
func (s *scan) autowire() {
	s.each("#[Autowire", true, func(_, end int) {
		b, ok := s.bracket(end)
		if !ok {
			return
		}
		text := s.code[b.from:b.to]
		if m := autowireEnv.FindSubmatchIndex(text); m != nil {
			s.read(string(text[m[2]:m[3]]), "php-autowire", b.from+m[2], certain)
		}
		if m := autowireParam.FindSubmatchIndex(text); m != nil {
			g := m[2:4]
			if g[0] < 0 {
				g = m[4:6]
			}
			s.ask("symfony", string(text[g[0]:g[1]]), "", b.from+g[0], certain)
		}
	})
}

// phpNaming names what a file returns as an array: Laravel puts the file's own name in front.
func phpNaming(_ *scan, p place) (kind, name string, ok bool) {
	if p.root.name != rootReturn || len(p.keys) == 0 {
		return "", "", false
	}
	for _, k := range p.keys {
		if bytes.ContainsAny([]byte(k.name), ". ") {
			return "", "", false
		}
	}
	return "laravel", p.path(), true
}
