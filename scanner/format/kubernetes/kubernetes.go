// Package kubernetes reads Kubernetes manifests: Secrets and what makes them (External Secrets, Sealed Secrets,
// the CSI driver, cert-manager, Vault), everything that owns a pod, and every field of any other object that
// names a Secret. Helm values and kustomizations are read for the same shapes.
package kubernetes

import (
	"bytes"
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/format/helm"
)

// Format is the row of Kubernetes manifests, after the Kubernetes API reference and the documentation of the
// operators named in each file of this package.
func Format() artifact.Format {
	return artifact.Format{
		ID: "kubernetes", Title: "Kubernetes manifests", Doc: "https://kubernetes.io/docs/reference/kubernetes-api/",
		Match: match, Parse: parse, Siblings: siblings, Further: further,
	}
}

// match takes YAML and JSON files that name an apiVersion and a kind, kustomizations, and Helm values in which
// a Secret is named.
func match(a *artifact.Artifact) bool {
	switch strings.ToLower(path.Ext(a.Path)) {
	case ".yaml", ".yml", ".json":
	case ".tmpl", ".tpl", ".template", ".j2", ".erb", ".gotmpl": // filled in by another tool before it is applied
		return a.HasKey("apiVersion") && a.HasKey("kind") && !isTemplate(a)
	default:
		return false
	}
	if a.Has("apiVersion") && a.Has("kind") {
		return true
	}
	return isKustomization(a) || isValues(a) || includes(a)
}

// includes reports whether a file is a template that takes in another, which may hold a manifest.
func includes(a *artifact.Artifact) bool {
	return (a.Has("include ") || a.Has("template ")) && isTemplate(a)
}

// further names the files of the libraries that the chart of a template takes in from the source, and what the
// kustomizations that another one takes in take in themselves.
func further(a *artifact.Artifact) []string {
	if isTemplate(a) {
		return helm.Further(a)
	}
	if isKustomization(a) {
		return furtherKustomized(a)
	}
	return nil
}

// siblings names the files of the chart that a template or a values file belongs to.
func siblings(a *artifact.Artifact) []string {
	switch {
	case isTemplate(a):
		return helm.Siblings(a)
	case isValues(a):
		return []string{"Chart.yaml", "../Chart.yaml", "../../Chart.yaml"}
	case isKustomization(a):
		return kustomized(a)
	}
	return nil
}

func parse(a *artifact.Artifact, f *artifact.Facts) error {
	if isTemplate(a) {
		return parseTemplate(a, f)
	}
	r := newFile(a, f)
	var failed error
	docs := a.Documents()
	for i, d := range docs {
		if d.Err != nil {
			if d.Root = r.masked(docs, i); d.Root == nil {
				failed = d.Err
				continue
			}
		}
		if isKustomization(a) && !strings.Contains(d.Root.Get("apiVersion").Str(), ".fluxcd.io/") {
			r.kustomization(d.Root)
			continue
		}
		r.document(d.Root, "", 0)
	}
	r.end()
	return failed
}

func newFile(a *artifact.Artifact, f *artifact.Facts) *file {
	return &file{facts: f, a: a, marker: detect.PathMarker(a.Path), environment: detect.PathEnvironment(a.Path),
		extents: container.Extents{}, left: maxReferences, parts: map[string]*tree.Node{}}
}

func (r *file) end() {
	if r.left <= 0 {
		r.facts.Skip("more references than the limit")
	}
}

// masked returns a document that another tool fills in, with holes in place of what it fills in; nil when it is none
// or cannot be read so either.
func (r *file) masked(docs []tree.Document, i int) *tree.Node {
	start, end := r.a.LineStart(docs[i].Line), len(r.a.Content)
	if i+1 < len(docs) {
		end = r.a.LineStart(docs[i+1].Line)
	}
	if start < 0 || end < start || !bytes.Contains(r.a.Content[start:end], []byte("{{")) {
		return nil
	}
	return helm.Masked(r.a.Content[start:end], docs[i].Line)
}

// maxReferences bounds what one file yields: aliases make a small file large.
const maxReferences = 50_000

// file is one file while it is read.
type file struct {
	facts       *artifact.Facts
	a           *artifact.Artifact
	marker      string // of the environment, in the scopes of slots
	environment string
	extents     container.Extents
	release     string                // of the HelmRelease that is read, "" for other objects
	left        int                   // of maxReferences
	chart       string                // folder of the chart, for a template
	names       map[string]bool       // names that a values file of one environment gives
	override    string                // that file
	parts       map[string]*tree.Node // container of each part id
	params      *ocTemplate           // the Template whose objects are read, nil outside of one
}

// maxLists bounds how deep lists of objects nest.
const maxLists = 5

// document reads one document: an object, a list of objects, or Helm values.
func (r *file) document(root *tree.Node, at tree.Path, depth int) {
	kind := root.Get("kind").Str()
	switch {
	case !root.IsMap():
	case kind == "" && isValues(r.a):
		r.values(root)
	case strings.HasSuffix(kind, "List") && root.Get("items").IsSeq() && depth < maxLists:
		for i, item := range root.Get("items").Items {
			r.document(item, at.Key("items").Index(i), depth+1)
		}
	case isTemplateKind(root) && depth < maxLists:
		r.templateObjects(root, at, depth)
	case kind != "" && root.Get("apiVersion").Str() != "":
		r.object(root, at)
	}
}

// spend counts one reference and reports whether it is still within the limit.
func (r *file) spend() bool {
	r.left--
	return r.left > 0
}

// scope returns the scope of the names in a namespace: source, environment of the path, namespace.
func (r *file) scope(namespace string) string { return r.scopeUnder(r.marker, namespace) }

func (r *file) scopeUnder(marker, namespace string) string {
	scope := r.a.Source
	if marker != "" {
		scope += "@" + marker
	}
	if namespace == "" {
		namespace = "*"
	}
	return scope + "/" + namespace
}

// name cleans the name of an object: computed parts become "*"; "" when it is no name.
func name(s string) string {
	s = container.Computed(strings.TrimSpace(s))
	if len(s) > 253 || strings.Trim(s, "*-.") == "" || strings.ContainsFunc(s, notInName) {
		return ""
	}
	return s
}

func notInName(r rune) bool {
	return r <= ' ' || r == 0x7f || r == '{' || r == '}' || r == '"' || r == '\'' || r == '\\'
}

// secret returns the node of a Secret's key: a slot, or a pattern when the key is not said or part of the name is
// computed; "" when there is no name.
func (r *file) secret(namespace, secret, key string, at artifact.Place) string {
	return r.entry("k8s", namespace, secret, key, at)
}

// configMap returns the node of a ConfigMap's key.
func (r *file) configMap(namespace, config, key string, at artifact.Place) string {
	return r.entry("k8s-configmap", namespace, config, key, at)
}

func (r *file) entry(store, namespace, entry, key string, at artifact.Place) string {
	entry = r.entryName(r.released(entry))
	if entry == "" || !r.spend() {
		return ""
	}
	if namespace = name(namespace); strings.Contains(namespace, "*") {
		namespace = ""
	}
	ref := inventory.SlotRef{Store: store, Scope: r.scope(namespace), Name: entry, Key: container.Computed(key)}
	if r.names[entry] {
		ref.Scope = r.scopeUnder(detect.PathMarker(r.override), namespace)
	}
	var id string
	switch {
	case key == "":
		id = container.All(r.facts, ref, at)
	case strings.Contains(entry+ref.Key, "*"):
		id = container.Glob(r.facts, ref, at)
	default:
		id = r.facts.Slot(ref, at)
	}
	r.describe(id, namespace, at)
	return id
}

// describe adds namespace and environment to a node.
func (r *file) describe(id, namespace string, at artifact.Place) {
	if namespace != "" {
		r.facts.Attr(id, inventory.AttrNamespace, namespace, "", at)
	}
	if r.environment != "" {
		r.facts.AttrSure(id, inventory.AttrEnvironment, r.environment, "path", inventory.High, at)
	} else if e, sure := namespaceEnvironment(namespace); e != "" {
		r.facts.AttrSure(id, inventory.AttrEnvironment, e, "namespace", sure, at)
	}
}

// namespaceEnvironment returns the environment that the name of a namespace speaks of. dev and shop-dev are one; dev-tools may
// as well be what developers use.
func namespaceEnvironment(namespace string) (string, inventory.Confidence) {
	last := namespace[strings.LastIndexAny(namespace, "-_.")+1:]
	if e := detect.WordEnvironment(last); e != "" && e == detect.WordEnvironment(namespace) {
		return e, inventory.Medium
	}
	return detect.WordEnvironment(namespace), inventory.Low
}
