package code

import (
	"bytes"
	"strings"

	"github.com/rotamap/rotamap/scanner/lazy"
	"mvdan.cc/sh/v3/syntax"
)

// word is one word of a command. Its text is what the shell would make of it as far as the script says: "*"
// stands for what is computed, "$0" for the folder of the script, "$ROOT" for the root of the source.
type word struct {
	text   string
	offset int
	end    int // behind its last byte, 0 unknown
	vars   []string
}

// literal reports whether no part of the word is computed.
func (w word) literal() bool { return w.text != "" && !strings.Contains(w.text, "*") }

// roots are variables that hold the root of the checked-out source.
var roots = map[string]bool{
	"GITHUB_WORKSPACE": true, "CI_PROJECT_DIR": true, "BUILD_SOURCESDIRECTORY": true, "WORKSPACE": true,
	"CODEBUILD_SRC_DIR": true, "BITBUCKET_CLONE_DIR": true, "CIRCLE_WORKING_DIRECTORY": true, "TRAVIS_BUILD_DIR": true,
	"BUILDKITE_BUILD_CHECKOUT_PATH": true, "DRONE_WORKSPACE": true, "CI_WORKSPACE": true, "SYSTEM_DEFAULTWORKINGDIRECTORY": true,
}

// reads walks a word for the variables it reads and the commands inside it.
func (s *script) reads(w *syntax.Word) {
	if w == nil {
		return
	}
	outer := s.context.into
	if name := assignedName(w); name != "" {
		s.context.into = name
	}
	for _, p := range w.Parts {
		s.part(p)
	}
	s.context.into = outer
}

var assignsPrefix = lazy.New(`(?:^|[\n ;])([A-Za-z_]\w*)=["']?$`)

// assignedName returns NAME of a word NAME=$(command).
func assignedName(w *syntax.Word) string {
	first := w.Parts[0]
	if q, ok := first.(*syntax.DblQuoted); ok && len(q.Parts) > 0 {
		first = q.Parts[0]
	}
	if lit, ok := first.(*syntax.Lit); ok {
		if m := assignsPrefix.FindStringSubmatch(lit.Value); m != nil {
			return m[1]
		}
	}
	return ""
}

// part reads one part of a word.
func (s *script) part(p syntax.WordPart) {
	switch p := p.(type) {
	case *syntax.DblQuoted:
		for _, q := range p.Parts {
			s.part(q)
		}
	case *syntax.ParamExp:
		s.param(p)
	case *syntax.CmdSubst:
		outer := s.context
		s.context = context{into: outer.into}
		s.nested(func() { s.statements(p.Stmts) })
		s.context = outer
	case *syntax.ProcSubst:
		s.nested(func() { s.statements(p.Stmts) })
	case *syntax.Lit, *syntax.SglQuoted:
	default:
		syntax.Walk(p, s.visitExpression)
	}
}

// visitExpression reads parameters and commands inside arithmetic and patterns.
func (s *script) visitExpression(n syntax.Node) bool {
	switch n := n.(type) {
	case *syntax.ParamExp:
		if n.Dollar.IsValid() {
			s.param(n)
		}
		return false
	case *syntax.Stmt:
		s.nested(func() { s.statement(n) })
		return false
	}
	return true
}

// param reads one parameter expansion.
func (s *script) param(p *syntax.ParamExp) {
	if p.Exp != nil && p.Exp.Word != nil {
		s.reads(p.Exp.Word)
	}
	if p.Repl != nil {
		s.reads(p.Repl.Orig)
		s.reads(p.Repl.With)
	}
	if p.Param == nil {
		return
	}
	at := int(p.Param.Pos().Offset())
	switch {
	case p.Names != 0:
		s.variable(p.Param.Value+"*", "sh-prefix", at, low)
	case p.Excl: // ${!NAME}: the name is known at run time only
	default:
		s.variable(p.Param.Value, "sh-variable", at, certain)
	}
}

// variable emits a read of a variable that the script does not set itself.
func (s *script) variable(name, via string, at int, sure confidence) {
	s.used(name, at)
	s.usedAlias(name, at)
	if s.local[name] || s.inFunc > 0 && s.all[name] || !validName(name) || ignored(name) {
		return
	}
	if name == "_" || name != strings.ToUpper(name) && sure > medium {
		sure = medium // lower-case names are more often set by a file that is sourced
	}
	if name != "_" {
		s.out.Reads = append(s.out.Reads, Read{Name: name, Via: via, Offset: at, Sure: sure})
	}
}

// variablesOf lists the variables used anywhere in a node.
func variablesOf(n syntax.Node) []string {
	var out []string
	switch n := n.(type) {
	case *syntax.Word:
		if n == nil {
			return nil
		}
	}
	syntax.Walk(n, func(n syntax.Node) bool {
		if p, ok := n.(*syntax.ParamExp); ok && p.Param != nil && validName(p.Param.Value) {
			out = appendOnce(out, p.Param.Value)
		}
		return true
	})
	return out
}

func appendOnce(list []string, item string) []string {
	for _, x := range list {
		if x == item {
			return list
		}
	}
	return append(list, item)
}

// word returns what the shell makes of a word.
func (s *script) word(w *syntax.Word) word {
	var b strings.Builder
	s.render(&b, w.Parts, false)
	text := b.String()
	if strings.IndexByte(text, expressionMark) >= 0 {
		text = expressionRun.ReplaceAllString(text, "*")
	}
	return word{text: text, offset: int(w.Pos().Offset()), end: int(w.End().Offset()), vars: variablesOf(w)}
}

var expressionRun = lazy.New("\x01[\x01\n]*")

// render writes the text of the parts of a word.
func (s *script) render(b *strings.Builder, parts []syntax.WordPart, quoted bool) {
	for _, p := range parts {
		switch p := p.(type) {
		case *syntax.Lit:
			b.WriteString(unescaped(p.Value, quoted))
		case *syntax.SglQuoted:
			b.WriteString(p.Value)
		case *syntax.DblQuoted:
			s.render(b, p.Parts, true)
		case *syntax.ParamExp:
			b.WriteString(s.expansion(p))
		case *syntax.CmdSubst:
			b.WriteString(s.folder(p))
		default:
			b.WriteByte('*')
		}
	}
}

// unescaped drops the backslashes that the shell drops.
func unescaped(text string, quoted bool) string {
	if strings.IndexByte(text, '\\') < 0 {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '\\' && i+1 < len(text) && (!quoted || strings.IndexByte("$`\"\\\n", text[i+1]) >= 0) {
			if i++; text[i] == '\n' {
				continue
			}
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// expansion returns what a parameter stands for: a constant of the script, a known folder, or "*".
func (s *script) expansion(p *syntax.ParamExp) string {
	if p.Param == nil || p.Excl || p.Length {
		return "*"
	}
	name := p.Param.Value
	plain := p.Exp == nil && p.Slice == nil && p.Repl == nil
	switch {
	case (name == "0" || name == "BASH_SOURCE") && p.Exp != nil:
		return "$0"
	case !plain && (p.Exp == nil || p.Exp.Op != syntax.DefaultUnset && p.Exp.Op != syntax.DefaultUnsetOrNull):
		return "*"
	case roots[name] && !s.local[name]:
		return "$ROOT"
	case name == "PWD":
		return "."
	}
	if v, ok := s.consts[name]; ok && s.local[name] {
		return v
	}
	return "*"
}

// folder returns what a command substitution stands for when it names a folder: that of the script, the root of
// the source, the current one.
func (s *script) folder(c *syntax.CmdSubst) string {
	from, to := int(c.Left.Offset()), int(c.Right.Offset())
	if from < 0 || to > len(s.src) || from > to || to-from > 300 {
		return "*"
	}
	text := s.src[from:to]
	switch {
	case lazy.Contains(text, "rev-parse --show-toplevel"):
		return "$ROOT"
	case lazy.Contains(text, "dirname") && (lazy.Contains(text, "$0") || lazy.Contains(text, "BASH_SOURCE")):
		return "$0" + strings.Repeat("/..", min(5, bytes.Count(text, []byte("/.."))))
	case string(bytes.TrimSpace(bytes.Trim(text, "$()`"))) == "pwd":
		return "."
	}
	if m := folderAbove.FindSubmatch(text); m != nil && s.local[string(m[1])] {
		if v := s.consts[string(m[1])]; strings.HasPrefix(v, "$0") || strings.HasPrefix(v, "$ROOT/") {
			return v + "/.."
		}
	}
	return "*"
}

// folderAbove asks for the folder above one that a variable holds: $(dirname "$SCRIPT_DIR"), $(cd "$SCRIPT_DIR/.." && pwd).
var folderAbove = lazy.New(`^\$\(\s*(?:dirname\s+(?:--\s+)?|cd\s+)"?\$\{?(\w+)\}?(?:"?\s*\)?$|(?:"?/\.\."?)\s*&&\s*pwd(?:\s+-P)?\s*\)?$)`)

// target returns the name of a file that output is redirected to: a variable such as GITHUB_ENV as "$GITHUB_ENV".
func (s *script) target(w *syntax.Word) string {
	if vars := variablesOf(w); len(vars) == 1 && s.word(w).text == "*" {
		return "$" + vars[0]
	}
	return s.word(w).text
}
