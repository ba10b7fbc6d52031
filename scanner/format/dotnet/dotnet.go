// Package dotnet reads the configuration files of .NET: appsettings*.json and its kin, web.config and app.config, and the
// project files that say where a developer's own secrets are.
package dotnet

import (
	"bytes"
	"path"
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/settings"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Language is the language of the files' code nodes: graph/resolve joins keys by its rules.
const Language = "dotnet-settings"

// Settings is the row of JSON files.
func Settings() artifact.Format {
	return artifact.Format{
		ID: "dotnet-settings", Title: ".NET settings in JSON",
		Doc:   "https://learn.microsoft.com/aspnet/core/fundamentals/configuration/",
		Match: matchSettings, Parse: parseSettings,
	}
}

// matchSettings takes appsettings.json, appsettings.<Environment>.json, local.settings.json of Azure Functions, and
// launchSettings.json, which sets variables on a developer's machine.
func matchSettings(a *artifact.Artifact) bool {
	base := strings.ToLower(a.Base())
	if path.Ext(base) != ".json" {
		return false
	}
	return strings.HasPrefix(base, "appsettings.") || strings.HasPrefix(base, "appsettings-") || base == "local.settings.json" || base == "launchsettings.json"
}

func parseSettings(a *artifact.Artifact, f *artifact.Facts) error {
	nodes, err := tree.JSON(plain(a.Content))
	if err != nil {
		return err
	}
	s := settings.New(f, Language)
	base := strings.ToLower(a.Base())
	profile := strings.TrimSuffix(a.Base()[min(len("appsettings"), len(base)):], path.Ext(a.Base()))
	if !strings.HasPrefix(base, "appsettings") {
		profile = "Development"
	}
	for _, n := range nodes {
		switch base {
		case "launchsettings.json":
			for _, p := range n.Get("profiles").Entries() {
				add(s, settings.Flatten(p.Value.Get("environmentVariables"), ":", settings.Numbered), p.Key, variable)
			}
		case "local.settings.json":
			add(s, settings.Flatten(n.Get("Values"), ":", settings.Numbered), profile, variable)
			rest := settings.Flatten(n.Get("ConnectionStrings"), ":", settings.Numbered)
			for i := range rest {
				rest[i].Key = "ConnectionStrings:" + rest[i].Key
			}
			add(s, rest, profile, nil)
		default:
			add(s, settings.Flatten(n, ":", settings.Numbered), strings.Trim(profile, ".-"), nil)
		}
	}
	return nil
}

// variable is the key that a variable of the environment sets.
func variable(name string) string { return strings.ReplaceAll(name, "__", ":") }

func add(s *settings.File, leaves []settings.Leaf, profile string, key func(string) string) {
	for _, l := range leaves {
		e := entry(l.Key, l.Value.Str(), l.At)
		if key != nil {
			e.Key = key(e.Key)
		}
		e.Profile = profile
		if l.Value.IsString() || l.Value.Str() == "" { // numbers and switches are no credentials
			s.Add(e)
		}
	}
}

// token is what a release fills in: #{Mail:Key}#, #{Mail.Key}, __MAIL_KEY__.
var token = lazy.New(`#\{\s*([\w.:-]{2,100})\s*\}#?|^__([A-Za-z]\w{1,100}?)__$`)

// entry reads the value of a key: the tokens in it, else the literal.
func entry(key, value string, at artifact.Place) settings.Entry {
	e := settings.Entry{Key: key, Value: value, At: at, Literal: value}
	for _, m := range token.FindAllStringSubmatch(value, 20) {
		e.Refs = append(e.Refs, settings.Placeholder{Name: m[1] + m[2]})
	}
	if len(e.Refs) > 0 || strings.HasPrefix(value, "@Microsoft.") { // a reference of App Service
		e.Literal = ""
	}
	return e
}

// plain blanks the comments and trailing commas that .NET's reader of JSON lets pass, byte for byte, so that places stay.
func plain(text []byte) []byte {
	if !lazy.Contains(text, "//") && !lazy.Contains(text, "/*") && !lazy.Contains(text, ",") {
		return text
	}
	out := bytes.Clone(text)
	comma := -1
	for i := 0; i < len(out); i++ {
		switch c := out[i]; {
		case c == '"':
			comma = -1
			for i++; i < len(out) && out[i] != '"' && out[i] != '\n'; i++ {
				if out[i] == '\\' {
					i++
				}
			}
		case c == '/' && i+1 < len(out) && (out[i+1] == '/' || out[i+1] == '*'):
			i = blank(out, i) - 1
		case c == ',':
			comma = i
		case (c == '}' || c == ']') && comma >= 0:
			out[comma], comma = ' ', -1
		case c != ' ' && c != '\t' && c != '\n' && c != '\r':
			comma = -1
		}
	}
	return out
}

// blank blanks the comment at i and returns its end.
func blank(out []byte, i int) int {
	end, mark := len(out), []byte("\n")
	if out[i+1] == '*' {
		mark = []byte("*/")
	}
	if n := bytes.Index(out[i+2:], mark); n >= 0 {
		end = i + 2 + n
		if out[i+1] == '*' {
			end += 2
		}
	}
	for ; i < end; i++ {
		if out[i] != '\n' {
			out[i] = ' '
		}
	}
	return end
}
