package githubactions

import (
	"cmp"
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/provider"
	"github.com/rotamap/rotamap/scanner/code"
)

// known reads a step of an action that the tables know: a checkout, a program text among its inputs, a secret
// store, a token made from another credential, the service that it talks to.
func (st *step) knownAction(name string) {
	if name == "actions/checkout" {
		st.checkout()
	}
	if in, ok := scriptInputs[name]; ok {
		text := st.with[in.input]
		if text.node.Str() != "" {
			st.scriptOn(text.node, text.path, in.language, in.remote)
		}
	}
	st.deploys(name)
	if in, ok := wordInputs[name]; ok {
		if text, words := st.with[in.input], in.words(st); text.node.Str() != "" && words != "" {
			st.script(text.node, text.path, code.WordsOf+words)
		}
	}
	if builders[name] {
		st.builds()
	}
	if namers[name] && st.key != "" {
		st.given[st.key] = st.named("images")
	}
	if read, ok := stores[name]; ok {
		read(st)
	}
	if m, ok := minters[name]; ok {
		st.mint(m)
	}
	if id := actionService(name); id != "" {
		st.Service(st.part, id, "action", inventory.High, st.at)
	}
	for _, in := range st.with {
		st.address(in)
	}
	if minters[name].isLogin() {
		st.registry(name)
	}
}

// registry says which registry a step logs in to: without a host that of Docker.
func (st *step) registry(name string) {
	host, at := "", st.at
	for _, input := range []string{"registry", "login-server", "registry-server"} {
		if in, ok := st.with[input]; ok && host == "" {
			host, at = in.node.Str(), st.place(in)
		}
	}
	host, _, _ = strings.Cut(strings.TrimPrefix(host, "https://"), "/")
	if host == "" && name == "docker/login-action" {
		host = "docker.io"
	}
	if id, ok := provider.ServiceOfHost(host); ok {
		st.Service(st.part, id, inventory.RuleLogin, inventory.High, at)
	}
}

// address reads an input that is the address of a server.
func (st *step) address(in input) {
	for _, scheme := range []string{"https://", "http://"} {
		if rest, ok := strings.CutPrefix(in.node.Str(), scheme); ok {
			host, _, _ := strings.Cut(rest, "/")
			host, _, _ = strings.Cut(host[strings.LastIndexByte(host, '@')+1:], ":")
			if strings.Contains(host, ".") && !strings.ContainsAny(host, "${}* \t\n") {
				st.host(strings.ToLower(host), st.place(in))
			}
			return
		}
	}
}

// wordInputs are the inputs that hold the last words of a command, with the first ones. Sources: the inputs of each action.
var wordInputs = map[string]struct {
	input string
	words func(*step) string
}{
	"cloud-gov/cg-cli-tools":             {"cf_command", cloudFoundryWords},
	"superfly/flyctl-actions":            {"args", flyWords},
	"cloudflare/wrangler-action":         {"command", wranglerWords},
	"18f/cg-deploy-action":               {"cf_command", cloudFoundryWords},
	"cloud-gov/cg-deploy-action":         {"cf_command", cloudFoundryWords},
	"bcgov/action-deployer-openshift":    {"parameters", func(st *step) string { return fileWords("oc process -f ", st.text("file")) }},
	"bcgov-nr/action-deployer-openshift": {"parameters", func(st *step) string { return fileWords("oc process -f ", st.text("file")) }},
	"bcgov/action-builder-ghcr":          {"build_args", packageWords},
	"bcgov-nr/action-builder-ghcr":       {"build_args", packageWords},
}

func flyWords(*step) string { return "fly" }

func wranglerWords(*step) string { return "wrangler" }

func cloudFoundryWords(*step) string { return "cf" }

// fileWords puts a literal path behind a command; "" for one that is computed.
func fileWords(command, file string) string {
	if file == "" || strings.ContainsAny(file, " \t\n$'\"\\;&|<>(){}*?") {
		return ""
	}
	return command + file
}

// packageWords builds the image of a folder that an input names.
func packageWords(st *step) string {
	recipe := cmp.Or(st.text("build_file"), path.Join(st.text("package"), "Dockerfile"))
	build := fileWords("docker build ", cmp.Or(st.text("build_context"), st.text("package")))
	if build == "" {
		return ""
	}
	return fileWords(build+" -f ", recipe)
}

// scriptInput is an input that holds program text, run here or on another machine.
type scriptInput struct {
	input, language string
	remote          bool
}

// scriptInputs are the inputs that hold program text which runs with the step's variables.
var scriptInputs = map[string]scriptInput{
	"actions/github-script":                  {"script", "javascript", false},
	"azure/cli":                              {"inlinescript", "shell", false},
	"azure/powershell":                       {"inlinescript", "powershell", false},
	"nick-fields/retry":                      {"command", "shell", false},
	"nick-invision/retry":                    {"command", "shell", false},
	"wandalen/wretry.action":                 {"command", "shell", false},
	"reactivecircus/android-emulator-runner": {"script", "shell", false},
	"jannekem/run-python-script-action":      {"script", "python", false},
	"cloud-gov/cg-cli-tools":                 {"command", "shell", false},
	"18f/cg-deploy-action":                   {"full_command", "shell", false},
	"cloud-gov/cg-deploy-action":             {"full_command", "shell", false},
	"addnab/docker-run-action":               {"run", "shell", false},
	"uraimo/run-on-arch-action":              {"run", "shell", false},
	"devcontainers/ci":                       {"runcmd", "shell", false},
	"appleboy/ssh-action":                    {"script", "shell", true},
	"cross-the-world/ssh-pipeline":           {"script", "shell", true},
	"cross-the-world/ssh-scp-ssh-pipelines":  {"last_ssh", "shell", true},
	"fifsky/ssh-action":                      {"command", "shell", true},
	"garygrossgarten/github-action-ssh":      {"command", "shell", true},
	"easingthemes/ssh-deploy":                {"script_after", "shell", true},
	"d3rhase/ssh-command-action":             {"command", "shell", true},
	"likesense/ssh-action":                   {"command", "shell", true},
}

// services are the services behind actions whose owner does not name them. The ids are those of rules/provider.
var services = map[string]string{
	"8398a7/action-slack": "slack", "rtcamp/action-slack-notify": "slack", "ravsamhq/notify-slack-action": "slack",
	"voxmedia/github-action-slack-notify-build": "slack", "act10ns/slack": "slack", "archive/github-actions-slack": "slack",
	"sarisia/actions-status-discord": "discord", "appleboy/discord-action": "discord", "ilshidur/action-discord": "discord",
	"appleboy/telegram-action": "telegram", "dawidd6/action-send-mail": "smtp", "appleboy/ssh-action": "ssh",
	"appleboy/scp-action": "ssh", "webfactory/ssh-agent": "ssh", "shimataro/ssh-key-action": "ssh",
	"crazy-max/ghaction-import-gpg": "gpg", "pypa/gh-action-pypi-publish": "pypi", "js-devtools/npm-publish": "npm",
	"w9jds/firebase-action": "firebase", "firebaseextended/action-hosting-deploy": "firebase",
	"peter-evans/dockerhub-description": "docker-hub", "jakejarvis/s3-sync-action": "aws",
	"akhileshns/heroku-deploy": "heroku", "amondnet/vercel-action": "vercel", "nwtgck/actions-netlify": "netlify",
	"hashicorp/vault-action": "vault",
}

// serviceOwners are the services of the owners of actions.
var serviceOwners = map[string]string{
	"aws-actions": "aws", "google-github-actions": "google-cloud", "azure": "azure", "cloudflare": "cloudflare",
	"snyk": "snyk", "codecov": "codecov", "getsentry": "sentry", "netlify": "netlify", "slackapi": "slack",
	"sonarsource": "sonar", "datadog": "datadog", "launchdarkly": "launchdarkly", "planetscale": "planetscale",
	"grafana": "grafana", "supabase": "supabase", "digitalocean": "digitalocean", "superfly": "fly",
	"newrelic": "new-relic", "pagerduty": "pagerduty",
}

// actionService returns the service that an action talks to, "" unknown.
func actionService(name string) string {
	owner, _, _ := strings.Cut(name, "/")
	return cmp.Or(services[name], serviceOwners[owner])
}
