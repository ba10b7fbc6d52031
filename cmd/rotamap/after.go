package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/plan"
	"github.com/rotamap/rotamap/rules/register"
)

func (a *app) verifyCommand() *cobra.Command {
	var (
		before       string
		record, json bool
		now          string
	)
	c := &cobra.Command{
		Use:   "verify CREDENTIAL --before OLD NEW",
		Short: "After a rotation: is the old value gone, is the new one where it should be?",
		Long: "Compare the map from before a rotation with the one from after it: the old value is gone from every place,\n" +
			"the new one is where it should be, the dependents are the same. Both maps must be made with one key.\n" +
			"Exits 3 when a place still holds the old value or a dependent is lost.",
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) < 1 || len(args) > 2 || before == "" {
				return usageError("verify needs a CREDENTIAL, --before OLD and the NEW map\nhint: rotamap verify SLACK_TOKEN --before old.json new.json")
			}
			own, path := mapArgument(args, 1)
			return a.verify(own[0], before, path, json, record, now)
		},
	}
	c.Flags().StringVar(&before, "before", "", "the map from before the rotation")
	c.Flags().BoolVar(&record, "record", false, "append the new fingerprint to the register's entry")
	c.Flags().BoolVar(&json, "json", false, "print JSON")
	c.Flags().StringVar(&now, "now", "", "day to record, RFC 3339 (default: now)")
	return c
}

func (a *app) verify(query, oldPath, newPath string, json, record bool, now string) error {
	after, err := a.readGraph(newPath)
	if err != nil {
		return err
	}
	before, err := a.readOlder(oldPath, after)
	if err != nil {
		return err
	}
	c, err := find(before, query)
	if err != nil {
		return err
	}
	v := plan.Verify(before, after, c)
	if json {
		err = a.printJSON(v)
	} else {
		err = v.WriteText(a.stdout)
	}
	if err != nil {
		return err
	}
	if !v.Done {
		return &exitError{code: exitFindings}
	}
	if record {
		return a.record(after, c, v, now)
	}
	return nil
}

// record appends the new fingerprints to the register's entry of a credential.
func (a *app) record(after *graph.Graph, c *graph.Credential, v plan.Verified, now string) error {
	day, err := moment(now)
	if err != nil {
		return err
	}
	reg, err := a.register()
	if err != nil {
		return err
	}
	entry := reg.Match(register.View{Slots: c.Slots, Fingerprints: c.Joinable()})
	if entry == nil {
		return fmt.Errorf("recording the rotation of %s: the register has no entry for it\nhint: rotamap register add", c.Name)
	}
	path := a.registerPath()
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("reading the register: %w", err)
	}
	keys := after.KeyIDs()
	for _, h := range v.New {
		value := register.Value{Fingerprint: h.Fingerprint, Since: register.Date{Time: day}}
		if len(keys) > 0 {
			value.Key = keys[0]
		}
		if text, err = register.Record(path, text, entry.Name, value); err != nil {
			return fmt.Errorf("recording the rotation of %s: %w", c.Name, err)
		}
	}
	return writeText(path, text)
}

func (a *app) diffCommand() *cobra.Command {
	var (
		json, exit bool
		format     string
	)
	c := &cobra.Command{
		Use: "diff OLD NEW", Short: "Show what differs between two maps",
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usageError("diff needs two maps\nhint: rotamap diff old.json new.json")
			}
			after, err := a.readGraph(args[1])
			if err != nil {
				return err
			}
			before, err := a.readOlder(args[0], after)
			if err != nil {
				return err
			}
			d := plan.Compare(before, after)
			if err := a.printDiff(d, json, format); err != nil {
				return err
			}
			if exit && len(d.Changes) > 0 {
				return &exitError{code: exitFindings}
			}
			return nil
		},
	}
	c.Flags().BoolVar(&json, "json", false, "print JSON")
	c.Flags().BoolVar(&exit, "exit-code", false, "exit 3 when something differs")
	c.Flags().StringVarP(&format, "format", "f", "text", "text or markdown")
	return c
}

func (a *app) printDiff(d plan.Diff, json bool, format string) error {
	switch {
	case json:
		return a.printJSON(d)
	case format == "markdown":
		return d.WriteMarkdown(a.stdout)
	case format != "text":
		return usageError("there is no format %q of a diff\nhint: text or markdown", format)
	}
	return d.WriteText(a.stdout)
}

func (a *app) watchCommand() *cobra.Command {
	var (
		runs, since string
		json        bool
	)
	c := &cobra.Command{
		Use:   "watch --runs FILE CREDENTIAL [MAP]",
		Short: "After the cut-over: which dependents have run well, failed, or not run yet",
		Long: "Read run results (the answer of GitHub's list of workflow runs, an export of n8n executions, or JSON lines) and\n" +
			"say which dependents have run well since the cut-over, which failed, and which have not run yet.",
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) < 1 || len(args) > 2 || runs == "" {
				return usageError("watch needs --runs FILE and a CREDENTIAL\nhint: gh run list --json name,status,conclusion,createdAt > runs.json")
			}
			own, path := mapArgument(args, 1)
			return a.watch(own[0], path, runs, since, json)
		},
	}
	c.Flags().StringVar(&runs, "runs", "", "file of run results; - is standard input")
	c.Flags().StringVar(&since, "since", "", "moment of the cut-over, RFC 3339 (default: all runs of the file)")
	c.Flags().BoolVar(&json, "json", false, "print JSON")
	return c
}

func (a *app) calendarCommand() *cobra.Command {
	var out, now string
	c := &cobra.Command{
		Use:   "calendar [MAP]",
		Short: "Write the register's due days and expiries as a calendar (ICS)",
		Long: "Write the register's due days and expiries as a calendar (ICS). Each event keeps its id, so that importing a\n" +
			"later export updates it.",
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usageError("calendar takes one MAP")
			}
			stamp, err := moment(now)
			if err != nil {
				return err
			}
			reg, err := a.register()
			if err != nil {
				return err
			}
			return a.writeCalendar(out, stamp, plan.Calendar(reg))
		},
	}
	c.Flags().StringVarP(&out, "output", "o", "", "where to write (default standard output)")
	c.Flags().StringVar(&now, "now", "", "stamp of the export, RFC 3339 (default: now)")
	return c
}

func (a *app) writeCalendar(out string, stamp time.Time, events []plan.Event) error {
	return a.output(out, 0o644, func(w io.Writer) error { return plan.WriteEvents(w, stamp, events) })
}

// watch matches run results with the dependents of a credential.
func (a *app) watch(query, path, runs, since string, json bool) error {
	var from time.Time
	if since != "" {
		var err error
		if from, err = moment(since); err != nil {
			return err
		}
	}
	g, err := a.readGraph(path)
	if err != nil {
		return err
	}
	c, err := find(g, query)
	if err != nil {
		return err
	}
	reg, err := a.register()
	if err != nil {
		return err
	}
	results, err := a.runResults(runs)
	if err != nil {
		return err
	}
	p := plan.New(g, []*graph.Credential{c}, reg, plan.Options{Now: time.Now()})
	progress := plan.Follow(&p.Rotations[0], results, from, time.Now())
	if json {
		return a.printJSON(progress)
	}
	return progress.WriteText(a.stdout)
}

func (a *app) runResults(path string) ([]plan.Result, error) {
	if path == "-" {
		return plan.ReadResults(a.stdin)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading run results: %w", err)
	}
	defer f.Close()
	results, err := plan.ReadResults(f)
	if err != nil {
		return nil, fmt.Errorf("reading %q: %w", path, err)
	}
	return results, nil
}
