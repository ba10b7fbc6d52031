package resolve

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// settingsFamily says how a family of frameworks writes the keys of its configuration.
type settingsFamily struct {
	files     string                         // language of its configuration files
	canonical func(key string) string        // two spellings of one key agree
	variables func(property string) []string // variables that set a property, in capitals; a section ends in *
	entries   func(property string) []string // names of a property in a vault whose names hold letters, digits and hyphens
}

// Sources: the page on relaxed binding of Spring Boot and the mapping rules of MicroProfile Config; the pages on
// configuration in .NET and on its Key Vault provider.
var (
	springFamily = settingsFamily{files: "spring-settings", canonical: springKey, variables: springVariables, entries: springEntries}
	gradleFamily = settingsFamily{files: "gradle-settings", canonical: func(key string) string { return key }, variables: gradleVariables,
		entries: func(string) []string { return nil }}
	viperFamily  = settingsFamily{files: "viper-settings", canonical: strings.ToLower, variables: viperVariables, entries: func(string) []string { return nil }}
	dotnetFamily = settingsFamily{files: "dotnet-settings", canonical: strings.ToLower, variables: dotnetVariables, entries: dotnetEntries}
)

// familyOf is the family of a language.
var familyOf = map[string]*settingsFamily{
	"spring-settings": &springFamily, "java": &springFamily, "kotlin": &springFamily, "groovy": &springFamily, "scala": &springFamily,
	"go": &viperFamily, "gradle-settings": &gradleFamily, "dotnet-settings": &dotnetFamily, "csharp": &dotnetFamily,
}

// springKey drops what relaxed binding does not look at.
func springKey(key string) string {
	return strings.ToLower(strings.NewReplacer("-", "", "_", "").Replace(key))
}

func springVariables(property string) []string {
	upper := strings.ToUpper(strings.ReplaceAll(property, "]", ""))
	spring := strings.NewReplacer("-", "", ".", "_", "[", "_").Replace(upper)
	all := strings.NewReplacer("-", "_", ".", "_", "[", "_").Replace(upper)
	if spring == all {
		return []string{spring}
	}
	return []string{spring, all}
}

// gradleVariables is the variable that sets a property of the project.
func gradleVariables(property string) []string {
	return []string{"ORG_GRADLE_PROJECT_" + strings.ToUpper(property)}
}

// viperVariables is how viper looks a key up among the variables, with a replacer for dots.
func viperVariables(property string) []string {
	upper := strings.ToUpper(property)
	return []string{strings.NewReplacer(".", "_", "-", "_").Replace(upper)}
}

func springEntries(property string) []string {
	return []string{strings.ToLower(strings.NewReplacer(".", "-", "_", "-").Replace(property))}
}

// dotnetVariables is the double underscore, and the prefixes that App Service puts in front of connection strings.
func dotnetVariables(property string) []string {
	upper := strings.ToUpper(property)
	out := []string{strings.ReplaceAll(upper, ":", "__")}
	if name, ok := strings.CutPrefix(upper, "CONNECTIONSTRINGS:"); ok && name != "*" {
		for _, kind := range []string{"SQL", "MYSQL", "SQLAZURE", "CUSTOM", "POSTGRESQL"} {
			out = append(out, kind+"CONNSTR_"+name)
		}
	}
	return out
}

func dotnetEntries(property string) []string {
	return []string{strings.ToLower(strings.ReplaceAll(property, ":", "--"))}
}

// moduleOf is the folder of the module that a configuration file is of: what stands above src in the layout of Maven
// and Gradle, else the file's own folder, or the one above a folder config.
func moduleOf(file string) string {
	dir := folderOf(file)
	for _, mark := range []string{"/src/", "/grails-app/"} {
		if i := strings.LastIndex("/"+dir+"/", mark); i >= 0 && strings.HasSuffix("/"+dir, "/resources") || i >= 0 && strings.Contains(dir, "/resources/") {
			return strings.Trim(("/" + dir)[:i], "/")
		}
	}
	if path.Base(dir) == "config" || path.Base(dir) == "resources" || path.Base(dir) == "conf" {
		return folderOf(dir)
	}
	return dir
}

// boundNames knows the variables that parts bind.
type boundNames struct {
	upper map[string][]string        // in capitals -> as written
	flat  map[string][]string        // names with hyphens and no dots, without either and underscores, in small letters
	keys  map[string][]string        // names with dots, hyphens or small letters, by Spring's canonical key
	all   []string                   // of upper, in order
	node  map[string]*inventory.Node // a binding of the name
}

func newBoundNames(v *View) *boundNames {
	n := &boundNames{upper: map[string][]string{}, keys: map[string][]string{}, flat: map[string][]string{}, node: map[string]*inventory.Node{}}
	for _, b := range v.Nodes(inventory.Binding) {
		as := b.Attr(inventory.AttrAs)
		if n.node[b.Name] != nil || as != "env" && as != "file" && as != "property" || strings.ContainsAny(b.Name, "/*") ||
			strings.HasPrefix(b.ID, "code:") {
			continue
		}
		n.node[b.Name] = b
		up := strings.ToUpper(b.Name)
		n.upper[up] = append(n.upper[up], b.Name)
		if strings.ContainsAny(b.Name, ".-") || b.Name != up {
			n.keys[springKey(b.Name)] = append(n.keys[springKey(b.Name)], b.Name)
		}
		if strings.Contains(b.Name, "-") && strings.Contains(b.Name, "_") && !strings.Contains(b.Name, ".") {
			n.flat[springKey(b.Name)] = append(n.flat[springKey(b.Name)], b.Name)
		}
	}
	n.all = sortedKeys(n.upper)
	return n
}

// setting returns the names, bound by some part, that set a property or a section of properties.
func (n *boundNames) setting(family *settingsFamily, property string) []string {
	var out []string
	for _, want := range family.variables(property) {
		prefix, section := strings.CutSuffix(want, "*")
		if !section {
			out = append(out, n.upper[want]...)
			continue
		}
		if len(strings.Trim(prefix, "_")) < 3 {
			continue
		}
		for _, up := range n.all {
			if strings.HasPrefix(up, prefix) {
				out = append(out, n.upper[up]...)
			}
		}
	}
	if family == &springFamily {
		out = append(out, n.flat[strings.ReplaceAll(springKey(property), ".", "")]...)
		for _, name := range n.keys[springKey(property)] {
			if name != property {
				out = append(out, name)
			}
		}
	}
	return out
}
