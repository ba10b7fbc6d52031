package n8n

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// parameters reads everything that a node is set to: lists of names and values, URLs, JSON text, code, and
// references to variables.
func (s *step) parameters() {
	h := s.holder()
	s.n.Get("parameters").Visit(s.params(), func(r *tree.Route, n *tree.Node) bool {
		switch {
		case isPairs(n):
			s.pairs(n, r.Path())
			return false
		case n.IsString():
			s.value(h, export.KeyOf(r, ""), n, r)
		}
		return true
	})
}

// isPairs reports whether n is a list of {name, value}: headers, query and body parameters of every generation
// of the HTTP node, and the fields of a Set node.
func isPairs(n *tree.Node) bool {
	if !n.IsSeq() || len(n.Items) == 0 {
		return false
	}
	first := n.Items[0]
	return first.Get("name").IsString() && (first.Get("value") != nil || first.Get("stringValue") != nil)
}

func (s *step) pairs(n *tree.Node, at tree.Path) {
	h := s.holder()
	for i, item := range n.Items {
		name := item.Get("name").Str()
		item.Visit(at.Index(i), func(r *tree.Route, v *tree.Node) bool {
			if v.IsString() {
				if key := export.KeyOf(r, ""); key == "value" || key == "stringValue" {
					s.refs(v, r)
					h.Value(name, expressionless(v), r.Path())
				}
			}
			return true
		})
	}
}

// languages are the parameters that hold a program.
var languages = map[string]string{
	"jsCode": "javascript", "functionCode": "javascript", "code": "javascript", "pythonCode": "python", "command": "shell",
}

// proseKeys are the parameters that hold prose.
var proseKeys = map[string]bool{
	"content": true, "systemMessage": true, "text": true, "query": true, "message": true, "html": true, "prompt": true,
}

// choices are the parameters that choose a way to log in and hold no credential.
var choices = map[string]bool{
	"authentication": true, "genericAuthType": true, "nodeCredentialType": true, "authType": true, "authenticationMethod": true,
}

func (s *step) value(h export.Holder, name string, n *tree.Node, r *tree.Route) {
	s.refs(n, r)
	text := strings.TrimSpace(n.Value)
	switch {
	case choices[name]:
	case name == "workflowJson" && s.inline(n, r.Path()):
	case languages[name] != "":
		h.Code(languages[name], n, r.Path(), inventory.SlotRef{Store: "n8n-env", Scope: s.w.scope})
	case proseKeys[name]:
		h.Text(n.Value, artifact.At(n, r.Path()))
	case strings.Contains(text, "://") || strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[") ||
		strings.HasPrefix(text, "=") || strings.Contains(text, "\n") || export.Suggests(name):
		h.Value(name, expressionless(n), r.Path())
	}
}

// expressionless returns the string without the sign that makes it an expression.
func expressionless(n *tree.Node) *tree.Node {
	if !strings.HasPrefix(n.Value, "=") {
		return n
	}
	c := *n
	c.Value = n.Value[1:]
	return &c
}

// inline reads a sub-workflow that stands in the node as JSON text: its nodes become parts of the node.
func (s *step) inline(n *tree.Node, at tree.Path) bool {
	inner := export.Inner(s.w.f.Artifact, n)
	if s.w.inlined >= maxInlined || !isWorkflow(inner) {
		return false
	}
	sub := &workflow{
		f: s.w.f, root: inner, path: at, id: s.part, scope: s.w.scope, zone: s.w.zone,
		inlined: s.w.inlined + 1, idle: s.idle,
	}
	sub.nodes()
	sub.data()
	return true
}

// variable matches what an expression reads from outside the workflow.
var variable = lazy.New(
	`\$(env|vars|secrets)\s*(?:\.\s*([A-Za-z_]\w*)|\[\s*["']([^"'\n]{1,100})["']\s*\])(?:\s*\.\s*(\w+)|\[\s*["']([^"'\n]{1,100})["']\s*\])?`)

// refs reads references to environment variables, n8n variables and external secrets.
func (s *step) refs(n *tree.Node, r *tree.Route) {
	if !strings.Contains(n.Value, "$env") && !strings.Contains(n.Value, "$vars") && !strings.Contains(n.Value, "$secrets") {
		return
	}
	at := artifact.At(n, r.Path())
	for _, m := range variable.FindAllStringSubmatch(n.Value, -1) {
		ref := inventory.SlotRef{Scope: s.w.scope, Name: m[2] + m[3]}
		switch m[1] {
		case "env":
			ref.Store = "n8n-env"
		case "vars":
			ref.Store = "n8n-var"
		default:
			ref.Store, ref.Key = "n8n-secret", m[4]+m[5]
		}
		s.holder().Reads(s.w.f.Slot(ref, at), "n8n-expression", inventory.Certain, at)
	}
}
