package code

import (
	"bytes"
	"strings"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// elixirCalls are the ways in which Elixir code asks for its application's environment. Source: hexdocs.pm/elixir/Application.
var elixirCalls = []string{"Application.get_env", "Application.fetch_env!", "Application.fetch_env", "Application.compile_env",
	"Application.compile_env!"}

// atoms are the first arguments of config and of get_env: an application, a module or key, and a key below.
var atoms = lazy.New(`^\s*\(?\s*:(\w+)\s*(?:,\s*(?::(\w+)|([A-Z][\w.]*)|\[\s*(?::(\w+)|([A-Z][\w.]*))\s*,\s*:(\w+)))?`)

// elixirName joins what atoms found: app.Module.key.
func elixirName(text []byte) string {
	m := atoms.FindSubmatch(text[:min(len(text), 300)])
	if m == nil {
		return ""
	}
	var names []string
	for _, g := range m[1:] {
		if len(g) > 0 {
			names = append(names, strings.ReplaceAll(string(g), ".", "-"))
		}
	}
	return strings.Join(names, ".")
}

// elixirModule is the module that a file begins.
var elixirModule = lazy.New(`(?m)^defmodule\s+([A-Z][\w.]*)\s+do`)

// elixirOwn reads the settings of a module that its library looks up under its name: use Swoosh.Mailer, otp_app: :shop.
func elixirOwn(s *scan) {
	m := elixirModule.FindSubmatch(s.code)
	s.each("otp_app:", false, func(start, end int) {
		if at := s.skipSpace(end); m != nil && s.at(at) == ':' && bytes.HasPrefix(bytes.TrimSpace(s.code[bytes.LastIndexByte(s.code[:start], '\n')+1:]), []byte("use ")) {
			s.ask("elixir", s.name(at + 1)[0].name+"."+strings.ReplaceAll(string(m[1]), ".", "-")+".*", "", start, high)
			m = nil
		}
	})
}

func elixirUses(s *scan) {
	elixirOwn(s)
	for _, anchor := range elixirCalls {
		s.each(anchor, false, func(start, end int) {
			if s.at(end) != '(' && s.at(end) != ' ' {
				return
			}
			name := elixirName(s.code[end:])
			if !strings.Contains(name, ".") {
				return
			}
			if s.at(end) == '(' {
				if at := s.closed(end); s.at(at) == '[' && s.at(at+1) == ':' {
					name += "." + s.name(at + 2)[0].name
				}
			}
			s.ask("elixir", name, "", start, high)
		})
	}
}

// elixirNaming names what config/*.exs define: config :app, Module, key: System.get_env("X").
func elixirNaming(s *scan, p place) (kind, name string, ok bool) {
	if p.root.name != "config" || p.root.end == 0 {
		return "", "", false
	}
	name = elixirName(s.code[p.root.end:])
	if name == "" {
		return "", "", false
	}
	for _, k := range p.keys {
		if !strings.HasSuffix(name, "."+k.name) || len(p.keys) > 1 {
			name += "." + k.name
		}
	}
	return "elixir", name, strings.Contains(name, ".")
}
