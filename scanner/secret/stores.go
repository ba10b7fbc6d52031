package secret

import (
	"bytes"
	"strings"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// dockerAuth reads the auth member of Docker's configuration: user:password in base64.
func dockerAuth(p *pass, r *rule, end int) {
	t := p.text
	v, ok := t.valueAfter(end-1, end-1)
	if !ok || !v.quoted || v.end-v.start < 12 {
		return
	}
	raw := string(t.body[v.start:v.end])
	if strings.ContainsAny(raw, "_-") { // ("auth", "0006_something"): a list of names
		return
	}
	plain, ok := decodeBase64([]byte(raw))
	if !ok || !printable(plain) || !bytes.Contains(plain, []byte(":")) {
		return
	}
	_, password, _ := strings.Cut(string(plain), ":")
	if o := written(password); o.literal && len(password) > 2 {
		p.keep(match{rule: r, start: v.start, end: v.end, value: raw, name: "auth", why: "registry credentials of Docker",
			suppressed: p.detector.judge.universal(password).reason})
	}
}

var insertColumns = lazy.New(`(?i)^[^(;]{1,120}\(([^()]{3,})\)\s*values\s*`)

// maxRows bounds the rows of one statement that are read.
const maxRows = 5000

// sqlInsert reads INSERT INTO t (a, password) VALUES (1, 'x'), (2, 'y'): the column names say which value it is.
func sqlInsert(p *pass, r *rule, end int) {
	if !p.spend(r, maxPairs) {
		return
	}
	body := p.text.body
	loc := insertColumns.FindSubmatchIndex(body[end:min(len(body), end+2400)])
	if loc == nil {
		return
	}
	p.far(p.start, end+loc[1])
	column := -1
	var name string
	for i, c := range strings.Split(string(body[end+loc[2]:end+loc[3]]), ",") {
		c = strings.Trim(c, " \t\r\n`\"[]'")
		if s := nameStrength(c); s == passName || column < 0 && passwordHash(c) {
			column, name = i, c
		}
	}
	if column < 0 {
		return
	}
	at := end + loc[1]
	for range maxRows {
		v, next := tuple(body, at, column)
		if next < 0 {
			return
		}
		p.row(r, name, v)
		at = next
	}
}

func passwordHash(column string) bool {
	c := strings.ToLower(column)
	return strings.Contains(c, "pass") && (strings.Contains(c, "hash") || strings.Contains(c, "digest") || strings.Contains(c, "crypt"))
}

// row keeps the value of a password column.
func (p *pass) row(r *rule, name string, v span) {
	raw := string(p.text.body[v.start:v.end])
	o := written(raw)
	if hashForm.MatchString(raw) {
		o = possible
	} else if o.reason == "" {
		o = p.detector.judge.value(raw, passName)
	}
	if o.literal && raw != "" {
		p.keep(match{rule: r, start: v.start, end: v.end, value: raw, name: name, suppressed: o.reason,
			why: "a password column of a database dump"})
	}
}

// tuple reads the values between parentheses at i, and returns where the string at the index stands and the
// offset behind the tuple; -1 when there is none.
func tuple(body []byte, i, index int) (v span, next int) {
	i = skipSpace(body, i)
	if i >= len(body) || body[i] != '(' {
		return v, -1
	}
	field := 0
	for i++; i < len(body); i++ {
		switch body[i] {
		case ',':
			field++
		case ')':
			if i = skipSpace(body, i+1); i < len(body) && body[i] == ',' {
				i++
			}
			return v, i
		case '\'', '"':
			stop := stringEnd(body, i)
			if stop < 0 {
				return v, -1
			}
			if field == index {
				v = span{i + 1, stop}
			}
			i = stop
		}
	}
	return v, -1
}

func skipSpace(body []byte, i int) int {
	for i < len(body) && bytes.IndexByte([]byte(" \t\r\n"), body[i]) >= 0 {
		i++
	}
	return i
}

// stringEnd returns the offset of the quote that closes the string at i; a doubled or escaped quote does not.
func stringEnd(body []byte, i int) int {
	quote := body[i]
	for j := i + 1; j < len(body); j++ {
		switch body[j] {
		case '\\':
			j++
		case quote:
			if j+1 < len(body) && body[j+1] == quote {
				j++
				continue
			}
			return j
		}
	}
	return -1
}
