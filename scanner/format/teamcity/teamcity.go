// Package teamcity reads TeamCity's settings in Kotlin: build configurations with their parameters, scripts,
// triggers and features.
//
// Ids: a settings file is teamcity:<source>/<path>, a build configuration teamcity:<source>/<path>#<object>. A
// credential that the server keeps is teamcity:<repository>/credentialsJSON:<id>; a parameter that the file does not
// declare is one of a project above, teamcity:<repository>/NAME.
package teamcity

import (
	"fmt"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/calls"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// ID is the id of the row and the platform of its automations.
const ID = "teamcity"

// Format returns the row.
func Format() artifact.Format {
	return artifact.Format{
		ID: ID, Title: "TeamCity settings in Kotlin", Doc: "https://www.jetbrains.com/help/teamcity/kotlin-dsl.html",
		Match: match, Parse: parse,
	}
}

func match(a *artifact.Artifact) bool {
	base := a.Base()
	if !a.Has("BuildType") && !a.Has("credentialsJSON") {
		return false
	}
	in := strings.Contains("/"+a.Path, "/.teamcity/") && (strings.HasSuffix(base, ".kts") || strings.HasSuffix(base, ".kt"))
	return in || strings.HasSuffix(base, ".kts") && a.Has("jetbrains.buildServer.configs.kotlin")
}

// file is one settings file while it is read.
type file struct {
	*pipeline.File
}

func parse(a *artifact.Artifact, facts *artifact.Facts) error {
	list := calls.Parse(a.Content)
	if len(list) == 0 {
		return nil
	}
	f := &file{File: pipeline.New(facts, "teamcity", "teamcity", a.Path, &tree.Node{Line: 1, Column: 1})}
	s := &pipeline.Scope{File: f.File, Part: f.ID, Home: f.ID, Own: f.own, Fold: fold}
	f.statements(s.Enter(f.ID, true, pipeline.Level{}), list, 0)
	return nil
}

// fold returns the name under which a parameter stands in the environment.
func fold(name string) string {
	return strings.ReplaceAll(strings.TrimPrefix(name, "env."), ".", "_")
}

func (f *file) own(name string, at artifact.Place) []pipeline.Target {
	return []pipeline.Target{{ID: f.Slot(inventory.SlotRef{Store: "teamcity", Scope: f.Repo, Name: name}, at), Sure: inventory.Medium}}
}

func (f *file) statements(s *pipeline.Scope, list []calls.Statement, depth int) {
	for _, x := range list {
		if !f.Spend() || depth > 60 {
			return
		}
		f.statement(s, x, depth)
	}
}

// statement reads one call or assignment.
func (f *file) statement(s *pipeline.Scope, x calls.Statement, depth int) {
	in := s
	switch x.Name {
	case "object", "class":
		f.declaration(s, x, depth)
		return
	case "param", "password", "text", "select", "checkbox":
		f.parameter(s, x)
		return
	case "schedule":
		f.schedule(s, x)
		return
	case "vcs", "finishBuildTrigger":
		if depth > 0 && x.Block && x.Name == "finishBuildTrigger" {
			f.Attr(s.Part, inventory.AttrTrigger, "finish build", "", f.Artifact.PlaceOf(x.Offset))
		}
	case "script", "exec", "powerShell", "python":
		in = f.step(s, x)
	case "scriptContent", "scriptCode", "command":
		if x.Assign {
			f.script(s, x.Args[0].Value, "shell")
			return
		}
	}
	if x.Assign {
		f.assigned(s, x)
	}
	for _, a := range x.Args {
		f.value(in, a, depth)
	}
	f.statements(in, x.Body, depth+1)
}

func (f *file) value(s *pipeline.Scope, a calls.Entry, depth int) {
	if slot := f.stored(a.Value); slot != "" {
		f.Edge(inventory.Reads, s.Part, slot, "teamcity-credentials", inventory.Certain, f.Artifact.PlaceOf(a.Value.Offset))
	}
	if a.Value.Call != nil && depth < 60 {
		f.statement(s, *a.Value.Call, depth+1)
	}
}

// declaration reads object X : BuildType({ ... }): an automation of its own. Projects and templates are parts.
func (f *file) declaration(s *pipeline.Scope, x calls.Statement, depth int) {
	for _, a := range x.Args {
		c := a.Value.Call
		if c == nil {
			continue
		}
		name := a.Name
		if name == "" {
			name = fmt.Sprint(f.Artifact.PlaceOf(x.Offset).Line)
		}
		in := s
		if c.Name == "BuildType" || c.Name == "Template" || c.Name == "GitVcsRoot" || strings.HasSuffix(c.Name, "Build") {
			at := f.Artifact.PlaceOf(x.Offset)
			id := f.Facts.Part(f.ID, name, title(*c, name), strings.ToLower(c.Name), at)
			f.Cover(id, at.Line, f.Artifact.PlaceOf(max(x.Offset, x.End-1)).Line)
			in = s.Enter(id, true, pipeline.Level{})
		}
		f.statement(in, *c, depth+1)
	}
	f.statements(s, x.Body, depth+1)
}

// title returns what name = "..." says in the block of a build.
func title(c calls.Statement, name string) string {
	body := c.Body
	for _, a := range c.Args {
		if a.Value.Call != nil {
			body = append(body, a.Value.Call.Body...)
		}
	}
	for _, x := range body {
		if x.Assign && x.Name == "name" && x.Args[0].Value.Literal() != "" {
			return x.Args[0].Value.Literal()
		}
	}
	return name
}

var token = lazy.New(`^credentialsJSON:[\w-]+$`)

// stored adds the slot of a value that the server keeps, "" for any other.
func (f *file) stored(v calls.Value) string {
	if !token.MatchString(v.Text) {
		return ""
	}
	at := f.Artifact.PlaceOf(v.Offset)
	id := f.Slot(inventory.SlotRef{Store: "teamcity", Scope: f.Repo, Name: v.Text}, at)
	f.Attr(id, inventory.AttrClass, string(inventory.ClassCredential), "the server keeps it as a password", at)
	return id
}

// parameter reads param("env.X", "value") and password("env.X", "credentialsJSON:...").
func (f *file) parameter(s *pipeline.Scope, x calls.Statement) {
	name, _ := x.Arg("", 0)
	v, ok := x.Arg("", 1)
	if !ok || name.Literal() == "" {
		return
	}
	own := pipeline.Level{}
	b := s.Declare(own, s.Part, strings.TrimPrefix(name.Literal(), "env."), "teamcity-parameter", f.Artifact.PlaceOf(x.Offset))
	f.bind(s, b, name.Literal(), v, x.Name == "password")
	s.Levels[0][fold(name.Literal())] = b
}

func (f *file) bind(s *pipeline.Scope, b, name string, v calls.Value, sure bool) {
	at := f.Artifact.PlaceOf(v.Offset)
	if slot := f.stored(v); slot != "" {
		f.Edge(inventory.BoundFrom, b, slot, "teamcity-credentials", inventory.Certain, at)
		return
	}
	if f.references(s, b, v) || !v.String || v.Literal() == "" || strings.HasPrefix(v.Text, "credentialsJSON") {
		return
	}
	if sure || detect.ClassifyName(name).Score > 0 {
		slot := f.Inline(strings.TrimLeft(strings.TrimPrefix(b, f.ID), "#/"), at)
		f.Edge(inventory.BoundFrom, b, slot, "inline", inventory.Certain, at)
		f.AddLiteral(artifact.Literal{Slot: slot, Name: name, Secret: artifact.Seal(v.Text), Place: at, Sure: sure})
	}
}

var reference = lazy.New(`%([A-Za-z][\w.:/!-]*)%`)

// references joins a binding to the parameters that a text names: %env.X%, %vault:path!/key%.
func (f *file) references(s *pipeline.Scope, b string, v calls.Value) bool {
	found := false
	for _, m := range reference.FindAllStringSubmatchIndex(v.Text, 100) {
		found = true
		at := f.Artifact.PlaceOf(v.Offset + m[0])
		name := v.Text[m[2]:m[3]]
		if path, ok := strings.CutPrefix(name, "vault:"); ok {
			path, key, _ := strings.Cut(path, "!/")
			f.Edge(inventory.BoundFrom, b, f.Slot(detect.VaultSlot("", path, key), at), "teamcity-vault", inventory.Certain, at)
			continue
		}
		for _, t := range s.Name(name, at) {
			if t.ID != b {
				f.Edge(inventory.BoundFrom, b, t.ID, "teamcity-reference", t.Sure, at)
			}
		}
	}
	return found
}

// assigned reads options that take a credential: token = "credentialsJSON:...", password = "%env.X%".
func (f *file) assigned(s *pipeline.Scope, x calls.Statement) {
	v := x.Args[0].Value
	if !v.String || detect.ClassifyName(x.Name).Score < 1 && !reference.MatchString(v.Text) {
		return
	}
	at := f.Artifact.PlaceOf(x.Offset)
	if token.MatchString(v.Text) {
		return // read as a value
	}
	b := f.Binding(s.Part, x.Name, "argument", at)
	f.bind(s, b, x.Name, v, false)
	f.Edge(inventory.Reads, s.Part, b, "teamcity-argument", inventory.Certain, at)
}
