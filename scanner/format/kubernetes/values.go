package kubernetes

import (
	"bytes"
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// isValues reports whether the file holds values of a Helm chart that name a Secret.
func isValues(a *artifact.Artifact) bool {
	base := strings.ToLower(a.Base())
	ext := path.Ext(base)
	if ext != ".yaml" && ext != ".yml" || !strings.HasPrefix(base, "values") && !strings.HasSuffix(strings.TrimSuffix(base, ext), "values") {
		return false
	}
	for _, word := range []string{"secretKeyRef", "ecretRef", "ecretName", "xistingSecret", "imagePullSecrets"} {
		if bytes.Contains(a.Content, []byte(word)) {
			return true
		}
	}
	return false
}

// values reads Helm values for the shapes that name a Secret. The release that they become is not known here, so
// the file itself is the reader, at medium: charts differ in what they do with a value.
func (r *file) values(root *tree.Node) {
	at := artifact.Place{Line: 1, Column: 1}
	o := &object{file: r, root: root, kind: "values", group: "values", seen: map[*tree.Node]bool{}}
	o.id = inventory.FileID("file", r.a.Source, r.a.Path)
	found := len(r.facts.Set.Edges())
	o.search()
	if len(r.facts.Set.Edges()) == found {
		return
	}
	r.facts.Node(inventory.File, o.id, r.a.Path, at)
	r.facts.Attr(o.id, inventory.AttrPlatform, r.facts.Platform, "", at)
	r.facts.Attr(o.id, inventory.AttrType, "helm-values", "", at)
	if e := detect.PathEnvironment(r.a.Path); e != "" {
		r.facts.AttrSure(o.id, inventory.AttrEnvironment, e, "path", inventory.High, at)
	}
}
