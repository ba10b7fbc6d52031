package resolve

import (
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// projectStores are the stores of CI systems that hand every variable of a project to every job, with the platform of
// their jobs. Sources: the pages on CI/CD variables of GitLab and on environment variables of CircleCI.
var projectStores = map[string]string{"gitlab-ci": "gitlab", "circleci": "circle"}

// ofProject is R6 and R14 for what a job's files read: a credential's name that no level of the pipeline binds is the
// project's variable of that name. A program may have it from elsewhere, hence medium.
func (w *scriptWalk) ofProject(name string, read inventory.Edge, trail []inventory.Evidence) *inventory.Node {
	v := w.view
	part := v.Node(w.part)
	store := projectStores[part.Attr(inventory.AttrPlatform)]
	if store == "" || len(part.Evidence) == 0 || strings.ContainsAny(name, "*?/") {
		return nil
	}
	reading := v.Node(read.To)
	if reading == nil || reading.Attr(inventory.AttrClass) != string(inventory.ClassCredential) {
		return nil
	}
	read.Evidence = slices.Concat(read.Evidence, trail)
	ref := inventory.SlotRef{Store: store, Scope: inventory.RepoScope(part.Evidence[0].Source), Name: name}
	slot := v.addSlot(ref, reading, read.Evidence)
	id := inventory.BindingID(w.part, name)
	v.AddNode(inventory.Node{ID: id, Kind: inventory.Binding, Name: name, Attrs: reading.Attrs, Evidence: part.Evidence})
	v.AddEdge(inventory.Edge{From: id, To: slot, Kind: inventory.BoundFrom, Rule: "R6-project", Confidence: inventory.Medium, Evidence: part.Evidence})
	v.AddEdge(inventory.Edge{From: w.part, To: id, Kind: inventory.Reads, Rule: "R6-project", Confidence: inventory.Medium, Evidence: read.Evidence})
	w.levels = nil
	return v.Node(id)
}
