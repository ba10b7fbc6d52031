package client

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/container"
)

// Setups is the row of the files that say which configuration of a store the commands in a folder use: doppler.yaml and
// .infisical.json. They hold no secret; what runs such a command takes in all entries of the configuration. Sources: the
// documentation of the two command lines.
func Setups() artifact.Format {
	return artifact.Format{ID: "store-setup", Title: "Setup files of Doppler and Infisical", Doc: "https://docs.doppler.com/docs/install-cli",
		Match: func(a *artifact.Artifact) bool {
			switch a.Base() {
			case "doppler.yaml", "doppler.yml", ".infisical.json":
				return true
			}
			return false
		},
		Parse: parseSetup}
}

func parseSetup(a *artifact.Artifact, f *artifact.Facts) error {
	c := open(f)
	for _, d := range a.Documents() {
		if d.Err != nil {
			return d.Err
		}
		if a.Base() == ".infisical.json" {
			c.infisical(d.Root)
			continue
		}
		for i, n := range d.Root.Get("setup").List() {
			at := tree.Path("setup")
			if d.Root.Get("setup").IsSeq() {
				at = at.Index(i)
			}
			project, config := n.Get("project").Str(), n.Get("config")
			if project != "" {
				c.takesAll("doppler", or(project)+"/"+or(config.Str()), config.Str(), artifact.At(n, at))
			}
		}
	}
	return nil
}

// infisical reads the default environment of a workspace, and those of its branches.
func (c *file) infisical(root *tree.Node) {
	workspace := root.Get("workspaceId").Str()
	if workspace == "" {
		return
	}
	if n := root.Get("defaultEnvironment"); n.Str() != "" {
		c.takesAll("infisical", or(workspace)+"/"+or(n.Str()), n.Str(), artifact.At(n, "defaultEnvironment"))
	}
	for _, e := range root.Get("gitBranchToEnvironmentMapping").Entries() {
		c.takesAll("infisical", or(workspace)+"/"+or(e.Value.Str()), e.Value.Str(), artifact.AtPair(e, tree.Path("gitBranchToEnvironmentMapping").Key(e.Key)))
	}
}

// takesAll says that what uses the file takes in all entries of a configuration, which is named for an environment.
func (c *file) takesAll(store, scope, environment string, at artifact.Place) {
	if strings.ContainsAny(scope, " \n\"'{}$") {
		return
	}
	all := container.Glob(c.Facts, inventory.SlotRef{Store: store, Scope: scope, Name: "*"}, at)
	c.Edge(inventory.Reads, c.id, all, "store-setup", inventory.High, at)
	if environment != "" {
		c.Attr(all, inventory.AttrEnvironment, environment, "configuration", at)
	}
}

func or(name string) string {
	if name == "" {
		return "*"
	}
	return name
}
