package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/reports"
)

// listing is what list prints as JSON.
type listing struct {
	Schema   string         `json:"schema"`
	Kind     string         `json:"kind"`
	Items    any            `json:"items"`
	Coverage graph.Coverage `json:"coverage"`
}

// listKinds is the table of what can be listed.
var listKinds = []struct {
	name  string
	items func(*graph.Graph) any
}{
	{"credentials", func(g *graph.Graph) any { return notNil(g.Credentials()) }},
	{"slots", func(g *graph.Graph) any { return notNil(g.Slots()) }},
	{"automations", func(g *graph.Graph) any { return notNil(g.Automations()) }},
	{"services", func(g *graph.Graph) any { return notNil(g.Services()) }},
	{"owners", func(g *graph.Graph) any { return notNil(g.Owners()) }},
	{"skips", func(g *graph.Graph) any { return notNil(g.Coverage().Skipped) }},
}

// notNil makes an empty list print as [] and not as null.
func notNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func (a *app) listCommand() *cobra.Command {
	var asJSON bool
	var names []string
	for _, k := range listKinds {
		names = append(names, k.name)
	}
	c := &cobra.Command{
		Use:       "list KIND [MAP]",
		Short:     "List credentials, slots, automations, services, owners or skips",
		Long:      "List what the map holds. KIND is one of " + strings.Join(names, ", ") + ".",
		ValidArgs: names,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) < 1 || len(args) > 2 {
				return usageError("list needs a KIND\nhint: one of %s", strings.Join(names, ", "))
			}
			own, path := mapArgument(args, 1)
			for _, k := range listKinds {
				if k.name == own[0] {
					return a.list(k.name, k.items, path, asJSON)
				}
			}
			return usageError("%q cannot be listed\nhint: one of %s", own[0], strings.Join(names, ", "))
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func (a *app) list(kind string, items func(*graph.Graph) any, path string, asJSON bool) error {
	g, err := a.readGraph(path)
	if err != nil {
		return err
	}
	if asJSON {
		return a.printJSON(listing{"rotamap/list/1", kind, items(g), g.Coverage()})
	}
	d := reports.New(g, reports.Options{})
	width := reports.Uncut // whatever reads it wants whole ids
	if w, ok := terminal(a.stdout); ok {
		width = w
	}
	return reports.WriteList(a.stdout, &d, kind, width, colour(a.stdout))
}
