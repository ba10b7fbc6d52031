package kubernetes

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// ocTemplate is OpenShift's kind Template: objects with parameters in their texts. A parameter without a default stands
// for itself in names, {NAME}, so that the templates of one source that name the same object agree. What fills a parameter is an
// entry of the store template, which the command oc process -p and actions like it write. Source: "Using templates" of
// the documentation of OpenShift.
type ocTemplate struct {
	defaults map[string]string // by parameter; "" for those without
	places   map[string]artifact.Place
}

var (
	parameterUse  = lazy.New(`\$\{\{?([A-Za-z_]\w*)\}\}?`)
	parameterName = lazy.New(`\$?\{\{?((?:[A-Za-z_]\w*)?)\}\}?`)
)

// minLiteral is how much of a name must be literal for its parameters to stand for anything.
const minLiteral = 8

// isTemplateKind reports whether an object is a Template of OpenShift.
func isTemplateKind(root *tree.Node) bool {
	return root.Get("kind").Str() == "Template" && root.Get("objects").IsSeq() &&
		(root.Get("apiVersion").Str() == "v1" || strings.HasPrefix(root.Get("apiVersion").Str(), "template.openshift.io/"))
}

// templateObjects reads the objects of a Template.
func (r *file) templateObjects(root *tree.Node, at tree.Path, depth int) {
	t := &ocTemplate{defaults: map[string]string{}, places: map[string]artifact.Place{}}
	for i, p := range root.Get("parameters").List() {
		if name := p.Get("name").Str(); name != "" {
			t.defaults[name] = p.Get("value").Str()
			t.places[name] = artifact.At(p, at.Key("parameters").Index(i))
		}
	}
	r.params = t
	defer func() { r.params = nil }()
	for i, item := range root.Get("objects").Items {
		r.document(t.filled(item), at.Key("objects").Index(i), depth+1)
	}
}

// filled puts the defaults of parameters into a copy of an object.
func (t *ocTemplate) filled(n *tree.Node) *tree.Node {
	if n == nil {
		return nil
	}
	c := *n
	if n.Kind == tree.Scalar && strings.Contains(n.Value, "${") {
		c.Value = parameterUse.ReplaceAllStringFunc(n.Value, func(use string) string {
			if v := t.defaults[strings.Trim(use, "${}")]; v != "" && detect.ClassifyName(strings.Trim(use, "${}")).Score <= 0 {
				return v
			}
			return use
		})
	}
	if n.Items != nil {
		c.Items = make([]*tree.Node, len(n.Items))
		for i, item := range n.Items {
			c.Items[i] = t.filled(item)
		}
	}
	if n.Pairs != nil {
		c.Pairs = make([]tree.Pair, len(n.Pairs))
		for i, p := range n.Pairs {
			c.Pairs[i] = p
			c.Pairs[i].Value = t.filled(p.Value)
		}
	}
	return &c
}

// entryName is name, but for the parameters of a Template, which stand for themselves.
func (r *file) entryName(s string) string {
	if r.params == nil {
		return name(s)
	}
	if literal := parameterName.ReplaceAllString(s, ""); len(strings.Trim(literal, "-.")) >= minLiteral {
		s = parameterName.ReplaceAllString(s, "\u00ab\u00bb") // templates of one source call the same parameter differently
	}
	s = name(parameterName.ReplaceAllString(s, "\u00ab$1\u00bb"))
	return strings.NewReplacer("\u00ab", "{", "\u00bb", "}").Replace(s)
}

// parameter returns the entry that a parameter of a Template is filled from.
func (r *file) parameter(name string, at artifact.Place) string {
	ref := inventory.SlotRef{Store: "template", Scope: r.a.Source, Name: r.a.Path, Key: name}
	id := r.facts.Slot(ref, at)
	if place, ok := r.params.places[name]; ok {
		r.facts.Slot(ref, place)
	}
	return id
}
