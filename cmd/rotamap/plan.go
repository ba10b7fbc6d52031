package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/plan"
	"github.com/rotamap/rotamap/rules/register"
)

// planOptions are the flags of plan.
type planOptions struct {
	due    bool
	leaver string
	format string
	out    string
	now    string
	json   bool
}

// planFormats is the table of the forms of a runbook.
var planFormats = []struct {
	id    string
	write func(*plan.Plan, io.Writer) error
}{
	{"text", (*plan.Plan).WriteText},
	{"markdown", (*plan.Plan).WriteMarkdown},
	{"checklist", (*plan.Plan).WriteChecklist},
	{"prometheus", (*plan.Plan).WritePrometheus},
	{"ics", (*plan.Plan).WriteICS},
}

func (a *app) planCommand() *cobra.Command {
	var o planOptions
	var ids []string
	for _, f := range planFormats {
		ids = append(ids, f.id)
	}
	c := &cobra.Command{
		Use:   "plan CREDENTIAL... [MAP]",
		Short: "Write the rotation runbook: order, quiet window, verification, rollback, what to watch",
		Long: "Write the rotation runbook for one or several credentials: what they power and how sure that is, the order of\n" +
			"the steps, the quiet window, verification, rollback, and what to watch afterwards.\n\n" +
			"The last argument is taken as the MAP when a file of that name exists.",
		Example: "  rotamap plan STRIPE_API_KEY\n  rotamap plan --due -f checklist acme.json\n  rotamap plan --leaver @mira",
		RunE: func(_ *cobra.Command, args []string) error {
			return a.plan(args, o)
		},
	}
	c.Flags().BoolVar(&o.due, "due", false, "all credentials that the register says are due")
	c.Flags().StringVar(&o.leaver, "leaver", "", "all credentials that this person owns, approves or has committed a value of")
	c.Flags().StringVarP(&o.format, "format", "f", "text", "one of "+strings.Join(ids, ", "))
	c.Flags().StringVarP(&o.out, "output", "o", "", "where to write (default standard output)")
	c.Flags().StringVar(&o.now, "now", "", "moment from which windows are searched, RFC 3339 (default: now)")
	c.Flags().BoolVar(&o.json, "json", false, "print JSON")
	return c
}

func (a *app) plan(args []string, o planOptions) error {
	names, path := splitMap(args)
	if len(names) == 0 && !o.due && o.leaver == "" {
		return usageError("plan needs a CREDENTIAL, --due or --leaver\nhint: rotamap list credentials shows all of them")
	}
	now, err := moment(o.now)
	if err != nil {
		return err
	}
	reg, err := a.register()
	if err != nil {
		return err
	}
	g, err := a.readGraph(path)
	if err != nil {
		return err
	}
	creds, err := chosen(g, reg, names, o, now)
	if err != nil {
		return err
	}
	po := plan.Options{Now: now}
	if o.leaver != "" {
		po.Chosen = plan.WhyLeaver(g, reg, o.leaver)
	}
	p := plan.New(g, creds, reg, po)
	if o.json {
		return a.printJSON(p)
	}
	for _, f := range planFormats {
		if f.id == o.format {
			return a.output(o.out, 0o600, func(w io.Writer) error { return f.write(&p, w) })
		}
	}
	return usageError("there is no plan format %q\nhint: rotamap plan --help lists them", o.format)
}

// chosen returns the credentials that the arguments and flags name.
func chosen(g *graph.Graph, reg *register.Register, names []string, o planOptions, now time.Time) ([]*graph.Credential, error) {
	var out []*graph.Credential
	for _, n := range names {
		c, err := find(g, n)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	if o.due {
		out = append(out, plan.Due(g, reg, now)...)
	}
	if o.leaver != "" {
		out = append(out, plan.Leaver(g, reg, o.leaver)...)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("no credential is chosen: none is due, or nobody of that name owns or has committed one\nhint: rotamap list owners")
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(out, func(c *graph.Credential) bool {
		twice := seen[c.ID]
		seen[c.ID] = true
		return twice
	}), nil
}

// splitMap takes the map off the end of a list of credentials: "-", or the name of a file that exists.
func splitMap(args []string) ([]string, string) {
	if n := len(args); n > 0 {
		last := args[n-1]
		if info, err := os.Stat(last); last == "-" || err == nil && !info.IsDir() {
			return args[:n-1], last
		}
	}
	return args, defaultMap
}

// moment reads a time given on the command line, and is now when none is.
func moment(text string) (time.Time, error) {
	if text == "" {
		return time.Now(), nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return t, usageError("%q is no time\nhint: write it as 2026-11-23T08:00:00Z", text)
	}
	return t, nil
}
