package code

import (
	"bytes"
	"cmp"
	"go/ast"
	"slices"

	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// held adds what a Go file does with what it reads: a variable of the package or a function that hands it out, whose uses read
// the variable of the environment too, and the fields of structures that it fills.
func (g *goFile) held(tree *ast.File) {
	if len(g.out.Reads) == 0 {
		return
	}
	h := goHeld{goFile: g, reads: slices.Clone(g.out.Reads), names: map[string]Read{}}
	slices.SortFunc(h.reads, func(a, b Read) int { return cmp.Compare(a.Offset, b.Offset) })
	for _, d := range tree.Decls {
		h.declaration(d)
	}
	ast.Inspect(tree, h.fill)
	for _, d := range tree.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
			h.locals(f.Body)
		}
	}
	if len(h.names) > 0 {
		ast.Inspect(tree, h.use)
	}
}

type goHeld struct {
	*goFile
	reads []Read
	names map[string]Read // name of the package -> what it holds
	uses  map[string]int
}

// readIn returns the read that stands in an expression which is that of one value.
func (h *goHeld) readIn(e ast.Expr) (Read, bool) {
	switch e.(type) {
	case *ast.CompositeLit, *ast.FuncLit, *ast.UnaryExpr:
		return Read{}, false
	}
	from, to := h.at(e.Pos()), h.at(e.End())
	i, _ := slices.BinarySearchFunc(h.reads, from, func(r Read, off int) int { return cmp.Compare(r.Offset, off) })
	if i >= len(h.reads) || h.reads[i].Offset >= to {
		return Read{}, false
	}
	r := h.reads[i]
	return r, !r.Property && r.Name != "*"
}

// declaration takes var key = os.Getenv("X") and func Key() string { return os.Getenv("X") }.
func (h *goHeld) declaration(d ast.Decl) {
	switch d := d.(type) {
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			v, ok := spec.(*ast.ValueSpec)
			if !ok || len(v.Names) != len(v.Values) {
				continue
			}
			for i, name := range v.Names {
				if r, ok := h.readIn(v.Values[i]); ok && heldWord.MatchString(r.Name) && len(name.Name) > 2 {
					h.names[name.Name] = r
				}
			}
		}
	case *ast.FuncDecl:
		if r, ok := h.handsOut(d); ok && heldWord.MatchString(r.Name) && !noGetter[d.Name.Name] && len(d.Name.Name) > 3 {
			h.names[d.Name.Name] = r
			if d.Name.IsExported() && d.Recv == nil && len(h.out.Definitions) < maxSettings {
				h.out.Definitions = append(h.out.Definitions, Definition{Kind: "go-func", Name: h.pkg + "." + d.Name.Name, Offset: h.at(d.Name.Pos()),
					From: r.Name, On: []int{r.Offset}, Sure: high})
			}
		}
	}
}

// handsOut returns what a short function reads and returns.
func (h *goHeld) handsOut(d *ast.FuncDecl) (Read, bool) {
	if d.Body == nil || len(d.Body.List) > 6 || d.Type.Results == nil {
		return Read{}, false
	}
	locals := map[string]Read{}
	for _, s := range d.Body.List {
		switch s := s.(type) {
		case *ast.AssignStmt:
			if id, ok := s.Lhs[0].(*ast.Ident); ok && len(s.Rhs) == 1 {
				if r, ok := h.readIn(s.Rhs[0]); ok {
					locals[id.Name] = r
				}
			}
		case *ast.ReturnStmt:
			if len(s.Results) == 0 {
				continue
			}
			if r, ok := h.readIn(s.Results[0]); ok {
				return r, true
			}
			if id, ok := s.Results[0].(*ast.Ident); ok {
				r, ok := locals[id.Name]
				return r, ok
			}
		}
	}
	return Read{}, false
}

// filled lists the variables of a function that hold what it reads, with the statements that fill them.
func (h *goHeld) filled(body *ast.BlockStmt) (own map[string]Read, since map[string]ast.Node) {
	own, since = map[string]Read{}, map[string]ast.Node{}
	ast.Inspect(body, func(n ast.Node) bool {
		s, ok := n.(*ast.AssignStmt)
		if !ok || len(s.Rhs) != 1 {
			return true
		}
		if id, ok := s.Lhs[0].(*ast.Ident); ok && len(id.Name) > 2 {
			if r, ok := h.readIn(s.Rhs[0]); ok && heldWord.MatchString(r.Name) {
				own[id.Name], since[id.Name] = r, s
			}
		}
		return true
	})
	return own, since
}

// locals adds the uses of a function's own variables that hold what it reads.
func (h *goHeld) locals(body *ast.BlockStmt) {
	own, since := h.filled(body)
	if len(own) == 0 {
		return
	}
	uses := map[string]int{}
	ast.Inspect(body, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if _, plain := sel.X.(*ast.Ident); plain {
				return false
			}
		}
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		if r, ok := own[id.Name]; ok && id.Pos() > since[id.Name].End() && !h.declared(id) {
			if uses[id.Name]++; uses[id.Name] <= maxHeld {
				r.Offset = h.at(id.Pos())
				h.out.Reads = append(h.out.Reads, r)
			}
		}
		return true
	})
}

// fill takes Config{StripeKey: os.Getenv("X")} and cfg.StripeKey = os.Getenv("X").
func (h *goHeld) fill(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.KeyValueExpr:
		if key, ok := n.Key.(*ast.Ident); ok {
			h.fills(key, n.Value)
		}
	case *ast.AssignStmt:
		if sel, ok := n.Lhs[0].(*ast.SelectorExpr); ok && len(n.Lhs) == 1 && len(n.Rhs) == 1 {
			h.fills(sel.Sel, n.Rhs[0])
		}
	}
	return true
}

func (h *goHeld) fills(field *ast.Ident, value ast.Expr) {
	r, ok := h.readIn(value)
	if !ok || len(h.out.Definitions) >= maxSettings || detect.ClassifyName(field.Name).Score == 0 {
		return
	}
	h.out.Definitions = append(h.out.Definitions, Definition{Kind: "go", Name: field.Name, Offset: h.at(field.Pos()), From: r.Name, On: []int{r.Offset}, Sure: min(r.Sure, high)})
}

// use adds the places at which a name of the package stands that holds a variable.
func (h *goHeld) use(n ast.Node) bool {
	if sel, ok := n.(*ast.SelectorExpr); ok {
		ast.Inspect(sel.X, h.use)
		return false // a field of that name is another
	}
	id, ok := n.(*ast.Ident)
	if !ok {
		return true
	}
	r, ok := h.names[id.Name]
	if !ok || h.declared(id) {
		return true
	}
	if h.uses == nil {
		h.uses = map[string]int{}
	}
	if h.uses[id.Name]++; h.uses[id.Name] <= maxHeld {
		r.Offset = h.at(id.Pos())
		h.out.Reads = append(h.out.Reads, r)
	}
	return true
}

// declared reports whether a name stands where it is declared: in front of what it is given, or behind func.
func (h *goHeld) declared(id *ast.Ident) bool {
	from, to := h.at(id.Pos()), h.at(id.End())
	before := bytes.TrimRight(h.src[max(0, from-8):from], " \t")
	behind := bytes.TrimLeft(h.src[to:min(len(h.src), to+12)], " \t")
	return bytes.HasSuffix(before, []byte("func")) || bytes.HasPrefix(behind, []byte(":=")) || bytes.HasPrefix(behind, []byte("=")) && !bytes.HasPrefix(behind, []byte("==")) ||
		bytes.HasPrefix(behind, []byte("string"))
}

// goCalls are how functions are called that hand out a credential.
var goCalls = []string{"Key()", "Token()", "Secret()", "Password()", "DSN()", "Credentials()"}

// goFuncs reads conf.StripeKey(): a credential that a function of another package of the source hands out.
func (s *scan) goFuncs(src []byte) {
	for _, anchor := range goCalls {
		if !s.may(anchor) {
			continue
		}
		for from := 0; from < len(src) && len(s.out.Settings) < maxSettings; {
			n := lazy.Index(src[from:], anchor)
			if n < 0 {
				break
			}
			from += n + len(anchor)
			s.goFunc(src, from-2)
		}
	}
}

// goFunc reads the call whose bracket opens at an offset.
func (s *scan) goFunc(src []byte, end int) {
	name := wordBefore(src, end)
	dot := end - len(name) - 1
	if name == "" || name[0] < 'A' || name[0] > 'Z' || dot < 1 || src[dot] != '.' {
		return
	}
	if pkg := wordBefore(src, dot); pkg != "" && pkg[0] >= 'a' && pkg[0] <= 'z' && !commented(lead(src, dot)) {
		s.ask("go-func", pkg+"."+name, "", dot+1, medium)
	}
}

func wordBefore(src []byte, end int) string {
	from := end
	for from > 0 && isWord(src[from-1]) && end-from < 60 {
		from--
	}
	return string(src[from:end])
}
