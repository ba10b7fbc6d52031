package detect

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// NameClass is what a name says of the thing that bears it.
type NameClass struct {
	Score int             // 2 and more: a credential; 1: possible; 0 and less: not
	Class inventory.Class // credential, pointer, ephemeral, identifier, config, or unknown for a score of 1
	Why   string          // in words
	Plain bool            // a setting by its last word, also where a secret store keeps it: ACCOUNT_LOCKOUT_MINUTES
}

// strongWords speak of a credential wherever they stand in a name.
var strongWords = nameSet(`password passwd pwd pass pword passphrase psw passcode secret secrets token tokens apikey
	credential credentials creds cred pat dsn privatekey jwt bearer htpasswd otp totp salt pepper
	apitoken accesstoken authtoken secretkey accesskey pgpassword mypassword dockerconfigjson`)

// strongEndings are strong words glued to another: dbpassword, accesstoken.
var strongEndings = []string{"password", "passwd", "passphrase", "secret", "token", "apikey", "secretkey", "privatekey", "accesskey"}

// strongLast speak of a credential at the end of a name, or in front of a word that says which one: SLACK_WEBHOOK,
// but not WEBHOOK_TIMEOUT; a signing key, but not a signing reason.
var strongLast = nameSet(`webhook webhooks`)

// keyBefore are the words that make key a credential.
var keyBefore = nameSet(`api access age private secret signing encryption master service account deploy ssh shared session
	auth hmac gpg sdk client primary license`)

// shownKeys are the words that make key a thing that every page shows: the site key of a captcha.
var shownKeys = nameSet(`site public publishable`)

// urlBefore are the stores whose URLs usually embed a password.
var urlBefore = nameSet(`database db redis mongo mongodb postgres postgresql mysql amqp rabbitmq elasticsearch`)

// weakLast are last words that may name a credential.
var weakLast = nameSet(`key keys auth cert pem p12 keystore license`)

// negativeLast are last words of what stands beside a credential and is none.
var negativeLast = nameSet(`enabled disabled url uri endpoint host hostname port name id ids arn path file dir directory folder length size
	ttl expiry expires timeout type version header prefix suffix algorithm region count limit email username user
	audience issuer field policy mode location bucket format minutes seconds days link lifetime env flag
	min max rules broker table alive exception tar sha batch body message label title description hint error regex
	validator strategy driver rotation score attempts options time rate throttle expiration duration interval ip ips for bantime findtime maxretry fqdn database dbname schema
	ms hour hours minute limits numbers lowercase uppercase symbols special iterations scope scopes retries parallelism required method methods pid
	workers replicas reservation concurrency cidr cidrs arns uuid guid cost queue topic status engine verification exclude excludes overrides
	discovered template info names namespace domain domains latitude longitude elevation pub ref refs threshold percent ratio`)

// identifierLast are those of negativeLast that name a thing: what secret stores hold though there is nothing
// to rotate.
var identifierLast = nameSet(`url uri endpoint host hostname port name id ids ip ips arn region email username user audience issuer
	bucket buckets location link account project tenant domain domains fqdn database dbname schema queue queues topic topics role arns cidr cidrs
	namespace zone address addresses subdomain subdomains repository repo cluster uuid guid servicename nameserver nameservers server servers
	channel registry latitude longitude elevation pub boundary path pool team identifier fingerprint assume`)

// gluedIdentifiers are such words with the one in front of them glued on: MBUSERNAME, tunnelid.
var gluedIdentifiers = []string{"username", "clientid", "accountid", "tenantid", "projectid", "tunnelid", "spaceid", "rolearn", "hostname"}

// settingLast are those of negativeLast that say of what stands in a secret store, too, that it is a setting.
var settingLast = nameSet(`enabled disabled length size ttl expiry expires expiration timeout type version prefix suffix algorithm count limit
	limits mode format ms seconds minutes hours days min max duration interval lifetime retries attempts required method scopes concurrency
	replicas workers parallelism cost lowercase uppercase symbols numbers special threshold level`)

// namesAThing are those of identifierLast that name a thing also in front of a word that says which one: RULE_ID_EAST.
// namesAnywhere do wherever they stand: ECR_ROLE_ARN_CHECKOUT_MAP.
var (
	namesAThing   = nameSet(`url uri host hostname port name id ids arn user username email role`)
	namesAnywhere = nameSet(`arn bucket repository username hostname`)
)

// fileEndings end the names of whole files, which hold more than the word in front says: init-user.json.
var fileEndings = nameSet(`json yaml yml ini toml conf cfg xml properties env txt`)

// shownCertificates stand in front of the certificate that clients check a server against, which is no secret.
var shownCertificates = nameSet(`ca root cluster`)

// negativeWords weaken a name wherever they stand.
var negativeWords = nameSet(`public publishable example dummy placeholder enable disable`)

// countWords stand in front of the tokens of a language model or a ring, which are counted and not secret.
var countWords = nameSet(`num max min total count input output prompt completion context`)

// limits begin the names of bounds and switches: MIN_PASSWORD_SCORE, USE_TOKEN, detectSecrets.
var limits = nameSet(`min max is has use uses detect configure ignore`)

// switches make a name that of a bound or a switch wherever they stand: ALLOW_TEST_CREDENTIALS, PASSWORD_REQUIRE_DIGITS,
// tokens_per_minute.
var switches = nameSet(`allow require requires validate invalidate preserve embed enforce per`)

// products follow secret in the name of what handles secrets: SECRET_DETECTION_USERS, secrets_manager_region.
var products = nameSet(`manager managers store stores detection scanning scanner scan engine operator provider providers`)

// qualifiers may stand between key and the word that makes it a credential: ENCRYPTION_SECONDARY_KEY.
var qualifiers = nameSet(`primary secondary old new previous current next backup`)

// wholeNames are names that speak of a credential by custom only: the key of a Laravel or Datadog application.
var wholeNames = nameSet(`app.key dd.app.key datadog.app.key`)

// contextPrefixes begin names that a platform's expressions give to what follows: secrets.BUCKET is a bucket.
var contextPrefixes = []string{"secrets.", "inputs.", "outputs.", "vars.", "env."}

// browserPrefixes begin variables that are shipped to the browser. A strong name stays a finding.
var browserPrefixes = []string{"NEXT_PUBLIC_", "VITE_", "REACT_APP_", "NUXT_PUBLIC_", "EXPO_PUBLIC_", "GATSBY_", "PUBLIC_"}

// pointerEndings end names of the place where a credential is.
var pointerEndings = [][]string{{"file"}, {"path"}, {"dir"}, {"directory"}, {"folder"}, {"arn"}, {"secret", "name"}, {"secret", "names"}, {"secret", "id"}}

// ClassifyName says what a name such as DB_PASSWORD, slackToken or STRIPE_KEY_FILE speaks of. The words and
// their weights were measured on the names of twelve public repositories.
func ClassifyName(name string) NameClass {
	switch {
	case Ephemeral(name) || name == "github.token" || name == "System.AccessToken":
		return NameClass{Score: 2, Class: inventory.ClassEphemeral, Why: "the platform mints it for one run"}
	case Ignored(name):
		return NameClass{Class: inventory.ClassConfig, Why: "the system or the CI platform supplies it"}
	}
	return classifyWords(name)
}

// ClassifyEntry is ClassifyName for the name of an entry that people put into a secret store: no platform supplies it,
// whatever its prefix is (NETLIFY_SITE_ID).
func ClassifyEntry(name string) NameClass {
	if Ignored(name) {
		return classifyWords(name)
	}
	return ClassifyName(name)
}

func classifyWords(name string) NameClass {
	for _, p := range contextPrefixes {
		name = strings.TrimPrefix(name, p)
	}
	words := nameWords(strings.ReplaceAll(name, "1password", "onepass")) // a product
	if n := len(words); n > 1 && words[n-1] == "v" {
		words = words[:n-1] // POSTGRES_PORT-v16 is a port
	}
	if len(words) == 0 {
		return NameClass{Class: inventory.ClassConfig, Why: "its name does not speak of a credential"}
	}
	if counts(words) {
		return NameClass{Class: inventory.ClassConfig, Why: "its name is that of a bound or a switch", Plain: true}
	}
	if len(words) > 1 && pointsAt(words) {
		return NameClass{Score: 1, Class: inventory.ClassPointer, Why: "it names the place where a credential is"}
	}
	score, why := scoreWords(name, words)
	for _, p := range browserPrefixes {
		if strings.HasPrefix(name, p) {
			score--
			if score == 1 && why != "" {
				return NameClass{Score: 2, Class: inventory.ClassCredential, Why: why + "; it is shipped to the browser"}
			}
			break
		}
	}
	return classOf(score, why, words)
}

// counts reports whether a name is that of a number or a switch though it holds a word for a credential.
func counts(words []string) bool {
	n := len(words)
	for _, w := range words {
		if n > 1 && switches[w] {
			return true
		}
	}
	return words[0] == "automount" || n > 1 && limits[words[0]] || n > 1 && words[n-1] == "tokens" && countWords[words[n-2]]
}

func classOf(score int, why string, words []string) NameClass {
	last := words[len(words)-1]
	switch {
	case score >= 2:
		return NameClass{Score: score, Class: inventory.ClassCredential, Why: why}
	case score == 1:
		return NameClass{Score: score, Class: inventory.ClassUnknown, Why: why}
	case identifierLast[last]:
		return NameClass{Score: score, Class: inventory.ClassIdentifier, Why: "its name ends in " + last}
	case len(words) > 2 && namesAThing[words[len(words)-2]] && !fileEndings[last]:
		return NameClass{Score: score, Class: inventory.ClassIdentifier, Why: "its name holds " + words[len(words)-2]}
	case addresses(words):
		return NameClass{Score: score, Class: inventory.ClassIdentifier, Why: "its name is that of a mail address"}
	case last == "crt" || last == "cert":
		return NameClass{Score: score, Class: inventory.ClassIdentifier, Why: "a certificate is shown to everybody"}
	case settingLast[last]:
		return NameClass{Score: score, Class: inventory.ClassConfig, Why: "its name ends in " + last, Plain: true}
	}
	for _, w := range words[:len(words)-1] {
		if namesAnywhere[w] {
			return NameClass{Score: score, Class: inventory.ClassIdentifier, Why: "its name holds " + w}
		}
	}
	for _, end := range gluedIdentifiers {
		if strings.HasSuffix(last, end) {
			return NameClass{Score: score, Class: inventory.ClassIdentifier, Why: "its name ends in " + end}
		}
	}
	return NameClass{Score: score, Class: inventory.ClassConfig, Why: "its name does not speak of a credential"}
}

// mailWords say that a name is that of mail addresses, wherever they stand; mailEnds with "email" in front.
var (
	mailWords = nameSet(`emailaddress emailaddresses mailto recipients`)
	mailEnds  = nameSet(`to from cc bcc address addresses recipient sender reply`)
)

// addresses reports whether a name is that of a mail address: ROBOTICS_EMAIL_TO, NOTIFY_EMAILADDRESSES_TEAM.
func addresses(words []string) bool {
	mail := false
	for _, w := range words {
		if mailWords[w] {
			return true
		}
		mail = mail || w == "email" || w == "mail"
	}
	return mail && mailEnds[words[len(words)-1]]
}

// scoreWords weighs the words of a name.
func scoreWords(name string, words []string) (score int, why string) {
	paired := false
	for i, w := range words {
		switch {
		case w == "pass" && handsOn(name, words, i):
		case (w == "secret" || w == "secrets") && i+1 < len(words) && products[words[i+1]]:
		case strongWord(w) && score < 2:
			score, why = 2, "its name holds "+w
		case strongLast[w] && score < 2 && len(words) > 1 && (i == len(words)-1 || credentialPair(w, words[i+1])):
			score, why = 2, "its name holds "+w
		case i > 0 && credentialPair(words[i-1], w) && score < 2:
			score, why = 2, "its name holds "+words[i-1]+" "+w
			paired = i == len(words)-1
		case i > 0 && credentialPair(words[i-1], w):
			paired = i == len(words)-1
		case i > 1 && score < 2 && qualifiers[words[i-1]] && credentialPair(words[i-2], w):
			score, why = 2, "its name holds "+words[i-2]+" "+w
		}
	}
	if score == 0 && wholeNames[strings.Join(words, ".")] {
		score, why = 2, "the framework keeps its secret under this name"
	}
	last := words[len(words)-1]
	if score == 0 {
		score, why = weakScore(words, last)
		paired = score > 0
	}
	if negativeLast[last] && !paired {
		score -= 2
	}
	for _, w := range words {
		if negativeWords[w] {
			score--
			break
		}
	}
	return score, why
}

// handsOn reports whether pass is what a name does: pass_vars, and the directives of nginx (proxy_pass), which are always
// written small, while PROXY_PASS is the password of a proxy.
func handsOn(name string, words []string, i int) bool {
	if i+1 < len(words) {
		return handedThings[words[i+1]] || i > 1 && words[i-2] == "oauth" && words[i-1] == "proxy" // OAUTH2_PROXY_PASS_USER_HEADERS
	}
	return i == 1 && servers[words[0]] && name == strings.ToLower(name)
}

var (
	handedThings = nameSet(`through vars var variables env environment args arguments headers on`)
	servers      = nameSet(`proxy fastcgi uwsgi scgi grpc memcached`)
)

// weakScore weighs names that only may be those of credentials.
func weakScore(words []string, last string) (int, string) {
	if n := len(words); n > 1 && (last == "url" || last == "uri") && urlBefore[words[n-2]] {
		return 1, "such URLs usually embed a password"
	}
	if n := len(words); n > 1 && last == "key" && shownKeys[words[n-2]] {
		return 0, ""
	}
	if n := len(words); n > 1 && last == "cert" && shownCertificates[words[n-2]] {
		return 0, ""
	}
	if weakLast[last] {
		return 1, "its name ends in " + last
	}
	return 0, ""
}

func strongWord(w string) bool {
	if strongWords[w] {
		return true
	}
	if w == "onepassword" { // a product
		return false
	}
	for _, e := range strongEndings {
		if strings.HasSuffix(w, e) {
			return true
		}
	}
	return false
}

// credentialPair reports whether two words in a row speak of a credential.
func credentialPair(a, b string) bool {
	switch b {
	case "key", "keys":
		return keyBefore[a] || strings.HasSuffix(a, "api")
	case "base":
		return a == "key"
	case "json":
		return a == "account" || a == "sa"
	case "string":
		return a == "connection"
	case "header":
		return a == "auth"
	case "url", "endpoint":
		return a == "webhook"
	}
	return false
}

// pointsAt reports whether a name that speaks of a credential ends in the word for a place.
func pointsAt(words []string) bool {
	for _, end := range pointerEndings {
		n := len(words) - len(end)
		if n < 0 || strings.Join(words[n:], " ") != strings.Join(end, " ") {
			continue
		}
		rest := words[:n]
		if len(end) == 2 {
			return true
		}
		if score, _ := scoreWords("", rest); len(rest) > 0 && score > 0 {
			return true
		}
	}
	return false
}

// nameWords splits a name into lower-case words at separators, digits and changes of case.
func nameWords(name string) []string {
	var words []string
	start := -1
	flush := func(end int) {
		if start >= 0 && end > start {
			words = append(words, strings.ToLower(name[start:end]))
		}
		start = -1
	}
	for i := range len(name) {
		c := name[i]
		upper := 'A' <= c && c <= 'Z'
		switch {
		case !upper && (c < 'a' || c > 'z'):
			flush(i)
			continue
		case start >= 0 && upper && !capital(name[i-1]):
			flush(i)
		case start >= 0 && !upper && i-start >= 2 && capital(name[i-1]):
			flush(i - 1)
			start = i - 1
		}
		if start < 0 {
			start = i
		}
	}
	flush(len(name))
	return words
}

func capital(c byte) bool { return 'A' <= c && c <= 'Z' }
