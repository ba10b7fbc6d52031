// Package drone reads Drone and Woodpecker pipelines, which share their ancestor's grammar: steps, plugin settings,
// secrets by from_secret and by the older secrets list, secrets that are documents of their own, schedules by name.
//
// Ids: a pipeline is drone:<source>/<path> or drone:<source>/<path>#<name> where a file holds several, a step is a
// part of it. A secret is drone:<repository>/<name> or woodpecker:<repository>/<NAME>, which may be that of the
// organisation.
package drone

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
)

// system is one of the two.
type system struct {
	id, title, doc string
	store          string
	upper          bool // names of secrets do not depend on case
}

var (
	drone      = system{"drone", "Drone pipelines", "https://docs.drone.io/pipeline/overview/", "drone", false}
	woodpecker = system{"woodpecker", "Woodpecker pipelines", "https://woodpecker-ci.org/docs/usage/workflow-syntax", "woodpecker", true}
)

// Drone returns the row of Drone.
func Drone() artifact.Format {
	return artifact.Format{ID: drone.id, Title: drone.title, Doc: drone.doc, Match: isDrone, Parse: drone.parse}
}

// Woodpecker returns the row of Woodpecker.
func Woodpecker() artifact.Format {
	return artifact.Format{ID: woodpecker.id, Title: woodpecker.title, Doc: woodpecker.doc, Match: isWoodpecker, Parse: woodpecker.parse}
}

func isDrone(a *artifact.Artifact) bool {
	base := a.Base()
	switch {
	case base == ".drone.star" || base == ".drone.jsonnet" || base == "drone.star" || base == ".drone.sh":
		return a.Has("from_secret")
	case !pipeline.Yaml(base):
		return false
	}
	return strings.HasPrefix(base, ".drone") || strings.HasPrefix("/"+a.Path, "/.drone/") || base == "drone.yml" || base == "drone.yaml"
}

func isWoodpecker(a *artifact.Artifact) bool {
	if base := a.Base(); base == ".woodpecker.star" {
		return a.Has("from_secret")
	} else if !pipeline.Yaml(base) {
		return false
	}
	return strings.HasPrefix(a.Base(), ".woodpecker") || strings.Contains("/"+a.Path, "/.woodpecker/")
}

func (y system) parse(a *artifact.Artifact, facts *artifact.Facts) error {
	if !pipeline.Yaml(a.Base()) {
		f := y.file(facts, &tree.Node{Line: 1, Column: 1})
		f.program()
		return nil
	}
	var failed error
	var f *file
	for _, d := range a.Documents() {
		if d.Err != nil {
			failed = d.Err
		}
		if !d.Root.IsMap() {
			continue
		}
		if f == nil {
			f = y.file(facts, d.Root)
		}
		f.document(d.Root)
	}
	return failed
}

func (y system) file(facts *artifact.Facts, root *tree.Node) *file {
	f := &file{File: pipeline.New(facts, y.id, y.store, facts.Artifact.Path, root), system: y}
	f.scope = (&pipeline.Scope{File: f.File, Part: f.ID, Home: f.ID}).Enter(f.ID, true, pipeline.Level{})
	return f
}

// secret adds the slot of a secret's name.
func (f *file) secret(name string, at artifact.Place) string {
	if f.system.upper {
		name = strings.ToUpper(name)
	}
	id := f.Slot(inventory.SlotRef{Store: f.system.store, Scope: f.Repo, Name: name}, at)
	if owner := f.Owner(); owner != "" {
		up := f.Level(inventory.SlotRef{Store: f.system.store + "-org", Scope: owner, Name: name}, at)
		f.Edge(inventory.MayBe, id, up, f.Rule+"-level", inventory.Low, at)
	}
	return id
}
