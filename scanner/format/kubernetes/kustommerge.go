package kubernetes

import (
	"path"
	"regexp"
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// objectName is what a patch calls the objects that it is for: their kind, "" for any, and a regular expression of their names.
type objectName struct{ kind, name string }

// patchTarget returns what a patch is for: its target, or, of a partial object without one, the object itself.
func patchTarget(item, doc *tree.Node) objectName {
	target := item.Get("target")
	if name := target.Get("name").Str(); name != "" || doc.IsSeq() {
		return objectName{target.Get("kind").Str(), name}
	}
	kind := doc.Get("kind").Str()
	if kind == "" || doc.Get("$patch").Str() != "" {
		return objectName{}
	}
	return objectName{kind, regexp.QuoteMeta(doc.Get("metadata", "name").Str())}
}

// merged lays a partial object over a copy of an object: maps are merged, anything else is replaced, and null takes a key
// away. So it is for the kinds that come with operators: only the types of Kubernetes itself merge lists by their keys.
// Source: RFC 7386, and the kustomization reference (patches).
func merged(root, patch *tree.Node) *tree.Node {
	root = copied(root)
	overlay(root, patch, 0)
	return root
}

func overlay(root, patch *tree.Node, depth int) {
	if depth > 30 {
		return
	}
	for _, p := range patch.Pairs {
		i := 0
		for i < len(root.Pairs) && root.Pairs[i].Key != p.Key {
			i++
		}
		switch {
		case p.Value == nil || p.Value.Tag == "!!null":
			if i < len(root.Pairs) {
				root.Pairs = append(root.Pairs[:i:i], root.Pairs[i+1:]...)
			}
		case i == len(root.Pairs):
			root.Pairs = append(root.Pairs, p)
		case p.Value.IsMap() && root.Pairs[i].Value.IsMap():
			overlay(root.Pairs[i].Value, p.Value, depth+1)
		default:
			root.Pairs[i] = p
		}
	}
}

// namespaceAbove returns the namespace that the bundle's kustomizations of the folders above a file give to it: that of the
// outermost one that says it.
func (r *file) namespaceAbove(file string) string {
	found := ""
	for dir := path.Dir(file); dir != "." && dir != "/"; dir = path.Dir(dir) {
		for _, base := range []string{"kustomization.yaml", "kustomization.yml", "Kustomization"} {
			s := r.a.Siblings[path.Join(dir, base)]
			if s == nil {
				continue
			}
			for _, d := range s.Documents() {
				if n := name(d.Root.Get("namespace").Str()); d.Err == nil && n != "" && !strings.ContainsAny(n, "{$") {
					found = n
				}
			}
		}
	}
	return found
}
