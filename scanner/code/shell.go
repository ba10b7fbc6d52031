package code

import (
	"bytes"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// Bounds of the shell reader. The parser recurses, so the depth of what it is given is bounded; longer texts are
// read line by line.
const (
	maxShell     = 512 << 10
	maxShellNest = 150
	maxRetries   = 6
)

// script is one shell text being read, in the order in which it runs.
type script struct {
	src     []byte
	out     Result
	local   map[string]bool   // variables assigned so far: not read from the environment
	all     map[string]bool   // variables assigned anywhere: what a function's body may see
	funcs   map[string]bool   // functions the text defines
	consts  map[string]string // variables with a literal value, or a folder: see word
	dir     string            // working directory, as in Run.Dir
	inFunc  int
	depth   int // of texts within texts: bash -c '...'
	context context
	filled  map[string]string // files that the text has filled, with the template of each
	carried map[string][]int  // variables that hold what the text fetched from stores -> its Stores
	runners map[string]func(*script, *invocation)
	aliases map[string][]string // variables of the text -> those of the environment that they stand for
	aliased map[string]int      // how often that was noted
}

// context is what surrounds a command.
type context struct {
	into    string   // the variable that takes its output
	stdin   []string // variables that reach it through a pipe or a here-string
	outputs []string // files its output goes to, as words
	input   string   // the file that its input comes from, as a word
}

// scanShell reads a shell text.
func scanShell(src []byte, depth int) Result {
	if len(bytes.TrimSpace(src)) == 0 {
		return Result{}
	}
	s := &script{src: src, depth: depth, local: map[string]bool{}, all: map[string]bool{}, funcs: map[string]bool{}, consts: map[string]string{}, runners: runners()}
	text := maskExpressions(src)
	if len(text) > maxShell || nesting(text) > maxShellNest || unbalanced(text) {
		s.lines(text)
		return s.out
	}
	file, refused := parseShell(text)
	if file == nil {
		s.lines(text)
		return s.out
	}
	s.collect(file)
	s.walk(file)
	for _, r := range mountedFiles(text) {
		if line := lineAround(text, r.Offset); !bytes.HasPrefix(bytes.TrimSpace(text[line.from:line.to]), []byte("#")) {
			s.out.Reads = append(s.out.Reads, r)
		}
	}
	for _, l := range refused {
		s.loose(text[l.from:l.to], l.from)
	}
	s.fetchedWithin(text)
	return s.out
}

// collect gathers what the whole text assigns and defines, for the bodies of functions.
func (s *script) collect(file *syntax.File) {
	syntax.Walk(file, func(n syntax.Node) bool {
		switch n := n.(type) {
		case *syntax.Assign:
			if n.Name != nil && !n.Naked && !usesVariable(n.Value, n.Name.Value) {
				s.all[n.Name.Value] = true
			}
		case *syntax.FuncDecl:
			if n.Name != nil {
				s.funcs[n.Name.Value] = true
			}
		case *syntax.WordIter:
			s.all[n.Name.Value] = true
		}
		return true
	})
}

// usesVariable reports whether a word reads the variable: X="${X:-default}" keeps X a read of the environment.
func usesVariable(w *syntax.Word, name string) bool {
	if w == nil {
		return false
	}
	found := false
	syntax.Walk(w, func(n syntax.Node) bool {
		if p, ok := n.(*syntax.ParamExp); ok && p.Param != nil && p.Param.Value == name {
			found = true
		}
		return !found
	})
	return found
}

func (s *script) walk(n syntax.Node) {
	if n != nil {
		syntax.Walk(n, s.visit)
	}
}

func (s *script) statements(list []*syntax.Stmt) {
	for _, st := range list {
		s.statement(st)
	}
}

// visit reads one node and says whether its children are to be visited in the plain way.
func (s *script) visit(n syntax.Node) bool {
	switch n := n.(type) {
	case *syntax.Stmt:
		s.statement(n)
	case *syntax.CallExpr:
		s.call(n)
	case *syntax.DeclClause:
		s.declare(n)
	case *syntax.Word:
		s.reads(n)
	case *syntax.ForClause:
		s.loop(n)
	case *syntax.FuncDecl:
		s.inFunc++
		s.nested(func() { s.walk(n.Body) })
		s.inFunc--
	case *syntax.Subshell:
		s.nested(func() { s.statements(n.Stmts) })
	case *syntax.BinaryCmd:
		s.binary(n)
	case *syntax.Comment:
	default:
		return true
	}
	return false
}

// nested runs f and takes the working directory back.
func (s *script) nested(f func()) {
	dir := s.dir
	f()
	s.dir = dir
}

// statement reads a statement with its redirections.
func (s *script) statement(st *syntax.Stmt) {
	outer := s.context
	for _, r := range st.Redirs {
		s.redirect(r)
	}
	if st.Cmd != nil {
		syntax.Walk(st.Cmd, s.visit)
	}
	s.context = outer
}

// redirect reads one redirection into the context.
func (s *script) redirect(r *syntax.Redirect) {
	s.reads(r.Word)
	switch r.Op {
	case syntax.RdrOut, syntax.AppOut, syntax.RdrAll, syntax.AppAll, syntax.RdrClob:
		s.context.outputs = append(s.context.outputs[:len(s.context.outputs):len(s.context.outputs)], s.target(r.Word))
	case syntax.RdrIn:
		s.context.input = s.word(r.Word).text
	case syntax.WordHdoc:
		s.context.stdin = append(s.context.stdin, variablesOf(r.Word)...)
	case syntax.Hdoc, syntax.DashHdoc:
		if r.Hdoc != nil {
			s.reads(r.Hdoc)
			s.context.stdin = append(s.context.stdin, variablesOf(r.Hdoc)...)
		}
	}
}

// binary reads a && b, a || b and a | b. What the left side of a pipe uses reaches the right side.
func (s *script) binary(b *syntax.BinaryCmd) {
	if b.Op != syntax.Pipe && b.Op != syntax.PipeAll {
		s.statement(b.X)
		s.statement(b.Y)
		return
	}
	outer := s.context
	if !s.filters(b.Y) {
		s.context.into = ""
	}
	s.context.outputs = append(s.context.outputs[:len(s.context.outputs):len(s.context.outputs)], s.teeTargets(b.Y)...)
	s.nested(func() { s.statement(b.X) })
	s.context = outer
	s.context.stdin = variablesOf(b.X)
	s.context.input = s.printed(b.X)
	s.nested(func() { s.statement(b.Y) })
	s.context = outer
}

// filtering are the programs that change the spelling of what goes through them: it is the same value behind them.
var filtering = map[string]bool{"base64": true, "jq": true, "tr": true, "cut": true, "head": true, "tail": true, "sed": true, "awk": true, "xargs": true, "yq": true, "cat": true}

// filters reports whether the right side of a pipe only changes how a value is written.
func (s *script) filters(st *syntax.Stmt) bool {
	c, ok := st.Cmd.(*syntax.CallExpr)
	return ok && len(c.Args) > 0 && filtering[c.Args[0].Lit()]
}

// printed returns the file that cat prints.
func (s *script) printed(st *syntax.Stmt) string {
	if c, ok := st.Cmd.(*syntax.CallExpr); ok && len(c.Args) == 2 && c.Args[0].Lit() == "cat" {
		return s.word(c.Args[1]).text
	}
	return ""
}

// teeTargets returns the files that "tee -a f" on the right side of a pipe writes.
func (s *script) teeTargets(st *syntax.Stmt) []string {
	c, ok := st.Cmd.(*syntax.CallExpr)
	if !ok || len(c.Args) < 2 || c.Args[0].Lit() != "tee" {
		return nil
	}
	var out []string
	for _, a := range c.Args[1:] {
		out = append(out, s.target(a))
	}
	return out
}

// loop reads for NAME in words; do ...; done.
func (s *script) loop(f *syntax.ForClause) {
	if it, ok := f.Loop.(*syntax.WordIter); ok {
		for _, w := range it.Items {
			s.reads(w)
		}
		s.define(it.Name.Value, "*")
	} else {
		syntax.Walk(f.Loop, func(n syntax.Node) bool { // for ((i = 0; ...))
			if w, ok := n.(*syntax.Word); ok && validName(w.Lit()) {
				s.define(w.Lit(), "*")
			}
			return true
		})
	}
	s.statements(f.Do)
}

// define notes that the text itself gives the variable a value: a literal one, or "*".
func (s *script) define(name, value string) {
	s.local[name] = true
	if old, ok := s.consts[name]; ok && old != value {
		value = "*"
	}
	s.consts[name] = value
}

// declare reads export, local, readonly, declare and typeset.
func (s *script) declare(d *syntax.DeclClause) {
	exports := d.Variant.Value == "export"
	for _, a := range d.Args {
		if a.Naked && a.Value != nil && strings.HasPrefix(a.Value.Lit(), "-") {
			exports = exports || strings.Contains(a.Value.Lit(), "x")
			continue
		}
		s.assign(a)
		if a.Name == nil {
			continue
		}
		if exports {
			from := variablesOf(a.Value)
			if a.Naked {
				from = []string{a.Name.Value}
			}
			s.write(a.Name.Value, from, "export", int(a.Pos().Offset()))
		}
		if a.Naked && !exports {
			s.define(a.Name.Value, "*")
		}
	}
}

// assign reads NAME=value: first the value, then the name counts as the text's own.
func (s *script) assign(a *syntax.Assign) {
	s.argument(a)
	outer := s.context.into
	if a.Name != nil {
		s.context.into = a.Name.Value
	}
	if a.Value != nil {
		s.reads(a.Value)
	}
	if a.Array != nil {
		s.walk(a.Array)
	}
	s.context.into = outer
	if a.Name == nil || a.Naked || a.Append || usesVariable(a.Value, a.Name.Value) {
		return
	}
	value := ""
	if a.Value != nil {
		value = s.word(a.Value).text
	}
	s.carries(a)
	s.alias(a)
	s.define(a.Name.Value, value)
}

// call reads a simple command.
func (s *script) call(c *syntax.CallExpr) {
	if len(c.Args) == 0 {
		for _, a := range c.Assigns {
			s.assign(a)
		}
		return
	}
	inv := &invocation{context: s.context, at: int(c.Args[0].Pos().Offset())}
	for _, a := range c.Assigns {
		s.prefixed(inv, a)
	}
	for _, w := range c.Args {
		s.reads(w)
		inv.words = append(inv.words, s.word(w))
	}
	s.invoke(inv)
}

// prefixed reads an assignment in front of a command: it holds for that command alone.
func (s *script) prefixed(inv *invocation, a *syntax.Assign) {
	outer := s.context.into
	if a.Name != nil {
		s.context.into = a.Name.Value
		inv.assign(a.Name.Value, variablesOf(a.Value))
	}
	if a.Value != nil {
		s.reads(a.Value)
	}
	s.context.into = outer
}
