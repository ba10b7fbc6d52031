package register

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Format lays a register out evenly: one blank line before a table, none at the ends, no trailing blanks, one
// blank on each side of "=". Comments, order and everything inside strings stay. A text that Parse refuses is an
// error.
func Format(name string, text []byte) ([]byte, error) {
	if _, err := Parse(name, text); err != nil {
		return nil, err
	}
	var out []string
	for _, l := range outline(string(text)) {
		if l.inside {
			out = append(out, l.text)
			continue
		}
		t := strings.TrimSpace(l.text)
		if l.header {
			out = spaced(out)
		}
		if l.key != "" {
			key, value, _ := strings.Cut(t, "=")
			t = strings.TrimSpace(key) + " = " + strings.TrimSpace(value)
		}
		if t == "" && (len(out) == 0 || out[len(out)-1] == "") {
			continue
		}
		out = append(out, t)
	}
	for len(out) > 0 && out[len(out)-1] == "" {
		out = out[:len(out)-1]
	}
	return []byte(strings.Join(out, "\n") + "\n"), nil
}

// spaced puts one blank line before what follows, above the comments that belong to it.
func spaced(out []string) []string {
	at := len(out)
	for at > 0 && strings.HasPrefix(out[at-1], "#") {
		at--
	}
	if at == 0 || out[at-1] == "" {
		return out
	}
	return slices.Insert(out, at, "")
}

// Set returns the text with one key of an entry set: the line that stands is replaced, a new one goes to the end
// of the entry's lines. Value is TOML (`"text"`, `2026-11-23`, `["a", "b"]`). All other lines stay as they are.
func Set(file string, text []byte, entry, key, value string) ([]byte, error) {
	r, err := Parse(file, text)
	if err != nil {
		return nil, err
	}
	nth := slices.IndexFunc(r.Credentials, func(e Entry) bool { return e.Name == entry })
	if nth < 0 {
		return nil, fmt.Errorf("setting %q: the register has no entry called %q", key, entry)
	}
	lines := outline(string(text))
	first, last := spanOfKey(lines, nth, key)
	out := texts(lines[:first])
	out = append(out, key+" = "+value)
	out = append(out, texts(lines[last:])...)
	changed := []byte(strings.Join(out, "\n") + "\n")
	if _, err := Parse(file, changed); err != nil {
		return nil, fmt.Errorf("setting %q of %q: %w", key, entry, err)
	}
	return changed, nil
}

// spanOfKey returns the lines that a key of the nth entry takes up, from first to before last; an empty span
// where it would stand when the entry does not have it.
func spanOfKey(lines []line, nth int, key string) (first, last int) {
	for i, l := range lines {
		if l.table != "credential" || l.nth != nth {
			continue
		}
		if l.key == key {
			last = i + 1
			for last < len(lines) && lines[last].inside {
				last++
			}
			return i, last
		}
		if l.header || l.key != "" || l.inside {
			first = i + 1
		}
	}
	return first, first
}

func texts(lines []line) []string {
	out := make([]string, 0, len(lines))
	for _, l := range lines {
		out = append(out, l.text)
	}
	return out
}

// Record returns the text with a fingerprint appended to the values of an entry, and its last rotation set: what
// verify --record does after a rotation. The value that was current until then gets its end.
func Record(file string, text []byte, entry string, v Value) ([]byte, error) {
	out, err := appendValue(file, text, entry, v)
	if err != nil || v.Since.IsZero() {
		return out, err
	}
	return Set(file, out, entry, "last_rotated", v.Since.String())
}

func appendValue(file string, text []byte, entry string, v Value) ([]byte, error) {
	r, err := Parse(file, text)
	if err != nil {
		return nil, err
	}
	e := r.Entry(entry)
	if e == nil {
		return nil, fmt.Errorf("recording a value: the register has no entry called %q", entry)
	}
	if slices.ContainsFunc(e.Values, func(o Value) bool { return o.Fingerprint == v.Fingerprint && o.Until.IsZero() }) {
		return text, nil
	}
	if out, ok := appendLine(string(text), slices.IndexFunc(r.Credentials, func(o Entry) bool { return o.Name == entry }), e.Values, v); ok {
		if _, err := Parse(file, out); err == nil {
			return out, nil
		}
	}
	values := slices.Clone(e.Values)
	for i := range values {
		if ends(values[i], v) {
			values[i].Until = v.Since
		}
	}
	return Set(file, text, entry, "values", valuesText(append(values, v)))
}

// ends reports whether a new value takes the place of an older one: of the same key, and current until now.
func ends(old, v Value) bool { return old.Until.IsZero() && old.Key == v.Key }

// appendLine adds a value to a list that stands one to a line, and closes the ones that it ends, so that comments
// stay; false when the list is laid out otherwise.
func appendLine(text string, nth int, old []Value, v Value) ([]byte, bool) {
	lines := outline(text)
	first, last := spanOfKey(lines, nth, "values")
	if last-first < 2 || strings.TrimSpace(lines[last-1].text) != "]" {
		return nil, false
	}
	out := texts(lines)
	for i := first + 1; i < last-1; i++ {
		for _, o := range old {
			if open := strings.LastIndexByte(out[i], '}'); ends(o, v) && open > 0 && strings.Contains(out[i], strconv.Quote(o.Fingerprint)) {
				out[i] = out[i][:open] + ", until = " + v.Since.String() + out[i][open:]
			}
		}
	}
	if before := strings.TrimSpace(out[last-2]); strings.HasSuffix(before, "}") {
		out[last-2] += ","
	}
	out = slices.Insert(out, last-1, strings.TrimSuffix(strings.TrimPrefix(valuesText([]Value{v}), "[\n"), "\n]"))
	return []byte(strings.Join(out, "\n") + "\n"), true
}

// valuesText writes a history of values as TOML, one to a line.
func valuesText(all []Value) string {
	var b strings.Builder
	b.WriteString("[\n")
	for _, v := range all {
		fmt.Fprintf(&b, "  {fp = %q", v.Fingerprint)
		for _, d := range []struct {
			key string
			day Date
		}{{"since", v.Since}, {"until", v.Until}} {
			if !d.day.IsZero() {
				fmt.Fprintf(&b, ", %s = %s", d.key, d.day)
			}
		}
		if v.Key != "" {
			fmt.Fprintf(&b, ", key = %q", v.Key)
		}
		b.WriteString("},\n")
	}
	return b.String() + "]"
}
