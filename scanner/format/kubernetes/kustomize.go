package kubernetes

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/format/dotenv"
)

func isKustomization(a *artifact.Artifact) bool {
	switch a.Base() {
	case "kustomization.yaml", "kustomization.yml", "Kustomization":
		return true
	}
	return false
}

// kustomization reads the generators of a kustomization, its namespace, and which files it takes in. Source: the
// kustomization reference.
func (r *file) kustomization(root *tree.Node) {
	if !root.IsMap() {
		return
	}
	at := artifact.Place{Line: 1, Column: 1}
	id := inventory.FileID("file", r.a.Source, r.a.Path)
	r.facts.Node(inventory.File, id, r.a.Path, at)
	r.facts.Attr(id, inventory.AttrType, "kustomization", "", at)
	n := root.Get("namespace")
	namespace := name(n.Str())
	if n != nil {
		at = artifact.At(n, "namespace")
	}
	r.facts.Attr(id, inventory.AttrScope, r.scope(namespace), "", at)
	r.describe(id, namespace, at)
	for _, key := range []string{"resources", "bases", "components", "patchesStrategicMerge"} {
		for i, item := range root.Get(key).List() {
			r.takesIn(id, item, tree.Path(key).Index(i))
		}
	}
	for i, item := range root.Get("patches").List() {
		r.takesIn(id, item.Get("path"), tree.Path("patches").Index(i).Key("path"))
	}
	r.patches(id, namespace, root)
	r.generators(root, "secretGenerator", namespace, r.secret)
	r.generators(root, "configMapGenerator", namespace, r.configMap)
}

// takesIn joins a kustomization to a file or folder that it takes in.
func (r *file) takesIn(id string, n *tree.Node, at tree.Path) {
	target := n.Str()
	if target == "" || strings.ContainsAny(target, "\n:?{$") || !r.spend() {
		return
	}
	if target = path.Join(r.a.Dir(), target); strings.HasPrefix(target, "..") {
		return
	}
	place := artifact.At(n, at)
	to := r.facts.Node(inventory.File, inventory.FileID("file", r.a.Source, target), target, place)
	r.facts.Edge(inventory.BuiltFrom, id, to, "kustomize-resource", inventory.Certain, place)
}

func (r *file) generators(root *tree.Node, key, namespace string, find entry) {
	for i, g := range root.Get(key).List() {
		ns := namespace
		if own := name(g.Get("namespace").Str()); own != "" {
			ns = own
		}
		gen := generator{r, name(g.Get("name").Str()), ns, find, key == "secretGenerator"}
		if gen.name != "" {
			gen.read(g, tree.Path(key).Index(i))
		}
	}
}

// generator is one secretGenerator or configMapGenerator. Its name is the base name: kustomize appends a hash
// and rewrites the references.
type generator struct {
	*file
	name, namespace string
	find            entry
	secret          bool
}

func (g generator) read(n *tree.Node, at tree.Path) {
	for i, item := range n.Get("literals").List() {
		key, value, _ := strings.Cut(item.Str(), "=")
		place := artifact.At(item, at.Key("literals").Index(i))
		slot := g.slot(key, place)
		value = strings.Trim(value, `"'`)
		if slot != "" && container.Copy(g.facts, slot, value, place) {
			g.facts.AddLiteral(artifact.Literal{Slot: slot, Name: key, Secret: artifact.Seal(value), Place: place,
				Sure: g.secret && isSecretKey(key)})
		}
	}
	for i, item := range n.Get("files").List() {
		key, file, ok := strings.Cut(item.Str(), "=")
		if !ok {
			key, file = path.Base(item.Str()), item.Str()
		}
		g.fromFile(key, file, artifact.At(item, at.Key("files").Index(i)))
	}
	for i, item := range append(n.Get("envs").List(), n.Get("env").List()...) {
		g.fromEnv(item.Str(), artifact.At(item, at.Key("envs").Index(i)))
	}
}

func (g generator) slot(key string, at artifact.Place) string {
	if key == "" || key == "." {
		return ""
	}
	slot := g.find(g.namespace, g.name, key, at)
	if slot != "" {
		g.facts.Refs--
		g.facts.Defined(slot, inventory.DefinedInScan, at)
		g.facts.Attr(slot, inventory.AttrType, "kustomize-generator", "", at)
	}
	return slot
}

func (g generator) fromFile(key, file string, at artifact.Place) {
	slot, file := g.slot(key, at), path.Join(g.a.Dir(), file)
	if slot == "" || strings.HasPrefix(file, "..") {
		return
	}
	to := g.facts.Node(inventory.File, inventory.FileID("file", g.a.Source, file), file, at)
	g.facts.Edge(inventory.GeneratedFrom, slot, to, "kustomize-generator", inventory.Certain, at)
}

// fromEnv takes in all variables of a file.
func (g generator) fromEnv(file string, at artifact.Place) {
	file = path.Join(g.a.Dir(), file)
	if file == "" || strings.HasPrefix(file, "..") {
		return
	}
	to := g.find(g.namespace, g.name, "", at)
	ref := dotenv.Slot(g.a.Source, file, "")
	if to != "" {
		g.facts.EdgeWith(inventory.CopiesFrom, to, container.All(g.facts, ref, at), "kustomize-generator", inventory.Certain, at,
			inventory.AttrWhole, "true")
	}
}
