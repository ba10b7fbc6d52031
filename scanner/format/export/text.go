package export

import (
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact"
)

// Limits on what one text yields.
const (
	maxFound    = 1000
	maxName     = 60
	maxAssigned = 4096
	maxURL      = 2000
)

// Text reads program text or prose: strings assigned to a name, and the URLs in it. Each becomes a literal at the
// text's place, named by the variable; repeats of a name are numbered.
func (h Holder) Text(text string, at artifact.Place) {
	pointer := at.Pointer
	var seen map[string]int
	name := func(n string) string {
		if seen == nil {
			seen = map[string]int{}
		}
		seen[n]++
		if c := seen[n]; c > 1 {
			n += "~" + strconv.Itoa(c)
		}
		return pointer + ":" + n
	}
	for _, a := range assignments(text) {
		if isURL(a.value) || !Suggests(a.name) && !dense(a.value) {
			continue
		}
		at.Pointer = name(a.name)
		h.Literal(a.name, a.value, at)
	}
	for _, u := range urls(text) {
		if !Capability(u) && !strings.ContainsAny(u, "?@") {
			continue
		}
		at.Pointer = name("url")
		h.URL("url", u, at)
	}
}

// dense reports whether a value looks random enough to be judged whatever its name.
func dense(value string) bool {
	return len(value) >= 16 && !strings.ContainsAny(value, " \t/<>(){}") && mixes(value) >= 2
}

type assigned struct{ name, value string }

// assignments lists name = "value", name: 'value', "name": "value" and name => `value`, in one pass.
func assignments(text string) []assigned {
	var out []assigned
	for i := 0; i < len(text) && len(out) < maxFound; i++ {
		if text[i] != '=' && text[i] != ':' {
			continue
		}
		value, end := quotedAfter(text, i+1)
		if value == "" {
			continue
		}
		if name := nameBefore(text[:i]); name != "" {
			out = append(out, assigned{name, value})
			i = end - 1
		}
	}
	return out
}

// nameBefore returns the name at the end of a text: bare, in quotes, or as the key of an index.
func nameBefore(text string) string {
	end := len(text)
	back := func(set string, most int) {
		for n := 0; end > 0 && n < most && strings.IndexByte(set, text[end-1]) >= 0; n++ {
			end--
		}
	}
	back(":", 1)
	back(" \t", 20)
	back("]", 1)
	back("\"'`", 1)
	start := end
	for start > 0 && end-start < maxName && isNameByte(text[start-1]) {
		start--
	}
	name := strings.TrimLeft(text[start:end], ".-")
	if name == "" || isDigit(name[0]) {
		return ""
	}
	return name
}

func isNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c) || c == '_' || c == '.' || c == '-'
}

// quotedAfter returns the string that starts at i, behind white space, and the offset behind it.
func quotedAfter(text string, i int) (value string, end int) {
	if i < len(text) && (text[i] == '>' || text[i] == '=') {
		i++
	}
	for n := 0; i < len(text) && n < 20 && (text[i] == ' ' || text[i] == '\t' || text[i] == '\n'); n++ {
		i++
	}
	if i >= len(text) || strings.IndexByte("\"'`", text[i]) < 0 {
		return "", i
	}
	rest := text[i+1 : min(len(text), i+2+maxAssigned)]
	n := strings.IndexByte(rest, text[i])
	if n < minValue || strings.ContainsAny(rest[:n], "\n\\") {
		return "", i
	}
	return rest[:n], i + n + 2
}

// urls lists the URLs of a text.
func urls(text string) []string {
	var out []string
	for len(out) < maxFound {
		i := strings.Index(text, "http")
		if i < 0 {
			break
		}
		text = text[i:]
		if !strings.HasPrefix(text, "https://") && !strings.HasPrefix(text, "http://") {
			text = text[4:]
			continue
		}
		end := strings.IndexAny(text, " \t\r\n\"'`<>()\\")
		if end < 0 {
			end = len(text)
		}
		if end <= maxURL {
			out = append(out, strings.TrimRight(text[:end], ".,;"))
		}
		text = text[end:]
	}
	return out
}
