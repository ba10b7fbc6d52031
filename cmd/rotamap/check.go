package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
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
	base     string
	newOnly  string
	formats  []string
	json     bool
}

func (a *app) checkCommand() *cobra.Command {
	var o checkOptions
	c := &cobra.Command{
		Use:   "check [SOURCE|MAP]",
		Short: "The gate for CI: fail on hard-coded secrets that the register does not track",
		Long: "Judge a source, or a map that is there, by the policy rules and the register (rotamap.toml).\n\n" +
			"--base REV shows only what the change since REV adds: both sides are scanned with one key and compared by\n" +
			"value, so that a new secret on an old line is new and one that moved is not. History is not read. Register,\n" +
			"acceptances and --rules are those of REV; what the change adds to them is listed as asking for agreement.\n" +
			"--new-only compares with a map from before (default ./rotamap.json), made with the same key.\n\n" +
			"Findings at or above --severity exit 3.",
		Example: "  rotamap check .\n  rotamap check --base origin/main -f comment=comment.md .\n" +
			"  rotamap check --severity medium -f sarif=rotamap.sarif .\n  rotamap check --new-only=before.json .",
		RunE: func(c *cobra.Command, args []string) error { return a.check(c.Context(), args, o) },
	}
	c.Flags().StringVar(&o.severity, "severity", "high", "least severity that fails: critical, high, medium, low, info")
	c.Flags().StringVar(&o.base, "base", "", "show what the change since this revision adds: a branch, tag or commit")
	c.Flags().StringVar(&o.newOnly, "new-only", "", "show what is not in this map from before")
	c.Flags().Lookup("new-only").NoOptDefVal = defaultMap
	c.Flags().StringArrayVarP(&o.formats, "format", "f", nil, "also write a report: FORMAT or FORMAT=FILE; may be repeated")
	c.Flags().BoolVar(&o.json, "json", false, "print JSON")
	o.scan.judged = true
	o.scan.addTo(c)
	return c
}

// checkResult is what check prints as JSON.
type checkResult struct {
	Schema   string           `json:"schema"`
	Findings []policy.Finding `json:"findings"`
	Failing  int              `json:"failing"` // at or above the threshold and not accepted
	Change   *policy.Change   `json:"change"`  // null: the findings are those of the whole state
	Coverage graph.Coverage   `json:"coverage"`
}

func (a *app) check(ctx context.Context, args []string, o checkOptions) error {
	var threshold policy.Severity
	if err := threshold.UnmarshalText([]byte(o.severity)); err != nil {
		return usageError("%w", err)
	}
	now, err := moment(o.scan.now)
	if err != nil {
		return err
	}
	what, err := a.checked(args, &o)
	if err != nil {
		return err
	}
	g, r, err := a.judge(ctx, what, now, o)
	if err != nil {
		return err
	}
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

// judge finds what the flags ask for: all findings, those since a revision, or those that a map does not have.
func (a *app) judge(ctx context.Context, what string, now time.Time, o checkOptions) (*graph.Graph, checkResult, error) {
	if o.base != "" {
		return a.checkBase(ctx, what, now, o)
	}
	r := checkResult{Schema: "rotamap/check/1"}
	reg, err := a.register()
	if err != nil {
		return nil, r, err
	}
	m, err := a.mapOf(ctx, what, o.scan)
	if err != nil {
		return nil, r, err
	}
	g := load(m, reg)
	r.Coverage = g.Coverage()
	if o.newOnly != "" {
		return a.checkNew(g, reg, r, now, o)
	}
	r.Findings = policy.Check(g, reg, policy.Options{Now: now})
	return g, r, nil
}

func (a *app) printCheck(g *graph.Graph, r checkResult, o checkOptions) error {
	jobs, err := reportJobs(o.formats, "")
	if err != nil {
		return err
	}
	ro := reports.Options{Findings: r.Findings, Change: r.Change, Version: versionText()}
	d := reports.New(g, ro)
	if err := a.writeReports(jobs, &d, ro, encryption{}); err != nil {
		return err
	}
	if o.json {
		return a.printJSON(r)
	}
	if slices.ContainsFunc(jobs, func(j reportJob) bool { return j.file == "" }) {
		return nil // a report stands on standard output already
	}
	return reports.WriteFindings(a.stdout, &d, widthOf(a.stdout), colour(a.stdout))
}

// mapOf reads a map, or scans a source: a file that begins as a map does is one.
func (a *app) mapOf(ctx context.Context, what string, o scanOptions) (inventory.Map, error) {
	if f, err := os.Open(what); err == nil {
		m, err := a.decodeMap(f)
		_ = f.Close()
		var sealed *sealedError
		if err == nil || errors.As(err, &sealed) {
			return m, err
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
