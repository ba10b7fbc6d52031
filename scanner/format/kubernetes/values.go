package kubernetes

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/format/helm"
)

// isValues reports whether the file holds values of a Helm chart that name a Secret.
func isValues(a *artifact.Artifact) bool {
	base := strings.ToLower(a.Base())
	ext := path.Ext(base)
	if ext != ".yaml" && ext != ".yml" || !strings.HasPrefix(base, "values") && !strings.HasSuffix(strings.TrimSuffix(base, ext), "values") {
		return false
	}
	for _, word := range []string{"ecret", "assword", "oken", "Key", "key", "redential"} {
		if a.Has(word) {
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
	if chart, ok := chartAround(r.a); ok {
		r.release = helm.ReleaseOf(chart)
	}
	r.chartValues(root)
	found := len(r.facts.Set.Edges())
	o.search()
	o.substituted()
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

// chartValues reads the values that are called a credential: the templates of the chart take them in. Whether one
// holds a secret is judged later.
func (r *file) chartValues(root *tree.Node) {
	chart, ok := chartAround(r.a)
	if !ok {
		return
	}
	scope := r.a.Source
	if r.marker != "" {
		scope += "@" + r.marker
	}
	helm.Leaves(root, func(path, key string, n *tree.Node) {
		if n.Str() == "" || n.Tag == "!!bool" || !isCredentialValue(key, "") || !r.spend() {
			return
		}
		at := artifact.At(n, tree.Path(path))
		slot := r.facts.Slot(helmValue(scope, chart, path), at)
		r.facts.Refs--
		r.facts.Defined(slot, inventory.DefinedInScan, at)
		if container.Copy(r.facts, slot, n.Str(), at) {
			r.facts.Literal(slot, key, n.Str(), at)
		}
	})
}

// chartAround returns the folder of the chart that a values file belongs to: its own, or one above it.
func chartAround(a *artifact.Artifact) (string, bool) {
	dir := a.Dir()
	for range 3 {
		if a.Siblings[strings.TrimPrefix(dir+"/Chart.yaml", "/")] != nil {
			return dir, true
		}
		if dir == "" {
			break
		}
		if dir = path.Dir(dir); dir == "." {
			dir = ""
		}
	}
	return "", false
}
