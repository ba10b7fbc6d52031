package azurepipelines

import (
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
	"github.com/rotamap/rotamap/scanner/format/pipeline"
)

// program reads program text of a step. What it sets by log commands is seen by the job's later steps.
func (s *scope) program(job *scope, n *tree.Node, p tree.Path, language, dir string) {
	place := pipeline.PlacesOf(s.Artifact, n, p)
	for _, v := range uses(n.Value) {
		if !v.param && s.Visible(v.name) == "" && !pipeline.Credential(v.name) && !detect.Ephemeral(fold(v.name)) {
			continue
		}
		for _, t := range s.named(v, place(v.offset)) {
			s.Need(inventory.Reads, s.Part, t, "azure-macro", t.Sure, place(v.offset))
		}
	}
	text := pipeline.NewText(s.Artifact)
	body := n.Value
	if language == "shell" {
		body = s.shellText(body)
	} else {
		body = macro.ReplaceAllStringFunc(body, func(m string) string { return strings.Repeat("x", len(m)) })
	}
	text.Add(body, place)
	in := *s.Scope
	in.Dir = folder(dir)
	in.Program(language, text, func(name string, at artifact.Place) string {
		return job.Declare(job.Levels[0], job.Part, name, "azure-set-variable", at)
	})
}

// folder returns a working directory from the root of the source, "" for the root or an unknown one.
func folder(dir string) string {
	dir = strings.TrimPrefix(checkout.ReplaceAllString(dir, ""), "/")
	if dir = path.Clean(dir); dir == "." || strings.Contains(dir, "$") || strings.HasPrefix(dir, "..") {
		return ""
	}
	return dir
}

// connections are inputs of tasks that name a service connection.
var connections = map[string]bool{
	"azuresubscription": true, "connectedservicename": true, "connectedservicenamearm": true, "azureresourcemanagerconnection": true,
	"containerregistry": true, "kubernetesserviceconnection": true, "dockerregistryendpoint": true, "dockerregistryserviceconnection": true,
	"serviceconnection": true, "serviceconnectionname": true, "sshendpoint": true, "npmserviceconnection": true, "customendpoint": true, "publishendpoint": true,
	"nugetserviceconnections": true, "publishfeedcredentials": true, "externalendpoint": true, "externalendpoints": true,
	"githubconnection": true, "gitHubConnection": true, "sonarqube": true, "sonarcloud": true, "awscredentials": true, "backendservicearm": true,
	"environmentservicenameaws": true, "environmentservicenamegcp": true, "environmentservicenameazurerm": true, "serviceendpoint": true,
	"connectedserviceforworkload": true, "kubernetesserviceendpoint": true, "azuresubscriptionendpoint": true, "pythonuploadserviceconnection": true,
	"mavenserviceconnections": true, "artifactoryservice": true, "servername": false, "signingserviceconnection": true, "esrpserviceconnection": true,
}

func isConnection(name string) bool { return connections[strings.ToLower(name)] }

// scripts are inputs of tasks that hold program text.
var scripts = map[string]bool{"script": true, "inlinescript": true, "inline": true}

// task reads a task: its inputs, its text, the entries of a Key Vault that it fetches.
func (s *scope) task(job *scope, n *tree.Node, p tree.Path) {
	name, _, _ := strings.Cut(n.Get("task").Str(), "@")
	inputs, ip := n.Get("inputs"), p.Key("inputs")
	if strings.EqualFold(name, "AzureKeyVault") {
		s.keyVault(job, inputs, ip)
	}
	s.Entries(inputs, ip, func(pair tree.Pair, p tree.Path) {
		key := strings.ToLower(pair.Key)
		switch {
		case key == "secretsfilter" || key == "keyvaultname":
		case isConnection(key):
			s.Items(pair.Value, p, func(n *tree.Node, p tree.Path) { s.connection(n, p) })
		case scripts[key] && pair.Value.Str() != "":
			s.program(job, pair.Value, p, language(name, inputs), input(inputs, "workingDirectory"))
		case key == "filepath" || key == "scriptpath" || key == "script_path":
			s.runsFile(pair.Value, p)
		default:
			s.input(pair, p)
		}
	})
}

// input returns the text of an input by its name in any case.
func input(n *tree.Node, name string) string {
	for _, pair := range n.Entries() {
		if strings.EqualFold(pair.Key, name) {
			return pair.Value.Str()
		}
	}
	return ""
}

// language returns the language of the text in a task.
func language(task string, inputs *tree.Node) string {
	kind := strings.ToLower(input(inputs, "scriptType"))
	switch {
	case strings.HasPrefix(kind, "ps"), strings.Contains(strings.ToLower(task), "powershell"):
		return "powershell"
	case strings.HasPrefix(task, "PythonScript"):
		return "python"
	}
	return "shell"
}

// input reads any other input: what it refers to, or a literal that is named for a credential.
func (s *scope) input(pair tree.Pair, p tree.Path) {
	n := pair.Value
	if n == nil || n.Kind != tree.Scalar || n.Str() == "" {
		return
	}
	found := s.mentioned(n, p)
	at := artifact.AtPair(pair, p)
	if len(found) == 0 {
		if len(uses(n.Value)) == 0 {
			s.Argument(pair.Key, n, p, false)
		}
		return
	}
	b := s.Binding(s.Part, pair.Key, "argument", at)
	s.Edge(inventory.Reads, s.Part, b, "azure-input", inventory.Certain, at)
	s.bind(b, n, p)
}

func (s *scope) runsFile(n *tree.Node, p tree.Path) {
	file := folder(n.Str())
	if file != "" && !strings.Contains(file, "*") {
		s.Runs(s.Part, file, "azure-file", inventory.High, artifact.At(n, p))
	}
}

// keyVault reads AzureKeyVault: each entry becomes a variable of the job; "*" takes in all of them.
func (s *scope) keyVault(job *scope, inputs *tree.Node, p tree.Path) {
	name := strings.ToLower(input(inputs, "keyVaultName"))
	if name == "" || strings.Contains(name, "$") {
		name = "*"
	}
	filter, at := inputs.Get("SecretsFilter"), p.Key("SecretsFilter")
	if filter == nil {
		filter, at = inputs.Get("secretsFilter"), p.Key("secretsFilter")
	}
	place := artifact.At(filter, at)
	if filter.Str() == "" || filter.Str() == "*" {
		if filter == nil {
			place = artifact.At(inputs, p)
		}
		job.vaults = append(job.vaults, vault{name, place})
		all := s.Entry(inventory.SlotRef{Store: "azkv", Scope: name, Name: "*"}, place)
		s.Edge(inventory.Reads, s.Part, all, "azure-key-vault", inventory.Certain, place)
		return
	}
	for _, secret := range strings.Split(filter.Str(), ",") {
		if secret = strings.TrimSpace(secret); secret == "" || strings.Contains(secret, "$") || !s.Spend() {
			continue
		}
		slot := s.Slot(inventory.SlotRef{Store: "azkv", Scope: name, Name: strings.ToLower(secret)}, place)
		s.Edge(inventory.Reads, s.Part, slot, "azure-key-vault", inventory.Certain, place)
		job.Fetched(job.Levels[0], job.Part, secret, slot, "azure-key-vault", place)
	}
}
