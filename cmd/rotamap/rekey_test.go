package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rotamap/rotamap/rules/detect"
)

// TestPreviousKey: after a change of keys maps stay comparable and the register goes on matching while the older key is
// given, and without it once the register was written anew.
func TestPreviousKey(t *testing.T) {
	t.Setenv("ROTAMAP_KEY", "")
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	keys := t.TempDir() // not below the work tree
	t.Chdir(t.TempDir())
	token := detect.Expand("ghp_{[A-Za-z0-9]:36:moves}")
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	old, now := filepath.Join(keys, "old"), filepath.Join(keys, "new")
	write(old, strings.Repeat("11", 32)+"\n")
	write(now, strings.Repeat("22", 32)+"\n")
	write("repo/deploy.sh", "TOKEN="+token+"\n")
	write("value", token)
	try := func(want int, stdin string, args ...string) string {
		t.Helper()
		var out, errs bytes.Buffer
		if code := run(t.Context(), args, strings.NewReader(stdin), &out, &errs); code != want {
			t.Fatalf("%q exits %d, not %d: %s%s", args, code, want, out.String(), errs.String())
		}
		return out.String() + errs.String()
	}
	scan := func(out string, args ...string) {
		t.Helper()
		try(exitDone, "", append([]string{"scan", "-q", "--no-cache", "repo", "-o", out}, args...)...)
	}
	print := strings.Fields(try(exitDone, token, "fingerprint", "--key-file", old))[0]
	write("rotamap.toml", "[[credential]]\nname = \"deploy\"\nslots = [\"gh:acme/repo/DEPLOY\"]\nowner = \"@acme/release\"\nvalues = [{fp = \""+print+"\", key = \""+strings.Split(print, ":")[1]+"\"}]\n")
	scan("old.json", "--key-file", old)
	scan("apart.json", "--key-file", now)
	scan("both.json", "--key-file", now, "--previous-key", old)

	try(exitDone, "", "check", "--severity", "high", "old.json")
	try(exitFindings, "", "check", "--severity", "high", "apart.json")
	try(exitDone, "", "check", "--severity", "high", "both.json")
	if out := try(exitFailed, "", "check", "--new-only=old.json", "apart.json"); !strings.Contains(out, "--previous-key") {
		t.Errorf("nothing tells of --previous-key: %s", out)
	}
	try(exitDone, "", "check", "--severity", "high", "--new-only=old.json", "both.json")
	if out := try(exitDone, "", "diff", "--exit-code", "old.json", "both.json"); strings.Contains(out, "not compared") {
		t.Errorf("values are not compared: %s", out)
	}
	if out := try(exitFindings, "", "verify", "TOKEN", "--before", "old.json", "both.json"); !strings.Contains(out, "deploy.sh:1") {
		t.Errorf("the old value is not found again: %s", out)
	}
	if out := try(exitDone, "", "report", "-f", "html", "both.json"); strings.Contains(out, "hs1:") {
		t.Error("a report that is made to be shared holds a fingerprint")
	}
	try(exitUsage, "", "register", "rekey", "apart.json")
	try(exitDone, "", "register", "rekey", "both.json")
	try(exitDone, "", "check", "--severity", "high", "apart.json")
	try(exitUsage, "", "scan", "-q", "repo", "--key-file", now, "--previous-key", now)

	write("repo/deploy.sh", "TOKEN="+detect.Expand("ghp_{[A-Za-z0-9]:36:rotated}")+"\n")
	scan("after.json", "--key-file", now)
	try(exitDone, "", "verify", "TOKEN", "--before", "apart.json", "after.json", "--record")
	kid := strings.Split(try(exitDone, token, "fingerprint", "--key-file", now), ":")[1]
	text, err := os.ReadFile("rotamap.toml")
	if err != nil || strings.Count(string(text), `key = "`+kid+`"`) != 2 {
		t.Errorf("what is recorded does not name its key (%v)", err)
	}
}
