package detect_test

import (
	"testing"

	"github.com/rotamap/rotamap/rules/detect"
)

// Nested defaults count, escaped dollars and broken braces do not.
func TestVariables(t *testing.T) {
	for text, want := range map[string]string{
		"$A":                  "A",
		"${A}":                "A",
		"${A:-x}${B-y}":       "A=x B=y",
		"${A:-${B:-c}}":       "A=${B:-c} B=c",
		"${A:?needed}":        "A",
		"${A:+$B}":            "A B",
		"$$A $${A} \\$A":      "",
		"a$b/$C":              "b C",
		"${}":                 "",
		"${A":                 "",
		"$":                   "",
		"price 5$ and $1":     "",
		"${A:-{\"k\":\"v\"}}": "A={\"k\":\"v\"",
	} {
		got := ""
		for i, v := range detect.Variables(text) {
			if i > 0 {
				got += " "
			}
			got += v.Name
			if v.HasDefault {
				got += "=" + v.Default
			}
		}
		if got != want {
			t.Errorf("Variables(%q) = %q, want %q", text, got, want)
		}
	}
}
