package jenkins

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format/calls"
	"github.com/rotamap/rotamap/scanner/format/container"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// statements reads a block. Variables that it sets are seen by what follows in it.
func (f *file) statements(s *pipeline.Scope, list []calls.Statement) {
	for _, x := range list {
		if !f.Spend() {
			return
		}
		if x.Assign {
			f.assignment(s, x)
			continue
		}
		f.step(s, x)
	}
}

// step reads one call, and its block in the scope that the call gives.
func (f *file) step(s *pipeline.Scope, x calls.Statement) {
	in := f.known(s, x)
	f.options(s, x)
	f.inside(in, x)
}

// known reads what a call does by its name.
func (f *file) known(s *pipeline.Scope, x calls.Statement) *pipeline.Scope {
	name := x.Name[strings.LastIndexByte(x.Name, '.')+1:]
	if x.Block && x.Name != "" && f.functions[x.Offset] == x.Name {
		return f.function(s, x)
	}
	f.calls(s, x)
	switch name {
	case "stage":
		return f.stage(s, x)
	case "environment":
		if x.Block {
			return f.environment(s, x)
		}
	case "withCredentials":
		return f.withCredentials(s, x)
	case "withEnv":
		return f.withEnv(s, x)
	case "withVault", "withVaultSecrets":
		return f.withVault(s, x)
	case "azureKeyVault", "withAzureKeyvault", "withAzureKeyVault":
		return f.withKeyVault(s, x)
	case "withSecrets":
		return f.withSecrets(s, x)
	case "withAWS", "withRegistry", "sshagent", "sshAgent":
		return f.session(s, x, name)
	case "sh", "bat", "powershell", "pwsh":
		f.shell(s, x, name)
	case "cron", "parameterizedCron":
		f.cron(x)
	case "pollSCM", "githubPush", "upstream":
		f.trigger(x, name)
	case "build":
		f.build(x)
	case "password":
		f.parameter(s, x)
	case "image":
		f.image(s, x)
	case "load":
		if v, ok := x.Arg("", 0); ok && v.Literal() != "" {
			f.Runs(s.Part, strings.TrimPrefix(v.Literal(), "./"), "jenkins-load", inventory.High, f.Artifact.PlaceOf(x.Offset))
		}
	}
	return s
}

// inside reads the block of a call and the calls among its arguments.
func (f *file) inside(s *pipeline.Scope, x calls.Statement) {
	if x.Name == "environment" && x.Block {
		return // its variables are read
	}
	if x.Name != "withCredentials" {
		for _, a := range x.Args {
			if !a.Value.String || languages[x.Name] == "" { // the text of a shell is read as that
				f.value(s, a.Value, 0)
			}
		}
	}
	f.statements(s, x.Body)
}

func (f *file) value(s *pipeline.Scope, v calls.Value, depth int) {
	if depth > 100 || !f.Spend() {
		return
	}
	if v.Call != nil {
		f.statements(s, []calls.Statement{*v.Call})
	} else if !v.IsList {
		f.word(s, v)
	}
	for _, e := range v.List {
		f.value(s, e.Value, depth+1)
	}
	for _, r := range v.Rest {
		f.value(s, r, depth+1)
	}
}

// stage adds a stage.
func (f *file) stage(s *pipeline.Scope, x calls.Statement) *pipeline.Scope {
	v, _ := x.Arg("name", 0)
	if v.Text == "" || len(v.Text) > 200 {
		return s
	}
	at := f.Artifact.PlaceOf(x.Offset)
	id := f.Part(s.Part, v.Text, v.Text, "stage", at)
	f.lines(id, x)
	return s.Enter(id, true, pipeline.Level{})
}

// options reads arguments that name a credential, whatever the call: credentialsId, tokenCredentialId.
func (f *file) options(s *pipeline.Scope, x calls.Statement) {
	if isOption(x.Name) && !x.Block {
		if v, ok := x.Arg("", 0); ok {
			f.uses(s, v, "jenkins-credentials-id")
		}
	}
	if x.Name == "withCredentials" || bindings[x.Name] != nil {
		return
	}
	for _, a := range x.Args {
		f.option(s, a, 0)
	}
}

func (f *file) option(s *pipeline.Scope, e calls.Entry, depth int) {
	if isOption(e.Name) {
		f.uses(s, e.Value, "jenkins-credentials-id")
	}
	for _, inner := range e.Value.List {
		if depth < 50 {
			f.option(s, inner, depth+1)
		}
	}
}

func isOption(name string) bool {
	name = strings.ToLower(name)
	return strings.HasSuffix(name, "credentialsid") || strings.HasSuffix(name, "credentialid")
}

var (
	environmentVariable = lazy.New(`\$\{env\.(\w+)\}`)
	otherExpression     = lazy.New(`\$\{[^}]*[^\w}][^}]*\}`)
)

// shellText turns the text of a string into that of its shell, byte for byte: what Groovy fills in becomes shell,
// what it leaves alone loses its escape.
func shellText(v calls.Value) string {
	if v.Raw {
		return v.Text
	}
	text := environmentVariable.ReplaceAllStringFunc(v.Text, func(m string) string {
		return "${" + m[len("${env."):] + "____"
	})
	text = otherExpression.ReplaceAllStringFunc(text, func(m string) string {
		if strings.HasPrefix(m, "${") && strings.ContainsAny(m, ":-#%/?") && !strings.ContainsAny(m, ".( ") {
			return m
		}
		return strings.Repeat("x", len(m))
	})
	return strings.NewReplacer(`\$`, ` $`, `\"`, ` "`, `\n`, " \n").Replace(text)
}

var languages = map[string]string{"sh": "shell", "bat": "shell", "powershell": "powershell", "pwsh": "powershell"}

// shell reads the text of a shell step.
func (f *file) shell(s *pipeline.Scope, x calls.Statement, step string) {
	v, ok := x.Arg("script", 0)
	if !ok || !v.String {
		return
	}
	text := pipeline.NewText(f.Artifact)
	for _, part := range append([]calls.Value{v}, v.Rest...) {
		if part.String {
			text.Add(shellText(part), f.places(part))
		}
	}
	s.Program(languages[step], text, nil)
}

func (f *file) places(v calls.Value) func(int) artifact.Place {
	return func(offset int) artifact.Place {
		return f.Artifact.PlaceOf(min(v.Offset+max(offset, 0), len(f.Artifact.Content)))
	}
}

// cron reads schedules, one for each line. Jenkins runs them in the zone of the controller unless a line TZ= says
// another; H stands for a moment that the job's name decides.
func (f *file) cron(x calls.Statement) {
	v, ok := x.Arg("", 0)
	if !ok || !v.String {
		return
	}
	zone := ""
	for i, line := range strings.Split(strings.ReplaceAll(v.Text, `\n`, "\n"), "\n") {
		line = strings.TrimSpace(line)
		line, _, _ = strings.Cut(line, "%")
		if tz, ok := strings.CutPrefix(line, "TZ="); ok {
			zone = tz
			continue
		}
		if len(strings.Fields(line)) == 5 || strings.HasPrefix(line, "@") {
			at := f.Artifact.PlaceOf(v.Offset)
			if strings.Contains(v.Text, "\n") {
				at.Line += i
			}
			f.Attr(f.ID, inventory.AttrSchedule, strings.TrimSpace(line), zone, at)
		}
	}
}

// trigger reads what starts the pipeline besides schedules.
func (f *file) trigger(x calls.Statement, name string) {
	at := f.Artifact.PlaceOf(x.Offset)
	f.Attr(f.ID, inventory.AttrTrigger, name, "", at)
	v, ok := x.Arg("upstreamProjects", 0)
	if !ok || name != "upstream" {
		return
	}
	for _, job := range strings.Split(v.Literal(), ",") {
		if job = strings.TrimSpace(job); job != "" {
			f.Edge(inventory.TriggeredBy, f.ID, f.job(job, at), "jenkins-upstream", inventory.High, at)
		}
	}
}

// build reads a step that starts another job.
func (f *file) build(x calls.Statement) {
	v, ok := x.Arg("job", 0)
	if !ok || v.Literal() == "" {
		return
	}
	at := f.Artifact.PlaceOf(x.Offset)
	f.Edge(inventory.TriggeredBy, f.job(v.Literal(), at), f.ID, "jenkins-build", inventory.High, at)
}

// job adds a job that is known by its name on the controller only.
func (f *file) job(name string, at artifact.Place) string {
	id := f.Node(inventory.Pattern, "jenkins-job:"+f.scope+"/"+strings.Trim(name, "/"), name, at)
	f.Attr(id, inventory.AttrGlob, name, "jenkins job", at)
	return id
}

// image reads the image that the steps run in.
func (f *file) image(s *pipeline.Scope, x calls.Statement) {
	if v, ok := x.Arg("", 0); ok && v.Literal() != "" {
		container.Image(f.Facts, s.Part, v.Literal(), "jenkins-image", f.Artifact.PlaceOf(v.Offset))
	}
}

// parameter reads a password parameter, which each start may give, with its default.
func (f *file) parameter(s *pipeline.Scope, x calls.Statement) {
	name, ok := x.Arg("name", -1)
	if !ok || name.Literal() == "" {
		return
	}
	at := f.Artifact.PlaceOf(x.Offset)
	b := s.Declare(s.Levels[0], s.Home, name.Literal(), "jenkins-parameter", at)
	if v, ok := x.Arg("defaultValue", -1); ok && v.Literal() != "" {
		f.literal(b, name.Literal(), v, true)
	}
}

// literal binds a name to a string of the file.
func (f *file) literal(binding, name string, v calls.Value, sure bool) {
	at := f.Artifact.PlaceOf(v.Offset)
	slot := f.Inline(strings.TrimLeft(strings.TrimPrefix(binding, f.ID), "#/"), at)
	f.Edge(inventory.BoundFrom, binding, slot, "inline", inventory.Certain, at)
	f.AddLiteral(artifact.Literal{Slot: slot, Name: name, Secret: artifact.Seal(v.Text), Place: at, Sure: sure})
}
