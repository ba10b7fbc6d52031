package resolve

import (
	"path"
	"strings"
)

// settingKind is one way in which a framework names a setting.
type settingKind struct {
	defines string                 // the kind of the definitions
	file    func(file string) bool // the files that the framework reads; nil for all that define
	wide    bool                   // all code of the application sees it; else the code imports the file by name
	root    func(file string) string
	close   bool // of several files that define it, the one whose folder is nearest is meant
	beside  bool // code beside the folder of the settings is of the same application too
}

// settingKinds says, for each way of asking, where the answer stands. Sources: the documentation of each framework on
// its configuration.
var settingKinds = map[string][]settingKind{
	"django":         {{defines: "python", file: namedFor("settings", "config", "conf"), wide: true, root: pythonRoot, beside: true}},
	"flask":          {{defines: "python", file: namedFor("config", "settings", "__init__", "app", "application", "main", "factory"), wide: true, root: pythonRoot, beside: true}},
	"python":         {{defines: "python"}},
	"js":             {{defines: "js"}},
	"js-config":      {{defines: "js-config", wide: true, root: configRoot}, {defines: "js", file: namedFor("config", "configuration"), wide: true, root: configRoot}},
	"go":             {{defines: "go", wide: true, root: sourceRoot, close: true}},
	"go-func":        {{defines: "go-func", wide: true, root: sourceRoot, close: true}},
	"go-flag":        {{defines: "go-flag", wide: true, root: sourceRoot, close: true}},
	"rust":           {{defines: "rust", wide: true, root: crateRoot}},
	"py-field":       {{defines: "py-field", file: holdsSettings, wide: true, root: configRoot}},
	"js-field":       {{defines: "js-field", file: holdsSettings, wide: true, root: configRoot}},
	"jvm-field":      {{defines: "jvm-field", file: holdsSettings, wide: true, root: mainRoot}},
	"rails":          {{defines: "rails", wide: true, root: configRoot}},
	"rails-settings": {{defines: "rails-settings", wide: true, root: configRoot}},
	"rails-secrets":  {{defines: "rails-secrets", wide: true, root: configRoot}},
	"rails-file":     {{defines: "rails-file", wide: true, root: configRoot}},
	"laravel":        {{defines: "laravel", wide: true, root: configRoot}},
	"symfony":        {{defines: "symfony", wide: true, root: configRoot}},
	"elixir":         {{defines: "elixir", wide: true, root: configRoot}},
}

// holdsSettings accepts files whose name says that they hold what the program is configured with.
func holdsSettings(file string) bool {
	base := strings.ToLower(path.Base(file))
	if base == "__init__.py" || strings.HasPrefix(base, "index.") {
		base = strings.ToLower(path.Base(path.Dir(file)))
	}
	stem, _, _ := strings.Cut(base, ".")
	return stem == "conf" || stem == "env" || stem == "cfg" || strings.Contains(base, "config") || strings.Contains(base, "setting") ||
		strings.Contains(base, "properties") || strings.Contains(base, "constants") || strings.Contains(base, "environment") || strings.Contains(base, "secrets")
}

// namedFor accepts files one of whose last three names is, or begins with, one of the words.
func namedFor(words ...string) func(string) bool {
	return func(file string) bool {
		names := strings.Split(strings.TrimSuffix(file, path.Ext(file)), "/")
		for _, name := range names[max(0, len(names)-3):] {
			for _, w := range words {
				if name == w || len(w) > 4 && strings.Contains(name, w) {
					return true
				}
			}
		}
		return false
	}
}

// pythonRoot is the folder of the package that holds a settings module.
func pythonRoot(file string) string {
	dir := folderOf(file)
	for dir != "" {
		switch path.Base(dir) {
		case "settings", "config", "conf", "core", "common", "environments":
			dir = folderOf(dir)
			continue
		}
		break
	}
	return dir
}

// configRoot is the folder of the application whose folder config holds a file, else the file's own without src.
func configRoot(file string) string {
	if i := strings.LastIndex("/"+file, "/config/"); i >= 0 {
		return strings.TrimSuffix(strings.TrimPrefix(("/" + file)[:i], "/"), "/src")
	}
	dir := folderOf(file)
	for path.Base(dir) == "src" || path.Base(dir) == "lib" {
		dir = folderOf(dir)
	}
	return dir
}

// sourceRoot is the whole source: packages of Go hand their settings on to each other.
func sourceRoot(string) string { return "" }

// mainRoot is the folder of the module that a file of the JVM belongs to.
func mainRoot(file string) string {
	if i := strings.LastIndex("/"+file, "/src/"); i >= 0 {
		return strings.Trim(("/" + file)[:i], "/")
	}
	return folderOf(file)
}

// crateRoot is the folder src of a crate.
func crateRoot(file string) string {
	if i := strings.LastIndex("/"+file, "/src/"); i >= 0 {
		return strings.TrimPrefix(("/" + file)[:i+len("/src")], "/")
	}
	return folderOf(file)
}
