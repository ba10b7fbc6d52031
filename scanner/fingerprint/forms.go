package fingerprint

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// form is another form of a value, in clear: it must not leave the package.
type form struct{ text, encoding string }

// The limits of decoding: a value wrapped deeper, or longer, has its own fingerprint only.
const (
	maxNested   = 3
	maxForms    = 24
	maxFormSize = 64 << 10
)

// forms returns the other forms of a canonical value: what it looks like encoded, and what it decodes to.
func forms(value string) []form {
	if value == "" || len(value) > maxFormSize {
		return nil
	}
	out := append(encodings(value), decodings(value, 0)...)
	out = slices.DeleteFunc(out, func(f form) bool { return f.text == value || f.text == "" })
	return out[:min(len(out), maxForms)]
}

// encodings wraps a value in the carriers in which files hold it.
func encodings(value string) []form {
	b := []byte(value)
	escaped := jsonEscape(value)
	return []form{
		{base64.StdEncoding.EncodeToString(b), FormBase64},
		{base64.StdEncoding.EncodeToString(append(b[:len(b):len(b)], '\n')), FormBase64Newline},
		{base64.RawURLEncoding.EncodeToString(b), FormBase64URL},
		{hex.EncodeToString(b), FormHex},
		{url.QueryEscape(value), FormPercent},
		{escaped, FormJSON},
		{html.EscapeString(value), FormXML},
	}
}

// jsonEscape writes a value as it stands between the quotes of a JSON string.
func jsonEscape(value string) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if enc.Encode(value) != nil {
		return value
	}
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimSuffix(b.String(), "\n"), `"`), `"`)
}

// decodings unwraps a value as far as the result is text, and takes the passwords out of it.
func decodings(value string, depth int) []form {
	out := parts(value)
	if depth >= maxNested {
		return strong(out)
	}
	for _, f := range unwrapped(value) {
		out = append(out, f)
		out = append(out, decodings(f.text, depth+1)...)
	}
	return append(strong(out), transcoded(value)...)
}

// strong leaves out the forms that must not join.
func strong(all []form) []form {
	return slices.DeleteFunc(all, func(f form) bool { return weakness(f.text, false) != "" })
}

var (
	userinfo    = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.:-]*://([^\s/?#]*)@[^@]*$`)
	basicHeader = regexp.MustCompile(`(?i)^basic\s+([A-Za-z0-9+/=_-]+)$`)
	userColon   = regexp.MustCompile(`^[^\s:]+:(\S+)$`)
)

// parts takes the password out of a URL, or out of a Basic header.
func parts(value string) []form {
	var out []form
	if m := userinfo.FindStringSubmatch(value); m != nil {
		if _, password, ok := strings.Cut(m[1], ":"); ok {
			out = append(out, form{password, FormUserinfo})
			if plain, err := url.PathUnescape(password); err == nil && plain != password {
				out = append(out, form{plain, FormUserinfo})
			}
		}
	}
	encoded := value
	if m := basicHeader.FindStringSubmatch(value); m != nil {
		encoded = m[1]
	}
	if text, ok := printable(fromBase64(encoded)); ok {
		if m := userColon.FindStringSubmatch(text); m != nil {
			out = append(out, form{m[1], FormBasic})
		}
	}
	return out
}

// unwrapped returns what a value decodes to, where that is text and not the value itself.
func unwrapped(value string) []form {
	var out []form
	add := func(text, encoding string) {
		if text = canonical(text); text != value && text != "" {
			out = append(out, form{text, encoding})
		}
	}
	if text, ok := printable(fromBase64(value)); ok {
		add(text, FormFromBase64)
	}
	if text, ok := printable(fromHex(value)); ok {
		add(text, FormFromHex)
	}
	if text, err := url.PathUnescape(value); err == nil {
		if _, ok := printable([]byte(text)); ok {
			add(text, FormFromPercent)
		}
	}
	if strings.Contains(value, `\`) {
		var text string
		if json.Unmarshal([]byte(`"`+value+`"`), &text) == nil {
			add(text, FormFromJSON)
		}
	}
	if strings.Contains(value, "&") {
		add(html.UnescapeString(value), FormFromXML)
	}
	return out
}

// transcoded returns the other spellings of a binary key: the same bytes as base64, base64url and hexadecimal.
func transcoded(value string) []form {
	b := fromHex(value)
	if b == nil {
		b = fromBase64(value)
	}
	if _, text := printable(b); text || len(b) < 16 {
		return nil
	}
	out := []form{
		{base64.StdEncoding.EncodeToString(b), FormSameBytes},
		{base64.RawURLEncoding.EncodeToString(b), FormSameBytes},
		{hex.EncodeToString(b), FormSameBytes},
	}
	return slices.DeleteFunc(out, func(f form) bool { return f.text == value })
}

// fromBase64 decodes any alphabet, padded or not; nil for what is no base64.
func fromBase64(s string) []byte {
	if len(s) < 8 {
		return nil
	}
	s = strings.TrimRight(strings.Join(strings.Fields(s), ""), "=")
	for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		if b, err := e.Strict().DecodeString(s); err == nil {
			return b
		}
	}
	return nil
}

// fromHex decodes hexadecimal digits; nil for anything else.
func fromHex(s string) []byte {
	if len(s) < 8 {
		return nil
	}
	b, err := hex.DecodeString(s)
	if err != nil {
		return nil
	}
	return b
}

// printable reports whether bytes are text: UTF-8 without control characters.
func printable(b []byte) (string, bool) {
	if len(b) == 0 || !utf8.Valid(b) {
		return "", false
	}
	for _, r := range string(b) {
		if !unicode.IsPrint(r) && r != '\n' && r != '\r' && r != '\t' {
			return "", false
		}
	}
	return string(b), true
}
