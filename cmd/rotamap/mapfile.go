package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/rotamap/rotamap/graph"
	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/register"
)

const defaultMap = "rotamap.json"

// mapArgument splits the arguments of a command into its own and the map, which stands last and may be left out.
func mapArgument(args []string, own int) ([]string, string) {
	if len(args) > own {
		return args[:len(args)-1], args[len(args)-1]
	}
	return args, defaultMap
}

// readMap reads a map from a file, or from standard input for "-".
func (a *app) readMap(path string) (inventory.Map, error) {
	r := a.stdin
	if path != "-" {
		f, err := os.Open(path)
		if errors.Is(err, fs.ErrNotExist) {
			return inventory.Map{}, fmt.Errorf("reading the asset map %q: there is no such file\nhint: rotamap scan . writes one", path)
		}
		if err != nil {
			return inventory.Map{}, fmt.Errorf("reading the asset map: %w", err)
		}
		defer f.Close()
		r = f
	}
	m, err := a.decodeMap(r)
	if errors.Is(err, inventory.ErrNotAMap) {
		return m, fmt.Errorf("reading %q: %w\nhint: rotamap scan SOURCE... -o MAP writes a map", path, err)
	}
	return m, err
}

func (a *app) readGraph(path string) (*graph.Graph, error) { return a.readOlder(path, nil) }

// readOlder reads a map from before another, its fingerprints as those of the other's key where that knows them; nil for
// a map by itself.
func (a *app) readOlder(path string, now *graph.Graph) (*graph.Graph, error) {
	m, err := a.readMap(path)
	if err != nil {
		return nil, err
	}
	reg, err := a.register()
	if err != nil {
		return nil, err
	}
	if now != nil {
		m = now.Rekey(m)
	}
	return load(m, reg), nil
}

// load joins a map with what the register says of it.
func load(m inventory.Map, reg *register.Register) *graph.Graph {
	if facts := reg.Facts(m); len(facts.Nodes) > 0 {
		m.Fragments = append(slices.Clone(m.Fragments), facts)
	}
	g := graph.Load(m)
	g.Track(func(c *graph.Credential) string {
		if e := reg.Match(register.View{Slots: c.Slots, Fingerprints: c.Joinable()}); e != nil {
			return e.Name
		}
		return ""
	})
	return g
}

// find looks a credential up and turns a miss into advice.
func find(g *graph.Graph, query string) (*graph.Credential, error) {
	c, err := g.Find(query)
	var missing *graph.NotFoundError
	var many *graph.AmbiguousError
	switch {
	case errors.As(err, &missing):
		text := missing.Error()
		for _, n := range missing.Near {
			text += "\nhint: did you mean " + n + "?"
		}
		if len(missing.Near) == 0 {
			text += "\nhint: rotamap list credentials shows all of them"
		}
		return nil, &exitError{exitUsage, errors.New(text)}
	case errors.As(err, &many):
		return nil, &exitError{exitUsage, errors.New(candidates(g, many))}
	}
	return c, err
}

// candidates lists the credentials that a name may mean, with what tells them apart.
func candidates(g *graph.Graph, many *graph.AmbiguousError) string {
	var b strings.Builder
	b.WriteString(many.Error() + "; name one by its id:")
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for i := range many.Candidates {
		c := &many.Candidates[i]
		what := []string{}
		for _, e := range c.Environments {
			what = append(what, e.Name)
		}
		if c.Register != "" {
			what = append(what, "tracked as "+c.Register)
		}
		n := g.Reached(c)
		fmt.Fprintf(table, "\n  %s\t%s", c.ID, strings.Join(append(what, powers(len(n))), ", "))
	}
	_ = table.Flush() // into a buffer
	b.WriteString("\nhint: if they are one and the same, say so: one [[credential]] in rotamap.toml with all their slots")
	return b.String()
}

func powers(n int) string {
	switch n {
	case 0:
		return "no automation was seen to use it"
	case 1:
		return "powers 1 automation"
	}
	return fmt.Sprintf("powers %d automations", n)
}

// writeFile writes a file of the given mode as a whole or not at all: beside its place first, then renamed.
func writeFile(path string, mode os.FileMode, write func(io.Writer) error) error {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, ".rotamap-*")
	if err != nil {
		return fmt.Errorf("writing %q: %w\nhint: -o names another place", path, errors.Unwrap(err))
	}
	defer os.Remove(f.Name())
	err = errors.Join(f.Chmod(mode), write(f), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("writing %q: %w", path, err)
	}
	return nil
}

// output opens where a result goes: a file, or standard output for "" and "-".
func (a *app) output(path string, mode os.FileMode, write func(io.Writer) error) error {
	if path == "" || path == "-" {
		return write(a.stdout)
	}
	return writeFile(path, mode, write)
}

// printJSON prints one object.
func (a *app) printJSON(v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := a.stdout.Write(b.Bytes())
	return err
}

// incomplete turns the coverage of a result into exit code 4, unless the caller allows it and says so.
func (a *app) incomplete(c graph.Coverage, allow bool) error {
	if c.Complete {
		return nil
	}
	if allow {
		fmt.Fprintf(a.stderr, "rotamap: %d things could not be read; accepted by --allow-incomplete\n", len(c.Unreadable))
		return nil
	}
	return &exitError{code: exitIncomplete}
}
