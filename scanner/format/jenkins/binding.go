package jenkins

import (
	"fmt"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/format/calls"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// bindings are the kinds of withCredentials with the arguments that name their variables, and the names that hold
// when an argument is missing. Source: the Credentials Binding plugin and those that extend it.
var bindings = map[string][][2]string{
	"string":                              {{"variable", ""}},
	"usernamePassword":                    {{"usernameVariable", ""}, {"passwordVariable", ""}},
	"usernameColonPassword":               {{"variable", ""}},
	"file":                                {{"variable", ""}},
	"zip":                                 {{"variable", ""}},
	"sshUserPrivateKey":                   {{"keyFileVariable", ""}, {"passphraseVariable", ""}, {"usernameVariable", ""}},
	"certificate":                         {{"keystoreVariable", ""}, {"passwordVariable", ""}, {"aliasVariable", ""}},
	"dockerCert":                          {{"variable", "DOCKER_CERT_PATH"}},
	"azureServicePrincipal":               {{"subscriptionIdVariable", "AZURE_SUBSCRIPTION_ID"}, {"clientIdVariable", "AZURE_CLIENT_ID"}, {"clientSecretVariable", "AZURE_CLIENT_SECRET"}, {"tenantIdVariable", "AZURE_TENANT_ID"}},
	"aws":                                 {{"accessKeyVariable", "AWS_ACCESS_KEY_ID"}, {"secretKeyVariable", "AWS_SECRET_ACCESS_KEY"}},
	"AmazonWebServicesCredentialsBinding": {{"accessKeyVariable", "AWS_ACCESS_KEY_ID"}, {"secretKeyVariable", "AWS_SECRET_ACCESS_KEY"}},
	"vaultString":                         {{"variable", ""}},
	"vaultFile":                           {{"variable", ""}},
	"vaultUsernamePassword":               {{"usernameVariable", ""}, {"passwordVariable", ""}},
	"gitUsernamePassword":                 {},
	"kubeconfigContent":                   {{"variable", ""}},
	"kubeconfigFile":                      {{"variable", "KUBECONFIG"}},
	"conjurSecretCredential":              {{"variable", ""}},
	"StringBinding":                       {{"variable", ""}},
	"FileBinding":                         {{"variable", ""}},
	"UsernamePasswordMultiBinding":        {{"usernameVariable", ""}, {"passwordVariable", ""}},
	"UsernamePasswordBinding":             {{"variable", ""}},
	"ZipFileBinding":                      {{"variable", ""}},
}

var fileBindings = map[string]bool{"file": true, "zip": true, "dockerCert": true, "vaultFile": true, "kubeconfigFile": true, "FileBinding": true, "ZipFileBinding": true}

// block enters a block that binds variables. Its own part keeps them apart when the stage has them from elsewhere.
func (f *file) block(s *pipeline.Scope, x calls.Statement) *pipeline.Scope {
	f.blocks++
	id := f.Part(s.Part, fmt.Sprintf("%s%d", x.Name, f.blocks), x.Name, "step", f.Artifact.PlaceOf(x.Offset))
	f.lines(id, x)
	return s.Enter(id, true, pipeline.Level{})
}

// withCredentials reads withCredentials([string(credentialsId: 'x', variable: 'Y'), ...]) { ... }.
func (f *file) withCredentials(s *pipeline.Scope, x calls.Statement) *pipeline.Scope {
	in := f.block(s, x)
	for _, a := range x.Args {
		f.bindings(in, a.Value, 0)
	}
	return in
}

func (f *file) bindings(s *pipeline.Scope, v calls.Value, depth int) {
	if v.Call != nil {
		f.bind(s, v.Call.Name, v.Call.Args)
		return
	}
	for _, e := range v.List {
		if e.Name == "$class" {
			f.bind(s, e.Value.Text, v.List)
			return
		}
		if depth < 10 {
			f.bindings(s, e.Value, depth+1)
		}
	}
}

// bind reads one binding.
func (f *file) bind(s *pipeline.Scope, kind string, args []calls.Entry) {
	kind = strings.TrimPrefix(kind, "org.jenkinsci.plugins.credentialsbinding.impl.")
	call := calls.Statement{Args: args}
	id, ok := call.Arg("credentialsId", 0)
	if !ok {
		return
	}
	at := f.Artifact.PlaceOf(id.Offset)
	for _, c := range f.either[id.Text] {
		f.constants[id.Text] = c
		f.bindOne(s, kind, call, id, at)
		delete(f.constants, id.Text)
	}
	f.bindOne(s, kind, call, id, at)
}

// bindOne reads one binding of one credential.
func (f *file) bindOne(s *pipeline.Scope, kind string, call calls.Statement, id calls.Value, at artifact.Place) {
	slot := f.credential(id)
	if slot == "" {
		return
	}
	variables, known := bindings[kind]
	if !known {
		variables = [][2]string{{"variable", ""}, {"usernameVariable", ""}, {"passwordVariable", ""}}
	}
	f.along(id, func() { f.bindAll(s, kind, call, variables, slot, at) })
}

// bindAll declares the variables of one binding.
func (f *file) bindAll(s *pipeline.Scope, kind string, call calls.Statement, variables [][2]string, slot string, at artifact.Place) {
	id, _ := call.Arg("credentialsId", 0)
	bound, sure := false, f.sure(id)
	for _, arg := range variables {
		v, _ := call.Arg(arg[0], -1)
		name := v.Literal()
		if name == "" {
			name = arg[1]
		}
		if name == "" {
			continue
		}
		bound = true
		b := s.Declare(s.Levels[0], s.Part, name, "jenkins-credentials", at)
		f.Edge(inventory.BoundFrom, b, slot, "jenkins-credentials", sure, at)
		if fileBindings[kind] || arg[0] == "keyFileVariable" {
			f.Attr(b, inventory.AttrAs, "file", "the variable holds the path", at)
		}
	}
	if !bound {
		f.Edge(inventory.Reads, s.Part, slot, "jenkins-credentials", sure, at)
	}
}

// environment reads environment { NAME = credentials('id'); OTHER = "text" }.
func (f *file) environment(s *pipeline.Scope, x calls.Statement) *pipeline.Scope {
	for _, e := range x.Body {
		if e.Assign && f.Spend() {
			f.variable(s, e.Name, e)
		}
	}
	return s
}

// assignment reads NAME = value outside of environment blocks: env.NAME = "text", and the maps of entries that
// helpers of shared libraries take.
func (f *file) assignment(s *pipeline.Scope, x calls.Statement) {
	v := x.Args[0].Value
	if name, ok := strings.CutPrefix(x.Name, "env."); ok {
		f.variable(s, name, x)
		return
	}
	f.helpers(s, x.Name, v)
	if v.String && detect.ClassifyName(x.Name).Score > 1 && v.Literal() != "" {
		b := f.Binding(s.Part, x.Name, "argument", f.Artifact.PlaceOf(x.Offset))
		f.Edge(inventory.Reads, s.Part, b, "jenkins-variable", inventory.Certain, f.Artifact.PlaceOf(x.Offset))
		f.literal(b, x.Name, v, false)
	}
	f.value(s, v, 0)
}

// variable declares an environment variable for the part and all inside it.
func (f *file) variable(s *pipeline.Scope, name string, x calls.Statement) {
	v, at := x.Args[0].Value, f.Artifact.PlaceOf(x.Offset)
	if v.Call != nil && v.Call.Name == "credentials" {
		id, _ := v.Call.Arg("", 0)
		if slot := f.credential(id); slot != "" {
			f.declared(s, name, slot, x)
		}
		return
	}
	if !v.String {
		f.value(s, v, 0)
		return
	}
	own := pipeline.Level{} // the value sees the name from outside
	b := s.Declare(own, s.Part, name, "jenkins-env", at)
	defer func() { s.Levels[0][name] = b }()
	switch {
	case s.Bind(b, shellText(v), f.places(v)):
	case v.Literal() != "" && !detect.Ignored(name) && (detect.ClassifyName(name).Score > 0 || len(v.Text) >= 12):
		f.literal(b, name, v, false)
	}
}

// declared adds the variables that credentials('id') gives: the name, and NAME_USR and NAME_PSW where the file uses
// them, which it does only when the credential is a user with a password.
func (f *file) declared(s *pipeline.Scope, name, slot string, x calls.Statement) {
	at := f.Artifact.PlaceOf(x.Offset)
	for _, suffix := range []string{"", "_USR", "_PSW"} {
		if suffix != "" && !lazy.Contains(f.Artifact.Content, name+suffix) {
			continue
		}
		b := s.Declare(s.Levels[0], s.Part, name+suffix, "jenkins-credentials", at)
		id, _ := x.Args[0].Value.Call.Arg("", 0)
		f.along(id, func() { f.Edge(inventory.BoundFrom, b, slot, "jenkins-credentials", f.sure(id), at) })
	}
}

// withEnv reads withEnv(["NAME=text"]) { ... }.
func (f *file) withEnv(s *pipeline.Scope, x calls.Statement) *pipeline.Scope {
	in := f.block(s, x)
	for _, a := range x.Args {
		for _, e := range append(a.Value.List, calls.Entry{Value: a.Value}) {
			name, value, ok := strings.Cut(e.Value.Text, "=")
			if !e.Value.String || !ok || !f.Spend() {
				continue
			}
			v := e.Value
			v.Text, v.Offset = value, v.Offset+len(name)+1
			b := in.Declare(in.Levels[0], in.Part, strings.TrimSuffix(name, "+"), "jenkins-env", f.Artifact.PlaceOf(e.Value.Offset))
			if !s.Bind(b, shellText(v), f.places(v)) && v.Literal() != "" && detect.ClassifyName(name).Score > 0 {
				f.literal(b, name, v, false)
			}
		}
	}
	return in
}

// session reads steps that log in for the length of their block.
func (f *file) session(s *pipeline.Scope, x calls.Statement, name string) *pipeline.Scope {
	in := f.block(s, x)
	at := f.Artifact.PlaceOf(x.Offset)
	list := []calls.Value{}
	switch name {
	case "withRegistry":
		if v, ok := x.Arg("credentialsId", 1); ok {
			list = append(list, v)
		}
		if v, ok := x.Arg("url", 0); ok {
			_, host, _ := strings.Cut(v.Literal(), "://")
			if host, _, _ = strings.Cut(host, "/"); host != "" {
				in.Host(strings.ToLower(host), at)
			}
		}
	default:
		for _, arg := range []string{"credentials", "credentialsId"} {
			if v, ok := x.Arg(arg, 0); ok {
				list = append(list, v)
				break
			}
		}
	}
	for _, v := range list {
		for _, e := range append(v.List, calls.Entry{Value: v}) {
			if slot := f.uses(in, e.Value, "jenkins-session"); slot != "" {
				f.loggedIn(in, name, slot, e.Value)
			}
		}
	}
	if role, ok := x.Arg("role", -1); ok && role.Literal() != "" {
		in.Identity("aws", role.Literal(), at)
	}
	return in
}

// loggedIn adds the variables under which tools find a session.
func (f *file) loggedIn(s *pipeline.Scope, step, slot string, v calls.Value) {
	names := map[string][]string{"withAWS": {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}, "sshagent": {"SSH_AUTH_SOCK"}, "sshAgent": {"SSH_AUTH_SOCK"}}
	at := f.Artifact.PlaceOf(v.Offset)
	for _, name := range names[step] {
		b := s.Declare(s.Levels[0], s.Part, name, "jenkins-session", at)
		f.along(v, func() { f.Edge(inventory.BoundFrom, b, slot, "jenkins-session", f.sure(v), at) })
	}
}
