package resolve

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinConfigTrees is R10 for Spring's configtree: in a folder that a configuration file imports, each file is a property
// of its name. A part that sees such a file, from a Secret, a vault or a chart's values, binds the property.
func joinConfigTrees(v *View) {
	trees := map[string][]inventory.Edge{} // folder with its slash -> imports
	for e := range v.EdgesOf(inventory.Reads) {
		if e.Rule != "spring-configtree" {
			continue
		}
		if b, file := v.Node(e.To), v.Node(e.From); b != nil && len(file.Evidence) > 0 && !IsTest(file.Evidence[0].Path) {
			dir := strings.TrimSuffix(b.Name, "*")
			trees[dir] = append(trees[dir], e)
		}
	}
	if len(trees) == 0 {
		return
	}
	for _, b := range v.Nodes(inventory.Binding) {
		if b.Attr(inventory.AttrAs) != "file" || strings.HasPrefix(b.ID, "code:") || strings.HasSuffix(b.Name, "*") {
			continue
		}
		for _, dir := range sortedKeys(trees) {
			if rest, ok := strings.CutPrefix(b.Name, dir); ok && rest != "" {
				bindProperty(v, b, strings.ReplaceAll(rest, "/", "."), trees[dir])
			}
		}
	}
}

// bindProperty gives the consumer of a file the property that the file is.
func bindProperty(v *View, file *inventory.Node, property string, imports []inventory.Edge) {
	consumer := strings.TrimSuffix(file.ID, "/"+file.Name)
	id := inventory.BindingID(consumer, property)
	at := file.Evidence
	for _, e := range imports {
		at = inventory.MergeEvidence(at, e.Evidence)
	}
	if len(imports) == 1 {
		// What the chart binds under that name already comes the same way: only the one program imports the folder.
		for _, e := range v.Out(id, inventory.BoundFrom) {
			e.Evidence = at
			v.AddEdge(e)
		}
	}
	v.AddNode(inventory.Node{ID: id, Kind: inventory.Binding, Name: property, Evidence: file.Evidence,
		Attrs: append(file.All(inventory.AttrClass), inventory.Attr{Key: inventory.AttrAs, Value: "property"})})
	v.AddEdge(inventory.Edge{From: id, To: file.ID, Kind: inventory.BoundFrom, Rule: "R10-configtree", Confidence: inventory.High, Evidence: at})
	v.AddEdge(inventory.Edge{From: consumer, To: id, Kind: inventory.Reads, Rule: "R10-configtree", Confidence: inventory.High, Evidence: at})
}
