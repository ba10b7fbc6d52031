// Package target reads the files that give shell text a name: package.json scripts, Makefiles, Taskfiles and
// justfiles. Each target is a code node that a step runs by name, and that runs files and other targets in turn.
//
// Sources: docs.npmjs.com "scripts", the GNU make manual, taskfile.dev, just.systems.
package target

import (
	"bytes"
	"path"
	"strconv"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/code"
)

// tool is one program that runs named targets.
type tool struct {
	id, title, doc string
	kind           string   // code.Run.Kind of a call of it
	files          []string // names of its files in lower case, the usual one first
	fragment       string   // what stands in front of a target's name in its id
	parse          func([]byte) []code.Target
}

var (
	npm  = tool{"npm-scripts", "package.json scripts", "https://docs.npmjs.com/cli/using-npm/scripts", "npm", []string{"package.json"}, "scripts.", code.NPMScripts}
	make = tool{"makefile", "Makefile", "https://www.gnu.org/software/make/manual/", "make", []string{"makefile", "gnumakefile"}, "", code.Makefile}
	task = tool{"taskfile", "Taskfile", "https://taskfile.dev/reference/schema", "task", []string{"taskfile.yml", "taskfile.yaml", "taskfile.dist.yml", "taskfile.dist.yaml"}, "", code.Taskfile}
	deno = tool{"deno-tasks", "deno.json tasks", "https://docs.deno.com/runtime/reference/cli/task/", "deno", []string{"deno.json", "deno.jsonc"}, "tasks.", code.DenoTasks}
	php  = tool{"composer-scripts", "composer.json scripts", "https://getcomposer.org/doc/articles/scripts.md", "composer", []string{"composer.json"}, "scripts.", code.ComposerScripts}
	cdk  = tool{"cdk-app", "cdk.json, the program of a CDK application", "https://docs.aws.amazon.com/cdk/v2/guide/cli.html", "cdk", []string{"cdk.json"}, "", code.CDKApp}
	just = tool{"justfile", "justfile", "https://just.systems/man/en/", "just", []string{"justfile", ".justfile"}, "", code.Justfile}
)

// NPM reads the scripts of package.json.
func NPM() artifact.Format { return npm.format() }

// Make reads the targets of a Makefile.
func Make() artifact.Format { return make.format() }

// Task reads the tasks of a Taskfile.
func Task() artifact.Format { return task.format() }

// Just reads the recipes of a justfile.
func Just() artifact.Format { return just.format() }

// Deno reads the tasks of deno.json.
func Deno() artifact.Format { return deno.format() }

// Composer reads the scripts of composer.json.
func Composer() artifact.Format { return php.format() }

// CDK reads the program that the commands of AWS's CDK run.
func CDK() artifact.Format { return cdk.format() }

func (t tool) format() artifact.Format {
	return artifact.Format{ID: t.id, Title: t.title, Doc: t.doc, Match: t.match, Parse: t.read}
}

var newline = []byte{'\n'}

// usual is the name under which the file of a tool is known, whatever its case and variant: a caller does not see
// which of them stands in the folder.
var usual = map[string]string{"npm": "package.json", "make": "Makefile", "task": "Taskfile.yml", "just": "justfile", "deno": "deno.json", "composer": "composer.json", "cdk": "cdk.json"}

// within stands in front of a target's name in its id, by kind.
var within = map[string]string{"npm": "scripts.", "deno": "tasks.", "composer": "scripts."}

// ID returns the id of the target that a command runs by name in a folder; false for another kind of command.
func ID(source, dir string, r code.Run) (string, bool) {
	file, ok := usual[r.Kind]
	if !ok || r.Path == "" {
		return "", false
	}
	return inventory.FileID("code", source, path.Join(dir, file)) + "#" + within[r.Kind] + r.Path, true
}

// Start adds the edge from a runner to what a command starts in a folder: a named target, a template that it fills from its
// environment, the files in which a client program looks for credentials or a tool for what it loads. It reports whether the command is of those.
func Start(f *artifact.Facts, runner, source, dir string, r code.Run, rule string, sure inventory.Confidence, at artifact.Place) bool {
	switch r.Kind {
	case "client":
		f.EdgeWith(inventory.Runs, runner, inventory.FileID("file", source, dir)+"/", "R5-client", sure, at, inventory.AttrType, r.Path)
		return true
	case "tool":
		f.EdgeWith(inventory.Runs, runner, inventory.FileID("file", source, dir)+"/", "R5-tool", inventory.Weakest(sure, inventory.Medium), at, inventory.AttrType, r.Path)
		return true
	case "fill":
		if p := path.Join(dir, r.Path); p != ".." && !strings.HasPrefix(p, "../") {
			f.Edge(inventory.Runs, runner, inventory.FileID("file", source, p), "R5-fill", sure, at)
		}
		return true
	}
	id, ok := ID(source, dir, r)
	if ok {
		f.Edge(inventory.Runs, runner, id, rule, sure, at)
	}
	return ok
}

// Argument is the name under which a script sees one of its arguments: the script's own name tells the arguments of one from
// those of another.
func Argument(script string, number int) string {
	return path.Base(script) + "$" + strconv.Itoa(number)
}

func (t tool) match(a *artifact.Artifact) bool {
	name := strings.ToLower(a.Base())
	for _, f := range t.files {
		if name == f {
			return true
		}
	}
	return t.kind == just.kind && strings.HasSuffix(name, ".just") // modules and what a justfile imports
}

func (t tool) read(a *artifact.Artifact, f *artifact.Facts) error {
	last := bytes.Count(a.Content, newline) + 1
	for _, x := range t.parse(a.Content) {
		at := artifact.Place{Line: x.Line, Column: 1, Pointer: t.fragment + x.Name}
		id, _ := ID(a.Source, a.Dir(), code.Run{Kind: t.kind, Path: x.Name})
		f.Node(inventory.Code, id, a.Path+": "+x.Name, at)
		f.Attr(id, inventory.AttrPlatform, t.id, "", at)
		for _, need := range x.Needs {
			if other, ok := ID(a.Source, a.Dir(), code.Run{Kind: t.kind, Path: need}); ok {
				f.Edge(inventory.Runs, id, other, "R5-target", inventory.High, at)
			}
		}
		t.script(f, id, x, at, last)
	}
	return nil
}

// script reads the shell text of a target. The file has last lines.
func (t tool) script(f *artifact.Facts, id string, x code.Target, at artifact.Place, last int) {
	a := f.Artifact
	r := code.Scan("shell", x.Script)
	where := func(offset int) artifact.Place {
		p := at
		p.Line += bytes.Count(x.Script[:min(offset, len(x.Script))], newline)
		if p.Line > last || within[t.kind] != "" { // the text stands there with escapes
			p.Line = at.Line
		}
		return p
	}
	for _, read := range r.Reads {
		place := where(read.Offset)
		f.Edge(inventory.Reads, id, f.Binding(id, read.Name, "env", place), read.Via, read.Sure, place)
		f.Refs++
	}
	for _, x := range r.Implicit {
		place := where(x.Offset)
		f.Edge(inventory.Reads, id, f.Binding(id, x.Name, "env", place), x.Via, x.Sure, place)
	}
	for _, s := range r.Stores {
		place := where(s.Offset)
		f.Edge(inventory.Reads, id, f.Slot(s.Slot, place), s.Via, s.Sure, place)
	}
	for _, u := range r.Uses {
		f.Use(id, u.Kind, u.What, where(u.Offset))
	}
	resolve := func(run code.Run) (string, bool) { return run.Resolve(a.Dir(), path.Join(a.Dir(), x.Dir)) }
	Stored(f, id, r, resolve, where)
	for _, run := range r.Runs {
		t.run(f, id, path.Join(a.Dir(), x.Dir), run, where(run.Offset))
	}
}

// run adds an edge to what a command starts.
func (t tool) run(f *artifact.Facts, id, dir string, run code.Run, at artifact.Place) {
	folder, ok := run.Folder(f.Artifact.Dir(), dir)
	if !ok {
		return
	}
	if Start(f, id, f.Artifact.Source, folder, run, "R5-target", inventory.High, at) {
		return
	}
	p, ok := run.Resolve(f.Artifact.Dir(), dir)
	if !ok {
		return
	}
	switch run.Kind {
	case "file":
		f.Runs(id, p, "R5-run", inventory.High, at)
	case "source":
		f.Sources(id, p, "R5-run", inventory.High, at)
	case "package":
		f.Edge(inventory.Runs, id, inventory.FileID("code", f.Artifact.Source, p)+"/", "R5-run", inventory.High, at)
	case "terraform":
		f.Edge(inventory.Runs, id, inventory.FileID("file", f.Artifact.Source, p)+"/", "R5-run", inventory.High, at)
	case "module":
		for _, file := range code.Modules(p) {
			f.Runs(id, file, "R5-run", inventory.Medium, at)
		}
	}
}
