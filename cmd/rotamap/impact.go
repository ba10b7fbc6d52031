package main

import (
	"github.com/spf13/cobra"

	"github.com/rotamap/rotamap/reports"
)

func (a *app) impactCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "impact CREDENTIAL [MAP]",
		Short: "Show all that breaks when a credential changes, with the path of evidence to each",
		Long: "Show all that breaks when a credential changes, with the path of evidence to each.\n\n" +
			"CREDENTIAL is the id of a credential or of any slot or value that belongs to it, a fingerprint, or a name. " +
			"The id of a slot that is nothing to rotate, a host or an identifier, shows what needs it.",
		Example: "  rotamap impact SLACK_TOKEN\n  rotamap impact gh:acme/shop/SLACK_TOKEN acme.json --json",
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) < 1 || len(args) > 2 {
				return usageError("impact needs a CREDENTIAL\nhint: rotamap list credentials shows all of them")
			}
			own, path := mapArgument(args, 1)
			g, err := a.readGraph(path)
			if err != nil {
				return err
			}
			cred := g.Identifier(own[0])
			if cred == nil {
				if cred, err = find(g, own[0]); err != nil {
					return err
				}
			}
			impact := g.Impact(cred)
			if asJSON {
				return a.printJSON(impact)
			}
			return reports.WriteImpact(a.stdout, impact, widthOf(a.stdout), colour(a.stdout))
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return c
}
