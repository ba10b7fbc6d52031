package githubactions

import "github.com/rotamap/rotamap/scanner/artifact/tree"

func (st *step) script(n *tree.Node, p tree.Path, language string) {}

func (st *step) language() string { return "shell" }
