package resolve

import (
	"slices"

	"github.com/rotamap/rotamap/graph/inventory"
)

// envAlias is a variable that a program puts into its own environment, made from another one.
type envAlias struct {
	from string // name of the variable that it is made from
	file string
	at   []inventory.Evidence
	sure inventory.Confidence
}

// aliases lists, by source and name, what programs put into their own environment.
func (v *View) aliases() map[[2]string][]envAlias {
	if v.aliased != nil {
		return v.aliased
	}
	v.aliased = map[[2]string][]envAlias{}
	for e := range v.EdgesOf(inventory.BoundFrom) {
		b, from := v.Node(e.From), v.Node(e.To)
		if e.Rule != inventory.RuleAlias || b == nil || from == nil || len(e.Evidence) == 0 {
			continue
		}
		k := [2]string{e.Evidence[0].Source, b.Name}
		v.aliased[k] = append(v.aliased[k], envAlias{from.Name, e.Evidence[0].Path, e.Evidence, e.Confidence})
	}
	return v.aliased
}

// throughAlias finds what a file of a program reads under a name that another file of the program, in its folder or the one above,
// has put into the environment: ENV["TOKEN"] = ENV.fetch("DEPLOY_TOKEN").
func (w *scriptWalk) throughAlias(name string, read inventory.Edge) (*inventory.Node, []inventory.Evidence) {
	if len(read.Evidence) == 0 {
		return nil, nil
	}
	file := read.Evidence[0].Path
	for _, a := range w.view.aliases()[[2]string{read.Evidence[0].Source, name}] {
		dir := folderOf(a.file)
		if folderOf(file) != dir && (dir == "" || !within(file, dir)) && (folderOf(dir) == "" || !within(file, folderOf(dir))) {
			continue
		}
		if b := w.visible(a.from); b != nil {
			return b, slices.Concat(read.Evidence, a.at)
		}
	}
	return nil, nil
}
