package appconfig

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// NodeConfig is the row of the file that tells Node's package config which variable fills which setting.
func NodeConfig() artifact.Format {
	return artifact.Format{ID: "node-config", Title: "node-config environment variables",
		Doc:   "https://github.com/node-config/node-config/wiki/Environment-Variables",
		Match: func(a *artifact.Artifact) bool { return strings.HasPrefix(a.Base(), "custom-environment-variables.") },
		Parse: parseNode}
}

var variableName = lazy.New(`^[A-Za-z_]\w*$`)

func parseNode(a *artifact.Artifact, f *artifact.Facts) error {
	c := open(f, "node-config")
	for _, d := range a.Documents() {
		if d.Err != nil {
			return d.Err
		}
		c.variables(d.Root, "", "")
	}
	return nil
}

// variables reads the leaves of a tree: each is the name of a variable, or an object that has one as __name.
func (c *file) variables(n *tree.Node, p tree.Path, name string) {
	for _, e := range n.Entries() {
		at := p.Key(e.Key)
		full := strings.TrimPrefix(name+"."+e.Key, ".")
		if e.Key == "__format" {
			continue
		}
		if e.Value.IsMap() {
			c.variables(e.Value, at, full)
			continue
		}
		if v := e.Value.Str(); variableName.MatchString(v) {
			place := artifact.AtPair(e, at)
			c.defines("js-config", strings.TrimSuffix(full, ".__name"), c.reads(v, inventory.Certain, place), place)
		}
	}
}
