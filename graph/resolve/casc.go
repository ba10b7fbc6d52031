package resolve

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinCasc joins the variables of a Jenkins controller's configuration with what the controller's container binds, in the
// same source: a container that names the configuration (CASC_JENKINS_CONFIG), that runs an image of Jenkins, or the chart's
// values that hold the configuration itself. A secret mounted as a file is the variable of its name.
func joinCasc(v *View) {
	var files []*inventory.Node
	for _, n := range v.Nodes(inventory.Code) {
		if n.Attr(inventory.AttrLanguage) == "jenkins-casc" && len(n.Evidence) > 0 {
			files = append(files, n)
		}
	}
	if len(files) == 0 {
		return
	}
	bound := map[[2]string][]*inventory.Node{} // source and name -> bindings of controllers
	for _, b := range v.Nodes(inventory.Binding) {
		consumer, ok := strings.CutSuffix(b.ID, "/"+b.Name)
		if !ok || strings.HasPrefix(b.ID, "code:") || len(b.Evidence) == 0 || strings.HasSuffix(b.Name, "*") {
			continue
		}
		if v.controller(consumer, files) {
			k := [2]string{b.Evidence[0].Source, path.Base(b.Name)}
			bound[k] = append(bound[k], b)
		}
	}
	for _, n := range files {
		for _, e := range v.Out(n.ID, inventory.Reads) {
			name, ok := strings.CutPrefix(e.To, n.ID+"/")
			found := bound[[2]string{n.Evidence[0].Source, name}]
			if !ok || len(found) > maxModules {
				continue
			}
			for _, b := range found {
				v.AddEdge(inventory.Edge{From: e.To, To: b.ID, Kind: inventory.BoundFrom, Rule: "R5-casc", Confidence: inventory.Medium,
					Evidence: inventory.MergeEvidence(e.Evidence, b.Evidence)})
			}
		}
	}
}

// controller reports whether a consumer is a controller of Jenkins.
func (v *View) controller(consumer string, files []*inventory.Node) bool {
	n := v.Node(consumer)
	if n == nil || len(n.Evidence) == 0 {
		return false
	}
	if v.Visible(consumer, "CASC_JENKINS_CONFIG") != nil {
		return true
	}
	for _, e := range v.Out(consumer, inventory.Runs) {
		if strings.HasPrefix(e.To, "image:") && strings.Contains(path.Base(e.To), "jenkins") {
			return true
		}
	}
	for _, f := range files {
		if f.Evidence[0].Source == n.Evidence[0].Source && f.Evidence[0].Path == n.Evidence[0].Path {
			return true
		}
	}
	return false
}
