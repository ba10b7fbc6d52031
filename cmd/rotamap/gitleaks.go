package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/BurntSushi/toml"
	"github.com/spf13/pflag"

	"github.com/rotamap/rotamap/scanner/secret"
	"github.com/rotamap/rotamap/scanner/source"
)

// gitleaksOptions name what a user of gitleaks has: an ignore file, a baseline, and files of their own in a source.
type gitleaksOptions struct {
	ignore, baseline string
	trust            bool
}

func (g *gitleaksOptions) addTo(f *pflag.FlagSet) {
	f.StringVar(&g.ignore, "gitleaks-ignore", "", "a .gitleaksignore whose findings are set aside")
	f.StringVar(&g.baseline, "gitleaks-baseline", "", "a report of gitleaks in JSON whose findings are known")
	f.BoolVar(&g.trust, "trust-source-config", false,
		"obey gitleaks:allow comments, .gitleaks.toml and .gitleaksignore of the scanned sources")
}

// read fills in the options of the detector. Rules is the text of --rules, which wins over what a source holds; path is
// where it was read, for the file that it extends.
func (g *gitleaksOptions) read(d *secret.Options, path string, sources []source.Spec) error {
	d.TrustSource = g.trust
	if g.ignore != "" {
		text, err := os.ReadFile(g.ignore)
		if err != nil {
			return fmt.Errorf("reading the ignore file: %w", err)
		}
		d.Ignore = string(text)
	}
	if g.baseline != "" {
		text, err := os.ReadFile(g.baseline)
		if err != nil {
			return fmt.Errorf("reading the baseline: %w", err)
		}
		d.Baseline = text
	}
	for _, s := range sources {
		if !g.trust || s.Location == "-" {
			continue
		}
		if err := trustIn(d, &path, s.Location); err != nil {
			return err
		}
	}
	return extended(d, path)
}

// trustIn takes over the files of gitleaks at the root of a source that is trusted. The first configuration counts.
func trustIn(d *secret.Options, path *string, root string) error {
	ignore, err := os.ReadFile(filepath.Join(root, ".gitleaksignore"))
	if err == nil {
		d.Ignore += "\n" + string(ignore)
	}
	name := filepath.Join(root, ".gitleaks.toml")
	rules, err2 := os.ReadFile(name)
	if err2 == nil && d.Gitleaks == "" {
		d.Gitleaks, *path = string(rules), name
	}
	for _, e := range []error{err, err2} {
		var bad *fs.PathError
		if e != nil && !errors.Is(e, fs.ErrNotExist) && errors.As(e, &bad) {
			if info, err := os.Stat(root); err == nil && info.IsDir() {
				return fmt.Errorf("reading what a trusted source configures: %w", e)
			}
		}
	}
	return nil
}

// extended reads the file that a configuration extends. It is looked for in the folder of the configuration, else in the
// current one, as gitleaks does.
func extended(d *secret.Options, path string) error {
	var c struct{ Extend struct{ Path string } }
	if _, err := toml.Decode(d.Gitleaks, &c); err != nil || c.Extend.Path == "" || path == "" {
		return nil // a broken configuration is told by the detector
	}
	text, err := os.ReadFile(filepath.Join(filepath.Dir(path), c.Extend.Path))
	if errors.Is(err, fs.ErrNotExist) || filepath.IsAbs(c.Extend.Path) {
		text, err = os.ReadFile(c.Extend.Path)
	}
	if err != nil {
		return fmt.Errorf("reading the rules that %q extends: %w", path, err)
	}
	d.Extended = string(text)
	return nil
}
