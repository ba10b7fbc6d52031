package source

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// dependencyRule says what a folder of dependencies is told by: never by its name alone.
type dependencyRule struct {
	name   string   // of the folder, "" for any
	parent string   // name of the folder above, "" for any
	beside []string // one of these stands beside it; empty for no condition
	inside []string // one of these stands in it; empty for no condition
	what   string
}

// dependencyRules is the table of dependency folders.
var dependencyRules = []dependencyRule{
	{name: "node_modules", beside: []string{"package.json", "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb", "deno.json"}, what: "npm packages"},
	{name: "node_modules", inside: []string{".package-lock.json", ".modules.yaml", ".yarn-integrity", ".yarn-state.yml"}, what: "npm packages"},
	{name: "bower_components", beside: []string{"bower.json", ".bowerrc"}, what: "Bower packages"},
	{name: "jspm_packages", beside: []string{"package.json", "jspm.config.js"}, what: "jspm packages"},
	{name: "cache", parent: ".yarn", what: "Yarn cache"},
	{name: "unplugged", parent: ".yarn", what: "Yarn packages"},
	{name: "vendor", beside: []string{"composer.json", "composer.lock"}, inside: []string{"autoload.php", "composer"}, what: "Composer packages"},
	{name: "vendor", beside: []string{"go.mod"}, inside: []string{"modules.txt"}, what: "Go modules"},
	{name: "bundle", parent: "vendor", inside: []string{"ruby", "jruby"}, what: "Ruby gems"},
	{name: "vendor", beside: []string{"Cargo.lock", "Cargo.toml"}, inside: []string{".cargo-checksum.json"}, what: "Rust crates"},
	{name: "target", beside: []string{"Cargo.toml", "Cargo.lock"}, inside: []string{"CACHEDIR.TAG", ".rustc_info.json"}, what: "Rust build output"},
	{inside: []string{"pyvenv.cfg"}, what: "Python virtual environment"},
	{inside: []string{"conda-meta"}, what: "Conda environment"},
	{name: "Pods", beside: []string{"Podfile", "Podfile.lock"}, inside: []string{"Manifest.lock", "Pods.xcodeproj"}, what: "CocoaPods"},
	{name: "Checkouts", parent: "Carthage", what: "Carthage checkouts"},
	{name: "deps", beside: []string{"mix.lock"}, what: "Elixir packages"},
	{name: "providers", parent: ".terraform", what: "Terraform providers"},
	{name: "modules", parent: ".terraform", inside: []string{"modules.json"}, what: "Terraform modules"},
	{name: "elm-stuff", beside: []string{"elm.json"}, what: "Elm packages"},
}

// dependencies returns why a folder is left out, "" when it is not. The root never is.
func dependencies(dir string, above, entries []fs.DirEntry) string {
	if dir == "" {
		return ""
	}
	name, parent := path.Base(dir), path.Base(path.Dir(dir))
	for _, r := range dependencyRules {
		if (r.name == "" || r.name == name) && (r.parent == "" || r.parent == parent) &&
			hasOneOf(above, r.beside) && hasOneOf(entries, r.inside) {
			return "dependency folder: " + r.what
		}
	}
	return ""
}

// hasOneOf reports whether a sorted folder listing has one of the names; true when none is asked for.
func hasOneOf(entries []fs.DirEntry, names []string) bool {
	return len(names) == 0 || slices.ContainsFunc(names, func(name string) bool {
		_, ok := slices.BinarySearchFunc(entries, name, func(e fs.DirEntry, n string) int { return strings.Compare(e.Name(), n) })
		return ok
	})
}
