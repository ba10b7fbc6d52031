package appconfig

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/code"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// RailsYAML is the row of the YAML files of Rails that take values from the environment with ERB: database.yml,
// storage.yml, secrets.yml, those of config_for, and the settings of the gem config.
func RailsYAML() artifact.Format {
	return artifact.Format{ID: "rails-config", Title: "Rails configuration in YAML",
		Doc: "https://guides.rubyonrails.org/configuring.html",
		Match: func(a *artifact.Artifact) bool {
			return inConfig(a.Path, ".yml", ".yaml") && holds(a, "<%") && holds(a, "ENV")
		},
		Parse: parseRails}
}

// environments are the first keys that choose a part of the file by the environment of Rails.
var environments = map[string]bool{"development": true, "test": true, "production": true, "staging": true, "default": true,
	"shared": true, "review": true, "qa": true, "sandbox": true, "preprod": true, "integration": true}

func parseRails(a *artifact.Artifact, f *artifact.Facts) error {
	c := open(f, "rails-erb")
	keys := keysOfLines(string(a.Content))
	for _, r := range code.Scan("ruby", a.Content).Reads {
		at := a.PlaceOf(r.Offset)
		b := c.reads(r.Name, r.Sure, at)
		name := keys[at.Line]
		if first, rest, _ := strings.Cut(name, "."); environments[first] {
			name = rest
		}
		if name == "" || strings.Contains(r.Name, "*") {
			continue
		}
		c.defines("rails-file", stem(a.Path)+"."+name, b, at)
		switch {
		case stem(a.Path) == "secrets":
			c.defines("rails-secrets", name, b, at)
		case stem(a.Path) == "settings", path.Base(a.Dir()) == "settings":
			c.defines("rails-settings", name, b, at)
		}
	}
	return nil
}

var keyOfLine = lazy.New(`^([ ]*)(?:- )?["']?([\w.-]+)["']?:(?:\s|$)`)

// keysOfLines gives each line, from 1, the keys that lead to it: ERB makes the file no YAML, its indentation holds.
func keysOfLines(text string) map[int]string {
	type level struct {
		indent int
		name   string
	}
	out := map[int]string{}
	var open []level
	for i, line := range strings.Split(text, "\n") {
		if m := keyOfLine.FindStringSubmatch(line); m != nil {
			for len(open) > 0 && open[len(open)-1].indent >= len(m[1]) {
				open = open[:len(open)-1]
			}
			open = append(open, level{len(m[1]), m[2]})
		}
		var names []string
		for _, l := range open {
			names = append(names, l.name)
		}
		out[i+1] = strings.Join(names, ".")
	}
	return out
}

// RailsCredentials is the row of the encrypted files of Rails. Their keys are not to be seen; the variable that holds the
// master key is what a server needs to read them.
func RailsCredentials() artifact.Format {
	return artifact.Format{ID: "rails-credentials", Title: "Rails encrypted credentials",
		Doc: "https://guides.rubyonrails.org/security.html#custom-credentials",
		Match: func(a *artifact.Artifact) bool {
			base := a.Base()
			return strings.HasSuffix(base, ".yml.enc") &&
				(base == "credentials.yml.enc" || base == "secrets.yml.enc" || path.Base(a.Dir()) == "credentials")
		},
		Parse: parseEncrypted}
}

func parseEncrypted(a *artifact.Artifact, f *artifact.Facts) error {
	c := open(f, "rails-encrypted")
	at := artifact.Place{Line: 1, Column: 1}
	c.reads("RAILS_MASTER_KEY", inventory.Medium, at)
	store, name := "rails-credentials", "credentials"
	if stem(a.Path) == "secrets" {
		store, name = "rails-secrets", "secrets"
	}
	ref := inventory.SlotRef{Store: store, Scope: a.Source, Name: path.Join(appRoot(a.Path), "config", name)}
	all := container.All(f, ref, at)
	f.Attr(all, inventory.AttrType, "encrypted", "", at)
	if path.Base(a.Dir()) == "credentials" {
		f.Attr(all, inventory.AttrEnvironment, stem(a.Path), "", at)
	}
	return nil
}
