package main

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
)

// TestReadme: the pictures of real output in the README are real: the impact as a whole, of the runbook the parts that
// it shows, in their order; "..." stands for what is left out.
func TestReadme(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
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
	t.Chdir("rotamap-demo")
	for _, command := range []string{"impact SLACK_BOT_TOKEN", "plan SLACK_BOT_TOKEN --now 2026-11-30T09:00:00Z"} {
		_, rest, ok := strings.Cut(string(readme), "$ rotamap "+command+"\n")
		want, _, _ := strings.Cut(rest, "```")
		if !ok {
			t.Fatalf("the README does not show rotamap %s", command)
		}
		got := do(strings.Fields(command)...)
		left := "\n" + got
		for part := range strings.SplitSeq(want, "...\n") {
			_, after, ok := strings.Cut(left, "\n"+part)
			if !ok {
				t.Fatalf("the README is out of step at\n%s\nrotamap %s prints:\n%s", part, command, got)
			}
			left = "\n" + after
		}
	}
}
