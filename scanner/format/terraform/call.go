package terraform

import (
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// moduleCall reads a call of a module. One that is handed the environment of a program, as modules for functions, web apps
// and container services are, is the workload itself: what the module makes of it lies elsewhere more often than not.
func (m *module) moduleCall(b *hclsyntax.Block) {
	if storeOf(b) != nil {
		m.entry(b, true)
		return
	}
	w := &running{module: m, block: b, id: inventory.PartID(m.whole, address(b)), place: at(b.DefRange(), address(b))}
	for _, attr := range ordered(b.Body) {
		if !skipped[attr.Name] {
			m.handsName(b, attr)
			m.handsElements(b, attr)
		}
		if !skipped[attr.Name] && m.isEnvironment(attr) && m.spend() {
			m.calls[b] = w.add()
			w.environment(attr.Expr, address(b)+"."+attr.Name)
		}
	}
	if !w.added {
		m.consumer(b)
		return
	}
	for _, name := range []string{"image", "image_uri", "docker_image", "container_image", "image_url"} {
		attr := b.Body.Attributes[name]
		if attr == nil {
			continue
		}
		place := at(attr.Range(), address(b)+"."+name)
		if id := container.ImageNode(w.Facts, w.text(attr.Expr), place); id != "" {
			w.Edge(inventory.Runs, w.id, id, "terraform-image", inventory.Certain, place)
		}
	}
	m.consumer(b)
}

var (
	environmentName = lazy.New(`(?i)env|settings|variables|secret|config`)
	variableName    = lazy.New(`^[A-Z][A-Z0-9_]*$`)
)

// isEnvironment reports whether an argument of a module call is a set of variables: an object most of whose keys are
// written like variables, or a list of such with name and value.
func (m *module) isEnvironment(attr *hclsyntax.Attribute) bool {
	if !environmentName.MatchString(attr.Name) {
		return false
	}
	variables, others := 0, 0
	for _, v := range m.environmentOf(attr.Expr, 0) {
		if variableName.MatchString(v.name) {
			variables++
		} else {
			others++
		}
	}
	return variables > others
}

// setting is one variable of an environment as an expression writes it out.
type setting struct {
	name  string
	value hclsyntax.Expression
}

// environmentOf lists the variables of an object, of a list of {name, value}, of what merge() and concat() join, and of the
// local values that are one of these.
func (m *module) environmentOf(e hclsyntax.Expression, depth int) []setting {
	var out []setting
	if object := objectOf(e); object != nil {
		for _, item := range object.Items {
			if key := objectKey(item.KeyExpr); key != "" {
				out = append(out, setting{key, item.ValueExpr})
			}
		}
		return out
	}
	switch e := e.(type) {
	case *hclsyntax.TupleConsExpr:
		for _, x := range e.Exprs {
			out = append(out, namedSetting(objectOf(x))...)
		}
	case *hclsyntax.FunctionCallExpr:
		for _, arg := range e.Args {
			if (e.Name == "merge" || e.Name == "concat") && depth < maxEval {
				out = append(out, m.environmentOf(arg, depth+1)...)
			}
		}
	case *hclsyntax.ParenthesesExpr:
		return m.environmentOf(e.Expression, depth+1)
	case *hclsyntax.ScopeTraversalExpr:
		if words := route(e.Traversal); len(words) == 2 && words[0] == "local" && m.locals[words[1]] != nil && depth < maxEval {
			return m.environmentOf(m.locals[words[1]], depth+1)
		}
	}
	return out
}

// namedSetting reads {name = "X", value = ...} and {name = "X", valueFrom = ...}.
func namedSetting(object *hclsyntax.ObjectConsExpr) []setting {
	if object == nil {
		return nil
	}
	var s setting
	for _, item := range object.Items {
		switch key := objectKey(item.KeyExpr); strings.ToLower(strings.ReplaceAll(key, "_", "")) {
		case "name", "key":
			s.name = literalValue(item.ValueExpr)
		case "value", "valuefrom":
			s.value = item.ValueExpr
		}
	}
	if s.name == "" || s.value == nil {
		return nil
	}
	return []setting{s}
}

// dynamic reads dynamic "env" { for_each = ..., content { name = env.key, value = env.value } }: one variable for each
// entry of what it goes over. It reports whether the block is one.
func (w *running) dynamic(b *hclsyntax.Block, route string) bool {
	each, content := b.Body.Attributes["for_each"], contentOf(b)
	if b.Type != "dynamic" || len(b.Labels) != 1 || !variableBlocks[b.Labels[0]] || each == nil || content == nil {
		return false
	}
	secret := len(content.Blocks) > 0
	w.Within(at(each.Range(), route+"."+b.Labels[0]), func() {
		for _, v := range w.environmentOf(each.Expr, 0) {
			if !w.spend() {
				break
			}
			if secret {
				w.named("gcp-sm", v.name, v.value, route)
				continue
			}
			w.bind(v.name, v.value, route+"."+v.name)
		}
	})
	return true
}

func contentOf(b *hclsyntax.Block) *hclsyntax.Body {
	for _, inner := range b.Body.Blocks {
		if inner.Type == "content" {
			return inner.Body
		}
	}
	return nil
}
