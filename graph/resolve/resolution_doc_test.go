package resolve

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The table of docs/resolution.md has the rules of All in their order, and every scenario that it names exists.
func TestResolutionDoc(t *testing.T) {
	text, err := os.ReadFile("../../docs/resolution.md")
	if err != nil {
		t.Fatal(err)
	}
	var documented []string
	quoted := regexp.MustCompile("`([a-z0-9_]+)`")
	for _, line := range strings.Split(string(text), "\n") {
		cells := strings.Split(line, " | ")
		if !strings.HasPrefix(line, "| ") || len(cells) != 4 || cells[0] == "| rule" {
			continue
		}
		documented = append(documented, strings.TrimPrefix(cells[0], "| "))
		for _, m := range quoted.FindAllStringSubmatch(cells[3], -1) {
			if _, err := os.Stat(filepath.Join("../../testdata/scenarios", m[1]+".txtar")); err != nil {
				t.Errorf("%s: there is no scenario %s", cells[0], m[1])
			}
		}
		if !strings.Contains(cells[3], "`") {
			t.Errorf("%s names no scenario and no test", cells[0])
		}
	}
	var rules []string
	for _, r := range All() {
		rules = append(rules, r.ID)
	}
	if got, want := strings.Join(documented, " "), strings.Join(rules, " "); got != want {
		t.Errorf("docs/resolution.md has the rules\n%s\nand All has\n%s", got, want)
	}
}
