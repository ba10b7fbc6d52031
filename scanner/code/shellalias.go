package code

import (
	"mvdan.cc/sh/v3/syntax"

	"github.com/rotamap/rotamap/rules/detect"
)

// alias notes which variables of the environment a variable of the text is made from: token="$API_TOKEN"; and, where its name says
// that it is a credential itself, token=$(curl -u "$USER:$API_TOKEN" ...), a token that a command mints with another.
func (s *script) alias(a *syntax.Assign) {
	if a.Name == nil || a.Value == nil || a.Naked || a.Append {
		return
	}
	var from []string
	minted := false
	for _, p := range a.Value.Parts {
		syntax.Walk(p, func(n syntax.Node) bool {
			_, sub := n.(*syntax.CmdSubst)
			minted = minted || sub
			return true
		})
	}
	if !minted || detect.ClassifyName(a.Name.Value).Score > 0 {
		for _, name := range variablesOf(a.Value) {
			from = s.origins(from, name)
		}
	}
	if s.aliases == nil && len(from) > 0 {
		s.aliases = map[string][]string{}
	}
	if s.aliases != nil {
		s.aliases[a.Name.Value] = from
	}
}

// origins adds the variables of the environment that speak of a credential and are what a name stands for.
func (s *script) origins(list []string, name string) []string {
	if s.local[name] {
		for _, o := range s.aliases[name] {
			list = appendOnce(list, o)
		}
		return list
	}
	if len(list) < maxFetches && isUpper(name) && validName(name) && !ignored(name) && detect.ClassifyName(name).Score > 0 {
		list = appendOnce(list, name)
	}
	return list
}

// usedAlias adds the place at which a variable of the text stands for one of the environment.
func (s *script) usedAlias(name string, at int) {
	if !s.local[name] && (s.inFunc == 0 || !s.all[name]) {
		return
	}
	for _, o := range s.aliases[name] {
		if s.aliased == nil {
			s.aliased = map[string]int{}
		}
		if s.aliased[name+"\x00"+o]++; s.aliased[name+"\x00"+o] <= maxHeld {
			s.out.Reads = append(s.out.Reads, Read{Name: o, Via: "sh-variable", Offset: at, Sure: high})
		}
	}
}

// standFor adds to what a value is made from what its variables stand for.
func (s *script) standFor(from []string) []string {
	if s.aliases == nil {
		return from
	}
	out := from[:len(from):len(from)]
	for _, name := range from {
		if s.local[name] {
			out = s.origins(out, name)
		}
	}
	return out
}
