package inventory

import "strings"

// Mention is a name of a credential that stands in files of the present where no reader could say what it is for: in a
// script that hands it on in a way of its own, a format that is not read, a comment. It joins nothing. Whoever rotates the
// credential reads these lines by hand.
type Mention struct {
	Name     string     `json:"name"` // as written there
	Evidence []Evidence `json:"evidence"`
}

// plainWords are those of names that any program has: DATABASE_URL, api_key, clientSecret.
var plainWords = func() map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(`api app apps access auth authorization bearer basic client server service private public secret secrets
		token tokens key keys password passwd pass pwd passphrase user username admin root account name id ids db database url uri
		dsn host conn connection string str value values data file path default env config credential credentials creds cred
		apikey accesskey secretkey privatekey authtoken accesstoken clientid clientsecret databaseurl dburl
		refresh session master main test prod dev staging the my get set new old is has with from for of to by and or`) {
		out[w] = true
	}
	return out
}()

// NameKey returns under which key a name is looked up where it is written in another way: STRIPE_API_KEY, stripe-api-key
// and stripeApiKey are one. It is "" for a name that does not stand for one thing, such as apiKey; a plain one that is
// written like the variable of an environment (DATABASE_URL) is found as it is and no other way.
func NameKey(name string) string {
	var b strings.Builder
	for i := range len(name) {
		switch c := name[i]; {
		case 'A' <= c && c <= 'Z':
			b.WriteByte(c - 'A' + 'a')
		case 'a' <= c && c <= 'z' || '0' <= c && c <= '9':
			b.WriteByte(c)
		}
	}
	switch {
	case b.Len() < minNameKey:
		return ""
	case !plainName(name):
		return b.String()
	case isVariable(name):
		return name
	}
	return ""
}

// isVariable reports whether a name is written like the variable of an environment.
func isVariable(name string) bool {
	return strings.ToUpper(name) == name && strings.Contains(name, "_")
}

// minNameKey is the length of the shortest name that is looked for.
const minNameKey = 6

// plainName reports whether a name has no word of its own.
func plainName(name string) bool {
	for start := 0; start < len(name); {
		end := start + 1
		for end < len(name) && sameWord(name, end) {
			end++
		}
		if w := strings.ToLower(strings.Trim(name[start:end], "_-0123456789")); len(w) > 1 && !plainWords[w] {
			return false
		}
		start = end
	}
	return true
}

// sameWord reports whether the byte at i belongs to the word of the byte before it.
func sameWord(name string, i int) bool {
	upper := func(c byte) bool { return 'A' <= c && c <= 'Z' }
	letter := func(c byte) bool { return upper(c) || 'a' <= c && c <= 'z' }
	before, c := name[i-1], name[i]
	switch {
	case !letter(c) || !letter(before):
		return letter(c) == letter(before)
	case upper(c):
		return upper(before) && (i+1 == len(name) || !letter(name[i+1]) || upper(name[i+1]))
	}
	return true
}

// NamesOf returns the names under which people may know a node in other files: of a slot its key, or the entry where the
// key says nothing; of a binding its name.
func NamesOf(n *Node) []string {
	name := n.Name
	if n.Kind == Slot {
		if key := n.Attr(AttrKeyName); key != "" {
			last, inline := lastName(key), n.Attr(AttrStore) == "inline"
			if NameKey(last) != "" && (!inline || isVariable(last)) {
				return []string{last}
			}
			if inline {
				return nil // the entry is the file, and the key is any name in a program
			}
			name = strings.TrimSuffix(name, "#"+key)
		}
	}
	if _, full, setting := SettingOf(n); setting {
		name = full
	}
	if last := lastName(name); NameKey(last) != "" {
		return []string{last}
	}
	return nil
}

// lastName returns the end of a path or a pointer, without the number that tells equal ones apart.
func lastName(name string) string {
	end := len(name)
	if i := strings.LastIndexByte(name, '~'); i > 0 && strings.Trim(name[i+1:], "0123456789") == "" {
		end = i
	}
	name = strings.TrimRight(name[:end], "]\"'")
	for i := len(name) - 1; i >= 0; i-- {
		if c := name[i]; c != '_' && c != '-' && (c < '0' || c > '9' && c < 'A' || c > 'Z' && c < 'a' || c > 'z') {
			return name[i+1:]
		}
	}
	return name
}
