package githubactions

import (
	"strings"

	"github.com/rhysd/actionlint"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// maxExpression is GitHub's own limit on the length of an expression. It also bounds the parser's recursion.
const maxExpression = 21_000

// expression is one ${{ }} in a text, or a bare one.
type expression struct {
	start, end int  // offsets in the text, braces included
	bare       bool // without braces
	node       actionlint.ExprNode
	refs       []ref
}

// ref is a mention of a context in an expression: secrets.TOKEN, steps.app.outputs.token.
type ref struct {
	context string // lower-case
	path    []element
	offset  int // in the text
}

// element is one step from a context to a value: a name, or an index that is computed.
type element struct {
	name     string
	computed actionlint.ExprNode // nil for a literal name
	all      bool                // .*
}

// name returns the i-th name of the path, "" when there is none or it is computed.
func (r ref) name(i int) string {
	if i < len(r.path) {
		return r.path[i].name
	}
	return ""
}

// key tells references apart, as far as their first name.
func (r ref) key() string { return r.context + "." + r.name(0) }

// expressions finds every ${{ }} of a text, in order.
func expressions(text string) []expression {
	var out []expression
	last := strings.LastIndex(text, "}}")
	for pos := 0; ; {
		i := strings.Index(text[pos:], "${{")
		if i < 0 || pos+i > last {
			return out
		}
		e := parseAt(text, pos+i)
		out = append(out, e)
		pos = e.end
	}
}

// parseAt reads the expression whose braces open at start. One that cannot be parsed is searched by pattern.
func parseAt(text string, start int) expression {
	inner := text[start+3:]
	if len(inner) > maxExpression {
		inner = inner[:maxExpression]
	}
	lexer := actionlint.NewExprLexer(inner)
	node, err := actionlint.NewExprParser().Parse(lexer)
	if err == nil {
		e := expression{start: start, end: start + 3 + lexer.Offset(), node: node}
		e.collect(node, start+3)
		return e
	}
	size := strings.Index(inner, "}}")
	if size < 0 {
		return expression{start: start, end: start + 3}
	}
	return expression{start: start, end: start + 3 + size + 2, refs: lenient(inner[:size], start+3)}
}

// bare reads a text that is an expression without braces, as if: allows.
func bare(text string) []expression {
	if strings.Contains(text, "${{") || len(text) > maxExpression {
		return expressions(text)
	}
	node, err := actionlint.NewExprParser().Parse(actionlint.NewExprLexer(text + "}}"))
	if err != nil {
		return []expression{{bare: true, end: len(text), refs: lenient(text, 0)}}
	}
	e := expression{bare: true, end: len(text), node: node}
	e.collect(node, 0)
	return []expression{e}
}

var lenientRef = lazy.New(`(?i)(^|[^\w.\-'"])(secrets|vars)\s*(?:\.\s*([A-Z_][\w-]*)|\[\s*'([^']+)'\s*\])`)

// lenient finds secrets and vars in the text of an expression that does not parse.
func lenient(text string, base int) []ref {
	var out []ref
	for _, m := range lenientRef.FindAllStringSubmatchIndex(text, -1) {
		name := m[6:8]
		if name[0] < 0 {
			name = m[8:10]
		}
		out = append(out, ref{
			context: strings.ToLower(text[m[4]:m[5]]), offset: base + m[4],
			path: []element{{name: text[name[0]:name[1]]}},
		})
	}
	return out
}

// collect gathers the references below node.
func (e *expression) collect(node actionlint.ExprNode, base int) {
	if r, ok := e.chain(node, base); ok {
		e.refs = append(e.refs, r)
		return
	}
	switch n := node.(type) {
	case *actionlint.NotOpNode:
		e.collect(n.Operand, base)
	case *actionlint.CompareOpNode:
		e.collect(n.Left, base)
		e.collect(n.Right, base)
	case *actionlint.LogicalOpNode:
		e.collect(n.Left, base)
		e.collect(n.Right, base)
	case *actionlint.FuncCallNode:
		for _, a := range n.Args {
			e.collect(a, base)
		}
	case *actionlint.ObjectDerefNode:
		e.collect(n.Receiver, base)
	case *actionlint.ArrayDerefNode:
		e.collect(n.Receiver, base)
	case *actionlint.IndexAccessNode:
		e.collect(n.Operand, base)
		e.collect(n.Index, base)
	}
}

// chain reads a variable and the names and indexes after it; references inside the indexes are gathered too.
func (e *expression) chain(node actionlint.ExprNode, base int) (ref, bool) {
	var path []element
	for {
		switch n := node.(type) {
		case *actionlint.VariableNode:
			for i, j := 0, len(path)-1; i < j; i, j = i+1, j-1 {
				path[i], path[j] = path[j], path[i]
			}
			for _, p := range path {
				if p.computed != nil {
					e.collect(p.computed, base)
				}
			}
			return ref{context: n.Name, path: path, offset: base + n.Token().Offset}, true
		case *actionlint.ObjectDerefNode:
			path, node = append(path, element{name: n.Property}), n.Receiver
		case *actionlint.ArrayDerefNode:
			path, node = append(path, element{all: true}), n.Receiver
		case *actionlint.IndexAccessNode:
			path, node = append(path, index(n.Index)), n.Operand
		default:
			return ref{}, false
		}
	}
}

func index(n actionlint.ExprNode) element {
	if s, ok := n.(*actionlint.StringNode); ok {
		return element{name: s.Value}
	}
	return element{computed: n}
}
