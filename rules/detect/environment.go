package detect

import (
	"path"
	"strings"
)

// The normalised words for an environment.
const (
	Production  = "production"
	Staging     = "staging"
	Test        = "test"
	Development = "development"
)

// environmentWords maps each word that marks an environment to the normalised one.
var environmentWords = map[string]string{
	"production": Production, "prod": Production, "prd": Production, "live": Production,
	"staging": Staging, "stage": Staging, "stg": Staging, "preprod": Staging, "uat": Staging,
	"acceptance": Staging, "aat": Staging, "nonprod": Staging, "perftest": Staging, "integration": Staging,
	"test": Test, "testing": Test, "qa": Test, "ci": Test, "e2e": Test, "sandbox": Test, "demo": Test,
	"preview": Test, "review": Test, "ephemeral": Test,
	"development": Development, "dev": Development, "local": Development,
}

// vagueWords mark an environment only where one is expected: alone they are ordinary names of folders and files
// (live reload, code review, a ci folder).
var vagueWords = map[string]bool{
	"live": true, "acceptance": true, "integration": true, "ci": true, "demo": true, "preview": true,
	"review": true, "ephemeral": true, "local": true, "testing": true,
}

// environmentFolders are folders whose children are named for environments.
var environmentFolders = map[string]bool{
	"overlays": true, "overlay": true, "clusters": true, "cluster": true, "envs": true, "env": true,
	"environments": true, "environment": true, "stages": true, "inventory": true, "inventories": true,
}

// environmentStems begin the names of files that come in one version for each environment.
var environmentStems = map[string]bool{
	"values": true, "compose": true, "application": true, "appsettings": true, "config": true, "settings": true,
	"env": true, "secrets": true, "dockerfile": true,
}

// settingsFiles are the extensions of files whose name may hold an environment; in program text the same words
// mean other things (code_review.py).
var settingsFiles = map[string]bool{
	".yaml": true, ".yml": true, ".json": true, ".toml": true, ".tfvars": true, ".env": true, ".ini": true,
	".properties": true, ".conf": true, ".config": true, ".xml": true, ".hcl": true,
}

// PathEnvironment returns the environment that a slash path is marked with (overlays/prod, values-uat.yaml,
// .env.production): production, staging, test or development, "" for none. Words are matched whole: product is
// not prod, latest is not test.
func PathEnvironment(p string) string {
	return environmentWords[pathMark(p).word]
}

// PathMarker returns what keeps the slots of one environment apart from those of another in a path. Synonyms
// agree (prd and production), but two environments of one kind do not: uat and staging, prod-eu and prod-us.
// "" when the path has no marker.
func PathMarker(p string) string {
	return pathMark(p).marker
}

// WordEnvironment returns the environment that a name is marked with, by its first or last word: a namespace
// payments-prod, a branch staging. "" for none.
func WordEnvironment(name string) string {
	words := splitWords(name)
	if len(words) == 0 {
		return ""
	}
	for _, w := range []string{words[len(words)-1], words[0]} {
		if e := environmentWords[w]; e != "" && (!vagueWords[w] || len(words) == 1) {
			return e
		}
	}
	return ""
}

// mark is the word that marks an environment, and the marker for slots.
type mark struct{ word, marker string }

// pathMark looks at the file's name first, then at its folders from the innermost out.
func pathMark(p string) mark {
	folders := strings.Split(path.Dir(p), "/")
	if m := fileMark(path.Base(p)); m.word != "" {
		return m
	}
	for i := len(folders) - 1; i >= 0; i-- {
		expected := i > 0 && environmentFolders[strings.ToLower(folders[i-1])]
		if m := folderMark(folders[i], expected); m.word != "" {
			return m
		}
	}
	return mark{}
}

// folderMark reads a folder's name. Below a folder of environments any word counts; elsewhere the whole name
// must be one.
func folderMark(name string, expected bool) mark {
	words := splitWords(name)
	if !expected {
		if len(words) == 1 && environmentWords[words[0]] != "" && !vagueWords[words[0]] {
			return mark{words[0], canonical(words)}
		}
		return mark{}
	}
	for _, w := range words {
		if environmentWords[w] != "" {
			return mark{w, canonical(words)}
		}
	}
	return mark{}
}

// fileMark reads a file's name: its last word, or its whole stem, or a prefix such as prod-values.yaml.
func fileMark(base string) mark {
	lower := strings.ToLower(base)
	ext := path.Ext(lower)
	dotenv := lower == ".env" || strings.HasPrefix(lower, ".env.")
	if !dotenv && !settingsFiles[ext] && !strings.HasPrefix(lower, "dockerfile.") {
		return mark{}
	}
	words := splitWords(lower)
	if !dotenv && settingsFiles[ext] && len(words) > 0 {
		words = words[:len(words)-1]
	}
	for i := len(words) - 1; i >= 0; i-- {
		w := words[i]
		if environmentWords[w] == "" || w == "local" && i > 0 && environmentWords[words[i-1]] != "" {
			continue
		}
		expected := i > 0 && isStem(words)
		if expected || !vagueWords[w] && (i == 0 || i == len(words)-1) {
			return mark{w, canonical(words[i : i+1])}
		}
	}
	return mark{}
}

// isStem reports whether the name starts like that of a file with one version for each environment:
// values-x, docker-compose.x, .env.x.
func isStem(words []string) bool {
	return environmentStems[words[0]] || len(words) > 1 && words[0] == "docker" && words[1] == "compose"
}

// canonical joins words into a marker, with the synonyms of the four plain environments made one.
func canonical(words []string) string {
	out := make([]string, len(words))
	for i, w := range words {
		switch w {
		case "prod", "prd":
			w = Production
		case "stg", "stage":
			w = Staging
		case "dev":
			w = Development
		case "testing":
			w = Test
		}
		out[i] = w
	}
	return strings.Join(out, "-")
}

// splitWords cuts a name at everything that is neither letter nor digit, in lower case.
func splitWords(name string) []string {
	return strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	})
}
