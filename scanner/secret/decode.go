package secret

import (
	"bytes"
	"encoding/hex"
	"html"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Limits on decoding, per file.
const (
	maxDepth   = 3         // decodings inside decodings
	maxDecoded = 4 << 20   // bytes that decoders may make of one file
	leastRun   = 20        // characters of an encoded run
	maxRun     = 256 << 10 // longest encoded run that is looked at
)

// decode scans what stands encoded in a text: base64 in either alphabet, hex, percent, escapes of JSON and XML.
// What is found there has the place of the encoded run.
func (s *scan) decode(t *text) {
	budget := maxDecoded
	s.decodeInto(t, &budget)
}

func (s *scan) decodeInto(t *text, budget *int) {
	for _, e := range encodedRuns(t.body) {
		depth, c := 1, &carrier{start: e.start, end: e.end, encoding: e.encoding}
		if t.carrier != nil {
			depth = t.carrier.depth + 1
			c = &carrier{start: t.carrier.start, end: t.carrier.end, encoding: t.carrier.encoding + "+" + e.encoding}
		}
		if *budget -= len(e.plain); depth > maxDepth || *budget < 0 {
			return
		}
		c.depth = depth
		inner := &text{artifact: t.artifact, body: e.plain, kind: unknownKind, test: t.test, carrier: c}
		s.read(inner)
		s.decodeInto(inner, budget)
	}
}

// encoded is a run that a decoder made text of.
type encoded struct {
	start, end int
	encoding   string
	plain      []byte
}

// encodedRuns finds the runs of characters that decode to text.
func encodedRuns(body []byte) []encoded {
	var out []encoded
	for i := 0; i < len(body); {
		if !base64Byte(body[i]) {
			i++
			continue
		}
		j := i
		for j < len(body) && base64Byte(body[j]) {
			j++
		}
		if n := j - i; n >= leastRun && n <= maxRun {
			if e, ok := decodeRun(body[i:j]); ok {
				e.start, e.end = i, j
				out = append(out, e)
			}
		}
		i = j
	}
	return append(out, escapedLines(body)...)
}

func base64Byte(c byte) bool { return isWord(c) || c == '+' || c == '/' || c == '-' || c == '=' }

// decodeRun tries hex and base64.
func decodeRun(b []byte) (encoded, bool) {
	if len(b)%2 == 0 {
		plain := make([]byte, len(b)/2)
		if _, err := hex.Decode(plain, b); err == nil {
			return encoded{encoding: "hex", plain: plain}, asText(plain)
		}
	}
	if i := bytes.LastIndexByte(bytes.TrimRight(b, "="), '='); i >= 0 {
		b = b[i+1:] // NAME=<base64>
	}
	b = b[:len(b)-len(b)%4+trail(b)]
	if plain, ok := decodeBase64(b); ok && asText(plain) {
		return encoded{encoding: "base64", plain: plain}, true
	}
	return encoded{}, false
}

// trail returns how many characters of the last, incomplete group of four can be decoded.
func trail(b []byte) int {
	if n := len(b) % 4; n != 1 {
		return n
	}
	return 0
}

// asText reports whether decoded bytes are text worth a scan.
func asText(b []byte) bool { return len(b) >= 8 && utf8.Valid(b) && printable(b) }

// escapedLines decodes lines that hold several percent, unicode or XML escapes.
func escapedLines(body []byte) []encoded {
	var out []encoded
	for start := 0; start < len(body); {
		end := len(body)
		if i := bytes.IndexByte(body[start:], '\n'); i >= 0 {
			end = start + i
		}
		if line := body[start:end]; len(line) <= maxRun {
			if e, ok := unescapeLine(line); ok {
				e.start, e.end = start, end
				out = append(out, e)
			}
		}
		start = end + 1
	}
	return out
}

func unescapeLine(line []byte) (encoded, bool) {
	try := func(encoding string, plain string) (encoded, bool) {
		return encoded{encoding: encoding, plain: []byte(plain)}, plain != string(line) && asText([]byte(plain))
	}
	switch {
	case bytes.Count(line, []byte("%")) >= 2 && percentEscapes(line) >= 2:
		if plain, err := url.PathUnescape(string(line)); err == nil {
			return try("percent", plain)
		}
	case bytes.Contains(line, []byte(`\u00`)) || bytes.Contains(line, []byte(`\x`)):
		return try("json", unescape(string(line)))
	case bytes.Contains(line, []byte("&quot;")) || bytes.Contains(line, []byte("&#")):
		return try("xml", html.UnescapeString(string(line)))
	}
	return encoded{}, false
}

func percentEscapes(line []byte) int {
	n := 0
	for i := 0; i+2 < len(line); i++ {
		if line[i] == '%' && isHex(line[i+1]) && isHex(line[i+2]) {
			n++
		}
	}
	return n
}

func isHex(c byte) bool {
	c = lower(c)
	return isDigit(c) || 'a' <= c && c <= 'f'
}

// unescape resolves the backslash escapes that JSON and most languages share.
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
		width := map[byte]int{'u': 4, 'x': 2}[s[i]]
		if n, err := strconv.ParseUint(s[min(i+1, len(s)):min(i+1+width, len(s))], 16, 32); width > 0 && err == nil {
			b.WriteRune(rune(n))
			i += width
			continue
		}
		switch s[i] {
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case 'r':
			b.WriteByte('\r')
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}
