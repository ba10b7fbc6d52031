package export

import (
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// Object is one exported thing with its route from the root of the file.
type Object struct {
	Node   *tree.Node
	Path   tree.Path
	Around *tree.Node // the object that wraps it, nil for none
}

// maxWrapped bounds how deep an export may be wrapped.
const maxWrapped = 10

// Unwrap returns the objects of a file that accept recognises, in order: the root, the items of a list, and what
// stands below the keys in which an API or a backup wraps its answer. Below an accepted object nothing is looked
// for. The error is that of a file that is no JSON or YAML.
func Unwrap(a *artifact.Artifact, accept func(*tree.Node) bool, wrappers ...string) ([]Object, error) {
	var out []Object
	docs := a.Documents()
	for i, d := range docs {
		if d.Err != nil {
			return out, d.Err
		}
		root := tree.Path("")
		if len(docs) > 1 {
			root = root.Index(i)
		}
		out = unwrap(out, Object{Node: d.Root, Path: root}, accept, wrappers, 0)
	}
	return out, nil
}

func unwrap(out []Object, o Object, accept func(*tree.Node) bool, wrappers []string, depth int) []Object {
	if depth > maxWrapped || o.Node == nil {
		return out
	}
	if accept(o.Node) {
		return append(out, o)
	}
	if o.Node.IsSeq() {
		for i, item := range o.Node.Items {
			if item != nil && item.Kind != tree.Scalar {
				out = unwrap(out, Object{item, o.Path.Index(i), o.Node}, accept, wrappers, depth+1)
			}
		}
	}
	for _, key := range wrappers {
		if inner := o.Node.Get(key); inner != nil && inner.Kind != tree.Scalar {
			out = unwrap(out, Object{inner, o.Path.Key(key), o.Node}, accept, wrappers, depth+1)
		}
	}
	return out
}

// Holds reports whether a file holds at least one object that accept recognises.
func Holds(a *artifact.Artifact, accept func(*tree.Node) bool, wrappers ...string) bool {
	objects, err := Unwrap(a, accept, wrappers...)
	return err == nil && len(objects) > 0
}

// Malformed reports whether a file cannot be parsed. A row that knows its own text claims such a file, so that it is
// reported.
func Malformed(a *artifact.Artifact) bool {
	docs := a.Documents()
	return len(docs) == 0 || docs[0].Err != nil
}

// Inner parses JSON text that stands in a string. Every node below has the place of the string. It is nil when
// the text is no JSON. The tree lives as long as those of the artifact's Documents.
func Inner(a *artifact.Artifact, n *tree.Node) *tree.Node {
	if !n.IsString() {
		return nil
	}
	docs, err := a.JSON([]byte(n.Value))
	if err != nil || len(docs) != 1 || docs[0].Kind == tree.Scalar {
		return nil
	}
	docs[0].Walk("", func(_ tree.Path, c *tree.Node) bool {
		c.Line, c.Column = n.Line, n.Column
		for i := range c.Pairs {
			c.Pairs[i].Line, c.Pairs[i].Column = n.Line, n.Column
		}
		return true
	})
	return docs[0]
}

// LastLine returns the line on which the last thing in n stands.
func LastLine(n *tree.Node) int {
	last := 0
	for n != nil {
		last = max(last, n.Line)
		switch {
		case len(n.Pairs) > 0:
			n = n.Pairs[len(n.Pairs)-1].Value
		case len(n.Items) > 0:
			n = n.Items[len(n.Items)-1]
		default:
			return last
		}
	}
	return last
}

// Cover says which lines each node covers, when no two of them share a line: in a file written on one line a
// place says nothing about whose it is.
func Cover(f *artifact.Facts, spans []artifact.Span) {
	for i, s := range spans {
		shared := i > 0 && spans[i-1].Last >= s.First || i+1 < len(spans) && spans[i+1].First <= s.Last
		if !shared && s.First > 0 {
			f.Cover(s.Node, s.First, s.Last)
		}
	}
}
