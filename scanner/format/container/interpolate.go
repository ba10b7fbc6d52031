package container

import (
	"strings"
	"unicode"

	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/lazy"
)

var computed = lazy.New(`\$\{\{[^}]*\}\}|\{\{[^}]*\}\}|\$\{[^}]*\}|\$\([^)]*\)|\$[A-Za-z_]\w*`)

// Computed replaces the parts of a name that are computed (${X}, {{ x }}, $(X)) by "*".
func Computed(name string) string {
	name = computed.ReplaceAllString(name, "*")
	for strings.Contains(name, "**") {
		name = strings.ReplaceAll(name, "**", "*")
	}
	return name
}

// maxFallback bounds how deep defaults hold defaults.
const maxFallback = 20

// Fallback returns the literal text of a value that may interpolate variables: ${NAME:-default} becomes its
// default, a variable without one stays as it is. "" when nothing literal remains.
func Fallback(value string) string {
	text := fallback(value, 0)
	rest := text
	for _, v := range detect.Variables(text) {
		rest = strings.Replace(rest, text[v.Start:v.End], "", 1)
	}
	if strings.IndexFunc(rest, isWordRune) < 0 {
		return ""
	}
	return text
}

func fallback(value string, depth int) string {
	var b strings.Builder
	end := 0
	for _, v := range detect.Variables(value) {
		if v.Start < end || !v.HasDefault || depth > maxFallback {
			continue
		}
		b.WriteString(value[end:v.Start])
		b.WriteString(fallback(v.Default, depth+1))
		end = v.End
	}
	b.WriteString(value[end:])
	return b.String()
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
