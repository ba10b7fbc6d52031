package secret

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"html"
	"io"
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

// decode scans what stands encoded in some regions of a text: base64 in either alphabet, hex, percent, escapes of
// JSON and XML. What is found there has the place of the encoded run.
func (s *scan) decode(t *text, in []span) {
	budget := maxDecoded
	s.decodeInto(t, in, &budget)
}

func (s *scan) decodeInto(t *text, in []span, budget *int) {
	for _, e := range encodedRuns(t.body, in) {
		depth, c := 1, &carrier{start: e.start, end: e.end, encoding: e.encoding}
		if t.carrier != nil {
			depth = t.carrier.depth + 1
			c = &carrier{start: t.carrier.start, end: t.carrier.end, encoding: t.carrier.encoding + "+" + e.encoding}
		}
		if depth > maxDepth {
			return
		}
		if *budget -= len(e.plain); *budget < 0 {
			s.limited = "more encoded text than is decoded of one file"
			return
		}
		c.depth = depth
		inner := &text{artifact: t.artifact, body: e.plain, kind: unknownKind, carrier: c}
		all := []span{{0, len(e.plain)}}
		s.read(inner, all)
		s.decodeInto(inner, all, budget)
	}
}

// encoded is a run that a decoder made text of.
type encoded struct {
	start, end int
	encoding   string
	plain      []byte
}

// encodedRuns finds the runs of characters that decode to text, and the lines with escapes.
func encodedRuns(body []byte, in []span) []encoded {
	var out []encoded
	for _, r := range in {
		for i := r.start; ; {
			start, stop := nextRun(body, i, r.end)
			if start < 0 {
				break
			}
			if stop-start <= maxRun {
				if e, ok := decodeRun(body[start:stop]); ok {
					e.start, e.end = start, stop
					out = append(out, e)
				}
			}
			i = stop
		}
	}
	for _, r := range in {
		out = escapedLines(out, body, r)
	}
	return out
}

// nextRun returns the next run of at least leastRun characters that base64 may hold and that begins between from
// and limit, -1 when there is none. It looks at the last byte first where a run might end.
func nextRun(body []byte, from, limit int) (start, stop int) {
	for i := from; i < limit && i+leastRun <= len(body); {
		last := i + leastRun - 1
		for last >= i && inBase64[body[last]] {
			last--
		}
		if last >= i {
			i = last + 1
			continue
		}
		stop = i + leastRun
		for stop < len(body) && inBase64[body[stop]] {
			stop++
		}
		return i, stop
	}
	return -1, -1
}

// inBase64 are the bytes that either alphabet of base64 uses, with what pads and assigns.
var inBase64 = func() (t [256]bool) {
	for c := range t {
		t[c] = isWord(byte(c)) || c == '+' || c == '/' || c == '-' || c == '='
	}
	return t
}()

// decodeRun tries hex and base64.
func decodeRun(b []byte) (encoded, bool) {
	if len(b)%2 == 0 && isHex(b[0]) && isHex(b[len(b)/2]) {
		plain := make([]byte, len(b)/2)
		if _, err := hex.Decode(plain, b); err == nil {
			return encoded{encoding: "hex", plain: plain}, asText(plain)
		}
	}
	if i := bytes.LastIndexByte(bytes.TrimRight(b, "="), '='); i >= 0 {
		b = b[i+1:] // NAME=<base64>
	}
	b = b[:len(b)-len(b)%4+trail(b)]
	if bytes.HasPrefix(b, gzipHead) {
		return unzipped(b)
	}
	if !startsAsText(b) {
		return encoded{}, false
	}
	if plain, ok := decodeBase64(b); ok && asText(plain) {
		return encoded{encoding: "base64", plain: plain}, true
	}
	return encoded{}, false
}

// gzipHead is how a gzip stream begins in base64: charts of Helm keep their releases so.
var gzipHead = []byte("H4sI")

// unzipped decodes a gzip stream in base64.
func unzipped(b []byte) (encoded, bool) {
	packed, ok := decodeBase64(b)
	if !ok {
		return encoded{}, false
	}
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return encoded{}, false
	}
	plain, err := io.ReadAll(io.LimitReader(z, maxDecoded))
	return encoded{encoding: "base64+gzip", plain: plain}, err == nil && asText(plain)
}

// startsAsText reports whether the first characters of a run of base64 can stand for text: most runs are words,
// paths and keys, and are told so without being decoded.
func startsAsText(b []byte) bool {
	for ; len(b) >= 4; b = b[4:] {
		v := uint32(0)
		for _, c := range b[:4] {
			d := digitOfBase64[c]
			if d == noDigit {
				return len(b) == 4 && c == '='
			}
			v = v<<6 | uint32(d)
		}
		for _, c := range [3]byte{byte(v >> 16), byte(v >> 8), byte(v)} {
			if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 127 || c >= 0xF8 || c == 0xC0 || c == 0xC1 {
				return false
			}
		}
	}
	return true
}

const noDigit = 0xFF

var digitOfBase64 = func() (t [256]byte) {
	for c := range t {
		t[c] = noDigit
	}
	for i, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") {
		t[c] = byte(i)
	}
	t['-'], t['_'] = 62, 63
	return t
}()

// trail returns how many characters of the last, incomplete group of four can be decoded.
func trail(b []byte) int {
	if n := len(b) % 4; n != 1 {
		return n
	}
	return 0
}

// asText reports whether decoded bytes are text worth a scan.
func asText(b []byte) bool { return len(b) >= 8 && utf8.Valid(b) && printable(b) }

// escapes are how the escapes begin that a line is decoded for.
var escapes = [...][]byte{[]byte("%"), []byte(`\u00`), []byte(`\x`), []byte("&quot;"), []byte("&#")}

// escapedLines decodes the lines of a region that hold several percent, unicode or XML escapes.
func escapedLines(out []encoded, body []byte, in span) []encoded {
	var next [len(escapes)]int // where each kind occurs next
	for i := range next {
		next[i] = -1
	}
	for start := in.start; start < in.end; {
		at := in.end
		for i, escape := range escapes {
			if next[i] < start {
				if next[i] = bytes.Index(body[start:in.end], escape) + start; next[i] < start {
					next[i] = in.end
				}
			}
			at = min(at, next[i])
		}
		if at == in.end {
			break
		}
		start += bytes.LastIndexByte(body[start:at], '\n') + 1
		end := in.end
		if i := bytes.IndexByte(body[at:in.end], '\n'); i >= 0 {
			end = at + i
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
