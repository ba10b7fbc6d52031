package postman

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
)

// parseEnvironments reads the values of an environment. Any collection of the source may run with it.
func parseEnvironments(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, func(n *tree.Node) bool { return isEnvironment(n) || isDump(n) }, "environment")
	for _, o := range objects {
		if isDump(o.Node) {
			parseDump(f, o)
		} else {
			readEnvironment(f, o.Node, o.Path)
		}
	}
	return err
}

func readEnvironment(f *artifact.Facts, n *tree.Node, p tree.Path) {
	name := export.Label(n.Get("name").Str())
	if name == "" {
		name = f.Artifact.Path
	}
	for i, v := range n.Get("values").List() {
		readValue(f, name, v, p.Key("values").Index(i))
	}
}

func readValue(f *artifact.Facts, environment string, v *tree.Node, p tree.Path) {
	key, value := v.Get("key").Str(), v.Get("value")
	secret := v.Get("type").Str() == "secret"
	off := v.Get("enabled").Str() == "false" || v.Get("disabled").Str() == "true"
	if key == "" || !secret && !export.Suggests(key) {
		return
	}
	at := artifact.At(value, p.Key("value"))
	slot := f.Slot(inventory.SlotRef{Store: Platform, Scope: path.Join(f.Artifact.Source, environment), Name: key}, at)
	f.Defined(slot, inventory.DefinedInScan, at)
	f.Attr(slot, inventory.AttrEnvironment, environment, "", at)
	if !off {
		whole := inventory.SlotRef{Store: Platform, Scope: f.Artifact.Source, Name: key}
		f.Slot(whole, at)
		f.Refs--
		f.Edge(inventory.CopiesFrom, whole.ID(), slot, "postman-environment", inventory.Medium, at)
	}
	if value.Str() != "" && !strings.Contains(value.Str(), "{{") {
		f.AddLiteral(artifact.Literal{Slot: slot, Name: key, Secret: artifact.Seal(value.Str()), Place: at, Sure: secret})
	}
}
