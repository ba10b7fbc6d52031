package secret

import (
	"bytes"
	"strings"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// recogniser reads the structure round a keyword that ends at end, and keeps what it finds.
type recogniser func(p *pass, r *rule, end int)

// recognisers are the readers that rows can name.
var recognisers = map[string]recogniser{
	"password-value": assigned(passName),
	"secret-value":   assigned(secretName),
	"key-value":      assigned(weakName),
	"url-userinfo":   urlUserinfo,
	"basic-auth":     basicAuth,
	"bearer-auth":    bearerAuth,
	"private-key":    privateKey,
	"jwk":            jwk,
	"name-value":     nameValue,
	"element-pair":   elementPair,
	"docker-auth":    dockerAuth,
	"sql-insert":     sqlInsert,
}

// Limits on names and values of an assignment.
const (
	maxName  = 80
	maxValue = 4096
)

// assignment is a name in a text, what its words say, and the sign behind it.
type assignment struct {
	start, stop int
	strength    strength
	judged      bool
	operator    operator
	assigned    bool
}

// nameRound returns the name round the keyword that ends at end. Most keywords stand in names that nothing is
// assigned to: that is found out first.
func (p *pass) nameRound(end int) *assignment {
	if n := &p.name; n.stop > 0 && n.start < end && end <= n.stop {
		return n
	}
	n := assignment{}
	n.start, n.stop = p.text.nameAt(end)
	n.operator, n.assigned = p.text.operatorAfter(n.start, n.stop)
	p.name = n
	return &p.name
}

// text returns the name as it is written, without what surrounds it.
func (n *assignment) text(t *text) string {
	return string(bytes.Trim(t.body[n.start:n.stop], aroundName))
}

// aroundName are the signs that surround a name.
const aroundName = "-.$@"

// strong returns how much the name speaks for a secret.
func (p *pass) strong(n *assignment) strength {
	if !n.judged {
		n.strength, n.judged = p.memo.strength(bytes.Trim(p.text.body[n.start:n.stop], aroundName)), true
	}
	return n.strength
}

// assigned reads a name that holds the keyword and the value that it is given, in any language.
func assigned(want strength) recogniser {
	return func(p *pass, r *rule, end int) {
		n := p.nameRound(end)
		if !n.assigned || n.start < p.rules[r.number].done || !p.first(r, n.start) || p.strong(n) != want {
			return
		}
		v, ok := p.text.valueBehind(n.start, n.operator)
		if !ok || n.operator.sign == ',' && p.text.listed(n.start, v) || n.operator.sign == '(' && asks(n.text(p.text)) {
			return
		}
		if !v.quoted {
			p.of(r).done = v.end
		}
		p.start = n.start
		p.keepValue(r, n.text(p.text), v, want)
	}
}

// keepValue judges the value of a name and keeps it, unless it is no literal at all.
func (p *pass) keepValue(r *rule, name string, v value, s strength) {
	raw := string(p.text.body[v.start:v.end])
	if strings.EqualFold(raw, name) {
		return
	}
	if v.escaped > 0 {
		raw = unescape(raw)
	}
	o := p.memo.value(p.detector.judge, raw, s)
	if o.reason == "" {
		o = p.inContext(raw, v, s)
	}

	if !o.literal || coin(name, raw) {
		return
	}
	how := "a string"
	if !v.quoted {
		how = "a value"
	}
	p.keep(match{
		rule: r, start: v.start, end: v.end, value: raw, name: name, suppressed: o.reason,
		why: "the name speaks of a credential and is given " + how,
	})
}

// inContext judges what the value alone does not show.
func (p *pass) inContext(raw string, v value, s strength) opinion {
	plain := digits(raw) == 0 && !strings.ContainsAny(raw, "!@#$%^&*+=")
	text := raw
	if p.file.path.translated && strings.Contains(raw, `\u`) {
		text = unescape(raw)
	}
	switch {
	case digits(text) <= 2 && (len(text) < 40 || strings.Count(text, " ") > 1) && p.file.path.translated:
		return sample("a text of a translation")
	case v.joined && len(raw) < 20:
		return notLiteral("part of an expression")
	case v.quoted && p.text.kind == codeKind && strings.IndexByte("),;]}", raw[0]) >= 0 && len(raw) > 1:
		return notLiteral("code between two strings")
	case !v.quoted && p.text.kind == codeKind && plain:
		return notLiteral("an identifier")
	case !v.quoted && strings.ContainsAny(raw, "()[]{}<>|\\`\"'"):
		return notLiteral("code")
	}
	return possible
}

// signatureReach is how far in front of its value the kind of a signed document is looked for.
const signatureReach = 200

// digest knows values that prove something and open nothing: what protects the sheets of a workbook from a slip of the
// hand (ECMA-376, sheetProtection), signatures, the code that Sorbet's tools generate, and what every page shows.
func (p *pass) digest(m match) string {
	path, name := p.file.artifact.Path, m.name
	switch {
	case signatureName.MatchString(name) && (hexOnly(m.value) || strings.HasSuffix(name, "Value")):
		return "a signature"
	case credentialID(name, m.value):
		return "the id of a credential"
	case keyringName.MatchString(name) && hexOnly(m.value) && (len(m.value) == 16 || len(m.value) == 40):
		return "the fingerprint of a public key"
	case p.text.carrier == nil && bytes.HasSuffix(p.text.body[:m.start], []byte(".svg?token=")):
		return "the token of a badge, which every reader of the page has"
	case p.text.carrier == nil && strings.EqualFold(name, "apiKey") && p.searchBox(m):
		return "the key of a search box, which every page shows"
	case officePart(path) && (strings.Contains(name, "saltValue") || strings.Contains(name, "hashValue")):
		return "a checksum that protects a sheet"
	case strings.HasSuffix(path, ".rbi"):
		return "a generated interface"
	case name == "hmac" && p.text.carrier == nil && bytes.Contains(p.text.body[max(0, m.start-signatureReach):m.start], []byte("kind: signature")):
		return "the signature of a pipeline"
	}
	return ""
}

// signatureName holds for fields that hold what was computed of something else.
var signatureName = lazy.New(`(?i)(?:^|[_.:-])signature(?:value)?$`)

// credentialID reports whether a value is how a credentials store calls an entry, and not what that holds.
func credentialID(name, v string) bool {
	return len(v) == 36 && credentialsName.MatchString(name) && uuidWithin.MatchString(v)
}

// credentialsName holds for names of entries of a credentials store: Jenkins calls its own by a UUID.
var credentialsName = lazy.New(`(?i)credentials?(?:[_-]?id)?$`)

// keyringName holds for names of OpenPGP keys, which are called by 8 or 20 bytes of a hash (RFC 4880, 12.2).
var keyringName = lazy.New(`(?i)(?:gpg|pgp)_?keys?(?:_?ids?)?$`)

// searchReach is how far round a key the settings of the search box go that it belongs to.
const searchReach = 300

// searchBox reports whether a key is one of Algolia that pages search with: it stands in one object with the index, and
// with the application or the name of DocSearch.
func (p *pass) searchBox(m match) bool {
	body := p.text.body
	before, after := body[max(0, m.start-searchReach):m.start], body[m.end:min(len(body), m.end+searchReach)]
	if i := bytes.LastIndexByte(before, '{'); i >= 0 {
		before = before[max(0, i-20):]
	}
	if i := bytes.IndexByte(after, '}'); i >= 0 {
		after = after[:i]
	}
	round := strings.ToLower(string(before) + string(after))
	return strings.Contains(round, "indexname") && (strings.Contains(round, "docsearch") || strings.Contains(round, "appid"))
}

// officePart reports whether a path is a part of an Office document: xl/worksheets/sheet1.xml.
func officePart(path string) bool {
	return strings.HasSuffix(path, ".xml") && (strings.Contains(path, "xl/") || strings.Contains(path, "word/") || strings.Contains(path, "ppt/"))
}

// translated reports whether a path is one of texts for people.
func translated(path string) bool {
	path = "/" + strings.ToLower(path)
	for _, w := range []string{"locale", "i18n", "l10n", "/lang/", "/langs/", "translation", "messages", "strings.xml", "/nls/", "/intl/"} {
		if strings.Contains(path, w) {
			return true
		}
	}
	base := path[strings.LastIndexByte(path, '/')+1:]
	return len(base) > 3 && strings.IndexByte("-_.", base[2]) >= 0 && languageFile.MatchString(base)
}

// languageFile holds for files that are named for a language: da-DK.json.
var languageFile = lazy.New(`^[a-z]{2}(?:[-_][a-z]{2,4})?\.(?:json|ya?ml|ts|js|po|php|properties|resx|arb)$`)

// askingWords begin the names of functions that are given something to find or to judge, and no secret to keep.
var askingWords = set(`score read delete remove revoke list parse lookup count compare matches contains describe render test expect assert`)

// asks reports whether a function is one of those: ReadStartingWithUserKey("store").
func asks(name string) bool {
	words := splitName(name[strings.LastIndexByte(name, '.')+1:])
	return len(words) > 1 && askingWords[words[0]]
}

// maxList bounds how far back the bracket is looked for that a list stands in.
const maxList = 400

// listed reports whether a quoted text behind a comma is the next of a list, ["totp", "webauthn"], and no value that is
// given to the word before it, put("password", "word"). In brackets only the first two are a name and its value, unless
// the name is a flag; a word that is nothing but letters is none there. In prose a comma
// outside of brackets lists.
func (t *text) listed(name int, v value) bool {
	word := true
	for _, c := range t.body[v.start:v.end] {
		word = word && (letter(c) > 0 || c == '_' || c == '-')
	}
	depth, first := 0, true
	for i := name - 1; i >= 0 && name-i < maxList; i-- {
		switch c := t.body[i]; c {
		case ')', ']', '}':
			depth++
		case ',':
			first = first && depth > 0
		case '(', '[', '{':
			if depth--; depth < 0 {
				return c != '(' && (word || !first && t.body[name] != '-')
			}
		}
	}
	return word || t.kind == proseKind
}

// nameAt returns the name round the keyword that ends at end.
func (t *text) nameAt(end int) (start, stop int) {
	start, stop = end, end
	for start > 0 && end-start < maxName && isNameByte(t.body[start-1]) {
		start--
	}
	for stop < len(t.body) && stop-end < maxName && isNameByte(t.body[stop]) {
		stop++
	}
	return start, stop
}

func isNameByte(c byte) bool { return isWord(c) || c == '-' || c == '.' || c == '$' }

// nameBefore returns the name in front of an assigned value.
func (t *text) nameBefore(start int) string {
	i := start
	for i > 0 && start-i < 40 && bytes.IndexByte([]byte(" \t\"'`=:>|?,([{\\"), t.body[i-1]) >= 0 {
		i--
	}
	if i == 0 || !isNameByte(t.body[i-1]) {
		return ""
	}
	from, _ := t.nameAt(i)
	return string(t.body[from:i])
}
