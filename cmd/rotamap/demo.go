package main

import (
	"context"
	"fmt"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/spf13/cobra"

	"github.com/rotamap/rotamap/reports"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/source"
	"github.com/rotamap/rotamap/testdata"
)

func (a *app) demoCommand() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "demo",
		Short: "Write a small sample company into a folder, scan it and show the result",
		Long: "Write a small sample company (two repositories with history, Kubernetes and Compose files, an n8n export)\n" +
			"into a folder, scan it and show what stops when one token changes, and the runbook for that. The folder must be\n" +
			"empty or absent.",
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return a.demo(c.Context(), out) },
	}
	c.Flags().StringVarP(&out, "output", "o", "rotamap-demo", "folder to write")
	return c
}

func (a *app) demo(ctx context.Context, dir string) error {
	entries, err := os.ReadDir(dir)
	if err == nil && len(entries) > 0 {
		return usageError("the folder %q is not empty\nhint: -o names another one", dir)
	}
	if err := writeSample(dir, testdata.Acme); err != nil {
		return fmt.Errorf("writing the sample company: %w", err)
	}
	fmt.Fprintf(a.stderr, "A small company stands in %s: the repositories shop and platform, and an n8n export.\n", dir)
	o := scanOptions{out: filepath.Join(dir, defaultMap)}
	args := []string{filepath.Join(dir, "shop"), filepath.Join(dir, "platform"), "exports=" + filepath.Join(dir, "exports")}
	if err := a.scan(ctx, args, o, encryption{}); err != nil {
		return err
	}
	return a.demoImpact(dir, o.out)
}

// demoImpact shows the question that Rotamap is for: what stops when the Slack token is rotated? Then the runbook.
func (a *app) demoImpact(dir, path string) error {
	g, err := a.readGraph(path)
	if err != nil {
		return err
	}
	for _, c := range g.Credentials() {
		if c.HardCoded() && len(g.Reached(&c)) > 1 {
			name := c.ID
			if _, err := g.Find(c.Name); err == nil {
				name = c.Name
			}
			fmt.Fprintf(a.stdout, "\n$ rotamap impact %s %s\n", name, path)
			if err := reports.WriteImpact(a.stdout, g.Impact(&c), widthOf(a.stdout), colour(a.stdout)); err != nil {
				return err
			}
			return a.demoPlan(dir, name)
		}
	}
	return nil
}

// demoPlan writes the runbook as the company would: with its register.
func (a *app) demoPlan(dir, name string) error {
	b := *a
	b.config = filepath.Join(dir, "rotamap.toml")
	fmt.Fprintf(a.stdout, "\n$ cd %s\n$ rotamap plan %s\n", dir, name)
	if err := b.plan([]string{name, filepath.Join(dir, defaultMap)}, planOptions{format: "text"}); err != nil {
		return err
	}
	_, err := fmt.Fprintf(a.stdout, "\nGo on with:\n  rotamap plan %s -f checklist   the same as tasks for an issue\n"+
		"  rotamap check rotamap.json                 what the policy says of the company\n"+
		"  rotamap report -f html -o acme.html        the map, to look at\n", name)
	return err
}

// writeSample writes a txtar archive in the form that package testdata describes.
func writeSample(dir, archive string) error {
	repos := map[string]map[int]*source.SampleCommit{}
	origins := map[string]string{}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		text := detect.Expand(string(f.Data))
		top, name, _ := strings.Cut(f.Name, "/")
		repo, number, ok := strings.Cut(top, "@")
		if !ok {
			if err := writePlain(filepath.Join(dir, filepath.FromSlash(f.Name)), text); err != nil {
				return err
			}
			continue
		}
		n, err := strconv.Atoi(number)
		if err != nil {
			return fmt.Errorf("the sample's file %q names no commit", f.Name)
		}
		if n == 0 {
			origins[repo] = strings.TrimSpace(text)
			continue
		}
		if repos[repo] == nil {
			repos[repo] = map[int]*source.SampleCommit{}
		}
		if repos[repo][n] == nil {
			repos[repo][n] = &source.SampleCommit{Files: map[string]string{}}
		}
		if err := addTo(repos[repo][n], name, text); err != nil {
			return err
		}
	}
	return writeRepositories(dir, origins, repos)
}

func writePlain(file, text string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, []byte(text), 0o644)
}

// addTo adds one file of the archive to its commit.
func addTo(c *source.SampleCommit, name, text string) error {
	switch name {
	case ".commit":
		lines := strings.SplitN(strings.TrimSpace(text), "\n", 3)
		if len(lines) != 3 {
			return fmt.Errorf("a .commit of the sample has %d lines, not 3", len(lines))
		}
		when, err := time.Parse(time.RFC3339, lines[0])
		if err != nil {
			return err
		}
		who, err := mail.ParseAddress(lines[1])
		if err != nil {
			return err
		}
		c.Time, c.Name, c.Mail, c.Message = when, who.Name, who.Address, lines[2]
	case ".delete":
		c.DeletePaths = strings.Fields(text)
	default:
		c.Files[name] = text
	}
	return nil
}

func writeRepositories(dir string, origins map[string]string, repos map[string]map[int]*source.SampleCommit) error {
	for name, byNumber := range repos {
		var numbers []int
		for n := range byNumber {
			numbers = append(numbers, n)
		}
		slices.Sort(numbers)
		var commits []source.SampleCommit
		for _, n := range numbers {
			commits = append(commits, *byNumber[n])
		}
		if err := source.WriteRepository(filepath.Join(dir, name), origins[name], commits); err != nil {
			return err
		}
	}
	return nil
}
