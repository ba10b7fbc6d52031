package scanner

import (
	"strings"
	"testing"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// TestTemporary: the comment on a line, or right above it, says that something was meant to go; code, strings and lines
// that machines wrote say nothing.
func TestTemporary(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		at   int
		why  string
		line int
	}{
		"above":      {"# temporary, for the migration\nTOKEN=x", 2, "temporary", 1},
		"two above":  {"// remove after the launch\n// ask mira\nlet t = 1", 3, "to be removed", 1},
		"beside":     {"token: x # for now", 1, "for now", 1},
		"not beside": {"temporary: true\ntoken: x", 2, "", 0},
		"apart":      {"# temporary\n\ntoken: x", 3, "", 0},
		"in a value": {"token: temporary-value", 1, "", 0},
		"template":   {"# from the template\ntoken: x", 2, "", 0},
		"one line":   {strings.Repeat("x", 500) + " # temporary", 1, "", 0},
		"beyond":     {"# temporary", 7, "", 0},
	} {
		said := commentsOf(&artifact.Artifact{Content: []byte(c.text), State: inventory.Head})
		why, line := said.temporary(c.at)
		if c.why != "" {
			c.why = `a comment says "` + c.why + `"`
		}
		if why != c.why || line != c.line {
			t.Errorf("%s: %q at %d, want %q at %d", name, why, line, c.why, c.line)
		}
	}
}
