// Package provider is the table of services: how their hosts, their apps on automation platforms and the names of
// their variables are known.
package provider

import (
	_ "embed"
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

// Hint is ServiceOfName with the short words counted: a caller needs a second signal to believe it.
func Hint(name string) (id string, ok bool) {
	if id, ok := byName(name, ""); ok {
		return id, true
	}
	return byName(name, "?")
}

// byName tries the longest run of leading words first.
func byName(name, suffix string) (string, bool) {
	words := strings.FieldsFunc(strings.ToUpper(name), func(r rune) bool { return r == '_' || r == '-' || r == '.' })
	for n := min(len(words), 3); n > 0; n-- {
		if id, ok := load().names[strings.Join(words[:n], "_")+suffix]; ok {
			return id, true
		}
	}
	return "", false
}
