package terraform

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Estates keep what tells their environments apart in one map, and take the row of the workspace out of it:
// var.environments[terraform.workspace].secret_name. Which row it is a file does not say; which texts it may be, it does.

// candidate is a text that an expression may be, with the places that say it.
type candidate struct {
	text   string
	places []hcl.Range
}

// maxCandidates bounds the rows of a map that are taken for as many environments.
const maxCandidates = 16

// candidates lists the texts that an expression may be: one where it is constant, else those of the rows of the maps that it
// is taken out of.
func (m *module) candidates(e hclsyntax.Expression) []candidate {
	if text := m.text(e); !strings.Contains(text, "*") {
		return []candidate{{text, []hcl.Range{e.Range()}}}
	}
	m.steps = 0
	var out []candidate
	for _, x := range m.rows(e, nil, 0) {
		text := m.text(x.e)
		if text == "" || strings.Contains(text, "*") {
			return nil
		}
		i := slices.IndexFunc(out, func(c candidate) bool { return c.text == text })
		if i < 0 {
			i = len(out)
			out = append(out, candidate{text: text, places: []hcl.Range{e.Range()}})
		}
		for _, r := range append(x.via, x.e.Range()) {
			if r.Filename != "" && len(out[i].places) < 8 {
				out[i].places = append(out[i].places, r)
			}
		}
	}
	if len(out) > maxCandidates {
		return nil
	}
	return out
}

// row is an expression that another one may stand for.
type row struct {
	e   hclsyntax.Expression
	via []hcl.Range
}

// rows follows names, indexes and conditions to the expressions behind them, and then the keys of a route into those.
func (m *module) rows(e hclsyntax.Expression, route []string, depth int) []row {
	if m.steps++; depth > maxEval || m.steps > maxSteps || e == nil {
		return nil
	}
	switch e := e.(type) {
	case *hclsyntax.ParenthesesExpr:
		return m.rows(e.Expression, route, depth+1)
	case *hclsyntax.TemplateWrapExpr:
		return m.rows(e.Wrapped, route, depth+1)
	case *hclsyntax.ConditionalExpr:
		return append(m.rows(e.TrueResult, route, depth+1), m.rows(e.FalseResult, route, depth+1)...)
	case *hclsyntax.ScopeTraversalExpr:
		return m.namedRows(e, route, depth)
	case *hclsyntax.RelativeTraversalExpr:
		return m.rows(e.Source, append(keysOf(e.Traversal), route...), depth+1)
	case *hclsyntax.IndexExpr:
		key := m.text(e.Key)
		if strings.Contains(key, "*") {
			key = "*"
		}
		return m.rows(e.Collection, append([]string{key}, route...), depth+1)
	case *hclsyntax.FunctionCallExpr:
		return m.calledRows(e, route, depth)
	case *hclsyntax.ObjectConsExpr:
		if len(route) == 0 {
			return nil
		}
		var out []row
		for _, item := range e.Items {
			if key := objectKey(item.KeyExpr); route[0] == "*" || key == route[0] {
				out = append(out, m.rows(item.ValueExpr, route[1:], depth+1)...)
			}
		}
		return out
	}
	if len(route) > 0 {
		return nil
	}
	return []row{{e: e}}
}

// keysOf returns the keys of a traversal; "*" for an index that is no text.
func keysOf(t hcl.Traversal) []string {
	var out []string
	for _, step := range t {
		if words := route(hcl.Traversal{step}); len(words) == 1 {
			out = append(out, words[0])
		} else {
			out = append(out, "*")
		}
	}
	return out
}

// namedRows follows var.x and local.x.
func (m *module) namedRows(e *hclsyntax.ScopeTraversalExpr, route []string, depth int) []row {
	words := keysOf(e.Traversal)
	if len(words) < 2 {
		return nil
	}
	var to hclsyntax.Expression
	switch words[0] {
	case "local":
		to = m.locals[words[1]]
	case "var":
		if to = m.rowsOf[words[1]]; to == nil {
			if b := m.blocks["var."+words[1]]; b != nil {
				to = attribute(b.Body, "default")
			}
		}
	}
	if to == nil {
		return nil
	}
	out := m.rows(to, append(words[2:len(words):len(words)], route...), depth+1)
	for i := range out {
		if words[0] == "local" && len(out[i].via) < 4 {
			out[i].via = append(out[i].via, to.Range())
		}
	}
	return out
}

// calledRows follows the functions that take rows out of maps, or put maps together.
func (m *module) calledRows(e *hclsyntax.FunctionCallExpr, route []string, depth int) []row {
	switch {
	case e.Name == "lookup" && len(e.Args) > 1:
		key := m.text(e.Args[1])
		if strings.Contains(key, "*") {
			key = "*"
		}
		return m.rows(e.Args[0], append([]string{key}, route...), depth+1)
	case e.Name == "merge" || e.Name == "try" || e.Name == "coalesce":
		var out []row
		for _, arg := range e.Args {
			out = append(out, m.rows(arg, route, depth+1)...)
		}
		return out
	case len(e.Args) == 1 && (unchanged[e.Name] || e.Name == "tomap"):
		return m.rows(e.Args[0], route, depth+1)
	}
	return nil
}

var (
	entryText = lazy.New(`^[\w/.@:+=-]{3,300}$`)
	entryWord = lazy.New(`(?i)secret|ssm|param|token|passw|cred|api_?key|access_?key|private_?key|license_?key`)
	nameWord  = lazy.New(`(?i)(?:names?|paths?|arns?|ids?|prefix|secret|parameter|ssm)$`)
)

// namesEntry reports whether a variable is called like the name of an entry: db_secret_name, and holds none.
func namesEntry(name string) bool {
	return entryWord.MatchString(name) && nameWord.MatchString(name) && detect.ClassifyName(name).Class != inventory.ClassCredential
}

// handsName tells a module of this source which entry one of its variables names.
func (m *module) handsName(b *hclsyntax.Block, attr *hclsyntax.Attribute) {
	scope, local := m.callee(b)
	if !local || !namesEntry(attr.Name) {
		return
	}
	pointer := address(b) + "." + attr.Name
	place := at(attr.Range(), pointer)
	id := inventory.SlotRef{Store: "tf", Scope: scope, Name: "var." + attr.Name}
	if t, ok := m.single(attr.Expr); ok && t.RootName() == "var" && len(t) == 2 && m.constants[t[1].(hcl.TraverseAttr).Name] == "" {
		name := "var." + t[1].(hcl.TraverseAttr).Name
		m.EdgeWith(inventory.CopiesFrom, m.Slot(id, place), m.slot(name, place), "R15-passed", inventory.High, place, inventory.AttrAs, "name")
		m.Refs--
	}
	for _, c := range m.candidates(attr.Expr) {
		if !entryText.MatchString(c.text) {
			continue
		}
		slot := m.Slot(id, place)
		m.Refs--
		for _, r := range c.places {
			m.Attr(slot, inventory.AttrNames, c.text, "", m.in(r, pointer))
		}
	}
}

// openName notes that a variable of the module names the entry of a block, and joins the block with the entries that the rows
// of a map name.
func (m *module) openName(b *hclsyntax.Block, id string) {
	s := stores[b.Labels[0]]
	for _, name := range append([]string{s.of}, nameAttributes...) {
		attr := b.Body.Attributes[name]
		if attr == nil || s.entry == nil {
			continue
		}
		r := s.entry(m, b)
		if strings.Trim(r.Name, "*/") != "" {
			return
		}
		place := at(attr.Expr.Range(), address(b)+"."+name)
		if t, ok := m.single(attr.Expr); ok && t.RootName() == "var" && len(t) == 2 {
			m.Attr(id, inventory.AttrNamedBy, m.slot(strings.Join(route(t), "."), place), r.Store+" "+r.Scope, place)
			m.Refs--
		} else if ok && m.namedBy(id, t, place) {
			return
		}
		m.rowEntries(b, id, r, attr)
		return
	}
}

func (m *module) rowEntries(b *hclsyntax.Block, id string, r inventory.SlotRef, attr *hclsyntax.Attribute) {
	all := m.candidates(attr.Expr)
	for _, c := range all {
		if !entryText.MatchString(c.text) {
			continue
		}
		r.Name = strings.TrimPrefix(c.text, "/")
		if found, ok := arn(c.text); ok {
			r = found
		}
		sure := inventory.High
		if len(all) > 1 {
			sure = inventory.Medium
		}
		var places []artifact.Place
		for _, x := range c.places {
			places = append(places, m.in(x, address(b)))
		}
		entry := m.Slot(r, at(attr.Expr.Range(), address(b)))
		from, to := id, entry
		if b.Type == "resource" {
			from, to = entry, id
		}
		for _, p := range places {
			m.Edge(inventory.CopiesFrom, from, to, "R15-terraform", sure, p)
		}
	}
}
