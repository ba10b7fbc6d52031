package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rotamap/rotamap/reports"
)

func (a *app) reportCommand() *cobra.Command {
	var (
		formats []string
		out     string
		list    bool
		o       reports.Options
	)
	c := &cobra.Command{
		Use:     "report -f FORMAT [-o FILE] [MAP]",
		Short:   "Write the asset map as a report",
		Long:    "Write the asset map as a report. -f FORMAT=FILE may be repeated; --list shows the formats.",
		Example: "  rotamap report -f html -o map.html\n  rotamap report -f sarif=map.sarif -f markdown=map.md acme.json",
		RunE: func(_ *cobra.Command, args []string) error {
			if list {
				return a.listFormats()
			}
			if len(formats) == 0 {
				return usageError("report needs a format\nhint: rotamap report -f html -o map.html; --list shows all")
			}
			if len(args) > 1 {
				return usageError("report takes one MAP")
			}
			_, path := mapArgument(args, 0)
			return a.report(path, formats, out, o)
		},
	}
	c.Flags().StringArrayVarP(&formats, "format", "f", nil, "FORMAT or FORMAT=FILE; may be repeated")
	c.Flags().StringVarP(&out, "output", "o", "", "where to write (default standard output)")
	c.Flags().BoolVar(&list, "list", false, "list the formats, one per line")
	c.Flags().BoolVar(&o.Internal, "internal", false, "add fingerprints and ids to reports that are made to be shared")
	c.Flags().BoolVar(&o.GitHub, "github", false, "keep SARIF within GitHub's limits")
	c.Flags().StringVar(&o.Title, "title", "", "title of the report")
	c.Flags().StringVar(&o.Client, "client", "", "whom the report is for")
	c.Flags().StringVar(&o.Focus, "credential", "", "draw the neighbourhood of this credential (dot, mermaid, svg)")
	return c
}

func (a *app) listFormats() error {
	for _, f := range reports.All() {
		if _, err := fmt.Fprintf(a.stdout, "%-12s %s\n", f.ID, f.Title); err != nil {
			return err
		}
	}
	return nil
}

func (a *app) report(path string, formats []string, out string, o reports.Options) error {
	type job struct {
		format reports.Format
		file   string
	}
	var jobs []job
	for _, spec := range formats {
		id, file, named := strings.Cut(spec, "=")
		if !named {
			file = out
		}
		f, err := reports.Find(id)
		if err != nil {
			return usageError("%w\nhint: rotamap report --list", err)
		}
		jobs = append(jobs, job{f, file})
	}
	m, err := a.readGraph(path)
	if err != nil {
		return err
	}
	if o.Focus != "" {
		c, err := find(m, o.Focus)
		if err != nil {
			return err
		}
		o.Focus = c.ID
	}
	d := reports.New(m, o)
	for _, j := range jobs {
		if err := a.output(j.file, 0o600, func(w io.Writer) error { return j.format.Write(w, &d, o) }); err != nil {
			return fmt.Errorf("writing the %s report: %w", j.format.ID, err)
		}
	}
	return nil
}
