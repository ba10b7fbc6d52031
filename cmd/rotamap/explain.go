package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/reports"
)

func (a *app) explainCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "explain ID [MAP]",
		Short: "Say why a node, an edge, a finding or a suppression is there",
		Long: "Say why a node, an edge, a finding or a suppression is there.\n\n" +
			"ID is the id of a node (as impact and list show it), FROM..TO for the edges between two nodes, a credential's\n" +
			"name, or PATH or PATH:LINE for what was matched there and held to be no secret.",
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) < 1 || len(args) > 2 {
				return usageError("explain needs an ID\nhint: rotamap impact CREDENTIAL shows ids")
			}
			own, path := mapArgument(args, 1)
			g, err := a.readGraph(path)
			if err != nil {
				return err
			}
			return a.explain(g, own[0], asJSON)
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}

func (a *app) explain(g *graph.Graph, id string, asJSON bool) error {
	x, ok := explanation(g, id)
	if !ok {
		if s := g.Suppressions(id); len(s) > 0 {
			return a.explainSuppressed(id, s, asJSON)
		}
		return &exitError{exitUsage, fmt.Errorf("the map has nothing with the id %q\nhint: rotamap list slots shows ids", id)}
	}
	if asJSON {
		return a.printJSON(x)
	}
	return reports.WriteExplanation(a.stdout, x, widthOf(a.stdout), colour(a.stdout))
}

// explanation looks a node, a pair of nodes or a credential's name up.
func explanation(g *graph.Graph, id string) (graph.Explanation, bool) {
	if x, ok := g.Explain(id); ok {
		return x, true
	}
	if from, to, ok := strings.Cut(id, ".."); ok {
		x, ok := g.Explain(from)
		kept := x.Needs[:0]
		for _, e := range x.Needs {
			if e.To == to {
				kept = append(kept, e)
			}
		}
		x.Needs, x.NeededBy = kept, []inventory.Edge{}
		return x, ok && len(kept) > 0
	}
	if c, err := g.Find(id); err == nil {
		return g.Explain(c.ID)
	}
	return graph.Explanation{}, false
}

func (a *app) explainSuppressed(place string, all []inventory.Suppressed, asJSON bool) error {
	if asJSON {
		return a.printJSON(struct {
			Schema     string                 `json:"schema"`
			Place      string                 `json:"place"`
			Suppressed []inventory.Suppressed `json:"suppressed"`
		}{"rotamap/suppressions/1", place, all})
	}
	var errs []error
	for _, s := range all {
		_, err := fmt.Fprintf(a.stdout, "%s:%d  %s matched and was held to be no secret: %s\n",
			printable(s.Path), s.Line, s.Rule, s.Reason)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
