package kubernetes

import (
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/format/helm"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// isTemplate reports whether the file is a template of a Helm chart.
func isTemplate(a *artifact.Artifact) bool {
	return strings.Contains("/"+a.Path, "/templates/") && lazy.Contains(a.Content, "{{")
}

// parseTemplate reads a template of a chart in every way that its values and branches make it. What all of them say
// is one fact.
func parseTemplate(a *artifact.Artifact, f *artifact.Facts) error {
	renderings, err := helm.Render(a)
	if err != nil || len(renderings) == 0 {
		return parseFilledIn(a, f)
	}
	var failed error
	left, counted := maxReferences, 0
	doubtful := artifact.NewFacts(a, f.Platform)
	defer func() { weakly(f, doubtful) }()
	for i, w := range renderings {
		r := newFile(a, f)
		if w.Doubtful && i > 0 {
			r.facts = doubtful
		}
		r.chart, r.names, r.override, r.left = helm.Chart(a), w.Names, w.Overrides, left
		for _, d := range w.Documents {
			if d.Err != nil {
				failed = d.Err
				continue
			}
			r.document(d.Root, "", 0)
		}
		if left = r.left; i == 0 || r.left <= 0 {
			counted = f.Refs
			r.end()
		}
		if left <= 0 {
			break
		}
	}
	f.Refs, f.Literals = counted, once(f.Literals)
	return failed
}

// weakly adds what a chart would make if conditions held that its values deny: at low, unless it is made anyway. The
// installation may have other values.
func weakly(f, doubtful *artifact.Facts) {
	type end struct {
		from, to string
		kind     inventory.EdgeKind
	}
	sure := map[end]bool{}
	for _, e := range f.Set.Edges() {
		sure[end{e.From, e.To, e.Kind}] = true
	}
	edges := slices.DeleteFunc(doubtful.Set.Edges(), func(e inventory.Edge) bool { return sure[end{e.From, e.To, e.Kind}] })
	for i := range edges {
		edges[i].Confidence = inventory.Low
	}
	f.Set.Add(doubtful.Set.Nodes(), edges)
	f.Literals = once(append(f.Literals, doubtful.Literals...))
	f.Skips = append(f.Skips, doubtful.Skips...)
}

// parseFilledIn reads a file below a folder of templates that are not Helm's.
func parseFilledIn(a *artifact.Artifact, f *artifact.Facts) error {
	r := newFile(a, f)
	docs := a.Documents()
	var failed error
	for i, d := range docs {
		if d.Err != nil {
			if d.Root = r.masked(docs, i); d.Root == nil {
				failed = d.Err
			}
		}
		r.document(d.Root, "", 0)
	}
	r.end()
	return failed
}

// once leaves out literals that several renderings have at one place.
func once(all []artifact.Literal) []artifact.Literal {
	type key struct {
		slot         string
		line, column int
	}
	seen := map[key]bool{}
	var out []artifact.Literal
	for _, l := range all {
		if k := (key{l.Slot, l.Place.Line, l.Place.Column}); !seen[k] {
			seen[k] = true
			out = append(out, l)
		}
	}
	return out
}

// given returns where the values stand that the text of a node takes in.
func given(n *tree.Node) []artifact.Place {
	var out []artifact.Place
	for _, o := range n.From() {
		if o.File != "" && o.Line > 0 {
			out = append(out, artifact.Place{Line: o.Line, Column: 1, File: o.File, Pointer: o.Path})
		}
	}
	return out
}

// valueOf returns the slot of a value of the chart.
func (r *file) valueOf(o tree.Origin, at artifact.Place) string {
	if o.Path == "" || !r.spend() {
		return ""
	}
	scope := r.a.Source
	if m := detect.PathMarker(o.File); m != "" {
		scope += "@" + m
	}
	return r.facts.Slot(helmValue(scope, r.chart, o.Path), at)
}

func helmValue(scope, chart, path string) inventory.SlotRef {
	if chart == "" {
		chart = "."
	}
	return inventory.SlotRef{Store: "helm", Scope: scope, Name: chart, Key: path}
}

// namesOther matches values that name a Secret, or a key of one, instead of holding a credential.
var namesOther = lazy.New(`(?i)^existing|^secrets?$|^secretKeys$|.(Secret|Password|Token)(Name|Key|Keys|Ref)$`)

// isCredentialValue reports whether a value of a chart is a credential by its own name, or by that of what takes it
// in.
func isCredentialValue(path, name string) bool {
	last := path[strings.LastIndexByte(path, '.')+1:]
	if nameField.MatchString(last) || namesOther.MatchString(last) {
		return false
	}
	return detect.ClassifyName(last).Class == inventory.ClassCredential || detect.ClassifyName(name).Class == inventory.ClassCredential
}

// takesValues joins a binding or slot to the values of the chart in its text, and reports whether there is nothing
// else in it. Values of a variable are named only where the variable or they themselves are called a credential.
func (r *file) takesValues(kind inventory.EdgeKind, id, name string, n *tree.Node, secret bool, at artifact.Place) bool {
	whole := false
	for _, o := range n.From() {
		whole = whole || o.Whole
		if !secret && !isCredentialValue(o.Path, name) {
			continue
		}
		slot := r.valueOf(o, at)
		if slot == "" {
			continue
		}
		for _, place := range append([]artifact.Place{at}, given(&tree.Node{Note: &tree.Note{From: []tree.Origin{o}}})...) {
			if kind == inventory.CopiesFrom && o.Whole {
				r.facts.EdgeWith(kind, id, slot, "R8-values", inventory.High, place, inventory.AttrWhole, "true")
				continue
			}
			r.facts.Edge(kind, id, slot, "R8-values", inventory.High, place)
		}
	}
	return whole || len(n.From()) > 0 && container.Computed(n.Str()) == "*" || n.File() != ""
}
