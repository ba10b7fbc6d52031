package spring

import (
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// isHocon reports whether a file is configuration in HOCON, as Play, Akka and their like load it, that takes in variables.
func isHocon(a *artifact.Artifact) bool {
	return a.Has("${") && (named(a.Base()) || a.Base() == "reference.conf" || strings.Contains("/"+a.Path, "/src/main/resources/"))
}

var hoconEntry = lazy.New(`^\s*"?([\w.\-/]+)"?\s*(?:[=:]|\+=)\s*(.*?),?\s*$`)
var hoconBlock = lazy.New(`^\s*"?([\w.\-/]+)"?\s*[=:]?\s*\{\s*$`)

// hocon lists the entries of a text in HOCON, one a line: blocks make the paths, and a later entry of a path overrides an
// earlier one where its variable is set. Source: the specification of HOCON.
func hocon(text string) []entry {
	var out []entry
	var blocks []string
	for i, line := range strings.Split(text, "\n") {
		if cut := strings.TrimSpace(line); strings.HasPrefix(cut, "#") || strings.HasPrefix(cut, "//") {
			continue
		}
		if m := hoconBlock.FindStringSubmatch(line); m != nil {
			blocks = append(blocks, m[1])
			continue
		}
		if m := hoconEntry.FindStringSubmatch(line); m != nil && !strings.HasSuffix(m[2], "{") && !strings.HasSuffix(m[2], "[") {
			key := strings.Join(append(blocks[:len(blocks):len(blocks)], m[1]), ".")
			value := strings.ReplaceAll(strings.Trim(m[2], `"`), "${?", "${")
			column := strings.Index(line, m[1]) + 1
			out = append(out, entry{key, value, artifact.Place{Line: i + 1, Column: column, Pointer: key}})
			continue
		}
		for range max(strings.Count(line, "}")-strings.Count(line, "{"), 0) {
			if len(blocks) > 0 {
				blocks = blocks[:len(blocks)-1]
			}
		}
	}
	return out
}
