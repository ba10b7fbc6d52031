package kubernetes

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// readFluxKustomization reads which folder Flux applies, and the namespace that it gives to what stands there. The
// folder is looked for in this source: the GitRepository that it comes from is nearly always the same one. Source:
// the API reference of Flux's kustomize-controller.
func (o *object) readFluxKustomization() {
	n := o.root.Get("spec", "path")
	o.applies(o.a.Source, n, o.at.Key("spec").Key("path"), o.root.Get("spec", "targetNamespace"), o.at.Key("spec").Key("targetNamespace"))
}

// readArgoApplication reads which folders Argo CD applies, and where to. An ApplicationSet holds the same below its
// template. Source: the Application specification of Argo CD.
func (o *object) readArgoApplication() {
	spec, at := o.root.Get("spec"), o.at.Key("spec")
	if o.kind == "ApplicationSet" {
		spec, at = o.root.Get("spec", "template", "spec"), at.Key("template").Key("spec")
	}
	namespace, nsAt := spec.Get("destination", "namespace"), at.Key("destination").Key("namespace")
	one := spec.Get("source")
	o.applies(o.repository(one), one.Get("path"), at.Key("source").Key("path"), namespace, nsAt)
	for i, n := range spec.Get("sources").List() {
		o.applies(o.repository(n), n.Get("path"), at.Key("sources").Index(i).Key("path"), namespace, nsAt)
	}
}

// repository returns the source that a repoURL means, this one when it cannot be said.
func (o *object) repository(n *tree.Node) string {
	url := strings.TrimSuffix(strings.TrimSuffix(n.Get("repoURL").Str(), "/"), ".git")
	if _, rest, ok := strings.Cut(url, "://"); ok {
		if _, after, ok := strings.Cut(rest, "@"); ok {
			rest = after
		}
		url = rest
	} else if _, rest, ok := strings.Cut(url, "@"); ok {
		url = strings.Replace(rest, ":", "/", 1)
	}
	if strings.Count(url, "/") < 2 || name(url) == "" || strings.Contains(url, "*") {
		return o.a.Source
	}
	return strings.ToLower(url[:strings.IndexByte(url, '/')]) + url[strings.IndexByte(url, '/'):]
}

// applies joins the object, as a node that gives places to files, to the folder that is applied.
func (o *object) applies(source string, folder *tree.Node, at tree.Path, namespace *tree.Node, nsAt tree.Path) {
	dir := strings.Trim(path.Clean("/"+folder.Str()), "/")
	if folder.Str() == "" || container.Computed(dir) != dir || !o.spend() {
		return
	}
	place := artifact.At(folder, at)
	id := inventory.FileID("file", o.a.Source, o.a.Path) + "#" + o.key()
	o.facts.Node(inventory.File, id, o.name, place)
	o.facts.Attr(id, inventory.AttrType, "gitops", "", place)
	ns := name(namespace.Str())
	if strings.Contains(ns, "*") {
		ns = ""
	}
	o.facts.Attr(id, inventory.AttrScope, o.scope(ns), "", place)
	if ns != "" {
		place = artifact.At(namespace, nsAt)
	}
	o.describe(id, ns, place)
	to := o.facts.Node(inventory.File, inventory.FileID("file", source, dir), dir, artifact.At(folder, at))
	o.facts.Edge(inventory.BuiltFrom, id, to, "gitops-path", inventory.Certain, artifact.At(folder, at))
}

// releaseName is how the values of a chart name the release, where the chart evaluates them as templates.
var releaseName = lazy.New(`\{\{-?\s*\$?\.Release\.Name\s*-?\}\}`)

// released writes out the name of the release in a name that the values of a HelmRelease give.
func (r *file) released(text string) string {
	if r.release == "" || !strings.Contains(text, "{{") {
		return text
	}
	return releaseName.ReplaceAllLiteralString(text, r.release)
}

// releaseOf returns the name of the release that a HelmRelease makes, "" when it is none or computed. Source: the API
// reference of Flux's helm-controller.
func (o *object) releaseOf() string {
	if o.kind != "HelmRelease" || o.group != "helm.toolkit.fluxcd.io" {
		return ""
	}
	release := name(o.root.Get("spec", "releaseName").Str())
	if target := name(o.root.Get("spec", "targetNamespace").Str()); release == "" && target != "" {
		release = target + "-" + o.name
	}
	if release == "" {
		release = o.name
	}
	if strings.Contains(release, "*") {
		return ""
	}
	return release
}
