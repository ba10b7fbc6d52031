// Package jenkins reads Jenkinsfiles, declarative and scripted: credentials bindings of every kind, environment
// blocks, secret stores, shared-library helpers that map entries of a vault to variables, shell text, triggers.
//
// Ids: a pipeline is jenkins:<source>/<path>, a stage <pipeline>#<stage>. A credential's id is looked up in the
// folder of the job, which no file names: jenkins:<owner of the repository>/<id>.
package jenkins

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/calls"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
)

// ID is the id of the row and the platform of its automations.
const ID = "jenkins"

// Format returns the row.
func Format() artifact.Format {
	return artifact.Format{
		ID: ID, Title: "Jenkins pipelines", Doc: "https://www.jenkins.io/doc/book/pipeline/syntax/",
		Match: match, Parse: parse, Siblings: siblings,
	}
}

// match takes Jenkinsfiles by their names, and Groovy files with the steps of a pipeline.
func match(a *artifact.Artifact) bool {
	base := strings.ToLower(a.Base())
	switch {
	case strings.HasPrefix(base, "jenkinsfile") && !strings.HasSuffix(base, ".md"), strings.HasSuffix(base, ".jenkinsfile"), strings.HasSuffix(base, ".jenkins"):
		return true
	case !strings.HasSuffix(base, ".groovy") || strings.Contains("/"+strings.ToLower(a.Path), "/test"):
		return false
	}
	if strings.Contains("/"+a.Path, "/vars/") {
		return true // a step of a shared library
	}
	for _, mark := range []string{"withCredentials", "credentialsId", "credentials(", "pipeline {"} {
		if a.Has(mark) {
			return true
		}
	}
	return false
}

// file is one Jenkinsfile while it is read.
type file struct {
	*pipeline.File
	scope  string // of the credentials
	blocks int    // blocks that bind credentials, so far
	helper map[string][]binding

	constants map[string]constant          // NAME, or Class.NAME of an imported class
	either    map[string][]constant        // NAME that holds one of several
	functions map[int]string               // that the file defines, by the offset of the name
	steps     map[string]map[string]string // of libraries: step -> function -> id
}

func parse(a *artifact.Artifact, facts *artifact.Facts) error {
	list := calls.Parse(a.Content)
	if len(list) == 0 {
		return nil
	}
	f := &file{File: pipeline.New(facts, "jenkins", "jenkins-env", a.Path, &tree.Node{Line: 1, Column: 1}), helper: map[string][]binding{}}
	f.scope = f.Owner()
	if f.scope == "" {
		f.scope = f.Repo
	}
	f.library()
	s := &pipeline.Scope{File: f.File, Part: f.ID, Home: f.ID, Own: f.own}
	s = s.Enter(f.ID, true, pipeline.Level{})
	f.statements(s, list)
	return nil
}

// own returns the slot of a variable that nothing in the file binds: the controller's or a library's.
func (f *file) own(name string, at artifact.Place) []pipeline.Target {
	id := f.Slot(inventory.SlotRef{Store: "jenkins-env", Scope: f.Repo, Name: name}, at)
	return []pipeline.Target{{ID: id, Sure: inventory.Medium}}
}

// credential adds the slot of a credential's id, "" when the id is computed.
func (f *file) credential(v calls.Value) string {
	id, c := f.fixedValue(v)
	if id == "" || len(id) > 200 || strings.ContainsAny(id, "\n ${}") {
		return ""
	}
	at := f.Artifact.PlaceOf(v.Offset)
	if c != nil {
		at = c.at
	}
	at.Pointer = "credentials." + id
	return f.Slot(inventory.SlotRef{Store: "jenkins", Scope: f.scope, Name: id}, at)
}

// uses says that a part uses a credential without a variable.
func (f *file) uses(s *pipeline.Scope, v calls.Value, rule string) string {
	slot := f.credential(v)
	if slot != "" {
		f.along(v, func() { f.Edge(inventory.Reads, s.Part, slot, rule, f.sure(v), f.Artifact.PlaceOf(v.Offset)) })
	}
	return slot
}

// lines attaches the lines of a statement to a node.
func (f *file) lines(id string, s calls.Statement) {
	f.Cover(id, f.Artifact.PlaceOf(s.Offset).Line, f.Artifact.PlaceOf(max(s.Offset, s.End-1)).Line)
}
