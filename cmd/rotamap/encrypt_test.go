package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"
)

// TestEncryptedMaps: a map for somebody is read by them alone, and by no other; no byte of it is written in the clear.
func TestEncryptedMaps(t *testing.T) {
	t.Setenv("ROTAMAP_KEY", strings.Repeat("5a", 32))
	t.Setenv("ROTAMAP_IDENTITY", "")
	dir := t.TempDir()
	t.Chdir(dir)
	mine, other := identity(t, "mine.txt"), identity(t, "other.txt")
	if err := os.WriteFile("team.txt", []byte("# the team\n"+mine+"\n"+other+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll("src/.github/workflows", 0o700); err != nil {
		t.Fatal(err)
	}
	flow := "on: push\njobs:\n  a:\n    runs-on: x\n    env: {T: '${{ secrets.SHOP_TOKEN }}'}\n    steps: [{run: make}]\n"
	if err := os.WriteFile("src/.github/workflows/a.yml", []byte(flow), 0o600); err != nil {
		t.Fatal(err)
	}
	try := func(want int, args ...string) string {
		t.Helper()
		var out, errs bytes.Buffer
		if code := run(t.Context(), args, strings.NewReader(""), &out, &errs); code != want {
			t.Fatalf("%q exits %d, not %d: %s", args, code, want, errs.String())
		}
		return out.String() + errs.String()
	}
	try(exitDone, "scan", "-q", "src", "-o", "one.json", "--encrypt-to", mine)
	try(exitDone, "scan", "-q", "src", "-o", "both.json", "--encrypt-to", "team.txt")
	try(exitDone, "report", "-f", "markdown", "-o", "report.md.age", "--identity", "mine.txt", "--encrypt-to", mine, "one.json")
	for _, file := range []string{"one.json", "both.json", "report.md.age"} {
		b, err := os.ReadFile(file)
		if err != nil || bytes.Contains(b, []byte("SHOP_TOKEN")) || !bytes.HasPrefix(b, []byte(sealedStart)) {
			t.Errorf("%s is not encrypted (%v)", file, err)
		}
	}
	if out := try(exitDone, "impact", "SHOP_TOKEN", "--identity", "other.txt", "both.json"); !strings.Contains(out, "a.yml") {
		t.Errorf("the map of both is not read: %s", out)
	}
	try(exitDone, "check", "--identity", "mine.txt", "--new-only=both.json", "one.json")
	for what, args := range map[string][]string{
		"no key is given":         {"impact", "SHOP_TOKEN", "one.json"},
		"no key in other.txt":     {"list", "credentials", "--identity", "other.txt", "one.json"},
		"holds no private key":    {"check", "--identity", "team.txt", "one.json"},
		"reading the identity":    {"diff", "--identity", "none.txt", "one.json", "both.json"},
		"this is the private one": {"scan", "src", "--encrypt-to", "AGE-SECRET-KEY-1"},
		"neither a public key":    {"scan", "src", "--encrypt-to", "none.txt"},
		"a line of it is none":    {"scan", "src", "--encrypt-to", "mine.txt.bad"},
	} {
		if err := os.WriteFile("mine.txt.bad", []byte("no key\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		want := exitFailed
		if args[0] == "scan" {
			want = exitUsage
		}
		if out := try(want, args...); !strings.Contains(out, what) {
			t.Errorf("%q says %q, not %q", args, out, what)
		}
	}
	cut, err := os.ReadFile("one.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("cut.json", cut[:len(cut)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	try(exitFailed, "list", "credentials", "--identity", "mine.txt", "cut.json")
	if left, _ := filepath.Glob(".rotamap-*"); len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}

// identity writes a new private key to a file and returns its public half.
func identity(t *testing.T, file string) string {
	t.Helper()
	k, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(k.String()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return k.Recipient().String()
}
