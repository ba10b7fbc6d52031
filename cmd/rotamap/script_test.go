package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"flag"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/source"
)

var update = flag.Bool("update", false, "rewrite the expected part of the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"rotamap": func() { os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
	})
}

// TestScripts runs the scripts below testdata/script: each is a folder of input files and the commands that a user
// would type, run through the real main.
func TestScripts(t *testing.T) { runScripts(t, "../../testdata/script") }

// TestScenarios runs the chains below testdata/scenarios: each asserts the places of every hop.
func TestScenarios(t *testing.T) { runScripts(t, "../../testdata/scenarios") }

// TestChains holds that enough scenarios assert the places of a chain of three hops or more.
func TestChains(t *testing.T) {
	files, err := filepath.Glob("../../testdata/scenarios/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	long := 0
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if words := strings.Fields(line); len(words) >= 6 && words[0] == "hops" { // hops FILE DEPENDENT PLACE...
				long++
				break
			}
		}
	}
	if long < 40 {
		t.Errorf("%d scenarios assert a chain of three places or more, want 40", long)
	}
}

func runScripts(t *testing.T, dir string) {
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no scripts in " + dir)
	}
	testscript.Run(t, testscript.Params{
		Dir:           dir,
		UpdateScripts: *update,
		Setup: func(e *testscript.Env) error {
			e.Setenv("ROTAMAP_KEY", strings.Repeat("5a", 32))
			e.Setenv("XDG_CONFIG_HOME", filepath.Join(e.WorkDir, ".config"))
			e.Setenv("XDG_CACHE_HOME", filepath.Join(e.WorkDir, ".cache"))
			e.Setenv("HOME", e.WorkDir)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "expand": expand, "githistory": githistory, "noleak": noleak, "hops": hops, "nodependent": nodependent, "mentions": mentions,
		},
	})
}

// exits CODE PROGRAM ARG... runs a program and checks its exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARG...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	if err != nil {
		got = -1
		if e, ok := err.(interface{ ExitCode() int }); ok {
			got = e.ExitCode()
		}
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// expand FILE... fills the patterns of fake tokens in files; a folder stands for all files below it.
func expand(ts *testscript.TestScript, neg bool, args []string) {
	for _, arg := range args {
		ts.Check(filepath.WalkDir(ts.MkAbs(arg), func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			return os.WriteFile(path, []byte(detect.Expand(string(text))), 0o644)
		}))
	}
}

// githistory DIR [ORIGIN] makes a repository of DIR from its folders 1, 2, 3 ...: each is a commit that holds
// exactly the files of that folder, a day after the one before. A file .branch names a branch that stays there. Fake
// tokens are expanded.
func githistory(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 1 {
		ts.Fatalf("usage: githistory DIR [ORIGIN]")
	}
	dir, origin := ts.MkAbs(args[0]), ""
	if len(args) > 1 {
		origin = args[1]
	}
	var commits []source.SampleCommit
	previous := map[string]string{}
	for n := 1; ; n++ {
		folder := filepath.Join(dir, strconv.Itoa(n))
		if _, err := os.Stat(folder); err != nil {
			break
		}
		files := readFolder(ts, folder)
		c := source.SampleCommit{Time: time.Date(2026, 1, n, 12, 0, 0, 0, time.UTC), Name: "Mira", Mail: "mira@acme.example",
			Message: "Commit " + strconv.Itoa(n), Files: files, Branch: strings.TrimSpace(files[".branch"])}
		delete(files, ".branch")
		for name := range previous {
			if _, ok := files[name]; !ok {
				c.DeletePaths = append(c.DeletePaths, name)
			}
		}
		slices.Sort(c.DeletePaths)
		commits, previous = append(commits, c), files
		ts.Check(os.RemoveAll(folder))
	}
	ts.Check(source.WriteRepository(dir, origin, commits))
}

func readFolder(ts *testscript.TestScript, dir string) map[string]string {
	files := map[string]string{}
	ts.Check(filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		files[filepath.ToSlash(name)] = detect.Expand(string(text))
		return err
	}))
	return files
}

// noleak PATTERN FILE... checks that no file holds the expanded value, plain or encoded. "stdout" and "stderr" are
// those of the last command.
func noleak(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: noleak PATTERN FILE...")
	}
	value := detect.Expand(args[0])
	for _, name := range args[1:] {
		text := []byte(ts.ReadFile(name))
		for encoding, form := range leakForms(value) {
			if bytes.Contains(text, []byte(form)) {
				ts.Fatalf("%s holds the planted value (%s)", name, encoding)
			}
		}
	}
}

// leakForms are the forms in which a value may travel.
func leakForms(value string) map[string]string {
	trimmed := strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(value)), "=")
	return map[string]string{
		"plain": value, "base64": trimmed[:len(trimmed)-1], "hex": hex.EncodeToString([]byte(value)),
		"percent": strings.ReplaceAll(url.QueryEscape(value), "+", "%20"),
	}
}
