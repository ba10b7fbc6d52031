package code

import (
	"bytes"
	"path"
	"slices"

	"mvdan.cc/sh/v3/syntax"

	"github.com/rotamap/rotamap/rules/detect"
)

// maxArguments bounds the arguments of one script.
const maxArguments = 30

// argumentsOf lists the arguments behind the word that names a script, as far as they carry an expression of the file around
// the text, or a variable that speaks of a credential.
func (s *script) argumentsOf(script word, inv *invocation) []Arg {
	switch path.Ext(script.text) {
	case "", ".sh", ".bash", ".zsh":
	default:
		return nil // what reads its arguments by position is a script of the shell
	}
	var out []Arg
	number := 0
	for _, w := range inv.words {
		if w.offset <= script.offset {
			continue
		}
		if number++; number > maxArguments {
			break
		}
		named := func(name string) bool { return detect.ClassifyName(name).Score > 0 }
		if slices.ContainsFunc(w.vars, named) || bytes.Contains(s.src[min(w.offset, len(s.src)):min(max(w.offset, w.end), len(s.src))], []byte("{{")) {
			out = append(out, Arg{Number: number, From: w.vars, Offset: w.offset, End: w.end})
		}
	}
	return out
}

// argument notes a variable of the script itself that takes one of its arguments: TOKEN="$3", TOKEN=${1:-}.
func (s *script) argument(a *syntax.Assign) {
	if s.inFunc > 0 || s.depth > 0 || a.Name == nil || a.Value == nil || detect.ClassifyName(a.Name.Value).Score <= 0 {
		return
	}
	syntax.Walk(a.Value, func(n syntax.Node) bool {
		p, ok := n.(*syntax.ParamExp)
		if ok && p.Param != nil && len(p.Param.Value) == 1 && p.Param.Value[0] >= '1' && p.Param.Value[0] <= '9' {
			s.out.Arguments = append(s.out.Arguments, Argument{Number: int(p.Param.Value[0] - '0'), Offset: int(a.Name.Pos().Offset())})
		}
		return true
	})
}
