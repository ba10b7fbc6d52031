package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rhysd/actionlint"
	"go.yaml.in/yaml/v3"

	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/source"
)

// The files that CI systems read are run as they are: their scripts, in a repository whose last commit adds a secret.

// shell is a repository with the program on the path.
type shell struct {
	dir string
	env []string
}

// newShell makes a repository on main with a branch of one commit more, which adds a secret when leaky.
func newShell(t *testing.T, leaky bool) shell {
	t.Helper()
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("there is no bash")
	}
	bin, dir, temp := t.TempDir(), t.TempDir(), t.TempDir()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(program, filepath.Join(bin, "rotamap")); err != nil {
		t.Skip("no symbolic links here")
	}
	files := map[string]string{"README.md": "hello\n"}
	if leaky {
		files["deploy.sh"] = detect.Expand("TOKEN=ghp_{[A-Za-z0-9]:36:ci}\n")
	}
	at := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	commits := []source.SampleCommit{
		{Time: at, Name: "Mira", Mail: "mira@acme.example", Message: "First", Files: map[string]string{"a.txt": "a\n"}},
		{Time: at.Add(time.Hour), Name: "Mira", Mail: "mira@acme.example", Message: "Second", Files: files},
	}
	if err := source.WriteRepository(dir, "https://github.com/acme/shop", commits); err != nil {
		t.Fatal(err)
	}
	return shell{dir, append(os.Environ(), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "RUNNER_TEMP="+temp, "ROTAMAP_KEY=",
		"GITHUB_OUTPUT="+filepath.Join(temp, "output"), "GITHUB_STEP_SUMMARY="+filepath.Join(temp, "summary"), "HOME="+temp, "XDG_CONFIG_HOME="+temp)}
}

// run runs a script and returns its exit code and output.
func (s shell) run(t *testing.T, script string, env ...string) (int, string) {
	t.Helper()
	c := exec.Command("bash", "-e", "-o", "pipefail", "-c", script)
	c.Dir, c.Env = s.dir, append(s.env, env...)
	out, err := c.CombinedOutput()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode(), string(out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return 0, string(out)
}

func readYAML(t *testing.T, path string, into any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}

// TestAction: the step of the action fails for a pull request that adds a secret, with annotation, summary and SARIF,
// and passes for one that adds none.
func TestAction(t *testing.T) {
	var action struct {
		Outputs map[string]any
		Runs    struct {
			Steps []struct{ Name, ID, Run string }
		}
	}
	readYAML(t, "../../action.yml", &action)
	script := ""
	for _, s := range action.Runs.Steps {
		if s.ID == "check" {
			script = s.Run
		}
		if strings.Contains(s.Run, "${{") {
			t.Errorf("step %q puts an expression into its script: hand it over as env", s.Name)
		}
	}
	for _, leaky := range []bool{true, false} {
		s, want := newShell(t, leaky), map[bool]int{true: 3, false: 0}[leaky]
		code, out := s.run(t, script, "BASE=main~1", "SEVERITY=high")
		if code != want || leaky != strings.Contains(out, "::error title=") {
			t.Errorf("leaky %v: exit %d\n%s", leaky, code, out)
		}
		_, written := s.run(t, `cat "$GITHUB_OUTPUT"; cat "$GITHUB_STEP_SUMMARY"; test -s "$RUNNER_TEMP/rotamap.sarif"`)
		for name := range action.Outputs {
			if !strings.Contains(written, name+"=") {
				t.Errorf("the output %s is not written: %s", name, written)
			}
		}
		if !strings.Contains(written, "<!-- rotamap -->") {
			t.Errorf("no summary: %s", written)
		}
	}
}

// TestGitLab: the job's script does the same, and writes the reports that it names.
func TestGitLab(t *testing.T) {
	var file struct {
		Rotamap struct {
			Script    []string
			Artifacts struct {
				Paths   []string
				Reports map[string]string
			}
		}
	}
	readYAML(t, "../../docs/ci/gitlab.yml", &file)
	job := file.Rotamap
	s := newShell(t, true)
	if code, out := s.run(t, strings.Join(job.Script, "\n"), "ROTAMAP_SEVERITY=high", "CI_MERGE_REQUEST_DIFF_BASE_SHA="); code != 3 {
		t.Errorf("without a base: exit %d\n%s", code, out)
	}
	code, out := s.run(t, strings.Join(job.Script, "\n"), "ROTAMAP_SEVERITY=high", "CI_MERGE_REQUEST_DIFF_BASE_SHA=HEAD~1")
	if code != 3 || !strings.Contains(out, "compared with HEAD~1") {
		t.Errorf("with a base: exit %d\n%s", code, out)
	}
	for _, name := range append(job.Artifacts.Paths, job.Artifacts.Reports["secret_detection"], job.Artifacts.Reports["junit"]) {
		if info, err := os.Stat(filepath.Join(s.dir, name)); err != nil || info.Size() == 0 {
			t.Errorf("%s is not written: %v", name, err)
		}
	}
}

// TestPreCommit: the hook refuses a secret that is staged, also before the first commit, and lets others pass.
func TestPreCommit(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("there is no git")
	}
	var hooks []struct{ Entry string }
	readYAML(t, "../../.pre-commit-hooks.yaml", &hooks)
	s := newShell(t, false)
	if code, out := s.run(t, hooks[0].Entry); code != 0 {
		t.Errorf("nothing staged: exit %d\n%s", code, out)
	}
	fresh := newShell(t, false)
	fresh.dir = t.TempDir()
	for _, x := range []shell{s, fresh} {
		if err := os.WriteFile(filepath.Join(x.dir, "new.sh"), []byte(detect.Expand("TOKEN=ghp_{[A-Za-z0-9]:36:hook}\n")), 0o600); err != nil {
			t.Fatal(err)
		}
		if code, out := x.run(t, "git init -q . && git add new.sh && "+hooks[0].Entry); code != 3 || !strings.Contains(out, "new.sh:1") {
			t.Errorf("a staged secret: exit %d\n%s", code, out)
		}
	}
}

var fenced = regexp.MustCompile("(?ms)^```(sh|yaml)\n(.*?)^```$")

// TestDocsCI: the commands of docs/ci.md run, and its workflow is one.
func TestDocsCI(t *testing.T) {
	text, err := os.ReadFile("../../docs/ci.md")
	if err != nil {
		t.Fatal(err)
	}
	s := newShell(t, true)
	ran := 0
	for _, block := range fenced.FindAllSubmatch(text, -1) {
		if string(block[1]) == "yaml" {
			if bytes.HasPrefix(block[2], []byte("on:")) {
				if _, errs := actionlint.Parse(block[2]); len(errs) > 0 {
					t.Errorf("the workflow: %v", errs)
				}
			} else if err := yaml.Unmarshal(block[2], new(any)); err != nil {
				t.Error(err)
			}
			continue
		}
		for line := range strings.Lines(string(block[2])) {
			ran++
			if code, out := s.run(t, line, "ROTAMAP_KEY="+strings.Repeat("5a", 32)); code != 0 && code != exitFindings {
				t.Errorf("%sexit %d\n%s", line, code, out)
			}
		}
	}
	if ran == 0 {
		t.Error("no command was found")
	}
}
