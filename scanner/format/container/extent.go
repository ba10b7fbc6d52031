package container

import (
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// Extents finds the lines that nodes cover. Shared nodes are measured once.
type Extents map[*tree.Node]int

// Last returns the last line of a node and all below it.
func (e Extents) Last(n *tree.Node) int {
	if n == nil || n.File() != "" {
		return 0
	}
	if l, ok := e[n]; ok {
		return l
	}
	last := n.Line
	if n.Kind == tree.Scalar && n.Block {
		last += strings.Count(n.Value, "\n")
	}
	for i := range n.Pairs {
		if n.Pairs[i].File == "" {
			last = max(last, n.Pairs[i].Line)
		}
		last = max(last, e.Last(n.Pairs[i].Value))
	}
	for _, c := range n.Items {
		last = max(last, e.Last(c))
	}
	e[n] = last
	return last
}
