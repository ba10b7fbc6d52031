package secret

import (
	"bytes"
	"strings"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// maxKeyBlock bounds a private key in PEM.
const maxKeyBlock = 24 << 10

// privateKey reads a private key in PEM, in whatever quoting: joined lines, escaped line ends, string
// concatenation, comment marks. The keyword is the dashes and BEGIN.
func privateKey(p *pass, r *rule, end int) {
	body := p.text.body
	rest := body[end:min(len(body), end+maxKeyBlock)]
	head := bytes.Index(rest[:min(len(rest), 90)], []byte("-----"))
	if head < 0 || !bytes.Contains(rest[:head], []byte("PRIVATE KEY")) || !p.spend(r, maxBlocks) {
		return
	}
	p.far(p.start, end+head+5)
	inner := rest[head+5:]
	stop := bytes.Index(inner, []byte("-----END"))
	tail := 0
	if stop < 0 {
		stop = openBody(inner)
	} else {
		tail = min(len(inner)-stop, len("-----END")+head+5)
	}
	start := end - len("-----BEGIN")
	m := match{rule: r, start: start, end: end + head + 5 + stop + tail, name: "private key", why: "a private key in PEM"}
	m.value = string(body[start:m.end])
	if o := pemOpinion(m.value); o.literal {
		m.suppressed = o.reason
		p.keep(m)
	}
}

// openBody returns how far a key without an end goes: to the first line that holds nothing of it.
func openBody(inner []byte) int {
	stop := 0
	for n := 0; stop < len(inner) && n < 200; n++ {
		end := bytes.IndexByte(inner[stop:], '\n')
		if end < 0 {
			end = len(inner) - stop - 1
		}
		if n > 0 && longestRun(inner[stop:stop+end+1]) < 16 {
			break
		}
		stop += end + 1
	}
	return stop
}

// longestRun returns the length of the longest run of base64 in a line.
func longestRun(line []byte) int {
	longest, run := 0, 0
	for _, c := range line {
		if letter(c) > 0 || isDigit(c) || c == '+' || c == '/' || c == '=' {
			run++
			longest = max(longest, run)
			continue
		}
		run = 0
	}
	return longest
}

// pemOpinion judges a private key: one under a passphrase cannot be used as it stands, one without a body is a
// pattern or a documentation.
func pemOpinion(v string) opinion {
	head := v[:min(len(v), 200)]
	if strings.Contains(head, "ENCRYPTED") {
		return sample("a private key under a passphrase")
	}
	if strings.Contains(v, "...") || strings.Contains(v, "***") || strings.Contains(v, "xxxx") {
		return sample("a placeholder")
	}
	if n := inRuns(v); n < 56 || n*2 < len(v) {
		return notLiteral("a pattern, not a key")
	}
	if m := derHead.FindStringSubmatch(v); m != nil && m[1] != "M" && m[1] != "b3BlbnNzaC1rZXk" {
		return sample("a made-up key: what stands in it is no key")
	}
	return possible
}

// derHead is how a key begins: a sequence in DER always with M in base64, a key of OpenSSH with its name.
var derHead = lazy.New(`^-----BEGIN (?:RSA |EC |DSA )?PRIVATE KEY-----(?:\\+[nr]|[\s"'+,;.#*|/$>-])*(b3BlbnNzaC1rZXk|[A-Za-z0-9])`)

// inRuns counts the characters of v that stand in runs of base64 of 16 or more.
func inRuns(v string) int {
	n, run := 0, 0
	for i := 0; i <= len(v); i++ {
		if i < len(v) && (letter(v[i]) > 0 || isDigit(v[i]) || v[i] == '+' || v[i] == '/' || v[i] == '=') {
			run++
			continue
		}
		if run >= 16 {
			n += run
		}
		run = 0
	}
	return n
}

// tokenHeader judges a JSON Web Token by its header: one that is encrypted, or signed by nobody, opens nothing.
func tokenHeader(v string) opinion {
	head, rest, ok := strings.Cut(v, ".")
	plain, good := decodeBase64([]byte(head))
	claims, _, _ := strings.Cut(rest, ".")
	said, _ := decodeBase64([]byte(claims))
	switch {
	case !ok || !good:
		return possible
	case !bytes.HasPrefix(bytes.TrimSpace(plain), []byte("{")) || !bytes.HasSuffix(bytes.TrimSpace(plain), []byte("}")):
		return sample("the header of the token is no JSON")
	case bytes.Contains(plain, []byte(`"enc"`)):
		return sample("an encrypted token")
	case unsigned.Match(plain):
		return sample("a token without a signature")
	case bytes.Contains(said, []byte("1234567890")) && bytes.Contains(said, []byte("John Doe")), bytes.Contains(said, []byte(".example.com")):
		return sample("a documented sample")
	}
	return possible
}

var unsigned = lazy.New(`(?i)"alg"\s*:\s*"none"`)

// elementPair reads a name in one XML element and the value in the next: Hadoop's name and value, key and string of a
// property list. The keyword is the end of the first element.
func elementPair(p *pass, r *rule, end int) {
	body := p.text.body
	from := bytes.LastIndexByte(body[max(0, p.start-maxName):p.start], '>')
	if from < 0 || !p.spend(r, maxPairs) {
		return
	}
	start := max(0, p.start-maxName) + from + 1
	name := string(body[start:p.start])
	s := nameStrength(name)
	if s == noName || strings.ContainsAny(name, " \n") {
		return
	}
	i := p.text.skipBlank(end, true)
	open := bytes.IndexByte(body[i:min(len(body), i+maxName)], '>')
	if i >= len(body) || body[i] != '<' || open < 0 || body[i+1] == '/' || body[i+open-1] == '/' {
		return
	}
	if v, ok := p.text.markupText(i + open + 1); ok {
		p.start = start
		p.keepValue(r, name, v, s)
	}
}

var jwkPrivate = lazy.New(`["']?\b([dk])["']?\s*[:=]\s*["']([A-Za-z0-9_-]{16,})["']`)

// jwk reads the private part of a JSON Web Key, whatever quotes its members have. The keyword is kty.
func jwk(p *pass, r *rule, end int) {
	body := p.text.body
	if p.start > 0 && isWord(body[p.start-1]) || end < len(body) && isWord(body[end]) || !p.spend(r, maxBlocks) {
		return
	}
	start, stop := objectRound(body, end, 6000)
	if start < 0 || !p.first(r, start) {
		return
	}
	p.far(start, stop)
	for _, loc := range jwkPrivate.FindAllSubmatchIndex(body[start:stop], 4) {
		v := string(body[start+loc[4] : start+loc[5]])
		o := p.detector.judge.universal(v)
		p.keep(match{rule: r, start: start + loc[4], end: start + loc[5], value: v, name: "jwk." + string(body[start+loc[2]:start+loc[3]]),
			why: "the private member of a JSON Web Key", suppressed: o.reason})
	}
}

// objectRound returns the innermost braces round offset i, -1 when there are none near.
func objectRound(body []byte, i, limit int) (start, stop int) {
	depth := 0
	for start = i - 1; start >= 0 && i-start < limit; start-- {
		switch body[start] {
		case '}':
			depth++
		case '{':
			depth--
		}
		if depth < 0 {
			break
		}
	}
	if depth >= 0 {
		return -1, -1
	}
	depth = 0
	for stop = i; stop < len(body) && stop-i < limit; stop++ {
		switch body[stop] {
		case '{':
			depth++
		case '}':
			depth--
		}
		if depth < 0 {
			return start, stop
		}
	}
	return -1, -1
}

var nameOfPair = newExpression(`(?i)(?:^|["'\s<(,{@-])(?:parameter|header|variable|option|property|secret)?_?(?:key|name|id)["']?\s*(?:[:=]|=>)\s*\\?["']?([\w.$:-]{2,80})\\?["']?[\s,/\\]*(?:["'\\]*\s*(?:"?(?:type|enabled|secret|description|sensitive|disabled)"?\s*[:=]\s*["']?\w*["']?)?[\s,]*)["'\\]*$`)

// pairWords end the keys of which nameOfPair takes the value for a name; betweenWords are the keys that may stand between
// such a name and its value.
var (
	pairWords    = []string{"key", "name", "id"}
	betweenWords = []string{"type", "enabled", "secret", "description", "sensitive", "disabled"}
)

// mayPair reports whether nameOfPair may find the name of a secret at the end of a text: false is sure. Most values have
// no such name in front of them, and of those names most speak of something else; the expression is left to the rest.
func (m *memo) mayPair(text []byte) bool {
	if bytes.ContainsRune(text, longS) || bytes.ContainsRune(text, kelvin) { // the expression folds them to ASCII
		return true
	}
	for i, c := range text {
		if c != ':' && c != '=' || !endsWithWord(text[:i], pairWords) {
			continue
		}
		if m.mayName(text, i+1) {
			return true
		}
	}
	return false
}

// mayName is mayPair for the name that begins at i, behind blanks and a quote.
func (m *memo) mayName(text []byte, i int) bool {
	start := i + runOf(text, i, len(text), blanks)
	if start < len(text) && text[start] == '\\' {
		start++
	}
	if start < len(text) && (text[start] == '"' || text[start] == '\'') {
		start++
	}
	stop := start + runOf(text, start, len(text), pairName)
	if stop < start+2 {
		return false
	}
	for at := start + 2; at < stop; at++ { // the name may end where one of the keys begins
		if stop-start > 80 || startsKey(text[at:]) {
			return true
		}
	}
	rest := text[stop+runOf(text, stop, len(text), pairFill):]
	return (len(rest) == 0 || startsKey(rest)) && m.strength(text[start:stop]) != noName
}

// The sets of bytes in and behind the name of a pair.
var (
	blanks   = bytesOf(" \t\n\f\r", false)
	pairName = bytesOf(".$:-", true)
	pairFill = bytesOf(" \t\n\f\r,/\\\"'", false)
)

// endsWithWord reports whether a key, in quotes or not, ends with one of some words.
func endsWithWord(text []byte, words []string) bool {
	end := len(text)
	for end > 0 && (text[end-1] <= '\r' && text[end-1] >= '\t' || text[end-1] == ' ') {
		end--
	}
	if end > 0 && (text[end-1] == '"' || text[end-1] == '\'') {
		end--
	}
	for _, word := range words {
		if n := end - len(word); n >= 0 && lower(text[end-1]) == word[len(word)-1] && equalFold(text[n:end], word) {
			return true
		}
	}
	return false
}

// startsKey reports whether a text begins with one of the keys that may stand between a name and its value.
func startsKey(text []byte) bool {
	for _, word := range betweenWords {
		n := len(word)
		if len(text) <= n || lower(text[0]) != word[0] || !equalFold(text[:n], word) {
			continue
		}
		if text[n] == '"' {
			n++
		}
		n += runOf(text, n, len(text), blanks)
		if n < len(text) && (text[n] == ':' || text[n] == '=') {
			return true
		}
	}
	return false
}

// equalFold reports whether a text is a word of small letters, in any case.
func equalFold(text []byte, word string) bool {
	for i := range len(word) {
		if lower(text[i]) != word[i] {
			return false
		}
	}
	return true
}

// nameValue reads pairs such as {"key": "password", "value": "x"}, name: X with value: Y, and
// <add key="Password" value="x"/>. The keyword is value.
func nameValue(p *pass, r *rule, end int) {
	t := p.text
	n := p.nameRound(end)
	start, stop := n.start, n.stop
	if !n.assigned || !bytes.EqualFold(bytes.Trim(t.body[start:stop], "-$."), []byte("value")) || !p.spend(r, maxPairs) {
		return
	}
	before := t.body[max(0, start-200):start]
	if i := bytes.LastIndexAny(before, "}>"); i >= 0 {
		before = before[i+1:]
	}
	if !p.memo.mayPair(before) {
		return
	}
	found := nameOfPair.get().FindSubmatchIndex(before)
	if found == nil {
		return
	}
	name := string(before[found[2]:found[3]])
	s := p.memo.strength(before[found[2]:found[3]])
	if s == noName {
		return
	}
	if v, ok := t.valueBehind(start, n.operator); ok {
		p.start = max(0, start-200)
		p.keepValue(r, name, v, s)
	}
}
