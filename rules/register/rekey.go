package register

import (
	"slices"
	"strings"
)

// Rekey returns the text with the fingerprints of values as the present key makes them, and the names of the entries
// that still hold one of another key: the value was nowhere in the scan. Renamed gives the present fingerprint of an
// older one. Comments and the order of lines stay where a value stands on one line.
func Rekey(file string, text []byte, renamed map[string]string) (out []byte, left []string, err error) {
	if _, err := Parse(file, text); err != nil {
		return nil, nil, err
	}
	kids := map[string]string{} // key id -> the one that took its place
	for old, now := range renamed {
		kids[kid(old)] = kid(now)
	}
	lines := strings.SplitAfter(string(text), "\n")
	for i, was := range slices.Clone(lines) {
		for _, word := range strings.FieldsFunc(was, func(r rune) bool { return r == '"' || r == '\'' }) {
			if now := renamed[word]; now != "" {
				lines[i] = strings.ReplaceAll(lines[i], word, now)
				rekeyBeside(lines, i, kid(word), kid(now))
			}
		}
	}
	out = []byte(strings.Join(lines, ""))
	r, err := Parse(file, out)
	if err != nil {
		return nil, nil, err
	}
	for _, e := range r.Credentials {
		if slices.ContainsFunc(e.Values, func(v Value) bool { return kids[kid(v.Fingerprint)] != "" }) {
			left = append(left, e.Name)
		}
	}
	return out, left, nil
}

// rekeyBeside replaces the id of the key of a value: on its line, or on one of its own in the same table.
func rekeyBeside(lines []string, at int, old, now string) {
	for _, step := range []int{1, -1} {
		for i := at; i >= 0 && i < len(lines); i += step {
			if i != at && (strings.HasPrefix(strings.TrimSpace(lines[i]), "[") || strings.Contains(lines[i], "fp")) {
				break
			}
			for _, quote := range []string{`"`, `'`} {
				lines[i] = strings.ReplaceAll(lines[i], quote+old+quote, quote+now+quote)
			}
		}
	}
}

// kid is the id of the key in a fingerprint: hs1:<key id>:<digest>.
func kid(print string) string {
	parts := strings.Split(print, ":")
	if len(parts) != 3 {
		return ""
	}
	return parts[1]
}
