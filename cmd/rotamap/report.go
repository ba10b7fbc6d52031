package main

import (
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/plan"
	"github.com/rotamap/rotamap/reports"
	"github.com/rotamap/rotamap/rules/policy"
)

// reportFlags are the flags of report that say what it shows.
type reportFlags struct {
	reports.Options
	logo     string
	style    string
	seal     encryption
	now      string
	baseline string
}

func (a *app) reportCommand() *cobra.Command {
	var (
		formats []string
		out     string
		list    bool
		o       reportFlags
	)
	c := &cobra.Command{
		Use:   "report -f FORMAT [-o FILE] [MAP]",
		Short: "Write the asset map as a report",
		Long: "Write the asset map as a report. -f FORMAT=FILE may be repeated; --list shows the formats.\n" +
			"-f template=FILE fills your own Go template. Findings are those of policy with the register (rotamap.toml).",
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
	c.Flags().StringVar(&o.logo, "logo", "", "PNG or JPEG file for the title page (pdf)")
	c.Flags().StringVar(&o.style, "template", "", "TOML file with the look, order and chapters of your own (pdf): see docs/reports.md")
	c.Flags().StringVar(&o.Focus, "credential", "", "draw the neighbourhood of this credential (dot, mermaid, png, svg)")
	c.Flags().StringVar(&o.baseline, "baseline", "", "an earlier map: results say whether they are new, unchanged or gone (sarif)")
	o.seal.addTo(c.Flags())
	c.Flags().StringVar(&o.now, "now", "", "moment that dates are held against, RFC 3339 (default: now)")
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

// reportJob is one report that was asked for.
type reportJob struct {
	format   reports.Format
	version  string // of the format, "" for the usual one
	file     string // "" is standard output
	template string // text of the user's template
}

// reportJobs reads FORMAT and FORMAT=FILE; what names no file goes to out. The file of template=FILE is the
// template itself.
func reportJobs(formats []string, out string) ([]reportJob, error) {
	var jobs []reportJob
	for _, spec := range formats {
		id, file, named := strings.Cut(spec, "=")
		f, version, err := reports.Find(id)
		if err != nil {
			return nil, usageError("%w\nhint: rotamap report --list", err)
		}
		job := reportJob{format: f, version: version, file: file}
		if !named {
			job.file = out
		}
		if id == "template" {
			if file == "" {
				return nil, usageError("the format template needs a file: -f template=FILE")
			}
			text, err := os.ReadFile(file)
			if err != nil {
				return nil, fmt.Errorf("reading the template: %w", err)
			}
			job.file, job.template = out, string(text)
		}
		jobs = append(jobs, job)
	}
	return jobs, nil
}

func (a *app) report(path string, formats []string, out string, flags reportFlags) error {
	jobs, err := reportJobs(formats, out)
	if err != nil {
		return err
	}
	g, err := a.readGraph(path)
	if err != nil {
		return err
	}
	planned := slices.ContainsFunc(jobs, func(j reportJob) bool { return j.format.Plans })
	o, err := a.reportOptions(g, flags, planned)
	if err != nil {
		return err
	}
	if o.Baseline, err = a.baseline(flags, g); err != nil {
		return err
	}
	d := reports.New(g, o)
	return a.writeReports(jobs, &d, o, flags.seal)
}

// baseline is the document of the earlier map that a report is held against, nil for none.
func (a *app) baseline(flags reportFlags, now *graph.Graph) (*reports.Document, error) {
	if flags.baseline == "" {
		return nil, nil //nolint:nilnil // none was asked for
	}
	g, err := a.readOlder(flags.baseline, now)
	if err != nil {
		return nil, err
	}
	flags.Focus = "" // of the present map
	o, err := a.reportOptions(g, flags, false)
	if err != nil {
		return nil, err
	}
	d := reports.New(g, o)
	return &d, nil
}

func (a *app) writeReports(jobs []reportJob, d *reports.Document, o reports.Options, e encryption) error {
	for _, j := range jobs {
		o.Template, o.Spec, o.Further = j.template, j.version, a.furtherFiles(j.file, e)
		write, err := e.wrap(func(w io.Writer) error { return j.format.Write(w, d, o) })
		if err != nil {
			return err
		}
		if err := a.output(j.file, 0o600, write); err != nil {
			return fmt.Errorf("writing the %s report: %w", j.format.ID, err)
		}
	}
	return nil
}

// furtherFiles writes map-2.mmd, map-3.mmd and so on beside map.mmd; nil where there is no file to stand beside.
func (a *app) furtherFiles(file string, e encryption) func(int, func(io.Writer) error) error {
	if file == "" || file == "-" {
		return nil
	}
	extension := filepath.Ext(file)
	return func(n int, write func(io.Writer) error) error {
		name := fmt.Sprintf("%s-%d%s", strings.TrimSuffix(file, extension), n, extension)
		fmt.Fprintf(a.stderr, "it does not fit in one file: %s too\n", name)
		sealed, err := e.wrap(write)
		if err != nil {
			return err
		}
		return a.output(name, 0o600, sealed)
	}
}

// styleOptions reads logo and template. What the template names stands beside it; a flag wins over it.
func styleOptions(o *reports.Options, flags reportFlags) error {
	logo := flags.logo
	if flags.style != "" {
		text, err := os.ReadFile(flags.style)
		if err != nil {
			return fmt.Errorf("reading the template: %w", err)
		}
		beside := func(name string) string {
			if filepath.IsAbs(name) {
				return name
			}
			return filepath.Join(filepath.Dir(flags.style), name)
		}
		o.Style, err = reports.ReadStyle(text, func(name string) ([]byte, error) { return os.ReadFile(beside(name)) })
		if err != nil {
			return usageError("the template %s: %w", flags.style, err)
		}
		o.Title, o.Client = cmp.Or(o.Title, o.Style.Title), cmp.Or(o.Client, o.Style.Client)
		if logo == "" && o.Style.Logo != "" {
			logo = beside(o.Style.Logo)
		}
	}
	if logo == "" {
		return nil
	}
	data, err := os.ReadFile(logo)
	if err != nil {
		return fmt.Errorf("reading the logo: %w", err)
	}
	o.Logo = data
	return nil
}

// reportOptions fills the options of a report: what policy says with the register, the runbooks of what the most
// depends on, and the calendar of the register.
func (a *app) reportOptions(g *graph.Graph, flags reportFlags, planned bool) (reports.Options, error) {
	o := flags.Options
	o.Version = versionText()
	now, err := moment(flags.now)
	if err != nil {
		return o, err
	}
	reg, err := a.register()
	if err != nil {
		return o, err
	}
	o.Findings = policy.Check(g, reg, policy.Options{Now: now})
	o.Calendar = plan.Calendar(reg)
	if planned {
		runbooks := plan.New(g, reports.Weightiest(g, reports.MostPlans), reg, plan.Options{Now: now})
		o.Plan = &runbooks
	}
	if err := styleOptions(&o, flags); err != nil {
		return o, err
	}
	if o.Focus != "" {
		c, err := find(g, o.Focus)
		if err != nil {
			return o, err
		}
		o.Focus = c.ID
	}
	return o, nil
}
