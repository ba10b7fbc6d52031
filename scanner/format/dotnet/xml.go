package dotnet

import (
	"encoding/xml"
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/format/export"
	"github.com/rotamap/rotamap/scanner/format/settings"
)

// Config is the row of XML files.
func Config() artifact.Format {
	return artifact.Format{
		ID: "dotnet-config", Title: ".NET settings in XML",
		Doc:   "https://learn.microsoft.com/dotnet/framework/configure-apps/file-schema/",
		Match: matchConfig, Parse: parseConfig,
	}
}

// matchConfig takes *.config files with settings, and projects that name a store of a developer's own secrets.
func matchConfig(a *artifact.Artifact) bool {
	switch strings.ToLower(path.Ext(a.Path)) {
	case ".config":
		return a.Has("<connectionStrings") || a.Has("<appSettings")
	case ".csproj", ".fsproj", ".vbproj", ".props":
		return a.Has("UserSecretsId")
	}
	return false
}

func parseConfig(a *artifact.Artifact, f *artifact.Facts) error {
	r := config{File: settings.New(f, Language), profile: transform(a.Base())}
	return export.XMLTokens(a.Content, func(t xml.Token, at artifact.Place) {
		switch t := t.(type) {
		case xml.StartElement:
			r.open = append(r.open, t.Name.Local)
			r.element(t, at)
		case xml.EndElement:
			r.open = r.open[:max(0, len(r.open)-1)]
		case xml.CharData:
			if len(r.open) > 0 && r.open[len(r.open)-1] == "UserSecretsId" {
				r.userSecrets(strings.TrimSpace(string(t)), artifact.Place{Line: at.Line, Column: at.Column, Pointer: "UserSecretsId"})
			}
		}
	})
}

// transform is the configuration that a transformation is for: Release of Web.Release.config.
func transform(base string) string {
	words := strings.Split(base, ".")
	if len(words) == 3 && words[1] != "exe" {
		return words[1]
	}
	return ""
}

type config struct {
	*settings.File
	profile string
	open    []string
}

// element reads <add> of appSettings and of connectionStrings.
func (r *config) element(t xml.StartElement, at artifact.Place) {
	if t.Name.Local != "add" || len(r.open) < 2 {
		return
	}
	get := map[string]string{}
	for _, a := range t.Attr {
		get[strings.ToLower(a.Name.Local)] = a.Value
	}
	var e settings.Entry
	switch r.open[len(r.open)-2] {
	case "appSettings":
		e = entry(get["key"], get["value"], at)
	case "connectionStrings":
		e = entry("ConnectionStrings:"+get["name"], get["connectionstring"], at)
	default:
		return
	}
	e.Profile, e.At.Pointer = r.profile, e.Key
	if e.Key != "" {
		r.Add(e)
	}
}

// userSecrets notes the store of a developer's own secrets, which lies outside of the source: every key may be there.
func (r *config) userSecrets(id string, at artifact.Place) {
	if id == "" || len(id) > 200 || strings.ContainsAny(id, "$ ") {
		return
	}
	glob := container.Glob(r.Facts, inventory.SlotRef{Store: "user-secrets", Scope: id, Name: "*"}, at)
	r.Edge(inventory.Reads, r.Node(), glob, "dotnet-user-secrets", inventory.High, at)
}
