package paas

import (
	"path"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// Heroku is the row of Heroku's app.json. The file says which variables the program of its folder has on the platform; commands
// (heroku config:set) set the same ones.
func Heroku() artifact.Format {
	return artifact.Format{
		ID: "heroku", Title: "Heroku app.json", Doc: "https://devcenter.heroku.com/articles/app-json-schema",
		Match: func(a *artifact.Artifact) bool { return a.Base() == "app.json" && a.Has(`"env"`) && !a.Has(`"expo"`) },
		Parse: parseHeroku,
	}
}

func parseHeroku(a *artifact.Artifact, facts *artifact.Facts) error {
	top, err := root(a)
	if top == nil {
		return err
	}
	f := newFile(facts)
	f.herokuVariables(top.Get("env"), "env")
	for _, p := range top.Get("environments").Entries() {
		f.herokuVariables(p.Value.Get("env"), tree.Path("environments").Key(p.Key).Key("env"))
	}
	return nil
}

func (f *file) herokuVariables(n *tree.Node, p tree.Path) {
	for _, pair := range n.Entries() {
		if !f.spend() {
			return
		}
		if pair.Key == "" {
			continue
		}
		at := artifact.AtPair(pair, p.Key(pair.Key))
		ref := inventory.SlotRef{Store: "app-env", Scope: f.Artifact.Source, Name: path.Join(f.Artifact.Dir(), "heroku"), Key: pair.Key}
		text := pair.Value.Str()
		if pair.Value.IsMap() {
			text = pair.Value.Get("value").Str()
		}
		slot := f.Slot(ref, at)
		if text != "" {
			f.Literal(slot, pair.Key, text, at)
		}
	}
}
