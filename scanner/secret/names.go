package secret

import (
	"slices"
	"strings"
)

// strength says how much the name of a value speaks for a secret.
type strength uint8

const (
	noName     strength = iota // says nothing, or says that it is something else
	weakName                   // key, auth, nonce: a random value is wanted
	secretName                 // token, secret, api key: anything but words
	passName                   // password: any literal that is no placeholder
	storedName                 // a field for passwords in a file that holds nothing else: weak values too
)

var passWords = set(`password passwd pwd pass passphrase psw pswd passwort contrasena motdepasse senha userpass
	passwrd pword passw pw mypass dbpass dbpwd passcode heslo`)

var secretWords = set(`secret secrets token tokens apikey apitoken credential credentials creds cred jwt bearer
	authtoken accesstoken secretkey privatekey clientsecret accesskey apisecret pat otp totp appsecret tkn
	appkey authkey signingkey encryptionkey masterkey sessionkey apppass secretaccesskey refreshtoken pepper
	nkey seed webhook sharedkey mnemonic dsn connectionstring cipherkey consumerkey`)

var weakWords = set(`key keys auth authorization nonce salt signature sig verifier code cookie session sessionid
	certificate cert pem license licence hmac authentication accesskeyid cookies login sas`)

// keyPairs are the words that make key a secret's name.
var keyPairs = set(`api access private secret signing encryption master service account deploy ssh shared session
	auth hmac gpg sdk client license consumer application app jwt cookie crypto cipher oauth storage token user
	integration decryption aes des rsa validation webhook server ingest admin activation write project tsig
	account authentication subscription nkey apikey`)

// otherLast are last words that say that the value is about a secret, not one.
var otherLast = set(`enabled disabled url uri urls endpoint host hostname port name names id ids arn path paths file
	files dir directory folder length len size ttl expiry expires expiration expire timeout type types version
	header headers prefix suffix algorithm alg region count limit email username user users audience issuer field
	fields policy mode location bucket format minutes seconds days link lifetime env flag label title text message
	msg error errors hint placeholder help description desc regex pattern validator validation rule rules reset
	required strength form input view page screen dialog button icon class style schema param params parameter
	ref reference provider manager service store storage handler helper factory builder util utils test tests
	exists valid invalid changed updated created at date time method scheme usage index column table vault
	properties property attribute option options hash hashes digest checksum fingerprint encoding encoder decoder
	generator resolver function func callback event action status state result response request query model
	dto entity list map set array json yaml store repository controller command prompt question info data template
	interval rotation keyword keywords size bits source target hidden visible display show bytes lifespan
	algorithms claim claims endpoint domain role roles scope scopes group groups agent server backend address addresses`)

// otherFirst are words that turn a name into a question, an act or a public thing.
var otherFirst = set(`is has have show hide toggle forgot forget reset validate verify check require requires no
	enable disable allow use uses should can public pub publishable min max num number sort primary foreign
	partition row column hot shortcut press on get fetch find missing invalid incorrect wrong bad empty`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// nameStrength judges a name such as DB_PASSWORD, clientSecret or spring.datasource.password.
func nameStrength(name string) strength {
	if noPasswords[strings.ToLower(name)] {
		return noName
	}
	words := splitName(name[strings.LastIndexAny(name, ".")+1:])
	if len(words) > 0 && (words[0] == "value" || isDigits(words[0])) {
		words = splitName(name)
	}
	for len(words) > 1 && (isDigits(words[len(words)-1]) || fillLast[words[len(words)-1]]) {
		words = words[:len(words)-1]
	}
	if len(words) == 0 {
		return noName
	}
	last := words[len(words)-1]
	if len(words) > 1 && (otherFirst[words[0]] || ofOneCall(words)) {
		return noName
	}
	for _, w := range words {
		if plainly[w] {
			return noName
		}
	}
	if last == "pw" && len(words) == 1 && name != "pw" {
		return noName
	}
	if s := lastWord(last); s != noName {
		if s == weakName && len(words) > 1 {
			return weakPair(words[len(words)-2], last)
		}
		return s
	}
	if otherLast[last] {
		return noName
	}
	return laterWord(words[:len(words)-1])
}

// ofOneCall holds for headers that are made anew for each call and let nobody in: the signature over its body
// (x-hub-signature-256, x-slack-signature), and the mark that a client puts on it.
func ofOneCall(words []string) bool {
	return words[0] == "x" && slices.Contains(words, "signature") || words[0] == "postman" && words[1] == "token"
}

// noPasswords are names that end like those of passwords: products, about which an entry of the name is, and usernamePassword,
// a kind of credentials in Jenkins and elsewhere.
var noPasswords = set(`lastpass onepassword 1password nordpass protonpass keepass keepassxc enpass passbolt
	usernamepassword`)

// plainly are words that make a value public or useless wherever they stand.
var plainly = set(`public publishable pubkey encrypted hashed`)

// fillLast are words behind a secret's name that change nothing.
var fillLast = set(`value val string str plain raw literal base64 b64 hex dev prod staging production development
	local default old new current previous`)

func isDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return true
}

// lastWord judges the word that a name ends in, glued compounds included (dbpassword, accesstoken).
func lastWord(w string) strength {
	switch {
	case passWords[w]:
		return passName
	case secretWords[w]:
		return secretName
	case weakWords[w]:
		return weakName
	}
	for _, end := range []string{"password", "passwd", "passphrase", "pwd"} {
		if strings.HasSuffix(w, end) {
			return passName
		}
	}
	for _, end := range []string{"secret", "token", "apikey", "secretkey", "privatekey", "accesskey"} {
		if strings.HasSuffix(w, end) {
			return secretName
		}
	}
	return noName
}

// weakPair judges names like api key: the word before decides.
func weakPair(before, last string) strength {
	switch {
	case (last == "key" || last == "keys") && keyPairs[before]:
		return secretName
	case otherLast[before] || otherFirst[before] || thingKeys[before]:
		return noName
	case before == "cookie" && last == "secret", before == "set" && last == "cookie":
		return secretName
	}
	return weakName
}

// thingKeys are the words that make key the name of an entry.
var thingKeys = set(`identifier repository cache object map dict translation lookup item config setting group entity
	record natural unique composite candidate surrogate search filter cursor metric dimension family idempotency
	issue jira space node site spreadsheet sheet document tree hash range hot short enter escape arrow modifier ctrl alt meta`)

// laterWord judges names that go on behind the word: passwordAdmin, TOKEN_ACME.
func laterWord(words []string) strength {
	best := noName
	for i, w := range words {
		s := lastWord(w)
		if s == weakName && i > 0 {
			s = weakPair(words[i-1], w)
		}
		if s > weakName && s > best {
			best = weakName
		}
	}
	return best
}

// splitName splits a name into lower-case words, at separators, digits and changes of case.
func splitName(name string) []string {
	var words []string
	start := 0
	flush := func(end int) {
		if end > start {
			words = append(words, strings.ToLower(name[start:end]))
		}
		start = end
	}
	for i := range len(name) {
		c := name[i]
		switch {
		case letter(c) == 0 && !isDigit(c):
			flush(i)
			start = i + 1
		case i == start:
		case isDigit(c) != isDigit(name[i-1]):
			flush(i)
		case isUpper(c) && !isUpper(name[i-1]):
			flush(i)
		case !isUpper(c) && isUpper(name[i-1]) && i-start >= 2 && letter(c) > 0:
			flush(i - 1)
		}
	}
	flush(len(name))
	return words
}
