package code

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func show(list []Target) string {
	var b strings.Builder
	for _, t := range list {
		fmt.Fprintf(&b, "%s line %d needs %v dir %q: %q\n", t.Name, t.Line, t.Needs, t.Dir, t.Script)
	}
	return b.String()
}

// TestTargets: the named scripts of build files, with their lines; what is no such file yields nothing.
func TestTargets(t *testing.T) {
	for _, c := range []struct {
		name, text string
		read       func([]byte) []Target
		want       string
	}{
		{"make", "X ?= 1\nbuild: deps $(X)\n\t@echo $(X) $$Y $(shell ls)\n\t-./run.sh \\\n  more\n\nall: build test\n", Makefile,
			"build line 3 needs [deps $(X)] dir \"\": \"\\t echo ${X}  $Y \\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\x01\\n\\t ./run.sh \\\\\\n  more\"\n" +
				"all line 7 needs [build test] dir \"\": \"\"\n"},
		{"npm", `{"name": "x", "scripts": {"build": "node \"b.js\"", "test": "jest"}, "y": 1}`, NPMScripts,
			"build line 1 needs [] dir \"\": \"node \\\"b.js\\\"\"\ntest line 1 needs [] dir \"\": \"jest\"\n"},
		{"npm-none", `{"scripts": [1]}`, NPMScripts, ""},
		{"npm-broken", `{"scripts": {"a": "b", `, NPMScripts, "a line 1 needs [] dir \"\": \"b\"\n"},
		{"just", "x := 'y'\nbuild target='a': test\n    @cargo build\n    ./x.sh {{target}}\n\ntest:\n    cargo test\n", Justfile,
			"build line 3 needs [test] dir \"\": \"     cargo build\\n    ./x.sh {{target}}\\n\"\ntest line 7 needs [] dir \"\": \"    cargo test\"\n"},
		{"task", "version: '3'\ntasks:\n  build:\n    deps: [a]\n    dir: sub\n    cmds:\n      - go build\n      - task: other\n      - |\n        ./x.sh\n        ./y.sh\n  short: echo hi\n", Taskfile,
			"build line 3 needs [a] dir \"sub\": \"\"\nbuild line 7 needs [other] dir \"sub\": \"go build\"\nbuild line 10 needs [] dir \"sub\": \"        ./x.sh\\n        ./y.sh\"\n" +
				"short line 12 needs [] dir \"\": \"\"\nshort line 12 needs [] dir \"\": \"echo hi\"\n"},
	} {
		if diff := cmp.Diff(c.want, show(c.read([]byte(c.text)))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// TestResolve: paths from the source's root for every kind of working directory.
func TestResolve(t *testing.T) {
	for _, c := range []struct {
		run  Run
		want string
		ok   bool
	}{
		{Run{Path: "x.sh"}, "work/x.sh", true},
		{Run{Path: "../x.sh", Dir: "a"}, "work/x.sh", true},
		{Run{Path: "x.sh", Dir: "$0/.."}, "x.sh", true},
		{Run{Path: "x.sh", Dir: "/"}, "x.sh", true},
		{Run{Path: "x.sh", Dir: "/b"}, "b/x.sh", true},
		{Run{Path: "x.sh", Dir: "*"}, "", false},
		{Run{Path: "../../x.sh"}, "", false},
	} {
		got, ok := c.run.Resolve("scripts", "work")
		if ok != c.ok || ok && got != c.want {
			t.Errorf("Resolve(%+v) = %q, %v, want %q, %v", c.run, got, ok, c.want, c.ok)
		}
	}
}
