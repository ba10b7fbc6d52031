// Package spring reads the configuration files of applications on the JVM: Spring Boot's application and bootstrap
// files, and those of Quarkus and Micronaut, which are written alike. YAML and .properties, profiles in the file's name
// and in its documents, placeholders, and what is imported from folders of files and from secret stores.
package spring

import (
	"bytes"
	"path"
	"strings"

	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/settings"
)

// Language is the language of the files' code nodes: graph/resolve joins keys by its rules.
const Language = "spring-settings"

// Format returns the row.
func Format() artifact.Format {
	return artifact.Format{
		ID: "spring", Title: "Spring, Quarkus, Micronaut, Dropwizard and HOCON configuration",
		Doc:   "https://docs.spring.io/spring-boot/reference/features/external-config.html",
		Match: match, Parse: parse,
	}
}

// stems are the names that the frameworks load by themselves.
var stems = []string{"application", "bootstrap", "microprofile-config"}

// match takes application*.yml, .yaml and .properties, and other .properties among the resources of a program that
// hold placeholders.
func match(a *artifact.Artifact) bool {
	base := a.Base()
	switch path.Ext(base) {
	case ".yml", ".yaml":
		return (named(base) || isDropwizard(a)) && !a.HasKey("apiVersion")
	case ".conf":
		return isHocon(a)
	case ".properties":
		return named(base) || strings.Contains(a.Path, "/resources/") && a.Has("${")
	}
	return false
}

// isDropwizard reports whether a file is the configuration of a service of Dropwizard, which takes variables in like Spring.
func isDropwizard(a *artifact.Artifact) bool {
	return a.Has("${") && (strings.Contains("/"+a.Path, "/src/main/resources/") || a.HasKey("applicationConnectors", "adminConnectors") ||
		a.HasKey("server") && a.HasKey("logging"))
}

func named(base string) bool {
	for _, s := range stems {
		if rest, ok := strings.CutPrefix(base, s); ok && (rest[0] == '.' || rest[0] == '-') {
			return true
		}
	}
	return false
}

// profileOf returns the profile in the name of a file: prod of application-prod.yml.
func profileOf(base string) string {
	base = strings.TrimSuffix(base, path.Ext(base))
	for _, s := range stems {
		if p, ok := strings.CutPrefix(base, s+"-"); ok {
			return p
		}
	}
	return ""
}

func parse(a *artifact.Artifact, f *artifact.Facts) error {
	r := &reader{File: settings.New(f, Language), profile: profileOf(a.Base())}
	switch path.Ext(a.Path) {
	case ".properties":
		r.properties(string(a.Content))
		return nil
	case ".conf":
		r.document(hocon(string(a.Content)))
		return nil
	}
	var err error
	for _, d := range documents(a) {
		if d.Err != nil {
			err = d.Err
			continue
		}
		r.document(yamlLeaves(d.Root))
	}
	return err
}

// documents parses the file. Maven fills in @project.version@ when it builds, which no YAML value may begin with: the
// sign is read as a letter.
func documents(a *artifact.Artifact) []tree.Document {
	if !a.Has(": @") {
		return a.Documents()
	}
	return tree.YAML(bytes.ReplaceAll(a.Content, []byte(": @"), []byte(": _")))
}

type reader struct {
	*settings.File
	profile string
}

// entry is a key with its value, whatever the file's syntax.
type entry struct {
	key, value string
	at         artifact.Place
}

func yamlLeaves(root *tree.Node) []entry {
	var out []entry
	for _, l := range settings.Flatten(root, ".", settings.Bracketed) {
		if l.Value.Tag != "!!bool" {
			out = append(out, entry{l.Key, l.Value.Str(), l.At})
		}
	}
	return out
}

func (r *reader) properties(text string) {
	var doc []entry
	number := 0
	for _, p := range settings.Properties(text) {
		if p.Document != number {
			r.document(doc)
			doc, number = nil, p.Document
		}
		doc = append(doc, entry{p.Key, p.Value, p.At})
	}
	r.document(doc)
}

// profileKeys say for which profiles a document counts.
var profileKeys = map[string]bool{"spring.config.activate.on-profile": true, "spring.profiles": true, "spring.config.activate.on-profile[0]": true}

// document reads the entries of one document.
func (r *reader) document(doc []entry) {
	profile := r.profile
	for _, e := range doc {
		if profileKeys[e.key] && e.value != "" {
			profile = e.value
		}
	}
	r.vault(doc)
	for _, e := range doc {
		key, own := e.key, profile
		if rest, ok := strings.CutPrefix(key, "%"); ok { // Quarkus: %prod.mail.key
			if p, k, ok := strings.Cut(rest, "."); ok {
				own, key = strings.Trim(p, `"`), k
			}
		}
		if strings.HasPrefix(key, "spring.config.") || profileKeys[key] {
			r.imports(e)
			continue
		}
		r.secretManagers(e)
		refs, literal := settings.Placeholders(strings.ReplaceAll(e.value, ":-", ":")) // Dropwizard: ${NAME:-default}
		r.Add(settings.Entry{Key: key, Profile: own, Value: e.value, At: e.at, Refs: refs, Literal: literal})
	}
}
