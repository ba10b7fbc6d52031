package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/rotamap/rotamap/scanner/fingerprint"
)

func (a *app) initCommand() *cobra.Command {
	var path string
	c := &cobra.Command{
		Use:   "init",
		Short: "Write the key of the fingerprints and a first rotamap.toml",
		Long: "Write the key of the fingerprints below your configuration folder, and a first rotamap.toml here. Neither\n" +
			"overwrites a file that is there. Share the key with your team through its vault: maps made with one key can\n" +
			"be compared.",
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return a.initialise(path) },
	}
	c.Flags().StringVar(&path, "key-file", "", "where to write the key (default: below your configuration folder)")
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

func (a *app) initialise(path string) error {
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
	return a.initConfig("rotamap.toml")
}

const firstConfig = `# What your team tracks and how it is rotated. See docs/register.md.
#
# [[credential]]
# name = "slack-bot"
# slots = ["gh:acme/shop/SLACK_TOKEN"]
# owner = "@acme/platform"
# purpose = "announces deployments"
# interval = "90d"
`

func (a *app) initConfig(path string) error {
	if _, err := os.Stat(path); err == nil {
		fmt.Fprintf(a.stdout, "%s is there already; it stays as it is.\n", path)
		return nil
	}
	err := writeFile(path, 0o644, func(w io.Writer) error {
		_, err := io.WriteString(w, firstConfig)
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "Wrote %s. Next: rotamap scan .\n", path)
	return nil
}
