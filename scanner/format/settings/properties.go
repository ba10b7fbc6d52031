package settings

import (
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact"
)

// Property is one line of a .properties file.
type Property struct {
	Key, Value string
	At         artifact.Place
	Document   int // files of several documents are split by lines #--- or !---
}

// maxProperties bounds what one file yields.
const maxProperties = 20000

// Properties reads a .properties file as java.util.Properties does: # and ! begin comments, =, : or blanks end a key, a
// backslash at the end carries a line on. What is no assignment is left out.
func Properties(text string) []Property {
	var out []Property
	line, document := 0, 0
	for len(text) > 0 && len(out) < maxProperties {
		var raw string
		raw, text, _ = strings.Cut(text, "\n")
		line++
		at, column := line, 1+len(raw)-len(strings.TrimLeft(raw, " \t"))
		body := strings.TrimSpace(raw)
		if body == "" || body[0] == '#' || body[0] == '!' {
			if rest := strings.TrimLeft(body, "#!"); rest == "---" {
				document++
			}
			continue
		}
		for carried(body) && len(text) > 0 {
			raw, text, _ = strings.Cut(text, "\n")
			line++
			body = body[:len(body)-1] + strings.TrimSpace(raw)
		}
		key, value := split(body)
		if key == "" {
			continue
		}
		out = append(out, Property{Key: key, Value: value, Document: document,
			At: artifact.Place{Line: at, Column: column, Pointer: key}})
	}
	return out
}

// carried reports whether an odd number of backslashes ends a line.
func carried(line string) bool {
	n := len(line) - len(strings.TrimRight(line, `\`))
	return n%2 == 1
}

// split cuts a line into key and value.
func split(line string) (key, value string) {
	var b strings.Builder
	i := 0
	for ; i < len(line); i++ {
		c := line[i]
		if c == '\\' && i+1 < len(line) {
			i++
			b.WriteByte(line[i])
			continue
		}
		if c == '=' || c == ':' || c == ' ' || c == '\t' {
			break
		}
		b.WriteByte(c)
	}
	value = strings.TrimLeft(line[i:], " \t")
	if value != "" && (value[0] == '=' || value[0] == ':') {
		value = strings.TrimLeft(value[1:], " \t")
	}
	return b.String(), unescape(value)
}

func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		switch s[i] {
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case 'r', 'f':
			b.WriteByte(' ')
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
