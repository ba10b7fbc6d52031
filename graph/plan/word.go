package plan

import "strings"

// word writes a name as one word of a shell command. Names come from repositories that anybody may have written, and
// people copy the lines of a runbook into a terminal.
func word(name string) string {
	special := func(r rune) bool {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		return !letter && !strings.ContainsRune("_./@:+,%=-#", r)
	}
	if name != "" && name[0] != '-' && name[0] != '#' && !strings.ContainsFunc(name, special) {
		return name
	}
	return quoted(name)
}

// quoted writes a name in quotes, as a shell reads them.
func quoted(name string) string { return "'" + strings.ReplaceAll(name, "'", `'\''`) + "'" }
