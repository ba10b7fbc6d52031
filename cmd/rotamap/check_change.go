package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/rules/policy"
	"github.com/rotamap/rotamap/rules/register"
	"github.com/rotamap/rotamap/scanner/source"
)

// checked returns what is checked. After a bare --new-only the map from before may be an argument of its own.
func (a *app) checked(args []string, o *checkOptions) (string, error) {
	switch {
	case o.base != "" && o.newOnly != "":
		return "", usageError("--base and --new-only exclude each other\nhint: --base REV scans both sides itself")
	case len(args) == 2 && o.newOnly == defaultMap:
		before := slices.IndexFunc(args, a.isMap)
		if before < 0 {
			return "", usageError("neither %q nor %q is a map to compare with\nhint: rotamap check --new-only=before.json .", args[0], args[1])
		}
		o.newOnly = args[before]
		return args[1-before], nil
	case len(args) > 1:
		return "", usageError("check takes one SOURCE or MAP")
	case len(args) == 1:
		return args[0], nil
	}
	return ".", nil
}

// isMap reports whether a file is an asset map.
func (a *app) isMap(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	_, err = a.decodeMap(f)
	var sealed *sealedError
	return err == nil || errors.As(err, &sealed)
}

// checkNew finds what a map from before does not have.
func (a *app) checkNew(g *graph.Graph, reg *register.Register, r checkResult, now time.Time, o checkOptions) (*graph.Graph, checkResult, error) {
	old, err := a.readMap(o.newOnly)
	if err != nil {
		return nil, r, fmt.Errorf("comparing with the map from before: %w", err)
	}
	before := load(g.Rekey(old), reg)
	if a, b := before.KeyIDs(), g.KeyIDs(); len(a) > 0 && len(b) > 0 && !slices.Equal(a, b) {
		return nil, r, fmt.Errorf("comparing with %q: it was made with another key, so that values cannot be compared\n"+
			"hint: scan both with the same --key-file, give this scan the older one as --previous-key, or use --base REV, which needs no key", o.newOnly)
	}
	a.compare(g, before, reg, &r, o.newOnly, now)
	return g, r, nil
}

// compare fills in what a state has and its baseline has not.
func (a *app) compare(g, before *graph.Graph, reg *register.Register, r *checkResult, base string, now time.Time) {
	opts := policy.Options{Now: now, Baseline: before}
	r.Findings = policy.Added(g, policy.Check(g, reg, opts), before, policy.Check(before, reg, policy.Options{Now: now}))
	r.Change = &policy.Change{Base: base, Growth: policy.Grown(g, reg, opts), Asking: []policy.Asking{}}
}

// checkBase finds what a change adds to a revision. Both sides are scanned with one key, the change by the rules of
// the revision: what a pull request says of itself does not count.
func (a *app) checkBase(ctx context.Context, what string, now time.Time, o checkOptions) (*graph.Graph, checkResult, error) {
	r := checkResult{Schema: "rotamap/check/1"}
	folder := source.ParseSpec(what).Location
	memo := &source.Memo{}
	reg, err := a.registerAt(folder, o.base, memo)
	if err != nil {
		return nil, r, err
	}
	rules, err := a.rulesAt(folder, o.base, o.scan.rules, memo)
	if err != nil {
		return nil, r, err
	}
	key, _, err := o.scan.key.load(reg) // a key of this run alone serves as well: both sides have it
	if err != nil {
		return nil, r, err
	}
	sides := [2]*graph.Graph{}
	for i, scope := range []source.Scope{source.ScopeBase, source.ScopePresent} {
		side := o.scan
		side.read.Scope, side.read.Base, side.read.Memo = scope, o.base, memo
		m, err := a.sweepWith(ctx, []string{what}, side, reg, key, rules)
		if err != nil {
			return nil, r, err
		}
		sides[i] = load(m, reg)
	}
	g := sides[1]
	r.Coverage = g.Coverage()
	a.compare(g, sides[0], reg, &r, o.base, now)
	r.Change.Asking, err = a.proposed(g, folder, reg, r.Findings)
	return g, r, err
}

// registerAt reads the register as it is at a revision of the source, when it lies in it; any other is trusted as it
// is. A revision without one has an empty one.
func (a *app) registerAt(what, revision string, memo *source.Memo) (*register.Register, error) {
	name, inside := below(what, a.registerPath())
	if !inside {
		return a.register()
	}
	text, err := source.FileAt(what, revision, name, memo)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return register.Default(), nil
	case errors.Is(err, source.ErrNoRevision):
		return nil, fmt.Errorf("%w: %q\nhint: in CI fetch it first: git fetch origin BRANCH, or fetch-depth: 0", err, revision)
	case err != nil:
		return nil, err
	}
	reg, err := register.Parse(name, text)
	if err != nil {
		return nil, fmt.Errorf("reading the register of %s: %w", revision, err)
	}
	return reg, nil
}

// rulesAt reads a --rules file likewise; a file that the change adds does not count yet.
func (a *app) rulesAt(what, revision, path string, memo *source.Memo) ([]byte, error) {
	if path == "" {
		return nil, nil
	}
	name, inside := below(what, path)
	if !inside {
		return readRules(path)
	}
	text, err := source.FileAt(what, revision, name, memo)
	if errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintf(a.stderr, "rotamap: %s is not in %s: the built-in rules apply\n", path, revision)
		return nil, nil
	}
	return text, err
}

// proposed lists what the register of the change asks for beyond that of the revision.
func (a *app) proposed(g *graph.Graph, what string, reg *register.Register, findings []policy.Finding) ([]policy.Asking, error) {
	if _, inside := below(what, a.registerPath()); !inside {
		return []policy.Asking{}, nil
	}
	now, err := a.register()
	if err != nil {
		if _, statErr := os.Stat(a.registerPath()); errors.Is(statErr, fs.ErrNotExist) {
			return []policy.Asking{}, nil // the change takes it away
		}
		return nil, fmt.Errorf("the change breaks the register: %w", err)
	}
	return policy.Proposed(g, reg, now, findings), nil
}

// below returns the path of a file relative to a folder, with slashes; false when it lies elsewhere. The file need
// not be there.
func below(folder, file string) (string, bool) {
	root, err := realPath(folder)
	if err != nil {
		return "", false
	}
	dir, err := realPath(filepath.Dir(file))
	if err != nil {
		return "", false
	}
	rel, err := filepath.Rel(root, filepath.Join(dir, filepath.Base(file)))
	if err != nil || !filepath.IsLocal(rel) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}

func realPath(path string) (string, error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(full)
}

// readRules reads a file of detection rules.
func readRules(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the rules: %w", err)
	}
	return text, nil
}
