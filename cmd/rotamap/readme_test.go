package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
)

// TestReadme: the picture of real output in the README is real.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := strings.Cut(string(readme), "$ rotamap impact SLACK_BOT_TOKEN rotamap-demo/rotamap.json\n")
	want, _, _ := strings.Cut(rest, "```")
	if !ok {
		t.Fatal("the README shows no impact of the demo")
	}
	t.Setenv("ROTAMAP_KEY", strings.Repeat("5a", 32))
	t.Setenv("HOME", t.TempDir())
	t.Chdir(t.TempDir())
	do := func(args ...string) string {
		var out, log bytes.Buffer
		if code := run(context.Background(), args, strings.NewReader(""), &out, &log); code != exitDone {
			t.Fatalf("rotamap %s: exit code %d\n%s", strings.Join(args, " "), code, log.String())
		}
		return out.String()
	}
	do("demo")
	if got := do("impact", "SLACK_BOT_TOKEN", "rotamap-demo/rotamap.json"); got != want {
		t.Errorf("the README is out of step; rotamap impact prints:\n%s", got)
	}
}
