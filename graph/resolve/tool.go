package resolve

import (
	"path"
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// joinTools is R5 for programs that load files of the source by convention: a runner of tests its tests, a bundler its
// configuration and the application, a tool of a database its configuration. Of the files below the folder in which it runs,
// those are joined that read a name which the part binds.
//
// Confidence: medium, for a tool loads what its configuration says.
func joinTools(v *View) {
	var files *toolFiles
	known := map[string][]namedRead{}
	for e := range v.EdgesOf(inventory.Runs) {
		if e.Rule != "R5-tool" || len(e.Evidence) == 0 {
			continue
		}
		if files == nil {
			files = newToolFiles(v)
		}
		dir := strings.TrimRight(strings.TrimPrefix(e.To, "file:"), "/")
		for _, p := range runners(v, e.From) {
			w := scriptWalk{view: v, part: p.part.ID, seen: map[string]bool{}, known: known, rule: "R5-tool", line: lineOf(p.part)}
			if w.bindsNothing() {
				continue
			}
			at := inventory.MergeEvidence(e.Evidence, p.at)
			for _, a := range e.Attrs {
				for _, n := range files.of(a.Value, dir) {
					w.follow(inventory.Edge{From: p.part.ID, To: n.ID, Kind: inventory.Runs, Confidence: e.Confidence, Evidence: at}, p.part.ID, inventory.Medium, 0)
				}
			}
		}
	}
}

// bindsNothing reports whether neither the part nor what it belongs to binds a name.
func (w *scriptWalk) bindsNothing() bool {
	w.levels = w.view.levels(w.part)
	return !slices.ContainsFunc(w.levels, func(names map[string]*inventory.Node) bool { return len(names) > 0 })
}

// toolFiles knows the program files that tools load.
type toolFiles struct {
	readers []*inventory.Node // files that read the environment or settings, in order of their ids
	configs []*inventory.Node // files of configuration of a tool, whatever they read themselves
	memo    map[string][]*inventory.Node
}

func newToolFiles(v *View) *toolFiles {
	t := &toolFiles{memo: map[string][]*inventory.Node{}}
	for _, n := range v.Nodes(inventory.Code) {
		if len(n.Evidence) == 0 || strings.Contains(n.ID, "#") || isContext(n.ID) {
			continue
		}
		if v.leaves(n.ID, inventory.Reads) {
			t.readers = append(t.readers, n)
		}
		if isToolConfig(path.Base(n.ID)) {
			t.configs = append(t.configs, n)
		}
	}
	return t
}

// databaseFiles are the files that tools of a database take their settings from, without their endings.
var databaseFiles = map[string]bool{"knexfile": true, "ormconfig": true, "drizzle.config": true, "mikro-orm.config": true, "prisma.config": true, "prisma": true,
	"schema": true, "data-source": true, "datasource": true, "typeorm.config": true, "ormdatasource": true, "env": true, "codegen": true, "config": true,
	"seed": true, ".sequelizerc": true, "database": true}

// isToolConfig reports whether a file is called as the configuration of a bundler, of a runner of tests or of a tool of a
// database is: next.config.js, vitest.config.ts, conftest.py, knexfile.js.
func isToolConfig(base string) bool {
	stem := strings.TrimSuffix(base, path.Ext(base))
	return strings.HasSuffix(stem, ".config") || stem == "conftest" || stem == "gulpfile" || stem == "Gruntfile" || stem == "karma.conf" || stem == "wdio.conf" ||
		stem == "knexfile" || stem == "ormconfig" || strings.Contains(stem, "global-setup") || strings.Contains(stem, "globalSetup")
}

// maxToolFiles bounds how many files one tool is taken to load.
const maxToolFiles = 400

// of lists the files that a tool which runs in a folder loads: those that read something and are of its kind, and files of
// configuration in the folder or, where it has none, the nearest above.
func (t *toolFiles) of(tool, dir string) []*inventory.Node {
	kind, name, _ := strings.Cut(tool, ":")
	key := tool + "\x00" + dir
	if got, ok := t.memo[key]; ok {
		return got
	}
	var out []*inventory.Node
	for _, n := range below(t.readers, "code:"+dir+"/") {
		if loads(kind, name, strings.TrimPrefix(n.ID, "code:"+dir+"/")) || kind == "test" && IsTest(n.Evidence[0].Path) {
			out = append(out, n)
		}
	}
	if kind == "build" || kind == "test" || tool == "deploy:serverless" {
		for _, n := range below(t.configs, "code:"+dir+"/") {
			if path.Dir(n.ID) == "code:"+dir || kind == "test" {
				out = append(out, n)
			}
		}
	}
	if len(out) > maxToolFiles {
		out = nil
	}
	t.memo[key] = out
	return out
}

// below returns the nodes whose ids begin with a text.
func below(all []*inventory.Node, prefix string) []*inventory.Node {
	i, _ := slices.BinarySearchFunc(all, prefix, func(n *inventory.Node, id string) int { return strings.Compare(n.ID, id) })
	end := i
	for end < len(all) && strings.HasPrefix(all[end].ID, prefix) {
		end++
	}
	return all[i:end]
}

// aside are the folders of programs that no bundler takes in.
var aside = map[string]bool{"scripts": true, "script": true, "bin": true, "tools": true, "tooling": true, "hack": true, "ci": true, "infra": true, "infrastructure": true,
	"deploy": true, "deployment": true, "ops": true, "docs": true, "examples": true, "example": true, "migrations": true, ".github": true, "terraform": true, "cdk": true}

// appFiles are the files of a program that a tool builds and starts, by their endings.
var appFiles = map[string]map[string]bool{"mvn": jvmFiles, "mvnw": jvmFiles, "gradle": jvmFiles, "gradlew": jvmFiles, "sbt": jvmFiles,
	"dotnet": {".cs": true, ".fs": true, ".vb": true, ".json": true}, "cargo": {".rs": true}}

var jvmFiles = map[string]bool{".java": true, ".kt": true, ".groovy": true, ".scala": true, ".yml": true, ".yaml": true, ".properties": true, ".conf": true}

// loads reports whether a tool loads a file, whose path counts from the folder in which it runs.
func loads(kind, name, file string) bool {
	base := path.Base(file)
	stem := strings.TrimSuffix(base, path.Ext(base))
	switch kind {
	case "test":
		return IsTest(file) || isToolConfig(base) || strings.Contains("/"+path.Dir(file)+"/", "/cypress/") || strings.Contains(path.Dir(file), "e2e") || strings.Contains("/"+file, "/playwright/")
	case "build":
		if IsTest(file) || strings.HasSuffix(base, ".sh") || strings.HasSuffix(base, ".py") {
			return false
		}
		first, _, nested := strings.Cut(file, "/")
		return !nested && (isToolConfig(base) || strings.HasPrefix(base, name)) || nested && !aside[first]
	case "database":
		return databaseFiles[stem] && !IsTest(file)
	case "app":
		return appFiles[name][path.Ext(base)] && !IsTest(file)
	case "fastlane":
		return strings.Contains("/"+file, "/fastlane/") && (path.Ext(base) == ".rb" || path.Ext(base) == "")
	case "release":
		if name == "goreleaser" {
			return strings.HasPrefix(strings.TrimPrefix(base, "."), "goreleaser")
		}
		return strings.HasPrefix(strings.TrimPrefix(base, "."), "release") || strings.HasPrefix(stem, "release.config")
	}
	return false
}
