package artifact_test

import (
	"testing"

	"github.com/rotamap/rotamap/scanner/artifact"
)

func TestHasKey(t *testing.T) {
	for text, want := range map[string]bool{
		"route:":                  true,
		"a: 1\n  - \"route\" : x": true,
		"a: route: b":             false,
		"routes:":                 false,
		"x\nroute":                false,
		"":                        false,
		"# route: no":             false,
	} {
		a := &artifact.Artifact{Path: "x.yml", Content: []byte(text)}
		if got := a.HasKey("route"); got != want {
			t.Errorf("HasKey(route) of %q is %v", text, got)
		}
	}
}
