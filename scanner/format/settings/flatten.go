package settings

import (
	"strconv"

	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// Leaf is a scalar of a structured file with the key that leads to it.
type Leaf struct {
	Key   string
	Value *tree.Node
	At    artifact.Place
}

// Flatten lists the scalars below a node. Names are joined by the separator; index writes the place in a list.
func Flatten(n *tree.Node, separator string, index func(int) string) []Leaf {
	f := flattener{separator: separator, index: index}
	f.walk(n, "", "", artifact.Place{})
	return f.out
}

type flattener struct {
	separator string
	index     func(int) string
	out       []Leaf
}

func (f *flattener) walk(n *tree.Node, key string, at tree.Path, place artifact.Place) {
	switch {
	case n == nil || len(f.out) >= maxProperties:
	case n.IsMap():
		for _, p := range n.Entries() {
			next := p.Key
			if key != "" {
				next = key + f.separator + p.Key
			}
			where := at.Key(p.Key)
			f.walk(p.Value, next, where, artifact.AtPair(p, where))
		}
	case n.IsSeq():
		for i, item := range n.List() {
			where := at.Index(i)
			f.walk(item, key+f.index(i), where, artifact.At(item, where))
		}
	case key != "":
		f.out = append(f.out, Leaf{Key: key, Value: n, At: place})
	}
}

// Bracketed writes the place in a list as Spring does: hosts[0].
func Bracketed(i int) string { return "[" + strconv.Itoa(i) + "]" }

// Numbered writes the place in a list as .NET does: Hosts:0.
func Numbered(i int) string { return ":" + strconv.Itoa(i) }
