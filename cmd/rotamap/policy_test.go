package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/rules/policy"
	"github.com/rotamap/rotamap/scanner/source"
)

// TestPolicyScenarios: for every policy rule there are files on which rotamap check reports it, at the places named,
// and files much like them on which it must not. testdata/scenarios/policy/<rule>.txtar holds both, as the commits (1, 2
// ...) of the repositories found and nothing, with the flags of check in args.
func TestPolicyScenarios(t *testing.T) {
	t.Setenv("ROTAMAP_KEY", strings.Repeat("5a", 32))
	t.Setenv("HOME", t.TempDir())
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	files, err := filepath.Glob("../../testdata/scenarios/policy/*.txtar")
	if err != nil || len(files) != len(policy.All()) {
		t.Errorf("%d scenarios for %d rules", len(files), len(policy.All()))
	}
	for _, r := range policy.All() {
		t.Run(r.ID, func(t *testing.T) {
			a, err := txtar.ParseFile("../../testdata/scenarios/policy/" + r.ID + ".txtar")
			if err != nil {
				t.Fatal(err)
			}
			found, nothing := checkFiles(t, a, "found", r.ID), checkFiles(t, a, "nothing", r.ID)
			for want := range strings.FieldsSeq(fileOf(a, "want")) {
				if !slices.Contains(found, want) {
					t.Errorf("%s\nnot reported at %s, but at %s", a.Comment, want, found)
				}
			}
			if len(found) == 0 || len(nothing) > 0 {
				t.Errorf("%s\nfound: %s\nnothing: %s", a.Comment, found, nothing)
			}
		})
	}
}

// checkFiles runs check on the repository that an archive holds, and lists the places of a rule's findings. The files
// must have given the rule something to judge.
func checkFiles(t *testing.T, a *txtar.Archive, side, rule string) []string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), side)
	if err := source.WriteRepository(dir, "https://github.com/acme/shop", commitsOf(a, side)); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	args := append([]string{"check", "--json", "--severity", "info", "--now", "2026-11-23T12:00:00Z"}, strings.Fields(fileOf(a, "args"))...)
	var out, log bytes.Buffer
	if code := run(context.Background(), append(args, "."), strings.NewReader(""), &out, &log); code != exitDone && code != exitFindings {
		t.Fatalf("exit code %d\n%s", code, log.String())
	}
	var r checkResult
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	var places []string
	for _, f := range r.Findings {
		if f.Rule != rule {
			continue
		}
		for _, e := range f.Evidence {
			places = append(places, fmt.Sprintf("%s:%d", e.Path, e.Line))
		}
		if len(f.Evidence) == 0 {
			t.Errorf("the finding %q names no place", f.Title)
		}
	}
	if len(r.Coverage.Sources) != 1 || r.Coverage.Sources[0].Files == 0 {
		t.Errorf("%s: no file was read", side)
	}
	return places
}

func fileOf(a *txtar.Archive, name string) string {
	for _, f := range a.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

// commitsOf reads side/1/..., side/2/... as commits of whole states, a day apart.
func commitsOf(a *txtar.Archive, side string) []source.SampleCommit {
	var commits []source.SampleCommit
	for n := 1; ; n++ {
		c := source.SampleCommit{Time: time.Date(2026, 1, n, 12, 0, 0, 0, time.UTC), Name: "Mira", Mail: "mira@acme.example",
			Message: "Commit " + strconv.Itoa(n), Files: map[string]string{}}
		for _, f := range a.Files {
			if name, ok := strings.CutPrefix(f.Name, fmt.Sprintf("%s/%d/", side, n)); ok {
				c.Files[name] = detect.Expand(string(f.Data))
			}
		}
		if len(c.Files) == 0 {
			return commits
		}
		commits = append(commits, c)
	}
}
