// Package provider is the table of services: how their hosts, their apps on automation platforms and the names of
// their variables are known.
package provider

import (
	_ "embed"
	"slices"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
)

// Service is one row: a system that accepts credentials.
type Service struct {
	ID    string   `toml:"id"`
	Name  string   `toml:"name"`
	Hosts []string `toml:"hosts"`
	Apps  []string `toml:"apps"`
	Names []string `toml:"names"`
}

//go:embed services.toml
var servicesText string

// table holds the rows and the ways to find them.
type table struct {
	rows  []Service
	hosts map[string]string
	apps  map[string]string
	names map[string]string
}

// load reads the table once. The text is part of the program and a test reads it, so it cannot be malformed.
var load = sync.OnceValue(func() *table {
	var file struct {
		Service []Service `toml:"service"`
	}
	t := &table{hosts: map[string]string{}, apps: map[string]string{}, names: map[string]string{}}
	if _, err := toml.Decode(servicesText, &file); err != nil {
		return t
	}
	t.rows = file.Service
	for _, row := range t.rows {
		index(t.hosts, row.Hosts, row.ID)
		index(t.apps, row.Apps, row.ID)
		index(t.names, row.Names, row.ID)
	}
	return t
})

func index(m map[string]string, keys []string, id string) {
	for _, k := range keys {
		m[k] = id
	}
}

// Services returns the rows, in the order of their file.
func Services() []Service { return load().rows }

// ServiceOfHost returns the service that answers under a host.
func ServiceOfHost(host string) (id string, ok bool) {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	for host != "" {
		if id, ok := load().hosts[host]; ok {
			return id, true
		}
		_, host, _ = strings.Cut(host, ".")
	}
	return "", false
}

// ServiceOfName returns the service whose words start the name of a variable: STRIPE_API_KEY. Words too short to
// say so alone (DO, PG) do not count; see Hint.
func ServiceOfName(name string) (id string, ok bool) { return byName(name, "") }

// ServiceOfClient returns the service that a library is named for, by a word of a call in small letters: stripe of
// new Stripe(key). Words that programs have for other things do not count.
func ServiceOfClient(word string) (id string, ok bool) {
	if notClients[word] {
		return "", false
	}
	id, ok = load().names[strings.ToUpper(word)]
	return id, ok
}

// notClients are names of services that are ordinary words of programs: layers, verbs and what everybody has.
var notClients = map[string]bool{"database": true, "linear": true, "segment": true, "replicate": true, "monday": true, "zoom": true,
	"resend": true, "notion": true, "elastic": true, "vault": true, "docker": true, "oracle": true, "stability": true, "fireworks": true}

// Hint is ServiceOfName with the short words counted: a caller needs a second signal to believe it.
func Hint(name string) (id string, ok bool) {
	if id, ok := byName(name, ""); ok {
		return id, true
	}
	return byName(name, "?")
}

// ServiceOfPath returns the service that the name of a store's entry speaks of: its last segment; where that says no
// more than api-key or password, the folders above it, nearest first. Segments are parted by slashes, "#" and ":".
func ServiceOfPath(path string) (id string, ok bool) {
	segments := strings.FieldsFunc(path, func(r rune) bool { return r == '/' || r == '#' || r == ':' })
	for i, s := range slices.Backward(segments) {
		if i < len(segments)-1 && !generic(segments[len(segments)-1]) {
			break
		}
		if id, ok := ServiceOfName(s); ok {
			return id, true
		}
	}
	return "", false
}

// generic reports whether a name says only that it is a credential.
func generic(name string) bool {
	words := nameWords(name)
	return !slices.ContainsFunc(words, func(w string) bool { return !followers[w] })
}

func nameWords(name string) []string {
	return strings.FieldsFunc(strings.ToUpper(name), func(r rune) bool { return r == '_' || r == '-' || r == '.' })
}

// byName tries the longest run of leading words first, then runs in the middle that a word for a credential follows:
// in PROD_SLACK_TOKEN it is Slack's, while LAST_SEGMENT_KEY_FIELD stays what it is.
func byName(name, suffix string) (string, bool) {
	words := nameWords(name)
	for at := range words {
		for n := min(len(words)-at, 3); n > 0; n-- {
			next := at + n
			if at > 0 && (next == len(words) || !followers[words[next]]) {
				continue
			}
			if id, ok := load().names[strings.Join(words[at:next], "_")+suffix]; ok {
				return id, true
			}
		}
	}
	return "", false
}

// followers are the words that follow the name of a service in the name of its credential.
var followers = map[string]bool{"API": true, "APIKEY": true, "TOKEN": true, "KEY": true, "SECRET": true, "WEBHOOK": true,
	"PASSWORD": true, "PASS": true, "DSN": true, "ACCESS": true, "AUTH": true, "BOT": true, "OAUTH": true, "CLIENT": true, "PAT": true,
	"URL": true}
