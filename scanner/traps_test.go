package scanner_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rotamap/rotamap/scanner"
)

// TestTraps scans a repository whose configuration names programs in every place from which git runs one, lacks an object
// that it promises to fetch, and borrows from a store whose path is a command. Nothing runs and nothing is written.
func TestTraps(t *testing.T) {
	h := &hidden{t: t, dir: t.TempDir(), tokens: map[string]string{}}
	canary := filepath.Join(t.TempDir(), "canary")
	run := "touch " + canary
	gitIn(t, h.dir, "init", "-q", "-b", "main")
	h.write("a.env", "A_TOKEN="+h.token("kept")+"\n")
	h.write(".gitattributes", "* filter=trap diff=trap\n")
	h.commit("one")
	blob := h.gitWith("promised\n", "hash-object", "-w", "--stdin")
	tree := h.gitWith("100644 blob "+blob+"\tpromised.txt\n", "mktree")
	h.git("update-ref", "refs/heads/promising", h.git("commit-tree", tree, "-m", "promising"))
	if err := os.Remove(filepath.Join(h.dir, ".git/objects", blob[:2], blob[2:])); err != nil {
		t.Fatal(err)
	}
	config, err := os.ReadFile(filepath.Join(h.dir, ".git/config"))
	if err != nil {
		t.Fatal(err)
	}
	outside := filepath.Join(t.TempDir(), "included")
	if err := os.WriteFile(outside, []byte("[core]\n\tfsmonitor = "+run+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	h.write(".git/config", string(config)+strings.ReplaceAll(`[core]
	fsmonitor = RUN
	hooksPath = .git/traps
	sshCommand = RUN
	pager = RUN
	editor = RUN
	askPass = RUN
	gitProxy = RUN
	alternateRefsCommand = RUN
[diff "trap"]
	textconv = RUN
	command = RUN
[filter "trap"]
	clean = RUN
	smudge = RUN
	process = RUN
[credential]
	helper = "!RUN"
[gpg]
	program = RUN
[uploadpack]
	packObjectsHook = RUN
[extensions]
	partialClone = origin
[remote "origin"]
	url = ext::sh -c '"RUN"'
	promisor = true
	uploadpack = RUN
[include]
	path = `+outside+`
`, "RUN", run))
	for _, name := range []string{"post-checkout", "pre-commit", "reference-transaction", "post-index-change", "fsmonitor-watchman"} {
		h.write(".git/hooks/"+name, "#!/bin/sh\n"+run+"\n")
		h.write(".git/traps/"+name, "#!/bin/sh\n"+run+"\n")
	}
	h.write(".git/objects/info/alternates", "$("+run+")\n| "+run+"\n/etc\n")
	before := listing(t, h.dir)
	m := scanWith(t, h.dir, "", false, scanner.Options{})
	if _, err := os.Stat(canary); err == nil {
		t.Error("a program ran")
	}
	if after := listing(t, h.dir); strings.Join(before, "\n") != strings.Join(after, "\n") {
		t.Error("the scan wrote into the repository")
	}
	if !strings.Contains(m, "missing object: the clone is partial") {
		t.Error("the promised object is not told")
	}
	if gone := h.missing(scanner.Options{}); len(gone) > 0 {
		t.Errorf("not found: %q", gone)
	}
}
