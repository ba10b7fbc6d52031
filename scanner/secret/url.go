package secret

import (
	"bytes"
	"encoding/base64"
	"net/url"
	"strings"
)

// maxAuthority bounds the part of a URL that is searched for a password.
const maxAuthority = 300

// urlUserinfo reads scheme://user:password@host, in any scheme. The password may hold an at sign.
func urlUserinfo(p *pass, r *rule, end int) {
	t := p.text
	if end < 4 || !isWord(t.body[end-4]) {
		return
	}
	colon, at, stop := t.authority(end)
	if at < 0 || at+1 >= len(t.body) || !hostByte(t.body[at+1]) {
		return
	}
	user, start := "", end
	if colon >= 0 && colon < at {
		user, start = string(t.body[end:colon]), colon+1
	}
	m := match{rule: r, start: start, end: at, value: string(t.body[start:at]), name: schemeBefore(t.body, end-3)}
	m.why = "a URL carries user name and password"
	o := p.detector.judge.userinfo(user, m.value, colon >= 0 && colon < at)
	if o.reason == "" && exampleHost(string(t.body[at+1:stop])) {
		o = sample("the host is one of documentation")
	}
	if o.literal && m.end > m.start {
		m.suppressed = o.reason
		p.keep(m)
	}
}

// authority finds the first colon and the last at sign of the authority that begins at i, and its end.
func (t *text) authority(i int) (colon, at, stop int) {
	colon, at = -1, -1
	j := i
	for ; j < len(t.body) && j-i < maxAuthority; j++ {
		c := t.body[j]
		if c <= ' ' || c == '"' || c == '\'' || c == '`' || c == '<' || c == '>' || c == '|' || c == '\\' {
			break
		}
		if (c == '/' || c == '?' || c == '#') && (at >= 0 || colon < 0 || !t.atSoon(j)) {
			break
		}
		switch {
		case c == ':' && colon < 0:
			colon = j
		case c == '@':
			at = j
		case c == ',' && at >= 0:
			return colon, at, j
		}
	}
	return colon, at, j
}

// atSoon reports whether an at sign and a host follow a slash that stands inside a password, before any blank.
func (t *text) atSoon(i int) bool {
	for j := i; j < len(t.body) && j-i < 40; j++ {
		switch c := t.body[j]; {
		case c == '@':
			return j-i > 1 && t.body[i+1] != '/' && bytes.IndexByte(t.body[i+1:j], '/') < 0
		case c <= ' ' || c == '"' || c == '\'' || c == '<' || c == '.':
			return false
		}
	}
	return false
}

func hostByte(c byte) bool {
	return isWord(c) || c == '[' || c == '%' || c == '$' || c == '{' || c == '#' || c == '*' || c == '('
}

func schemeBefore(body []byte, end int) string {
	i := end
	for i > 0 && end-i < 30 && (isWord(body[i-1]) || body[i-1] == '+' || body[i-1] == '-' || body[i-1] == ':' || body[i-1] == '.') {
		i--
	}
	return string(body[i:end])
}

// exampleHost reports whether a host is reserved for documentation (RFC 2606).
func exampleHost(host string) bool {
	host, _, _ = strings.Cut(strings.ToLower(host), ":")
	for _, h := range []string{"example.com", "example.org", "example.net", ".example", "example"} {
		if host == h || strings.HasSuffix(host, "."+strings.TrimPrefix(h, ".")) {
			return true
		}
	}
	return false
}

// userinfo judges the password of a URL, or a user name that stands alone and may be a token.
func (j *judge) userinfo(user, v string, pair bool) opinion {
	if !pair {
		if o := j.value(v, weakName); o.reason != "" {
			return notLiteral(o.reason)
		}
		return possible
	}
	if strings.ContainsAny(v, "{}$<>()[]") && (strings.ContainsAny(v, "{<") || strings.HasPrefix(v, "$")) {
		return notLiteral("a template expression")
	}
	if plain, err := url.PathUnescape(v); err == nil {
		v = plain
	}
	if strings.EqualFold(user, v) {
		return sample("the same as the user name")
	}
	return j.value(v, passName)
}

// basicAuth reads HTTP Basic credentials: the word, a blank, and user:password in base64.
func basicAuth(p *pass, r *rule, end int) {
	t := p.text
	i := t.skipBlank(end, false)
	if i == end || i > end+3 {
		return
	}
	stop := i
	for stop < len(t.body) && stop-i < 1024 && (isWord(t.body[stop]) || bytes.IndexByte([]byte("+/=-"), t.body[stop]) >= 0) {
		stop++
	}
	if stop-i < 6 {
		return
	}
	plain, ok := decodeBase64(t.body[i:stop])
	if !ok {
		return
	}
	user, password, ok := strings.Cut(string(plain), ":")
	if !ok || !printable(plain) {
		return
	}
	o := p.detector.judge.userinfo(user, password, true)
	if user != "" && password == "" {
		o = p.detector.judge.value(user, secretName)
	}
	if o.literal {
		p.keep(match{rule: r, start: i, end: stop, value: string(t.body[i:stop]), name: "Authorization",
			why: "HTTP Basic credentials", suppressed: o.reason})
	}
}

// decodeBase64 decodes either alphabet, with or without padding.
func decodeBase64(b []byte) ([]byte, bool) {
	b = bytes.TrimRight(b, "=")
	enc := base64.RawStdEncoding
	if bytes.ContainsAny(b, "-_") {
		enc = base64.RawURLEncoding
	}
	out := make([]byte, enc.DecodedLen(len(b)))
	n, err := enc.Decode(out, b)
	return out[:n], err == nil
}

// printable reports whether b is text.
func printable(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' || c == 127 {
			return false
		}
	}
	return len(b) > 0
}

// bearerAuth reads a bearer token: the word, a blank and a token that looks drawn at random.
func bearerAuth(p *pass, r *rule, end int) {
	t := p.text
	i := t.skipBlank(end, false)
	if i == end || i > end+3 {
		return
	}
	stop := i
	for stop < len(t.body) && stop-i < maxValue && (isWord(t.body[stop]) || bytes.IndexByte([]byte("+/=-.~"), t.body[stop]) >= 0) {
		stop++
	}
	v := strings.TrimRight(string(t.body[i:stop]), ".-")
	if len(v) < 16 {
		return
	}
	s := weakName
	if head := bytes.ToLower(t.body[max(0, p.start-24):p.start]); bytes.Contains(head, []byte("authorization")) {
		s = secretName // a header, not prose
	}
	if o := p.detector.judge.value(v, s); o.literal {
		p.keep(match{rule: r, start: i, end: i + len(v), value: v, name: "Authorization",
			why: "a bearer token", suppressed: o.reason})
	}
}
