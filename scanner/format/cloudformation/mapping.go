package cloudformation

import (
	"strings"

	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// maxMapped bounds the values of a mapping that one place may mean.
const maxMapped = 60

// function returns the arguments of a function of CloudFormation, in either of its spellings; nil for anything else.
func function(n *tree.Node, name string) []*tree.Node {
	switch {
	case n.Tag == "!"+name && n.IsSeq():
		return n.Items
	case len(n.Pairs) == 1 && n.Pairs[0].Key == "Fn::"+name:
		return n.Pairs[0].Value.List()
	}
	return nil
}

// mapped lists the entries that FindInMap may give: one for each value of a key that is not known, which is that of an account or
// an environment in most templates. A key is taken of each.
// Source: the documentation of Fn::FindInMap.
func (f *file) mapped(list []*tree.Node, key string, at artifact.Place) []use {
	if len(list) < 3 {
		return nil
	}
	var out []use
	p := f.at.Key("Mappings").Key(list[0].Str())
	for _, top := range f.root.Get("Mappings", list[0].Str()).Entries() {
		for _, second := range top.Value.Entries() {
			if !meant(list[1], top.Key) || !meant(list[2], second.Key) || len(out) == maxMapped || !f.spend() {
				continue
			}
			place := artifact.AtPair(second, p.Key(top.Key).Key(second.Key))
			for _, r := range detect.StoreReferences(second.Value.Str()) {
				if key != "" {
					r.Slot.Key, r.Whole = key, true
				}
				out = append(out, use{f.Slot(r.Slot, place), at, r.Whole})
			}
		}
	}
	return out
}

// meant reports whether a key of a mapping may be the one that an argument names.
func meant(n *tree.Node, key string) bool {
	literal := n.Str() != "" && n.Tag != "!Ref" && n.Tag != "!Sub" && !strings.Contains(n.Value, "${")
	return !literal || n.Value == key
}

// joined reads an address that is put together of one of a mapping and the key behind it: [!FindInMap [...], ":password::"].
func (f *file) joined(items []*tree.Node, at artifact.Place) []use {
	if len(items) != 2 {
		return nil
	}
	list := function(items[0], "FindInMap")
	rest, ok := strings.CutPrefix(items[1].Str(), ":")
	if list == nil || !ok {
		return nil
	}
	key, _, _ := strings.Cut(rest, ":")
	return f.mapped(list, key, at)
}
