package jenkins

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format/calls"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// A shared library has its steps in vars/ and its classes in src/, below the root of the source or a folder of it: vars/x.groovy
// is the step x, and its functions are x.name. Source: https://www.jenkins.io/doc/book/pipeline/shared-libraries/.

// maxFolders bounds how many folders above a file are asked for a library.
const maxFolders = 12

// constant is a name with a fixed text, or with one that callers may replace.
type constant struct {
	text  string
	at    artifact.Place
	given bool // a caller may give another
}

var (
	imported  = lazy.New(`(?m)^\s*import\s+(?:static\s+)?([a-z][\w.]*)\.([A-Z]\w*)`)
	fixedText = lazy.New(`(?m)^[ \t]*(?:@\w+[ \t]+)?(?:(?:public|protected|private|static|final|def|String|const|val)[ \t]+)+([A-Za-z_]\w*)[ \t]*=[ \t]*(?:'([^'\n$]+)'|"([^"\n$]+)")[ \t]*(?:;|//.*|/\*.*)?$`)
	defaulted = lazy.New(`(?m)^[ \t]*(?:(?:def|String|final)[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*\w+\.(?:get|getOrDefault)\([ \t]*['"]\w+['"][ \t]*,[ \t]*['"]([^'"\n$]+)['"][ \t]*\)` +
		`|^[ \t]*(?:(?:def|String|final)[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*[^\n'"]*(?:\?:|:)[ \t]*['"]([^'"\n$]+)['"][ \t]*$` +
		`|^[ \t]*(\w+)(?:\[['"](\w+)['"]\]|\.(\w+))[ \t]*=[ \t]*['"]([^'"\n$]+)['"][ \t]*$`)
	parameters = lazy.New(`\b(\w+)[ \t]*=[ \t]*['"]([^'"\n$]+)['"]`)
	chosen     = lazy.New(`(?m)^[ \t]*(?:(?:def|String|final)[ \t]+)+([A-Za-z_]\w*)[ \t]*=[^\n?]*\?[ \t]*['"]([^'"\n$]+)['"][ \t]*:[ \t]*['"]([^'"\n$]+)['"][ \t]*$`)
	oneName    = lazy.New(`^\$(?:\{([\w.]+)\}|(\w+))$`)
	definition = lazy.New(`(?m)^[ \t]*(?:@\w+[ \t]+)*(?:(?:public|protected|private|static|final)[ \t]+)*(?:def|void|boolean|int|long|[A-Z]\w*(?:<[\w<>, ]*>)?(?:\[\])?)[ \t]+([a-z_]\w*)[ \t]*\([^()]*(?:\([^()]*\)[^()]*)*\)[ \t\r\n]*\{`)
)

// siblings names the steps of the libraries that a pipeline may call, and the classes that it imports.
func siblings(a *artifact.Artifact) []string {
	var out []string
	up := ""
	for range min(strings.Count(a.Path, "/"), maxFolders) + 1 {
		out = append(out, up+"vars/*.groovy")
		for _, m := range imported.FindAllSubmatch(a.Content, 40) {
			out = append(out, up+"src/"+strings.ReplaceAll(string(m[1]), ".", "/")+"/"+string(m[2])+".groovy")
		}
		up += "../"
	}
	return out
}

// library notes what the file and its siblings define: constants, functions of the file, and steps with their functions.
func (f *file) library() {
	f.either = map[string][]constant{}
	f.constants, f.functions, f.steps = map[string]constant{}, map[int]string{}, map[string]map[string]string{}
	for _, m := range definition.FindAllSubmatchIndex(f.Artifact.Content, 2000) {
		f.functions[m[2]] = string(f.Artifact.Content[m[2]:m[3]])
	}
	f.stepsOf(f.Artifact)
	for p, other := range f.Artifact.Siblings {
		if path.Base(path.Dir(p)) == "vars" {
			f.stepsOf(other)
			continue
		}
		class := strings.TrimSuffix(path.Base(p), ".groovy")
		f.fixed(other, class+".", p)
	}
	f.fixed(f.Artifact, "", "")
	if f.Artifact.Has("redentials") {
		f.defaults()
		f.choices()
	}
}

// stepsOf notes the functions of one file of steps; the nearest folder wins.
func (f *file) stepsOf(a *artifact.Artifact) {
	if path.Base(a.Dir()) != "vars" && a != f.Artifact {
		return
	}
	name := strings.TrimSuffix(a.Base(), ".groovy")
	if _, known := f.steps[name]; known {
		return
	}
	all := map[string]string{}
	id := inventory.FileID(ID, a.Source, a.Path)
	for _, m := range definition.FindAllSubmatch(a.Content, 2000) {
		all[string(m[1])] = inventory.PartID(id, string(m[1]))
	}
	f.steps[name] = all
}

func (f *file) fixed(a *artifact.Artifact, class, file string) {
	for _, m := range fixedText.FindAllSubmatchIndex(a.Content, 5000) {
		name := class + string(a.Content[m[2]:m[3]])
		from, to := m[4], m[5]
		if from < 0 {
			from, to = m[6], m[7]
		}
		at := a.PlaceOf(m[2])
		at.File = file
		if _, twice := f.constants[name]; !twice {
			f.constants[name] = constant{text: string(a.Content[from:to]), at: at}
		}
	}
}

// defaults notes the names that hold the text of an argument which callers may leave out: args.get('id', 'text'),
// args.id ?: 'text', args.id = 'text'.
func (f *file) defaults() {
	a := f.Artifact
	for _, m := range defaulted.FindAllSubmatchIndex(a.Content, 2000) {
		part := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return string(a.Content[m[2*i]:m[2*i+1]])
		}
		name, text := part(1)+part(3), part(2)+part(4)+part(8)
		if base := part(5); base != "" {
			name = base + "." + part(6) + part(7)
		}
		if _, known := f.constants[name]; !known && strings.TrimPrefix(name, "env.") == name {
			f.constants[name] = constant{text: text, at: a.PlaceOf(m[0] + len(string(a.Content[m[0]:m[1]])) - len(strings.TrimLeft(string(a.Content[m[0]:m[1]]), " \t"))), given: true}
		}
	}
}

// choices notes the names that hold one of two texts: def id = live ? 'a' : 'b'. So do parameters with a default.
func (f *file) choices() {
	a := f.Artifact
	for _, m := range chosen.FindAllSubmatchIndex(a.Content, 500) {
		name, at := string(a.Content[m[2]:m[3]]), a.PlaceOf(m[2])
		delete(f.constants, name)
		f.either[name] = []constant{{string(a.Content[m[4]:m[5]]), at, true}, {string(a.Content[m[6]:m[7]]), at, true}}
	}
	for _, d := range definition.FindAllIndex(a.Content, 2000) {
		for _, m := range parameters.FindAllSubmatchIndex(a.Content[d[0]:d[1]], 20) {
			name := string(a.Content[d[0]+m[2] : d[0]+m[3]])
			if _, known := f.constants[name]; !known && f.either[name] == nil {
				f.constants[name] = constant{text: string(a.Content[d[0]+m[4] : d[0]+m[5]]), at: a.PlaceOf(d[0] + m[2]), given: true}
			}
		}
	}
}

// fixedValue returns the text of a value: its own, or that of the constant that it names.
func (f *file) fixedValue(v calls.Value) (string, *constant) {
	name := v.Text
	if m := oneName.FindStringSubmatch(name); v.String && !v.Raw && len(v.Rest) == 0 && m != nil {
		name = m[1] + m[2]
	} else if v.String || v.Call != nil || len(v.Rest) > 0 || v.Text == "" {
		return v.Literal(), nil
	}
	if c, ok := f.constants[name]; ok {
		return c.text, &c
	}
	if i := strings.LastIndexByte(name[:max(0, strings.LastIndexByte(name, '.'))], '.'); i >= 0 { // this.NAME, org.acme.Ids.NAME
		name = name[i+1:]
	}
	name = strings.TrimPrefix(name, "this.")
	if c, ok := f.constants[name]; ok {
		return c.text, &c
	}
	return "", nil
}

// sure is how sure it is that a credential is the one of a value: callers may give another than the text of an argument that
// they may leave out.
func (f *file) sure(v calls.Value) inventory.Confidence {
	if _, c := f.fixedValue(v); c != nil && c.given {
		return inventory.Medium
	}
	return inventory.High
}

// along adds the place of the constant that a value names to the evidence of all edges that visit makes.
func (f *file) along(v calls.Value, visit func()) {
	if _, c := f.fixedValue(v); c != nil {
		f.Within(c.at, visit)
		return
	}
	visit()
}

// function enters a function that the file defines: a part of its own, so that who calls another one does not depend on
// what this one uses.
func (f *file) function(s *pipeline.Scope, x calls.Statement) *pipeline.Scope {
	at := f.Artifact.PlaceOf(x.Offset)
	id := f.Part(f.ID, x.Name, x.Name, "function", at)
	f.lines(id, x)
	return s.Enter(id, true, pipeline.Level{})
}

// calls says that a part calls a function of the file, or a step of a library.
func (f *file) calls(s *pipeline.Scope, x calls.Statement) {
	name, function, dotted := strings.Cut(strings.TrimPrefix(x.Name, "this."), ".")
	var id string
	switch {
	case !dotted && f.local(name) != "":
		id = f.local(name)
	case !dotted:
		id = f.steps[name]["call"]
	case !strings.Contains(function, "."):
		id = f.steps[name][function]
	}
	if id != "" && id != s.Part && f.Spend() {
		f.Edge(inventory.Runs, s.Part, id, "jenkins-step", inventory.High, f.Artifact.PlaceOf(x.Offset))
	}
}

// local returns the id of a function of the file.
func (f *file) local(name string) string {
	for _, n := range f.functions {
		if n == name {
			return inventory.PartID(f.ID, name)
		}
	}
	return ""
}

// word says that a part uses a variable that it can see, in Groovy itself: TOKEN, env.TOKEN, "${TOKEN}".
func (f *file) word(s *pipeline.Scope, v calls.Value) {
	at := f.Artifact.PlaceOf(v.Offset)
	if v.String {
		if !v.Raw && strings.Contains(v.Text, "$") {
			s.Seen(shellText(v), "jenkins-groovy", f.places(v))
		}
		return
	}
	if b := s.Visible(strings.TrimPrefix(v.Text, "env.")); b != "" && v.Text != "" {
		f.Edge(inventory.Reads, s.Part, b, "jenkins-groovy", inventory.High, at)
	}
}
