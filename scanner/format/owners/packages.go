package owners

import (
	"bytes"
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// Packages returns the row of package descriptions that name who wrote or maintains the package: of npm, Composer, Helm, Maven,
// Python and Cargo. That says less than a file of owners does, hence low.
func Packages() artifact.Format {
	return artifact.Format{
		ID: "package-owners", Title: "Authors and maintainers of packages", Doc: "https://docs.npmjs.com/cli/configuring-npm/package-json#people-fields-author-contributors",
		Match: func(a *artifact.Artifact) bool {
			d, ok := descriptions[a.Base()]
			if !ok && strings.HasSuffix(a.Base(), ".gemspec") {
				d, ok = descriptions["*.gemspec"], true
			}
			if a.Base() == repositorySettings { // of the application that keeps a repository's settings
				return strings.HasSuffix("/"+a.Path, "/.github/settings.yml") && a.Has(d.mark)
			}
			return ok && (d.mark == "" || a.Has(d.mark)) && (d.lists == wholeText || a.Has("author") || a.Has("maintainer") || a.Has("developer"))
		},
		Parse: packages,
	}
}

// description is how a file names people: keys of a tree, the likeliest to answer first, or a text with each of them.
type description struct {
	mark  string
	keys  []string
	lists *lazy.Regexp // a list of people
	each  *lazy.Regexp // one of them in it
}

var (
	quotedPerson = lazy.New(`(?:\bname\s*=\s*)?["']([^"'\n]{2,120})["'](?:\s*,\s*email\s*=\s*["'][^"'\n]*["'])?`)
	tomlPeople   = lazy.New(`(?ms)^\s*(?:maintainers|authors)\s*=\s*\[(.{1,1000}?)\]\s*$`)
	xmlPeople    = lazy.New(`(?s)<developer>(.{1,1000}?)</developer>`)
	xmlName      = lazy.New(`<name>([^<\n]{2,120})</name>`)
	gemPeople    = lazy.New(`(?m)\.authors?\s*=\s*(\[?[^\n]{1,500})`)
	wholeText    = lazy.New(`(?s)^(.+)`)
	handle       = lazy.New(`(?:\bgithub\.com/|(?:^|[\s(\[|,*-])@)([A-Za-z0-9][A-Za-z0-9-]{0,38})\b`)
)

// descriptions are the files by name. Sources: the reference of each.
var descriptions = map[string]description{
	"package.json": {keys: []string{"maintainers", "author"}}, "composer.json": {keys: []string{"authors"}}, "Chart.yaml": {mark: "apiVersion", keys: []string{"maintainers"}},
	"pyproject.toml": {lists: tomlPeople, each: quotedPerson}, "Cargo.toml": {lists: tomlPeople, each: quotedPerson},
	"MAINTAINERS": maintained, "MAINTAINERS.md": maintained, "MAINTAINERS.txt": maintained,
	repositorySettings: {mark: "repository:", keys: []string{"teams", "collaborators"}},
	"pom.xml":          {mark: "<developers>", lists: xmlPeople, each: xmlName}, "*.gemspec": {lists: gemPeople, each: quotedPerson},
}

// repositorySettings is the file of the application that keeps the settings of a repository.
const repositorySettings = "settings.yml"

// maintained is the free text of MAINTAINERS: whoever it mentions by their name at GitHub.
var maintained = description{lists: wholeText, each: handle}

func packages(a *artifact.Artifact, f *artifact.Facts) error {
	d, ok := descriptions[a.Base()]
	if !ok {
		d = descriptions["*"+path.Ext(a.Base())]
	}
	if d.lists != nil {
		inText(a, f, d)
		return nil
	}
	for _, doc := range a.Documents() {
		if doc.Err != nil {
			return doc.Err
		}
		for _, key := range d.keys {
			if inTree(f, doc.Root.Get(key), tree.Path(key)) {
				break
			}
		}
	}
	return nil
}

// inTree reads a person or a list of them: a text, or an object with a name. It reports whether it names any.
func inTree(f *artifact.Facts, n *tree.Node, at tree.Path) bool {
	found := false
	for i, who := range n.List() {
		if i >= maxOwners {
			break
		}
		text := ""
		if who.IsString() {
			text = who.Str()
		}
		if who.IsMap() {
			for _, key := range []string{"name", "username", "email"} {
				if text == "" {
					text = who.Get(key).Str()
				}
			}
			if p := who.Get("permission").Str(); p != "" && p != "admin" && p != "maintain" {
				continue
			}
		}
		found = named(f, text, artifact.At(who, at)) || found
	}
	return found
}

// inText reads the first list of people in a text: maintainers stand before authors where both are given.
func inText(a *artifact.Artifact, f *artifact.Facts, d description) {
	text := a.Content
	lists := d.lists.FindAllSubmatchIndex(text, maxOwners)
	for _, m := range lists {
		if d.lists == tomlPeople && len(lists) > 1 && !bytes.Contains(text[m[0]:m[2]], []byte("maintainers")) {
			continue
		}
		for _, who := range d.each.FindAllSubmatchIndex(text[m[2]:m[3]], maxOwners) {
			named(f, string(text[m[2]+who[2]:m[2]+who[3]]), a.PlaceOf(m[2]+who[2]))
		}
	}
}

// decoration is what stands behind a name: <mail>, (address).
var decoration = lazy.New(`\s*(?:<[^>]*>|\([^)]*\))`)

func named(f *artifact.Facts, text string, at artifact.Place) bool {
	name := strings.TrimSpace(decoration.ReplaceAllString(text, ""))
	if name == "" {
		name = strings.Trim(strings.TrimSpace(text), "<>")
	}
	if name == "" || len(name) > 120 || strings.ContainsAny(name, "\n{}<>\"$") {
		return false
	}
	id := entry(f, "people", "people", at)
	f.Owner(id, name, "package-owners", inventory.Low, at)
	return true
}
