package codeowners

import "strings"

// section is a heading of GitLab's dialect: [Name][approvals] @default, ^[Optional].
type section struct {
	name   string // lower-case: sections of one name are one
	owners []string
}

func parseSection(line string) (section, bool) {
	rest, ok := strings.CutPrefix(strings.TrimPrefix(line, "^"), "[")
	if !ok {
		return section{}, false
	}
	name, rest, ok := strings.Cut(rest, "]")
	if !ok || strings.TrimSpace(name) == "" {
		return section{}, false
	}
	if count, ok := strings.CutPrefix(rest, "["); ok {
		if _, rest, ok = strings.Cut(count, "]"); !ok {
			return section{}, false
		}
	}
	if rest != "" && !strings.HasPrefix(rest, " ") && !strings.HasPrefix(rest, "\t") {
		return section{}, false // [a-z]*.go is a path
	}
	return section{strings.ToLower(strings.TrimSpace(name)), owners(rest)}, true
}

// entry is a line that names paths.
type entry struct {
	glob    string // spaces in it are escaped, as written
	exclude bool   // !pattern of GitLab
	owners  []string
}

// parseEntry reads a line. GitHub leaves out lines with negation or character ranges, and lines whose owners
// are none.
func parseEntry(line, dialect string) (entry, bool) {
	end := patternEnd(line)
	e := entry{glob: line[:end], owners: owners(line[end:])}
	if dialect == gitlab {
		if glob, ok := strings.CutPrefix(e.glob, "!"); ok {
			e.glob, e.exclude, e.owners = glob, true, nil
		}
		e.glob = strings.ReplaceAll(e.glob, `\#`, "#")
		return e, e.glob != ""
	}
	if strings.HasPrefix(e.glob, "!") || strings.ContainsAny(e.glob, "[]") || strings.HasPrefix(e.glob, `\#`) {
		return e, false
	}
	words, _, _ := strings.Cut(line[end:], "#")
	return e, len(e.owners) > 0 || strings.TrimSpace(words) == ""
}

// patternEnd returns where the pattern ends: at the first white space that is not escaped.
func patternEnd(line string) int {
	for i := 0; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case ' ', '\t':
			return i
		}
	}
	return len(line)
}

// owners lists the owners of a line up to a comment: @user, @org/team, @@role, mail addresses.
func owners(text string) []string {
	var out []string
	for _, word := range strings.Fields(text) {
		if strings.HasPrefix(word, "#") {
			break
		}
		if i := strings.IndexByte(word, '@'); i >= 0 && len(strings.Trim(word, "@")) > 0 && i < len(word)-1 {
			out = append(out, word)
		}
	}
	return out
}
