package export

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact"
)

// assignment matches name = "value", name: 'value', "name": "value" and --name value.
var assignment = regexp.MustCompile(
	"([A-Za-z_][A-Za-z0-9_.-]{1,60})[\"'`]?\\]?\\s*(?:=>|:=|=|:)\\s*(?:\"([^\"\\n\\\\]{4,1000})\"|'([^'\\n\\\\]{4,1000})'|`([^`\\n\\\\]{4,1000})`)")

var embeddedURL = regexp.MustCompile("https?://[^\\s\"'`<>()\\\\]{4,1000}")

// maxFound bounds what one text yields.
const maxFound = 1000

// Text reads program text or prose: strings assigned to a name, and the URLs in it. Each becomes a literal at the
// text's place, named by the variable; repeats of a name are numbered.
func (h Holder) Text(text string, at artifact.Place) {
	pointer, seen := at.Pointer, map[string]int{}
	name := func(n string) string {
		seen[n]++
		if c := seen[n]; c > 1 {
			n += "~" + strconv.Itoa(c)
		}
		return pointer + ":" + n
	}
	for _, m := range assignment.FindAllStringSubmatch(text, maxFound) {
		value := m[2] + m[3] + m[4]
		if isURL(value) || !Suggests(m[1]) && !dense(value) {
			continue
		}
		at.Pointer = name(m[1])
		h.Literal(m[1], value, at)
	}
	for _, u := range embeddedURL.FindAllString(text, maxFound) {
		if u = strings.TrimRight(u, ".,;"); !Capability(u) && !strings.ContainsAny(u, "?@") {
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
