package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/reports"
	"github.com/rotamap/rotamap/rules/policy"
	"github.com/rotamap/rotamap/rules/register"
)

// checkOptions are the flags of check.
type checkOptions struct {
	scan     scanOptions
	severity string
	formats  []string
	json     bool
}

func (a *app) checkCommand() *cobra.Command {
	var o checkOptions
	c := &cobra.Command{
		Use:   "check [SOURCE|MAP]",
		Short: "The gate for CI: fail on hard-coded secrets that the register does not track",
		Long: "Judge a source, or a map that is there, by the policy rules and the register (rotamap.toml).\n\n" +
			"Findings at or above --severity exit 3.",
		Example: "  rotamap check .\n  rotamap check --severity medium -f sarif=rotamap.sarif .",
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usageError("check takes one SOURCE or MAP")
			}
			what := "."
			if len(args) == 1 {
				what = args[0]
			}
			return a.check(c.Context(), what, o)
		},
	}
	c.Flags().StringVar(&o.severity, "severity", "high", "least severity that fails: critical, high, medium, low, info")
	c.Flags().StringArrayVarP(&o.formats, "format", "f", nil, "also write a report: FORMAT=FILE; may be repeated")
	c.Flags().BoolVar(&o.json, "json", false, "print JSON")
	o.scan.addTo(c)
	return c
}

// checkResult is what check prints as JSON.
type checkResult struct {
	Schema   string           `json:"schema"`
	Findings []policy.Finding `json:"findings"`
	Failing  int              `json:"failing"` // at or above the threshold and not accepted
	Coverage graph.Coverage   `json:"coverage"`
}

func (a *app) check(ctx context.Context, what string, o checkOptions) error {
	var threshold policy.Severity
	if err := threshold.UnmarshalText([]byte(o.severity)); err != nil {
		return usageError("%w", err)
	}
	reg, err := a.register()
	if err != nil {
		return err
	}
	m, err := a.mapOf(ctx, what, o.scan)
	if err != nil {
		return err
	}
	g := load(m, reg)
	r := checkResult{Schema: "rotamap/check/1", Coverage: g.Coverage(),
		Findings: policy.Check(g, reg, policy.Options{Now: time.Now()})}
	for _, f := range r.Findings {
		if f.AtLeast(threshold) {
			r.Failing++
		}
	}
	if err := a.printCheck(g, r, o); err != nil {
		return err
	}
	if r.Failing > 0 {
		return &exitError{code: exitFindings}
	}
	return a.incomplete(r.Coverage, o.scan.allowIncomplete)
}

func (a *app) printCheck(g *graph.Graph, r checkResult, o checkOptions) error {
	jobs, err := reportJobs(o.formats, "")
	if err != nil {
		return err
	}
	ro := reports.Options{Findings: r.Findings, Version: versionText()}
	d := reports.New(g, ro)
	if err := a.writeReports(jobs, &d, ro); err != nil {
		return err
	}
	if o.json {
		return a.printJSON(r)
	}
	return reports.WriteFindings(a.stdout, &d, widthOf(a.stdout), colour(a.stdout))
}

// mapOf reads a map, or scans a source: a file that begins as a map does is one.
func (a *app) mapOf(ctx context.Context, what string, o scanOptions) (inventory.Map, error) {
	if f, err := os.Open(what); err == nil {
		m, err := inventory.Decode(f)
		_ = f.Close()
		if err == nil {
			return m, nil
		}
	}
	return a.sweep(ctx, []string{what}, o)
}

// registerPath is where the register is: --config, else rotamap.toml in the current folder.
func (a *app) registerPath() string {
	if a.config != "" {
		return a.config
	}
	return "rotamap.toml"
}

// register reads the register; without --config a missing one is an empty one.
func (a *app) register() (*register.Register, error) {
	path := a.registerPath()
	if _, err := os.Stat(path); a.config == "" && errors.Is(err, fs.ErrNotExist) {
		return register.Default(), nil
	}
	r, err := register.Load(path)
	if err != nil {
		return nil, fmt.Errorf("reading the register: %w", err)
	}
	return r, nil
}
