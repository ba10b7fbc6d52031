package secret

import (
	"math/big"
	"strings"

	"github.com/rotamap/rotamap/scanner/lazy"
)

// finding says what a value is held to be.
type opinion struct {
	reason  string // why it is no secret; "" for a secret
	literal bool   // it is a value as such: a placeholder or sample, and not a reference, a path or code
}

// possible is the opinion on a value that may be a secret.
var possible = opinion{literal: true}

func notLiteral(reason string) opinion { return opinion{reason: reason} }
func sample(reason string) opinion     { return opinion{reason: reason, literal: true} }

// referenceForm is a form with what its values begin with: the expression is tried on no other.
type referenceForm struct {
	reason string
	re     *lazy.Regexp
	begins *beginnings
}

func form(reason, source string) referenceForm {
	return referenceForm{reason, lazy.New(source), &beginnings{source: source}}
}

// reference forms: what stands for a value that is kept elsewhere. Each holds for the whole value.
var referenceForms = []referenceForm{
	form("a variable", `^\$\{?[A-Za-z_][\w.:-]*\}?$|^%[\w.]+%$|^\$\d$|^\$[({].*[)}]$|^\$env:\w+$|^\$(?:var|res):[\w/]+$|^\$\w+/|^!\w+!$`),
	form("a template expression", `^=?\{\{|^\{%|^<%|^#\{|^@\{|^\[\[|^\{[\w.$-]*\}$|^\$\[|^@@?[\w.]+@@?$|^__\w+__$|^\[parameters\(|^@parameters\(|^@pipeline\(|^\$t\(|^\$\$|^~~\w+|^#{2,}`),
	form("encrypted", `^ENC\[|^!vault|^\$ANSIBLE_VAULT|^\{cipher\}|^ENC\(|^Ag[A-D][A-Za-z0-9+/=]{60,}|^AQ[A-D][A-Za-z0-9+/]{200,}|^vault:v\d+:|^-----BEGIN (?:AGE ENCRYPTED|PGP MESSAGE)|^AQICAH|^\{aes-?\d*\}|^enc:|^secure:`),
	form("a reference to a secret store", `^(?:op|vault|ref\+\w+|secretref|keyvault|awssm|gcpsm|bws|doppler|akv|sm|ssm|aws-sm|env|file|keyring|secret):/?/?[\w/.#-]+|^<path:|^arn:[\w-]+:|^@Microsoft\.KeyVault|^projects/[\w-]+/secrets/|^\{\{resolve:|^!(?:Ref|GetAtt|Sub|Secret|secret|ENV|env_var)\b|^secrets?\.|^(?:var|local|data|module)\.[a-z_]`),
	form("program code", `^(?:process\.env|os\.(?:environ|getenv)|System\.getenv|ENV\[|getenv|env\(|config\(|Deno\.env|import\.meta|Environment\.Get|self\.|this\.|(?:required|nullable|sometimes|bail|string)\||settings\.|conf\.|args\.|opts?\.|options\.|params\[|request\.|req\.|new [A-Z]|function\b|lambda\b|await |=>|nil$|None$|null$|undefined$|true$|false$)`),
}

var angled = lazy.New(`^<[^<>]*>?$|^\[[^\[\]]*\]$|^\([^()]*\)$|<[a-zA-Z][^<>]*>`)

var pathForm = lazy.New(`^(?:\.{0,2}/|~/|[A-Za-z]:\\|\\\\|file://)[\w.\\/ @+:~-]*$|^[\w.-]+/[\w./-]*\.[a-z]{2,5}$|^[\w.-]+\.(?:pem|key|crt|cert|json|ya?ml|txt|jks|p12|pfx|enc|gpg|conf|properties|sh|py|go|js|ts|html?|php|xml|env|pub|cer|md|creds|jwt|nk|cnf|toml|ini|log|zip|tar|gz)$|^id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$`)

var urlForm = lazy.New(`^(?:[a-z][a-z0-9+.-]*:)?//[^\s:@/]*(?:[:/?#][^@]*)?$|^(?:www|api|localhost|mailto:)[.:\w/-]*$`)

// uuidWithin holds for an id that has a UUID in it.
var uuidWithin = lazy.New(`(?:^|[^0-9a-fA-F])[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}(?:[^0-9a-fA-F]|$)`)

var zeroUUID = lazy.New(`^\{?([0-9a-fA-F])[01-9a-fA-F]{7}-0000-0000-0000-[0-9a-fA-F]{12}\}?$|^00000000-`)

var mailForm = lazy.New(`^[\w.+-]+@[\w-]+\.[\w.-]+$`)

var dateForm = lazy.New(`^\d{4}-\d\d-\d\d|^\d\d?[:/]\d\d|^[\^~<>=v ]*\d+(?:\.\d+)+(?:-[a-z]+[.\d]*)?$|^[\^~<>=|,.*v\d -]+$`)

// hashForm is a password hash: it stands for a password, and is not one.
var hashForm = lazy.New(`^\$(?:2[abxy]|5|6|1|y|apr1|argon2\w*|scrypt|pbkdf2[\w-]*|P|H)\$|^\{(?:SSHA|SHA|MD5|CRYPT|SMD5|PBKDF2)\w*\}|^pbkdf2_sha|^SCRAM-SHA|^md5[0-9a-f]{32}$`)

// clientForm is a DSN of Sentry without the secret that older ones had: it lets a client send events, and stands in
// every page that does.
var clientForm = lazy.New(`^https?://[0-9a-f]{32}@[\w.:-]+(?:/[\w/-]*)?/\d+$`)

// publicKey is a public key or certificate, as text or as the head of its DER in base64 (RFC 5480, RFC 8410).
var publicKey = lazy.New(`^(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2)|^-----BEGIN (?:[A-Z0-9]+ )?(?:PUBLIC KEY|CERTIFICATE)|^(?:sha(?:1|256|384|512)|md5)[-:]|^age1[a-z0-9]{50,}$|^(?:MCowBQYDK2V[wu]AyEA|MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE|MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAE|MI\w{4}ANBgkqhkiG9w0BAQEFAAOC|MIGfMA0GCSqGSIb3DQEBAQUAA4GN)`)

// placeholderWords mark a value as filler wherever they stand in it.
var placeholderWords = newAutomaton([]string{
	"example", "placeholder", "dummy", "changeme", "change_me", "change-me", "change.me", "replace", "insert", "your_", "your-",
	"yourpass", "yoursecret", "yourtoken", "your ", "yourapi", "youraccess", "my_secret", "mysecret", "my-secret", "mypassword", "my_password", "my-password", "myapikey",
	"my_api", "my-api", "my_token", "mytoken", "my-token", "xxxx", "****", "....", "todo", "fixme", "redacted", "removed", "masked", "not-a-real", "notareal", "not_a_real",
	"sample", "fake", "enter_", "enter-", "put_", "put-your", "_here", "-here", "secret_key", "secretkey", "secret-key",
	"test_", "-test", "_test", "test-", "foobar", "foo_bar", "lorem", "ipsum", "generate", "n/a", "not_set", "notset", "unset", "unknown",
	"invalid", "supersecret", "super_secret", "super-secret", "topsecret", "verysecret", "some_", "some-", "somesecret", "sometoken", "somepassword",
	"123456789", "987654321", "123123123", "abcdefgh", "abcd1234", "deadbeef", "cafebabe", "00000000", "qwerty", "letmein", "passw0rd", "p@ssw0rd", "pa$$w0rd",
	"password", "passwd", "passphrase", "default", "hunter2", "correcthorse", "swordfish", "trustno1", "correct horse",
})

// weakValues are values that anyone guesses. They are credentials all the same where a store holds them.
var weakValues = set(`123456 12345 1234 123 12345678 123456789 1234567890 654321 111111 000000 admin administrator root toor
	password passw0rd p@ssw0rd p@ssword pass passwd pwd changeme changeit change_me change-me change-it postgres mysql guest
	test testing test123 test1234 tester user secret secret123 letmein qwerty qwerty123 qwertyuiop abc123 welcome welcome1 default oracle tiger scott
	rabbitmq redis mongo mongodb minio minioadmin elastic grafana keycloak wordpress drupal django demo
	hello monkey dragon master login foobar foo bar baz public private vagrant docker ubuntu centos raspberry pi
	password1 password123 admin123 admin1234 root123 adminadmin rootroot supersecret topsecret temp temporary sa system manager
	sonar nexus jenkins airflow superset hadoop kafka zabbix service username mypassword mysecret mypass verysecret hunter2 letmein123
	iloveyou sunshine princess football baseball shadow superman batman trustno1 passpass userpass testpass dbpass dbpassword pw p none empty no yes
	a b c d e f g x y z aa bb abc abcd abcde abcdef asdf asdfgh zxcvbn 1q2w3e4r 1qaz2wsx q1w2e3r4 111 222 333 0 1 2 3 12 00 0000 1111 2222 4321 54321
	bob alice carol dave eve joe john jane sally mallory trent peggy victor
	string str value val token key apikey text number int integer bool boolean null nil undefined true false optional required
	s3cr3t s3cret secr3t p4ssword p4ssw0rd pa55word pa55w0rd passw0rd1 s3cr3tpassw0rd s3cur3 secure
	any all auth basic bearer digest plain md5 sha256 bcrypt hmac jwt hash hidden encrypted`)

// universal judges a value under every rule: placeholders and samples that no provider hands out.
func (j *judge) universal(v string) opinion {
	lowered := strings.ToLower(v)
	switch {
	case lowVariety(v):
		return sample("one or two characters repeated")
	case sequential(v):
		return sample("a run of the alphabet or of digits")
	case typedAlong(lowered):
		return sample("keys that lie side by side")
	case documented(lowered):
		return sample("a documented sample")
	}
	return possible
}

// keyRows are the letters of a keyboard, row by row.
var keyRows = [...]string{"qwertyuiop", "asdfghjkl", "zxcvbnm"}

// typedAlong reports whether nearly all letters of v lie close to the one before on a keyboard: asdfasdf.
func typedAlong(v string) bool {
	near, all := 0, 0
	for i := 1; i < len(v); i++ {
		if letter(v[i]) == 0 || letter(v[i-1]) == 0 {
			continue
		}
		all++
		for _, row := range keyRows {
			a, b := strings.IndexByte(row, v[i-1]), strings.IndexByte(row, v[i])
			if a >= 0 && b >= 0 && a-b <= 3 && b-a <= 3 {
				near++
			}
		}
	}
	return all >= 5 && all*2 > len(v) && near*10 >= all*9
}

// documented holds for samples that vendors print in their documentation, and for what says so of itself.
func documented(lowered string) bool {
	for _, w := range []string{"example", "xxxxxx", "******", "placeholder", "redacted", "changeme", "your_", "your-", "dummy", "replace_", "replace-", "0123456789abcdef0123456789abcdef", "1234567890abcdef1234567890abcdef", "deadbeefdeadbeef", "abcdefghijklmnopqrstuvwxyz",
		"eby8vdm02xnocqflquwj", "c2y6ydjf5/r+ob0n8a7c", "4ec39hqlyjwdarjtt1zd", "ezdwiiwibmftzsi6ikpv", "iwibmftzsi6ikpvag4g", "6leixactaaaaa", "jbswy3dpehpk3px"} {
		if strings.Contains(lowered, w) {
			return true
		}
	}
	return false
}

// lowVariety reports whether v is made of one or two characters, or of three or four in a long value.
func lowVariety(v string) bool {
	if len(v) < 4 {
		return false
	}
	var seen [256]bool
	n := 0
	for i := range len(v) {
		if !seen[v[i]] {
			seen[v[i]] = true
			n++
		}
	}
	return n <= 2 || n <= 4 && len(v) >= 16 || n <= 6 && len(v) >= 40
}

// sequential reports whether most characters of v follow the one before, as in abcdef and 12345.
func sequential(v string) bool {
	if len(v) < 4 {
		return false
	}
	steps := 0
	for i := 1; i < len(v); i++ {
		a, b := lower(v[i-1]), lower(v[i])
		if b == a+1 || b == a || a == '9' && b == '0' {
			steps++
		}
	}
	return steps*10 >= (len(v)-1)*7
}

// maxLook bounds how much of a value the expressions see.
const maxLook = 256

// written judges a value by how it is written: whether it is a literal at all. It holds under any name.
func written(v string) opinion {
	if v == "" {
		return notLiteral("empty")
	}
	if strings.IndexByte(v, 0) >= 0 {
		return notLiteral("binary")
	}
	v = v[:min(len(v), maxLook)]
	if bare(v) {
		return possible
	}
	if strings.HasPrefix(strings.TrimPrefix(v, "="), "{{") { // by far the most of them in workflow exports
		return notLiteral("a template expression")
	}
	for _, f := range referenceForms {
		if f.begins.of(v) && f.re.MatchString(v) {
			return notLiteral(f.reason)
		}
	}
	switch {
	case embeds(v):
		return notLiteral("a template expression")
	case strings.ContainsAny(v, "<[(") && angled.MatchString(v):
		return sample("a placeholder in brackets")
	case strings.IndexByte("se-amM", v[0]) >= 0 && publicKey.MatchString(v):
		return notLiteral("a public key or checksum")
	}
	return possible
}

// bare reports whether v has none of the signs that the forms of references and templates need, so that no
// expression has to be tried.
func bare(v string) bool {
	if strings.ContainsAny(v, "$%{}<>#@[](!:/.~|_=+-' \"") {
		return false
	}
	switch strings.ToLower(v) {
	case "nil", "none", "null", "undefined", "true", "false", "function", "lambda":
		return false
	}
	return !strings.HasPrefix(v, "Ag") && !strings.HasPrefix(v, "AQ") && v[0] != 'M'
}

// What values of the forms begin with or hold: the expressions are tried on no others.
const (
	pathSigns  = `./\`
	urlStarts  = "walm"
	dateStarts = "0123456789^~<>=v |,.*-"
	hashStarts = "${pSm"
)

// plainThing judges values that are something else than a secret, whatever field they stand in.
func plainThing(v string) opinion {
	if len(v) > maxLook {
		return possible
	}
	switch {
	case (strings.ContainsAny(v, pathSigns) || strings.HasPrefix(v, "id_")) && pathForm.MatchString(v):
		return notLiteral("a path or file name")
	case (strings.Contains(v, "//") || strings.IndexByte(urlStarts, v[0]) >= 0) && urlForm.MatchString(v):
		return notLiteral("a URL without credentials")
	case strings.Count(v, "@") == 1 && mailForm.MatchString(v) && !strings.ContainsAny(v, "!#$%^&*"):
		return notLiteral("a mail address")
	case strings.IndexByte(dateStarts, v[0]) >= 0 && dateForm.MatchString(v):
		return notLiteral("a date, version or number")
	case strings.IndexByte(hashStarts, v[0]) >= 0 && hashForm.MatchString(v):
		return sample("a password hash")
	case len(v) > 2 && v[0] == '^' && v[len(v)-1] == '$':
		return notLiteral("a regular expression")
	case strings.HasPrefix(v, "http") && clientForm.MatchString(v):
		return sample("the address of an error tracker, which every client shows")
	}
	return possible
}

// contractForm holds for the address of an account or contract: 0x and 20 bytes. Keys have 32.
func contractForm(v string) bool {
	return len(v) == 42 && v[0] == '0' && (v[1] == 'x' || v[1] == 'X') && hexOnly(v[2:]) && !strings.Contains(v, "-")
}

// base58 is the alphabet in which Bitcoin and Solana write bytes.
const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// accountForm holds for 32 bytes in base58: an account or a coin of Solana, where a name is only half a sign. A
// key has 64 bytes.
func accountForm(v string) bool {
	if len(v) < 43 || len(v) > 44 {
		return false
	}
	n := new(big.Int)
	for i := range len(v) {
		digit := strings.IndexByte(base58, v[i])
		if digit < 0 {
			return false
		}
		n.Add(n.Mul(n, big.NewInt(58)), big.NewInt(int64(digit)))
	}
	return n.BitLen() > 248 && n.BitLen() <= 256
}

// coin reports whether a token is one of those that a blockchain trades: token, fromToken, toToken(USDC).
func coin(name, v string) bool {
	if !contractForm(v) && !accountForm(v) {
		return false
	}
	words := splitName(name)
	for len(words) > 0 && (words[0] == "from" || words[0] == "to") {
		words = words[1:]
	}
	return len(words) > 0 && len(words) < 3 && words[0] == "token"
}
