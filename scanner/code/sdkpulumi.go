package code

import (
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// A program of Pulumi takes the secrets of its stack's configuration by name: those of its project, or of another namespace
// that the constructor names. Source: "accessing configuration from code" of the Pulumi documentation.
var (
	pulumiConfig = lazy.New(`(\w+)\s*(?::\s*[\w.]+\s*)?:?=\s*(?:new\s+)?(?:\w+\.)*(?:Config|config\.New)\(\s*(?:ctx\s*,?\s*)?(?:["'\x60]([\w.-]*)["'\x60])?\s*\)`)
	pulumiSecret = lazy.New(`(\w+)\.(?:require|get|try|Require|Get|Try)_?(?:[sS]ecret)(?:_?(?:[oO]bject|[iI]nt|[bB]ool|[nN]umber|[fF]loat|Float64))?(?:<[^<>()]{0,80}>)?\(\s*["'\x60]([\w.:-]+)["'\x60]`)
)

// pulumi reads the secrets that a program of Pulumi takes.
func (s *scan) pulumi() {
	if !s.may("ulumi") || !lazy.Contains(s.src, "ulumi") {
		return
	}
	space := map[string]string{}
	for _, m := range pulumiConfig.FindAllSubmatch(s.code, 200) {
		space[string(m[1])] = string(m[2])
	}
	for _, m := range pulumiSecret.FindAllSubmatchIndex(s.code, maxCalls) {
		in, ok := space[string(s.code[m[2]:m[3]])]
		if !ok {
			continue
		}
		name := string(s.code[m[4]:m[5]])
		if in != "" {
			name = in + ":" + name
		}
		s.store(inventory.SlotRef{Store: "pulumi", Scope: "*", Name: name}, "sdk-pulumi", m[4], certain)
	}
}
