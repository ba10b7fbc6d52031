package helm

import (
	"strings"
	"text/template/parse"

	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// evaluation renders one template once: with one set of values, and one choice of branches.
type evaluation struct {
	*chart
	world  *tree.Node // the values
	pass   int        // which branch of a condition is taken
	steps  int        // left
	depth  int
	obeys  bool // conditions that do not hold are obeyed; else their bodies are read all the same
	denied int  // bodies that were read though their conditions do not hold
	strict int  // above 0: conditions are obeyed, since what is read makes a name and no manifest
	grafts []value
	chains int // the greatest number of branches seen
	own    map[string]define
	blocks map[string]block // texts of values files that are templates, by the name of their scope
}

// Limits on one rendering.
const (
	maxSteps  = 200_000
	maxOutput = 4 << 20
	maxRange  = 200
)

// scope is what names mean at one point of a template.
type scope struct {
	dot  value
	vars []variable
	file string
}

type variable struct {
	name  string
	value value
}

func (s *scope) set(name string, v value, assign bool) {
	if assign {
		for i := len(s.vars) - 1; i >= 0; i-- {
			if s.vars[i].name == name {
				s.vars[i].value = v
				return
			}
		}
	}
	s.vars = append(s.vars, variable{name, v})
}

func (s *scope) get(name string) value {
	for i := len(s.vars) - 1; i >= 0; i-- {
		if s.vars[i].name == name {
			return s.vars[i].value
		}
	}
	return value{}
}

func (e *evaluation) spend() bool {
	e.steps--
	return e.steps > 0
}

// body renders a list of nodes. Variables that it declares end with it.
func (e *evaluation) body(l *parse.ListNode, s *scope) []span {
	if l == nil || e.depth > maxDepth {
		return nil
	}
	e.depth++
	defer func() { e.depth-- }()
	mark := len(s.vars)
	var out []span
	for _, n := range l.Nodes {
		if !e.spend() {
			break
		}
		out = append(out, e.node(n, s)...)
	}
	s.vars = s.vars[:min(mark, len(s.vars))]
	return out
}

func (e *evaluation) node(n parse.Node, s *scope) []span {
	switch n := n.(type) {
	case *parse.TextNode:
		return []span{{text: string(n.Text), file: s.file, off: int(n.Pos)}}
	case *parse.ActionNode:
		v := e.pipe(n.Pipe, s)
		if len(n.Pipe.Decl) > 0 {
			return nil
		}
		return placed(v.printed(), s.file, int(n.Pos))
	case *parse.TemplateNode:
		return placed(e.include(n.Name, e.pipe(n.Pipe, s)), s.file, int(n.Pos))
	case *parse.IfNode:
		return e.condition(&n.BranchNode, s, 0)
	case *parse.WithNode:
		return e.with(&n.BranchNode, s)
	case *parse.RangeNode:
		return e.ranged(&n.BranchNode, s)
	}
	return nil
}

// placed gives spans that have no place yet the place of the action that prints them.
func placed(spans []span, file string, off int) []span {
	out := make([]span, len(spans))
	for i, s := range spans {
		if s.file == "" {
			s.file, s.off, s.fixed = file, off, true
		}
		out[i] = s
	}
	return out
}

// condition renders one branch of an if with its else branches: the one that holds where a name is made, else the
// one that this pass takes.
func (e *evaluation) condition(b *parse.BranchNode, s *scope, number int) []span {
	mark := len(s.vars)
	v := e.pipe(b.Pipe, s)
	defer func() { s.vars = s.vars[:min(mark, len(s.vars))] }()
	if b.ElseList != nil {
		e.chains = max(e.chains, number+2)
	}
	take := number >= e.pass || b.ElseList == nil && (e.strict == 0)
	if e.strict > 0 {
		switch v.truth() {
		case yes:
			take = true
		case no:
			take = false
		default:
			take = e.pass == 0 || b.ElseList == nil
		}
	}
	if take && e.refuses(v) {
		take = false
	}
	if take {
		return e.body(b.List, s)
	}
	if b.ElseList == nil {
		return nil
	}
	if next := elseIf(b.ElseList); next != nil {
		return e.condition(next, s, number+1)
	}
	return e.body(b.ElseList, s)
}

// refuses reports whether a body is left out because its condition does not hold, as far as the files say.
func (e *evaluation) refuses(v value) bool {
	if e.strict > 0 || v.truth() != no || v.isOpen() {
		return false
	}
	e.denied++
	return e.obeys
}

// isOpen reports whether a value is one that the installation is to give: empty in the files, and no switch.
func (v value) isOpen() bool {
	return v.kind == text && v.path != "" && v.bare() == "" && !switchName.MatchString(v.path)
}

// switchName matches the paths of values that switch a part of a chart on.
var switchName = lazy.New(`(?i)(enabled?|create|install|active|debug)$|\b(use|is|has|with)[A-Z]\w*$`)

// elseIf returns the condition of an "else if".
func elseIf(l *parse.ListNode) *parse.BranchNode {
	if len(l.Nodes) == 1 {
		if n, ok := l.Nodes[0].(*parse.IfNode); ok {
			return &n.BranchNode
		}
	}
	return nil
}

func (e *evaluation) with(b *parse.BranchNode, s *scope) []span {
	mark, dot := len(s.vars), s.dot
	defer func() { s.vars, s.dot = s.vars[:min(mark, len(s.vars))], dot }()
	v := e.pipe(b.Pipe, s)
	if b.ElseList != nil {
		e.chains = max(e.chains, 2)
	}
	if e.strict > 0 && v.truth() == no || e.strict == 0 && e.pass > 0 && b.ElseList != nil || e.refuses(v) {
		return e.body(b.ElseList, s)
	}
	s.dot = v
	return e.body(b.List, s)
}

func (e *evaluation) ranged(b *parse.BranchNode, s *scope) []span {
	mark, dot := len(s.vars), s.dot
	defer func() { s.vars, s.dot = s.vars[:min(mark, len(s.vars))], dot }()
	v := e.pipe(&parse.PipeNode{Cmds: b.Pipe.Cmds}, s)
	keys, items := v.items()
	if len(items) == 0 {
		if e.strict > 0 && v.truth() == no {
			return e.body(b.ElseList, s)
		}
		keys, items = []string{string(hole)}, []value{{path: v.path}}
	}
	var out []span
	for i, item := range items {
		if i == maxRange || !e.spend() {
			break
		}
		s.vars = s.vars[:mark]
		key := textValue(keys[i])
		if keys[i] == string(hole) {
			key = value{}
		}
		switch d := b.Pipe.Decl; len(d) {
		case 1:
			s.set(d[0].Ident[0], item, b.Pipe.IsAssign)
		case 2:
			s.set(d[0].Ident[0], key, b.Pipe.IsAssign)
			s.set(d[1].Ident[0], item, b.Pipe.IsAssign)
		}
		s.dot = item
		out = append(out, e.body(b.List, s)...)
	}
	return out
}

// include renders a named template.
func (e *evaluation) include(name string, dot value) []span {
	if spans, ok := e.known(name, dot); ok {
		return spans
	}
	d, ok := e.own[name]
	if !ok {
		if d, ok = e.defines[name]; !ok {
			return e.guess(name)
		}
	}
	if e.depth > maxDepth || !e.spend() {
		return plain(string(hole))
	}
	s := &scope{dot: dot, file: d.file, vars: []variable{{"$", dot}}}
	if isBlock(d.body) {
		strict := e.strict
		e.strict = 0
		out := e.body(d.body, s)
		e.strict = strict
		return out
	}
	e.strict++
	out := trim(e.body(d.body, s))
	e.strict--
	out = flat(out, func(s string) string { return s })
	out[0].file = "" // a name stands where it is taken in
	return out
}

// isBlock reports whether a named template writes manifest text: keys with values.
func isBlock(l *parse.ListNode) bool {
	if l == nil {
		return false
	}
	for _, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.TextNode:
			t := string(n.Text)
			if strings.Contains(t, ": ") || strings.Contains(t, ":\n") || strings.HasPrefix(strings.TrimLeft(t, " \n"), "- ") {
				return true
			}
		case *parse.IfNode:
			if isBlock(n.List) || isBlock(n.ElseList) {
				return true
			}
		case *parse.WithNode:
			if isBlock(n.List) || isBlock(n.ElseList) {
				return true
			}
		case *parse.RangeNode:
			if isBlock(n.List) {
				return true
			}
		}
	}
	return false
}

// pipe evaluates a pipeline, and declares its variables.
func (e *evaluation) pipe(p *parse.PipeNode, s *scope) value {
	if p == nil {
		return value{}
	}
	var v value
	for i, c := range p.Cmds {
		if !e.spend() {
			return value{}
		}
		v = e.command(c, s, v, i > 0)
	}
	for _, d := range p.Decl {
		s.set(d.Ident[0], v, p.IsAssign)
	}
	return v
}

func (e *evaluation) command(c *parse.CommandNode, s *scope, last value, piped bool) value {
	if len(c.Args) == 0 {
		return value{}
	}
	var args []value
	if f, ok := c.Args[0].(*parse.IdentifierNode); ok {
		for _, a := range c.Args[1:] {
			args = append(args, e.argument(a, s))
		}
		if piped {
			args = append(args, last)
		}
		return e.call(f.Ident, args, s)
	}
	return e.argument(c.Args[0], s)
}

func (e *evaluation) argument(n parse.Node, s *scope) value {
	switch n := n.(type) {
	case *parse.DotNode:
		return s.dot
	case *parse.FieldNode:
		return e.fields(s.dot, n.Ident)
	case *parse.VariableNode:
		return e.fields(s.get(n.Ident[0]), n.Ident[1:])
	case *parse.ChainNode:
		return e.fields(e.argument(n.Node, s), n.Field)
	case *parse.PipeNode:
		return e.pipe(n, s)
	case *parse.StringNode:
		return textValue(n.Text)
	case *parse.NumberNode:
		return textValue(n.Text)
	case *parse.BoolNode:
		if n.True {
			return textValue("true")
		}
		return textValue("false")
	case *parse.NilNode:
		return textValue("")
	case *parse.IdentifierNode:
		return e.call(n.Ident, nil, s)
	}
	return value{}
}

func (e *evaluation) fields(v value, names []string) value {
	for _, f := range names {
		if v.kind == object {
			v = e.field(v.object, f)
			continue
		}
		v = v.get(f)
	}
	return v
}

// field returns what Helm's own objects have.
func (e *evaluation) field(of, name string) value {
	switch of + "." + name {
	case "root.Values":
		if e.world == nil {
			return value{kind: node, node: &tree.Node{Kind: tree.Map}}
		}
		return value{kind: node, node: e.world}
	case "root.Release":
		return value{kind: object, object: "release"}
	case "root.Chart":
		return value{kind: object, object: "chart"}
	case "release.Name":
		return textValue(e.release)
	case "release.Service":
		return textValue("Helm")
	case "chart.Name":
		return textValue(e.name)
	}
	return value{}
}
