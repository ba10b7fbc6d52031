package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/rotamap/rotamap/graph/plan"
	"github.com/rotamap/rotamap/rules/register"
	"github.com/rotamap/rotamap/scanner/fingerprint"
)

// initOptions are the flags of init.
type initOptions struct{ scan scanOptions }

func (a *app) initCommand() *cobra.Command {
	var o initOptions
	c := &cobra.Command{
		Use:   "init [SOURCE|MAP]",
		Short: "Write the key of the fingerprints and a first rotamap.toml",
		Long: "Write the key of the fingerprints below your configuration folder, and a first rotamap.toml here, with an entry\n" +
			"for each credential that a scan of SOURCE (default: this folder) finds in use. Owners and purposes are guesses\n" +
			"and say where they are from. Neither overwrites a file that is there. Share the key with your team through its\n" +
			"vault: maps made with one key can be compared.",
		Example: "  rotamap init\n  rotamap init acme.json\n  rotamap init ../shop --no-history",
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usageError("init takes one SOURCE or MAP\nhint: rotamap scan A B -o acme.json, then rotamap init acme.json")
			}
			return a.initialise(c.Context(), args, o)
		},
	}
	o.scan.addTo(c)
	c.Flags().Lookup("key-file").Usage = "where to write the key (default: below your configuration folder)"
	return c
}

// defaultKeyFile is where init writes the key: never below a git work tree.
func defaultKeyFile() (string, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("finding your configuration folder: %w", err)
	}
	return filepath.Join(dir, "rotamap", "key"), nil
}

func (a *app) initialise(ctx context.Context, args []string, o initOptions) error {
	path := o.scan.key.file
	if path == "" {
		var err error
		if path, err = defaultKeyFile(); err != nil {
			return fmt.Errorf("%w\nhint: --key-file names another place", err)
		}
	}
	if _, err := os.Stat(path); err == nil {
		fmt.Fprintf(a.stdout, "The key %s is there already; it stays as it is.\n", path)
	} else {
		if _, err := fingerprint.WriteKeyFile(path); err != nil {
			return err
		}
		fmt.Fprintf(a.stdout, "Wrote the key %s. Keep it in your team's vault.\n", path)
	}
	return a.initRegister(ctx, args, o.scan)
}

const registerHead = `# What your team tracks and how it is rotated. See docs/register.md.
# rotamap register lint checks it, rotamap check holds the sources against it.
`

const registerSample = `#
# [[credential]]
# name = "slack-bot"
# slots = ["gh:acme/shop/SLACK_TOKEN"]
# owner = "@acme/platform"
# purpose = "announces deployments"
# interval = "90d"
`

// initRegister writes the first register: what a scan proposes, or a sample where it finds nothing.
func (a *app) initRegister(ctx context.Context, args []string, o scanOptions) error {
	path := a.registerPath()
	if _, err := os.Stat(path); err == nil {
		fmt.Fprintf(a.stdout, "%s is there already; it stays as it is. rotamap register add adds an entry.\n", path)
		return nil
	}
	what := "."
	if len(args) == 1 {
		what = args[0]
	}
	fresh := *a // the register is still to be written
	if fresh.config != "" {
		fresh.config = ""
	}
	m, err := fresh.mapOf(ctx, what, o)
	if err != nil {
		return err
	}
	drafts := plan.Propose(load(m, register.Default()), register.Default())
	text := registerHead
	if len(drafts) == 0 {
		text += registerSample
	}
	text += register.Text(drafts)
	if _, err := register.Parse(path, []byte(text)); err != nil {
		return fmt.Errorf("writing the first register: %w", err)
	}
	if err := writeText(path, []byte(text)); err != nil {
		return err
	}
	return a.sayInitialised(path, drafts, what)
}

// sayInitialised says what was written and what to do next.
func (a *app) sayInitialised(path string, drafts []register.Draft, what string) error {
	said := "no credential in use was found, so it holds a sample"
	if n := len(drafts); n > 0 {
		said = fmt.Sprintf("%d proposed; read the guesses, add intervals, delete what you do not track", n)
		hard := 0
		for _, d := range drafts {
			if d.HardCoded {
				hard++
			}
		}
		if hard > 0 {
			said += fmt.Sprintf("\n  (%d of them stand in a file and are comments until that is mended)", hard)
		}
	}
	_, err := fmt.Fprintf(a.stdout, "Wrote %s: %s.\nNext: rotamap check %s\n", path, said, what)
	return err
}
