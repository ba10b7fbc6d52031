package githubactions

import (
	"strconv"
	"strings"

	"github.com/rhysd/actionlint"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// maxCandidates bounds the values that a computed name may take; beyond it the name counts as unknown.
const maxCandidates = 64

// candidate is a value that a computed text can take; "*" stands for a part that is not known.
type candidate struct{ text string }

func (c candidate) open() bool { return strings.Contains(c.text, "*") }

var unknown = []candidate{{"*"}}

// foldText returns the values of a text with expressions: each expression is replaced by each of its values.
func (s *scope) foldText(text string) []candidate {
	out := []candidate{{}}
	pos := 0
	for _, e := range expressions(text) {
		out = join(out, []candidate{{text[pos:e.start]}})
		out = join(out, s.fold(e.node))
		pos = e.end
	}
	return unique(join(out, []candidate{{text[pos:]}}))
}

func join(left, right []candidate) []candidate {
	if len(left)*len(right) > maxCandidates {
		right = unknown
	}
	var out []candidate
	for _, l := range left {
		for _, r := range right {
			out = append(out, candidate{strings.ReplaceAll(l.text+r.text, "**", "*")})
		}
	}
	return out
}

func unique(list []candidate) []candidate {
	seen := map[string]bool{}
	out := list[:0]
	for _, c := range list {
		if c.text != "" && !seen[c.text] {
			seen[c.text] = true
			out = append(out, c)
		}
	}
	return out
}

// fold returns the values of an expression as far as the file says them: literals, the branches of
// a && b || c, the options of an input, the values of a matrix.
func (s *scope) fold(node actionlint.ExprNode) []candidate {
	var out []candidate
	switch n := node.(type) {
	case *actionlint.StringNode:
		return []candidate{{n.Value}}
	case *actionlint.LogicalOpNode:
		out = s.fold(n.Right)
		if n.Kind == actionlint.LogicalOpNodeKindOr {
			out = append(s.fold(n.Left), out...)
		}
	case *actionlint.FuncCallNode:
		out = s.foldCall(n)
	case nil:
	default:
		var e expression
		if r, ok := e.chain(n, 0); ok {
			out = s.foldRef(r)
		}
	}
	if out = unique(out); len(out) == 0 || len(out) > maxCandidates {
		return unknown
	}
	return out
}

// foldCall folds format(); other functions are not known.
func (s *scope) foldCall(n *actionlint.FuncCallNode) []candidate {
	if !strings.EqualFold(n.Callee, "format") || len(n.Args) == 0 {
		return nil
	}
	out := s.fold(n.Args[0])
	for i, arg := range n.Args[1:] {
		hole := "{" + strconv.Itoa(i) + "}"
		var next []candidate
		for _, c := range out {
			values := s.fold(arg)
			if len(out)*len(values) > maxCandidates {
				values = unknown
			}
			for _, v := range values {
				next = append(next, candidate{strings.ReplaceAll(c.text, hole, v.text)})
			}
		}
		out = next
	}
	return out
}

func (s *scope) foldRef(r ref) []candidate {
	switch {
	case r.context == "inputs" && !s.action:
		return s.foldInput(r.name(0))
	case r.context == "github" && r.name(0) == "event" && r.name(1) == "inputs":
		return s.foldInput(r.name(2))
	case r.context == "matrix":
		return s.foldMatrix(r.name(0), r.name(1))
	case r.context == "env":
		return s.foldVariable(r.name(0))
	case r.context == "github" && s.Artifact.Source != "":
		return s.foldRepository(r.name(0))
	}
	return nil
}

// foldVariable returns the values of a variable of the nearest level that has it. Its text sees the levels outside alone.
func (s *scope) foldVariable(name string) []candidate {
	name = strings.ToUpper(name)
	for i, level := range s.env {
		if level.folded[name] == "" {
			continue
		}
		text, known := level.texts[name]
		if !known {
			return nil // a step has set it
		}
		outside := *s
		outside.env = s.env[i+1:]
		return outside.foldText(text)
	}
	return nil
}

// foldRepository returns what the name of this repository, or of its owner, stands for.
func (s *scope) foldRepository(name string) []candidate {
	repo := inventory.RepoScope(s.Artifact.Source)
	owner, _, _ := strings.Cut(repo, "/")
	switch strings.ToLower(name) {
	case "repository":
		return []candidate{{repo}}
	case "repository_owner":
		return []candidate{{owner}}
	}
	return nil
}

// foldInput returns the options of a choice; a default is one value of an input that is otherwise open.
func (s *scope) foldInput(name string) []candidate {
	var out []candidate
	closed := false
	for _, p := range s.inputs.Entries() {
		if !strings.EqualFold(p.Key, name) {
			continue
		}
		closed = p.Value.Get("type").Str() == "choice"
		for _, o := range p.Value.Get("options").List() {
			out = append(out, candidate{o.Str()})
		}
		out = append(out, candidate{p.Value.Get("default").Str()})
	}
	if !closed {
		out = append(out, unknown...)
	}
	return out
}

// foldMatrix returns the values of a matrix's axis, or of a field of the maps in it, "include" among them.
func (s *scope) foldMatrix(axis, field string) []candidate {
	if s.matrix == nil || s.matrix.Kind != tree.Map {
		return nil
	}
	var out []candidate
	add := func(v *tree.Node) {
		if field != "" {
			v = v.Get(field)
		}
		if v != nil && strings.Contains(v.Str(), "${{") {
			out = append(out, unknown...)
			return
		}
		out = append(out, candidate{v.Str()})
	}
	for _, p := range s.matrix.Entries() {
		switch {
		case strings.EqualFold(p.Key, axis):
			for _, v := range p.Value.List() {
				add(v)
			}
		case p.Key == "include":
			for _, row := range p.Value.List() {
				for _, cell := range row.Entries() {
					if strings.EqualFold(cell.Key, axis) {
						add(cell.Value)
					}
				}
			}
		}
	}
	return out
}
