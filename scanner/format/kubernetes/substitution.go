package kubernetes

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// Flux fills ${NAME} in what a Kustomization applies from the Secrets that it names in postBuild.substituteFrom. Which
// Kustomization applies a file is not in the file: so the object gets a binding for the name, and graph/resolve joins it.
// Source: "post build variable substitution" in the reference of Flux's Kustomization.

// substitutes reports whether a file may have such variables.
func (r *file) substitutes() bool { return r.chart == "" && r.a.Has("${") }

// substituted adds the variables in the object's texts that are named for a credential.
func (o *object) substituted() {
	if !o.substitutes() {
		return
	}
	o.root.Walk(o.at, func(p tree.Path, n *tree.Node) bool {
		if n.Kind == tree.Scalar && strings.Contains(n.Value, "${") {
			for _, b := range o.variablesOf(n.Value, artifact.At(n, p)) {
				o.reads(b, "flux-substitution", inventory.High, artifact.At(n, p))
			}
		}
		return o.left > 0
	})
}

// variablesOf returns the bindings of the variables in a text.
func (o *object) variablesOf(text string, at artifact.Place) []string {
	var out []string
	for _, v := range detect.Variables(text) {
		braced := v.Start+1 < len(text) && text[v.Start+1] == '{'
		if !braced || len(v.Name) > 200 || detect.Ignored(v.Name) || detect.ClassifyName(v.Name).Score <= 0 || !o.spend() {
			continue
		}
		if o.params != nil {
			out = append(out, o.parameter(v.Name, at))
			continue
		}
		consumer := inventory.FileID("file", o.a.Source, o.a.Path) + "#" + o.key()
		b := o.facts.Binding(consumer, v.Name, "argument", at)
		o.facts.Attr(b, inventory.AttrType, "flux-substitution", "", at)
		out = append(out, b)
	}
	return out
}

// substitutedKey joins a key of a Secret to the variables in its text.
func (o *object) substitutedKey(slot, text string, at artifact.Place) {
	if !o.substitutes() || !strings.Contains(text, "${") {
		return
	}
	if o.params != nil {
		for _, m := range parameterUse.FindAllStringSubmatch(text, 50) {
			o.facts.Edge(inventory.CopiesFrom, slot, o.parameter(m[1], at), "template-parameter", inventory.High, at)
		}
		return
	}
	for _, b := range o.variablesOf(text, at) {
		o.facts.Edge(inventory.CopiesFrom, slot, b, "flux-substitution", inventory.High, at)
	}
}

// substituteFrom notes which Secrets and ConfigMaps fill the variables of what a Kustomization applies.
func (o *object) substituteFrom() {
	at := o.at.Key("spec").Key("postBuild").Key("substituteFrom")
	folder := strings.Trim(o.root.Get("spec", "path").Str(), "./")
	for i, n := range o.root.Get("spec", "postBuild", "substituteFrom").List() {
		named, find := n.Get("name"), o.secret
		if n.Get("kind").Str() == "ConfigMap" {
			find = o.configMap
		}
		place := artifact.At(named, at.Index(i).Key("name"))
		to := find(o.namespace, named.Str(), "", place)
		if to == "" {
			continue
		}
		id := "flux-substitute:" + o.a.Source + "/" + o.a.Path + "#" + o.key()
		o.facts.Node(inventory.Pattern, id, "variables of "+o.name, place)
		o.facts.Attr(id, inventory.AttrType, "flux-substitute", folder, place)
		o.facts.Edge(inventory.GeneratedFrom, id, to, "flux-substitute", inventory.Certain, place)
	}
}
