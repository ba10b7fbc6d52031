package fingerprint

import (
	"regexp"
	"strings"
)

var pemBlock = regexp.MustCompile(`-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END ([A-Z0-9 ]+)-----`)

// pemWidth is the length of a line of base64 in a PEM block (RFC 7468).
const pemWidth = 64

// canonical returns the raw form of a value: without byte-order mark and surrounding white space, with line
// feeds for line ends, and PEM blocks in the one shape that RFC 7468 gives them.
func canonical(value string) string {
	value = strings.TrimSpace(strings.TrimPrefix(value, "\uFEFF"))
	value = strings.ReplaceAll(value, "\r\n", "\n")
	if !strings.Contains(value, "-----BEGIN ") {
		return value
	}
	value = strings.NewReplacer(`\r\n`, "\n", `\n`, "\n", `\r`, "\n").Replace(value)
	return strings.TrimSpace(pemBlock.ReplaceAllStringFunc(value, canonicalPEM))
}

// canonicalPEM wraps the body of a PEM block anew. A body with headers (Proc-Type) keeps its lines, less their
// indentation.
func canonicalPEM(block string) string {
	m := pemBlock.FindStringSubmatch(block)
	var lines []string
	if strings.Contains(m[2], ":") {
		for line := range strings.Lines(strings.TrimSpace(m[2])) {
			lines = append(lines, strings.TrimSpace(line))
		}
	} else {
		body := strings.Join(strings.Fields(m[2]), "")
		for len(body) > pemWidth {
			lines, body = append(lines, body[:pemWidth]), body[pemWidth:]
		}
		lines = append(lines, body)
	}
	return "-----BEGIN " + m[1] + "-----\n" + strings.Join(lines, "\n") + "\n-----END " + m[3] + "-----"
}
