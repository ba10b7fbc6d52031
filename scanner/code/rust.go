package code

import (
	"bytes"

	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Rust's ways to fill a structure from the environment, and to take a field out of it. Sources: the documentation of clap (feature
// env) and of envy.
var (
	clapField  = lazy.New(`^[^\]]*\]\s*(?:#\[[^\]]*\]\s*)*(?:pub(?:\([^)]*\))?\s+)?(\w+)\s*:`)
	clapBare   = lazy.New(`#\[(?:clap|arg|structopt)\((?:[^\]]*[(,]\s*)?env\s*[,)][^\]]*\]\s*(?:#\[[^\]]*\]\s*)*(?:pub(?:\([^)]*\))?\s+)?(\w+)\s*:`)
	envyStruct = lazy.New(`\benvy::(?:prefixed\("(\w+)"\)\s*\.)?from_env::<(\w+)>`)
	rustField  = lazy.New(`(?m)^\s*(?:pub(?:\([^)]*\))?\s+)?([a-z]\w*)\s*:\s*\S`)
)

// rustFields adds the variables that fields name without a text, and says which field each variable of clap fills.
func rustFields(s *scan) {
	for _, r := range s.out.Reads {
		if r.Via != "rust-clap" {
			continue
		}
		if m := clapField.FindSubmatchIndex(s.code[r.Offset:min(len(s.code), r.Offset+1200)]); m != nil {
			s.fills(r.Name, r.Offset+m[2], r.Offset+m[3], r.Offset)
		}
	}
	if s.contains("clap") || s.contains("#[arg") || s.contains("structopt") {
		for _, m := range clapBare.FindAllSubmatchIndex(s.code, 500) {
			s.fromField("", m[2], m[3], "rust-clap")
		}
	}
	if s.contains("envy::") {
		for _, m := range envyStruct.FindAllSubmatch(s.code, 10) {
			s.envy(string(m[1]), string(m[2]))
		}
	}
}

// envy reads the fields of a structure that is filled from variables of their names.
func (s *scan) envy(prefix, name string) {
	at := lazy.Index(s.code, "struct "+name)
	if at < 0 {
		return
	}
	body := s.code[at:min(len(s.code), at+maxClass)]
	if open, end := bytes.IndexByte(body, '{'), bytes.Index(body, []byte("\n}")); open > 0 && end > open {
		for _, f := range rustField.FindAllSubmatchIndex(body[open+1:end], 200) {
			s.fromField(prefix, at+open+1+f[2], at+open+1+f[3], "rust-envy")
		}
	}
}

// fromField reads the variable that a field is called like.
func (s *scan) fromField(prefix string, from, to int, via string) {
	name := prefix + string(bytes.ToUpper(s.code[from:to]))
	if s.inString(from) || !validName(name) {
		return
	}
	s.read(name, via, from, high)
	s.fills(name, from, to, from)
}

// fills says that a variable fills a field.
func (s *scan) fills(name string, from, to, read int) {
	if len(s.out.Definitions) < maxSettings {
		s.out.Definitions = append(s.out.Definitions, Definition{Kind: "rust", Name: string(s.code[from:to]), Offset: from, From: name, On: []int{read}, Sure: high})
	}
}

// rustHolders are how the names of structures of settings end, with the dot behind them.
var rustHolders = []string{"onfig.", "cfg.", "conf.", "ettings.", "args.", "cli.", "opts.", "opt.", "options.", "env."}

// rustUses reads config.stripe_key and config.stripe.key: credentials that code takes out of a structure of settings.
func rustUses(s *scan) {
	for _, anchor := range rustHolders {
		for from := 0; from < len(s.code) && len(s.out.Settings) < maxSettings; {
			n := lazy.Index(s.code[from:], anchor)
			if n < 0 {
				break
			}
			from += n + len(anchor)
			s.rustUse(from)
		}
	}
}

func (s *scan) rustUse(from int) {
	for range 2 {
		if s.at(from) < 'a' || s.at(from) > 'z' || s.inString(from) {
			return
		}
		a := s.name(from)[0]
		switch {
		case s.at(a.end) == '(' || s.assigned(a.end, member):
			return
		case detect.ClassifyName(a.name).Score > 0:
			s.ask("rust", a.name, "", from, medium)
			return
		case s.at(a.end) != '.':
			return
		}
		from = a.end + 1
	}
}

// rustNaming names the field that a variable of the environment fills, or the local name that a field is called like.
func rustNaming(_ *scan, p place) (kind, name string, ok bool) {
	name = p.root.name
	if n := len(p.keys); n > 0 {
		name = p.keys[n-1].name
	}
	return "rust", name, isName(name) && detect.ClassifyName(name).Score > 0
}

var rustMarks = []string{"onfig.", "cfg.", "conf.", "ettings.", "args.", "cli.", "opts.", "opt."}
