// Package appconfig reads the files in which frameworks keep the configuration of an application: YAML with ERB and the
// encrypted files of Rails, YAML and the vault of Symfony, the names of variables for the package config of Node.
package appconfig

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// file is a file of configuration as a program that reads the environment.
type file struct {
	*artifact.Facts
	id, rule string
}

// open adds the node that stands for the file.
func open(f *artifact.Facts, rule string) *file {
	a := f.Artifact
	c := &file{Facts: f, rule: rule}
	c.id = f.Node(inventory.Code, inventory.FileID("code", a.Source, a.Path), a.Path, artifact.Place{})
	f.Attr(c.id, inventory.AttrPlatform, f.Platform, "", artifact.Place{})
	return c
}

// reads says that the file takes a variable from the environment.
func (c *file) reads(name string, sure inventory.Confidence, at artifact.Place) string {
	b := c.Binding(c.id, name, "env", at)
	c.Edge(inventory.Reads, c.id, b, c.rule, sure, at)
	c.Refs++
	return b
}

// defines says that a setting gets its value from what a binding of the file holds.
func (c *file) defines(kind, name, from string, at artifact.Place) {
	id := inventory.DefinitionName(kind, name)
	b := c.Node(inventory.Binding, inventory.BindingID(c.id, id), id, at)
	c.Attr(b, inventory.AttrAs, inventory.AsDefinition, "", at)
	c.Edge(inventory.BoundFrom, b, from, c.rule, inventory.High, at)
}

// asks says that something asks for a setting, which another line or file may define.
func (c *file) asks(reader, kind, name string, at artifact.Place) string {
	full := inventory.SettingName(kind, name)
	b := c.Node(inventory.Binding, inventory.BindingID(reader, full), full, at)
	c.Attr(b, inventory.AttrAs, inventory.AsSetting, "", at)
	c.Edge(inventory.Reads, reader, b, c.rule, inventory.High, at)
	return b
}

// inConfig reports whether a file lies below a folder config and its name ends in one of the endings.
func inConfig(p string, endings ...string) bool {
	if !strings.Contains("/"+p, "/config/") {
		return false
	}
	for _, e := range endings {
		if strings.HasSuffix(p, e) {
			return true
		}
	}
	return false
}

func holds(a *artifact.Artifact, text string) bool { return a.Has(text) }

// appRoot is the folder of the application whose folder config holds a file.
func appRoot(p string) string {
	i := strings.LastIndex("/"+p, "/config/")
	return strings.TrimPrefix(("/" + p)[:max(0, i)], "/")
}

// stem is the name of a file without its endings.
func stem(p string) string {
	name, _, _ := strings.Cut(path.Base(p), ".")
	return name
}
