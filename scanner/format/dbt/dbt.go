// Package dbt reads the profiles of dbt: one login for each target of a project.
package dbt

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/provider"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Format is the row of profiles.
func Format() artifact.Format {
	return artifact.Format{
		ID: "dbt-profiles", Title: "dbt profiles", Doc: "https://docs.getdbt.com/docs/core/connect-data-platform/profiles.yml",
		Match: func(a *artifact.Artifact) bool {
			return !a.LooksLikeJSON() && a.Has("outputs:") && a.Has("target:") && export.Holds(a, isProfiles)
		},
		Parse: parse,
	}
}

// isProfiles recognises a map of profiles, at least one of which has a target and outputs with a type.
func isProfiles(n *tree.Node) bool {
	for _, p := range n.Entries() {
		outputs := p.Value.Get("outputs").Entries()
		if len(outputs) > 0 && p.Value.Get("target") != nil && outputs[0].Value.Get("type").Str() != "" {
			return true
		}
	}
	return false
}

func parse(a *artifact.Artifact, f *artifact.Facts) error {
	objects, err := export.Unwrap(a, isProfiles)
	for _, o := range objects {
		for _, p := range o.Node.Entries() {
			if p.Value.Get("outputs").IsMap() {
				profile(f, p, o.Path.Key(p.Key))
			}
		}
	}
	return err
}

// program adds the file as something that commands run: what runs dbt reads the file's variables.
func program(f *artifact.Facts) string {
	id := f.Node(inventory.Code, inventory.FileID("code", f.Artifact.Source, f.Artifact.Path), f.Artifact.Path, artifact.Place{})
	f.Attr(id, inventory.AttrPlatform, f.Platform, "", artifact.Place{})
	return id
}

func profile(f *artifact.Facts, p tree.Pair, at tree.Path) {
	auto := f.Automation(p.Key, p.Key, artifact.AtPair(p, at))
	f.Attr(auto, inventory.AttrNeeds, "next run", "", artifact.AtPair(p, at))
	for _, o := range p.Value.Get("outputs").Entries() {
		output(f, auto, o, at.Key("outputs").Key(o.Key))
	}
}

var envVar = lazy.New(`env_var\(\s*["']([A-Za-z_]\w*)["']`)

func output(f *artifact.Facts, auto string, o tree.Pair, p tree.Path) {
	at := artifact.AtPair(o, p)
	part := f.Part(auto, o.Key, o.Key, "target", at)
	f.Cover(part, o.Line, export.LastLine(o.Value))
	f.Attr(part, inventory.AttrEnvironment, o.Key, "", at)
	if id, ok := provider.ServiceOfNode("dbt", o.Value.Get("type").Str()); ok {
		f.Service(part, id, "dbt-type", inventory.Certain, at)
	}
	for _, key := range []string{"host", "server", "account"} {
		if host := o.Value.Get(key); host.Str() != "" && !strings.Contains(host.Str(), "{{") {
			f.Attr(part, inventory.AttrHost, host.Str(), "", artifact.At(host, p.Key(key)))
		}
	}
	o.Value.Walk(p, func(q tree.Path, n *tree.Node) bool {
		for _, m := range envVar.FindAllStringSubmatch(n.Str(), 10) {
			place := artifact.At(n, q)
			f.Edge(inventory.Reads, part, f.Binding(part, m[1], "env", place), "dbt-env-var", inventory.Certain, place)
			own := program(f)
			f.Edge(inventory.Reads, own, f.Binding(own, m[1], "env", place), "dbt-env-var", inventory.Certain, place)
			f.Refs++
		}
		return true
	})
	export.Holder{Facts: f, Node: part}.Secrets(o.Value, p)
}
