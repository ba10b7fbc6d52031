package export_test

import (
	"testing"

	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/export"
)

func TestLastKey(t *testing.T) {
	for path, want := range map[tree.Path]string{
		"a.b":          "b",
		"a.token[2]":   "token",
		`a["x.y"]`:     "x.y",
		`a["x.y"][0]`:  "x.y",
		"odd]":         "name",
		"":             "name",
		"a.list[0][1]": "list",
	} {
		if got := export.LastKey(path, "name"); got != want {
			t.Errorf("LastKey(%q) is %q, want %q", path, got, want)
		}
	}
	for _, path := range []tree.Path{`"]`, `["]`, "]", "[", "[]]"} {
		export.LastKey(path, "name") // any name will do: it must not panic
	}
}
