package appconfig

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// RubySettings is the row of the settings of the gem config: what a file says of a key, a variable SETTINGS__A__B may say
// instead. The prefix and separator are those that its documentation sets up with environment variables.
func RubySettings() artifact.Format {
	return artifact.Format{ID: "ruby-settings", Title: "Settings of the gem config", Doc: "https://github.com/rubyconfig/config",
		Match: func(a *artifact.Artifact) bool {
			return inConfig(a.Path, ".yml") && (a.Base() == "settings.yml" || a.Base() == "settings.local.yml" || path.Base(a.Dir()) == "settings") && a.Has(":")
		},
		Parse: parseRubySettings}
}

// maxRubySettings bounds the keys of one file.
const maxRubySettings = 1000

func parseRubySettings(a *artifact.Artifact, f *artifact.Facts) error {
	keys := keysOfLines(string(a.Content))
	var c *file
	found := 0
	lines := strings.Split(string(a.Content), "\n")
	for i, line := range lines {
		m := keyOfLine.FindStringSubmatchIndex(line)
		name := keys[i+1]
		if m == nil || !strings.Contains(name, ".") || found >= maxRubySettings || strings.ContainsAny(name, " /-") {
			continue
		}
		if value := strings.TrimSpace(line[m[1]:]); strings.HasPrefix(value, "<%") || !credential(name) || value == "" && holdsMore(lines[i+1:], m[3]-m[2]) {
			continue
		}
		if c == nil {
			c = open(f, "ruby-settings")
		}
		found++
		at := artifact.Place{Line: i + 1, Column: m[4] + 1}
		c.defines("rails-settings", name, c.reads(RubyVariable(name), inventory.Medium, at), at)
	}
	return nil
}

// RubyVariable is the variable that may stand for a setting of the gem config.
func RubyVariable(setting string) string {
	return "SETTINGS__" + strings.ToUpper(strings.ReplaceAll(setting, ".", "__"))
}

// holdsMore reports whether the next line is indented deeper than a key: it belongs to the key.
func holdsMore(lines []string, indent int) bool {
	for _, line := range lines {
		text := strings.TrimLeft(line, " ")
		if text = strings.TrimRight(text, "\r"); text == "" || text[0] == '#' {
			continue
		}
		return len(line)-len(strings.TrimLeft(line, " ")) > indent
	}
	return false
}

// credential reports whether the last words of a key speak of a credential.
func credential(name string) bool {
	words := strings.Split(name, ".")
	return detect.ClassifyName(strings.Join(words[len(words)-2:], "_")).Class == inventory.ClassCredential
}
