package secret

import (
	"strings"
	"unicode/utf8"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// judge holds the tables that opinions on values rest on.
type judge struct {
	words *trigrams
}

// value judges a literal by the strength of its name. Quoted says that it was written as a string.
func (j *judge) value(v string, s strength) opinion {
	if o := written(v); o.reason != "" {
		return o
	}
	if s == storedName {
		return j.stored(v)
	}
	if o := plainThing(v); o.reason != "" {
		return o
	}
	if o := j.universal(v); o.reason != "" {
		return o
	}
	if weakValues[strings.ToLower(v)] {
		return sample(weakReason)
	}
	switch s {
	case passName:
		return j.password(v)
	case secretName:
		return j.token(v)
	case weakName:
		return j.random(v)
	}
	return notLiteral("its name does not speak of a secret")
}

// weakReason is the reason for values that anyone guesses.
const weakReason = "a weak value: a word that anyone guesses"

// stored judges a field for passwords in a file that holds nothing else: weak values and words are ones too.
func (j *judge) stored(v string) opinion {
	switch strings.ToLower(v) {
	case "true", "false", "null", "none", "yes", "no":
		return notLiteral("a setting")
	}
	if lowVariety(v) && len(v) > 8 || angled.MatchString(v) || v == strings.ToUpper(v) && j.aboutItself(v) {
		return sample("a placeholder")
	}
	return possible
}

// password judges the value of a password field: anything but filler, words and markup.
func (j *judge) password(v string) opinion {
	switch {
	case len(v) < 4:
		return sample("too short for a password")
	case len(v) > 200:
		return notLiteral("too long for a password")
	case filler(v) || j.aboutItself(v):
		return sample("a placeholder")
	case strings.ContainsAny(v, " \t") && j.sentence(v):
		return notLiteral("natural language")
	case !utf8.ValidString(v) || foreign(v):
		return notLiteral("natural language")
	case strings.Trim(v, `.,;:!?-_*#/\|()[]{}<>"'`) == "":
		return notLiteral("punctuation")
	case j.identifier(v):
		return sample("a word or a name")
	}
	return possible
}

// token judges the value of a token, secret or api key: long enough, and not made of words.
func (j *judge) token(v string) opinion {
	switch {
	case len(v) < 6:
		return notLiteral("too short for a token")
	case (filler(v) || j.aboutItself(v)) && len(v) < 60:
		return sample("a placeholder")
	case strings.ContainsAny(v, " \t") && (j.sentence(v) || len(v) < 16):
		return notLiteral("natural language")
	case foreign(v):
		return notLiteral("natural language")
	case zeroUUID.MatchString(v):
		return sample("a made-up id")
	case isDigits(v) && len(v) < 16:
		return notLiteral("a number")
	case strings.Contains(v, "..."):
		return sample("cut short")
	case variableForm.MatchString(v):
		return notLiteral("the name of a variable")
	case j.words.wordy(v) && (digits(v)*3 < len(v) || apart(v)):
		return notLiteral("made of words")
	}
	return j.encodedWords(v)
}

// encodedWords judges a value in base64 by what it is made of: words stay words.
func (j *judge) encodedWords(v string) opinion {
	if len(v) < 12 || len(v)%4 != 0 {
		return possible
	}
	plain, ok := decodeBase64([]byte(v))
	if !ok || !asText(plain) || len(plain) > 200 {
		return possible
	}
	if inner := string(plain); filler(inner) || j.words.wordy(inner) && (digits(inner)*3 < len(inner) || apart(inner)) {
		return sample("words in base64")
	}
	return possible
}

// random judges the value of a name that is only half a sign (key, auth, nonce): it must look drawn at random.
func (j *judge) random(v string) opinion {
	if o := j.token(v); o.reason != "" {
		return o
	}
	switch {
	case strings.ContainsAny(v, " \t,;()[]{}<>\"'|"):
		return notLiteral("not one token")
	case len(v) < 16 || uuidWithin.MatchString(v):
		return notLiteral("an identifier")
	case strings.Count(v, ".") > 1 || strings.Count(v, "/") > len(v)/12+1:
		return notLiteral("a path or a dotted name")
	case j.leads(v):
		return notLiteral("a path or a dotted name")
	case hexOnly(v) && len(v) <= 40:
		return notLiteral("a checksum or an id")
	case digits(v) == 0 && classChanges(v) < 3 && !base32Like(v):
		share, _ := j.words.strange(v)
		if share < 0.5 {
			return notLiteral("made of words")
		}
	case entropy(v) < 3:
		return notLiteral("too regular")
	}
	return possible
}

// variableForm holds for the name of an environment variable: capitals, and a word that such names have.
var variableForm = lazy.New(`^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_(?:KEYS?|TOKENS?|SECRETS?|PASSWORD|PASS|PWD|URL|URI|HOST|PORT|USER|USERNAME|ID|NAME|DSN|API|DATABASE|DB|FILE|PATH|CREDENTIALS)(?:_[A-Z0-9]{1,12})?$`)

// apart reports whether letters and digits stand apart in v, as in 0003_auto_20221121.
func apart(v string) bool {
	for i := 1; i < len(v); i++ {
		if isDigit(v[i]) != isDigit(v[i-1]) && isWord(v[i]) && isWord(v[i-1]) && v[i] != '_' && v[i-1] != '_' {
			return false
		}
	}
	return true
}

// leads reports whether a word and a slash or colon lead v: a path or a prefixed id.
func (j *judge) leads(v string) bool {
	i := strings.IndexAny(v, "/:")
	return i >= 2 && j.words.wordy(v[:i]) && digits(v[:i]) == 0
}

func hexOnly(v string) bool {
	for i := range len(v) {
		if !isHex(v[i]) && v[i] != '-' {
			return false
		}
	}
	return true
}

func base32Like(v string) bool {
	for i := range len(v) {
		if !isUpper(v[i]) && (v[i] < '2' || v[i] > '7') {
			return false
		}
	}
	return digits(v) > 0
}

// filler reports whether v contains a word of placeholders.
func filler(v string) bool { return placeholderWords.within(v) }

// sentence reports whether v, which holds blanks, reads as natural language.
func (j *judge) sentence(v string) bool {
	words := strings.Fields(v)
	plain := 0
	for _, w := range words {
		if j.words.wordy(w) {
			plain++
		}
	}
	return plain*2 >= len(words)
}

// foreign reports whether v is mostly letters outside ASCII: text for people.
func foreign(v string) bool {
	if strings.Contains(v, `\u`) {
		v = unescape(v)
	}
	other, all := 0, 0
	for _, r := range v {
		all++
		if r > 127 {
			other++
		}
	}
	return other*3 > all || other > 0 && all < 12
}

// identifier reports whether v reads as one word or a name made of words.
func (j *judge) identifier(v string) bool {
	if strings.ContainsAny(v, "!@#$%^&*+=?") {
		return false
	}
	share, of := j.words.strange(v)
	if of == 0 {
		return len(v) < 6
	}
	if n := digits(v); n > 0 {
		return share < 0.15 && n <= 1 && of > 4
	}
	return share < strangeFrom && classChanges(v)*4 < len(v)
}

// selfNamed holds for names of keys: kv_key, api-token.
var selfNamed = lazy.New(`(?i)^[a-z]{1,12}[_-](?:key|token|secret|password|pass|pwd|id|name)$`)

// aboutItself reports whether v says what it is, as newpass123 and 56789secret do: a word for a credential, other
// words and digits.
func (j *judge) aboutItself(v string) bool {
	if selfNamed.MatchString(v) {
		return true
	}
	bare := strings.ToLower(strings.Trim(v, "0123456789!@#$_-. "))
	if weakValues[bare] {
		return true
	}
	for _, w := range []string{"pass", "pwd", "secret", "token", "apikey", "credential"} {
		if strings.Contains(bare, w) && j.words.wordy(strings.Trim(v, "0123456789!@#$_-. ")) {
			return true
		}
	}
	return false
}

func digits(v string) int {
	n := 0
	for i := range len(v) {
		if isDigit(v[i]) {
			n++
		}
	}
	return n
}
