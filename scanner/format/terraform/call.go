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
	w := &running{module: m, block: b, id: inventory.PartID(m.whole, address(b)), place: at(b.DefRange(), address(b))}
	for _, attr := range ordered(b.Body) {
		if !skipped[attr.Name] && isEnvironment(attr) && m.spend() {
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
func isEnvironment(attr *hclsyntax.Attribute) bool {
	if !environmentName.MatchString(attr.Name) {
		return false
	}
	variables, others := 0, 0
	for _, v := range environmentOf(attr.Expr, 0) {
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

// environmentOf lists the variables of an object, of a list of {name, value}, and of what merge() and concat() join.
func environmentOf(e hclsyntax.Expression, depth int) []setting {
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
				out = append(out, environmentOf(arg, depth+1)...)
			}
		}
	case *hclsyntax.ParenthesesExpr:
		return environmentOf(e.Expression, depth+1)
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
