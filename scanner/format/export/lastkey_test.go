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
		`"]`:           "name",
		`["]`:          "name",
		"":             "name",
		"a.list[0][1]": "list",
	} {
		got := export.LastKey(path, "name")
		if path == `"]` || path == `["]` {
			continue // any name will do: it must not panic
		}
		if got != want {
			t.Errorf("LastKey(%q) is %q, want %q", path, got, want)
		}
	}
}
