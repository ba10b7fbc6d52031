package code

import (
	"net/url"
	"path"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/lazy"
)

// shellEffects are the commands that hand values on, or talk to a host.
var shellEffects = map[string]func(*script, *invocation){
	"gh": (*script).github, "glab": (*script).gitlab,
	"curl": (*script).urls, "wget": (*script).urls, "http": (*script).urls, "https": (*script).urls, "xh": (*script).urls, "httpie": (*script).urls,
	"git": (*script).urls, "invoke-restmethod": (*script).urls, "invoke-webrequest": (*script).urls, "irm": (*script).urls, "iwr": (*script).urls,
	"envsubst": (*script).envsubst, "circleci": (*script).circleci, "cf": (*script).cloudFoundry, "cf7": (*script).cloudFoundry, "cf8": (*script).cloudFoundry,
	"gomplate": (*script).templater, "j2": (*script).templater, "jinja2": (*script).templater, "esh": (*script).templater, "mo": (*script).templater,
	"envtpl": (*script).templater, "consul-template": (*script).templater, "dockerize": (*script).templater, "tpl": (*script).templater,
	"mv": (*script).renamed, "cp": (*script).renamed,
	"helm": (*script).helm, "oc": (*script).openshift, "buildkite-agent": (*script).buildkite, "setx": (*script).setx,
}

// outputTargets are the files that hand variables to later steps.
var outputTargets = map[string]string{
	"$GITHUB_ENV": "github-env", "$GITHUB_OUTPUT": "github-output", "$GITHUB_STATE": "github-state", "$BASH_ENV": "bash-env",
	"$HARNESS_OUTPUT": "harness-output", "$DRONE_OUTPUT": "drone-output",
}

var (
	outputLine  = lazy.New(`(?m)^\s*(?:export\s+)?([A-Za-z_][\w-]*)(?:=|<<)`)
	azureSet    = lazy.New(`##vso\[task\.setvariable variable=([\w.-]+)`)
	githubSet   = lazy.New(`::set-(output|env) name=([\w-]+)::`)
	teamcitySet = lazy.New(`##teamcity\[setParameter name='(?:env\.)?([\w.-]+)'`)
)

// outputs reads NAME=value written to a file of the platform or to a dotenv file, and the log commands that set
// variables.
func (s *script) outputs(inv *invocation) {
	switch inv.name() {
	case "echo", "printf", "cat", "jq", "Write-Output", "Write-Host", "tee":
	default:
		return
	}
	outputs := inv.outputs
	if inv.name() == "tee" {
		for _, w := range inv.operands(1, "") {
			outputs = append(outputs, w.text)
		}
	}
	for _, to := range outputs {
		if target, known := outputTargets[to]; known {
			s.outputWords(inv, target)
			continue
		}
		if dir, file := s.envTarget(to); file != "" {
			from := len(s.out.Writes)
			s.outputWords(inv, "dotenv:"+file)
			for i := range s.out.Writes[from:] {
				s.out.Writes[from+i].Dir = dir
			}
		}
	}
	for _, w := range inv.words[1:] {
		for _, m := range azureSet.FindAllStringSubmatch(w.text, 10) {
			s.write(m[1], w.vars, "azure-variable", w.offset)
		}
		for _, m := range githubSet.FindAllStringSubmatch(w.text, 10) {
			s.write(m[2], w.vars, "github-"+m[1], w.offset)
		}
		for _, m := range teamcitySet.FindAllStringSubmatch(w.text, 10) {
			s.write(m[1], w.vars, "teamcity-parameter", w.offset)
		}
	}
}

// envTarget returns the folder and name of a file of variables that is written; no name for any other file. Of a
// folder that is computed, or outside of the source, only the name is known.
func (s *script) envTarget(to string) (dir, file string) {
	base := path.Base(to)
	if !isEnvFile(to) || strings.ContainsAny(base, "$* \n") {
		return "", ""
	}
	if isComputed(to) || strings.ContainsAny(to, "$*") || to[0] == '/' || to[0] == '~' {
		return "*", base
	}
	return s.dir, path.Clean(to)
}

// outputWords reads the assignments among the words, and in a here-document.
func (s *script) outputWords(inv *invocation, to string) {
	found := false
	for _, w := range inv.words[1:] {
		for _, m := range outputLine.FindAllStringSubmatch(w.text, 50) {
			found = true
			s.write(m[1], append(append([]string{}, w.vars...), s.restVars(inv, w)...), to, w.offset)
		}
	}
	if !found && (inv.name() == "cat" || inv.name() == "tee") {
		for _, m := range outputLine.FindAllSubmatchIndex(s.here(inv.at), 100) {
			s.write(string(s.src[inv.at+m[2]:inv.at+m[3]]), inv.stdin, to, inv.at+m[2])
		}
	}
}

// restVars returns the variables of the other words: printf 'X=%s' "$Y".
func (s *script) restVars(inv *invocation, w word) []string {
	if inv.name() != "printf" || strings.Contains(w.text, "*") {
		return nil
	}
	return inv.vars()
}

// here returns the text from a command to the end of its here-document, roughly: to the next blank line.
func (s *script) here(at int) []byte {
	text := s.src[min(at, len(s.src)):]
	text = text[:min(len(text), 4000)]
	first := string(text[:min(len(text), 200)])
	for i := range first {
		if first[i] == '\n' && (i == 0 || first[i-1] != '\\') {
			first = first[:i]
			break
		}
	}
	_, mark, ok := strings.Cut(first, "<<")
	if !ok {
		return nil
	}
	mark = strings.Trim(strings.Fields(strings.TrimLeft(mark, "-") + " x")[0], `'"\`)
	if end := strings.Index(string(text), "\n"+mark); end > 0 {
		return text[:end]
	}
	return text
}

// github reads gh secret set NAME and gh variable set NAME.
func (s *script) github(inv *invocation) {
	kind := inv.arg(1)
	if kind != "secret" && kind != "variable" || inv.arg(2) != "set" {
		return
	}
	to := "gh-" + kind + ":"
	where := ""
	for _, f := range []struct{ short, long, mark string }{{"-e", "--env", "@env:"}, {"-o", "--org", "@org:"}, {"-R", "--repo", "@repo:"}} {
		if v := inv.option(f.long, f.short); v != "" {
			where += f.mark + v
		}
	}
	if w, ok := inv.flag("-f", "--env-file"); ok {
		s.envFile(w, "sh-gh-secret-set")
		s.write("*", nil, to+"*"+where, w.offset)
		return
	}
	list := inv.operands(3, "-b --body -e --env -o --org -r --repos -R --repo -v --visibility -a --app -u --user")
	if len(list) > 0 && validName(list[0].text) {
		s.write(list[0].text, s.flagVars(inv, "-b", "--body"), to+list[0].text+where, list[0].offset)
	}
}

func (s *script) gitlab(inv *invocation) {
	if inv.arg(1) != "variable" || inv.arg(2) != "set" && inv.arg(2) != "update" {
		return
	}
	list := inv.operands(3, "-R --repo -g --group -s --scope -t --type -v --value")
	if len(list) > 0 {
		s.write(list[0].text, inv.vars(), "gitlab-variable:"+list[0].text, list[0].offset)
	}
}

// assigned reads NAME=value words that go to a platform.
func (s *script) assigned(inv *invocation, list []word, to string) {
	for _, w := range list {
		if name, _, ok := w.split(); ok {
			s.write(name, w.vars, to, w.offset)
		}
	}
}

func (s *script) buildkite(inv *invocation) {
	if inv.arg(1) == "env" && inv.arg(2) == "set" {
		s.assigned(inv, inv.words[3:], "buildkite-env")
	}
}

func (s *script) setx(inv *invocation) {
	if len(inv.words) > 2 {
		s.write(inv.arg(1), inv.words[2].vars, "setx", inv.words[1].offset)
	}
}

// envsubst reads the template that it fills, and the names of its format argument: envsubst '$A $B'. Without one it reads
// everything.
func (s *script) envsubst(inv *invocation) {
	s.fill(inv, inv.option("-i", "--input"))
	for _, w := range inv.words[1:] {
		names := plainVariables(w.text)
		for _, name := range names {
			s.variable(name, "sh-envsubst", w.offset, certain)
		}
		if len(names) > 0 {
			return
		}
	}
	s.out.Reads = append(s.out.Reads, Read{Name: "*", Via: "sh-envsubst", Offset: inv.at, Sure: low})
}

var plainVariable = lazy.New(`\$\{?([A-Za-z_]\w*)`)

// plainVariables lists the variables that a text names with a dollar.
func plainVariables(text string) []string {
	var out []string
	for _, m := range plainVariable.FindAllStringSubmatch(text, 200) {
		out = appendOnce(out, m[1])
	}
	return out
}

// urls reads the hosts that a command talks to.
func (s *script) urls(inv *invocation) {
	for _, w := range inv.words[1:] {
		if host := hostOf(w.text); host != "" {
			s.out.Hosts = append(s.out.Hosts, Host{Name: host, Offset: w.offset})
		}
	}
}

// hostOf returns the host of an http address, "" when it is computed or no host of the world.
func hostOf(text string) string {
	if !strings.HasPrefix(text, "http://") && !strings.HasPrefix(text, "https://") {
		return ""
	}
	authority, _, _ := strings.Cut(text[strings.Index(text, "://")+3:], "/")
	authority, _, _ = strings.Cut(authority, "?")
	authority = authority[strings.LastIndexByte(authority, '@')+1:]
	u, err := url.Parse("https://" + authority)
	if err != nil {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	if !strings.Contains(host, ".") || strings.ContainsAny(host, "*$%{}<> ") || len(host) > 253 {
		return ""
	}
	return host
}

// mintCommands are the commands that make a short-lived credential from another.
var mintCommands = []struct {
	what  string
	words []string
}{
	{"aws-sts-assume-role", []string{"aws", "sts", "assume-role"}},
	{"aws-sts-assume-role", []string{"aws", "sts", "assume-role-with-web-identity"}},
	{"aws-sts-session-token", []string{"aws", "sts", "get-session-token"}},
	{"aws-ecr-password", []string{"aws", "ecr", "get-login-password"}},
	{"aws-ecr-password", []string{"aws", "ecr", "get-login"}},
	{"aws-codeartifact-token", []string{"aws", "codeartifact", "get-authorization-token"}},
	{"aws-codeartifact-token", []string{"aws", "codeartifact", "login"}},
	{"aws-eks-kubeconfig", []string{"aws", "eks", "update-kubeconfig"}},
	{"aws-rds-token", []string{"aws", "rds", "generate-db-auth-token"}},
	{"gcloud-access-token", []string{"gcloud", "auth", "print-access-token"}},
	{"gcloud-identity-token", []string{"gcloud", "auth", "print-identity-token"}},
	{"gcloud-service-account", []string{"gcloud", "auth", "activate-service-account"}},
	{"gcloud-kubeconfig", []string{"gcloud", "container", "clusters", "get-credentials"}},
	{"azure-access-token", []string{"az", "account", "get-access-token"}},
	{"azure-login", []string{"az", "login"}},
	{"azure-acr-login", []string{"az", "acr", "login"}},
	{"github-token", []string{"gh", "auth", "token"}},
	{"github-login", []string{"gh", "auth", "login"}},
	{"vault-login", []string{"vault", "login"}},
	{"kubernetes-token", []string{"kubectl", "create", "token"}},
	{"docker-login", []string{"docker", "login"}},
	{"docker-login", []string{"podman", "login"}},
	{"helm-registry-login", []string{"helm", "registry", "login"}},
	{"op-signin", []string{"op", "signin"}},
}

// mints reads the commands that make credentials.
func (s *script) mints(inv *invocation) {
	for _, m := range mintCommands {
		if inv.is(m.words[0]) && inv.beginsWith(m.words) {
			s.out.Mints = append(s.out.Mints, Mint{What: m.what, From: inv.vars(), Offset: inv.at})
			return
		}
	}
	if inv.is("vault", "write") && !strings.HasPrefix(inv.arg(2), "-") && strings.HasPrefix(lastAuth(inv), "auth/") {
		s.out.Mints = append(s.out.Mints, Mint{What: "vault-login", From: inv.vars(), Offset: inv.at})
	}
}

func lastAuth(inv *invocation) string {
	for _, w := range inv.operands(2, "-field -format") {
		if strings.HasPrefix(w.text, "auth/") && strings.Contains(w.text, "/login") {
			return w.text
		}
	}
	return ""
}

// beginsWith reports whether the words stand in this order at the beginning, flags between them left out.
func (inv *invocation) beginsWith(words []string) bool {
	list := inv.operands(1, "--profile --region --output --project -n --namespace --context")
	for i, w := range words[1:] {
		if i >= len(list) || list[i].text != w {
			return false
		}
	}
	return true
}

var jsonpathKey = lazy.New(`\.data\.(?:([\w-]+(?:\\\.[\w-]+)*)|\["([^"]+)"\])|\.data\['([^']+)'\]|index \.data "([^"]+)"`)

// kubectl reads kubectl get secret and kubectl create secret.
func (s *script) kubectl(inv *invocation) {
	namespace := star(inv.option("-n", "--namespace"))
	list := inv.operands(1, "-n --namespace -o --output --context --kubeconfig --from-literal --from-file --from-env-file --docker-server --docker-username --docker-password --docker-email --cert --key --type --dry-run --template -l")
	if len(list) < 2 {
		return
	}
	verb, kind := list[0].text, list[1].text
	kind, name, joined := strings.Cut(kind, "/")
	if kind != "secret" && kind != "secrets" {
		return
	}
	switch {
	case verb == "get":
		if !joined && len(list) > 2 {
			name = list[2].text
		}
		s.kubernetesSecret(inv, namespace, name)
	case verb == "create" && len(list) > 3:
		s.createSecret(inv, list[2].text, inventory.SlotRef{Store: "k8s", Scope: "*/" + namespace, Name: list[3].text})
	}
}

// kubernetesSecret reads kubectl get secret N -o jsonpath='{.data.k}'.
func (s *script) kubernetesSecret(inv *invocation, namespace, name string) {
	if name == "" {
		return
	}
	key := "*"
	for _, w := range inv.words {
		if m := jsonpathKey.FindStringSubmatch(w.text); m != nil {
			key = strings.ReplaceAll(m[1]+m[2]+m[3]+m[4], `\`, "")
		}
	}
	s.fetched(inv, inventory.SlotRef{Store: "k8s", Scope: "*/" + namespace, Name: name, Key: key}, "sh-kubectl-get", inv.at)
}

// createSecret reads --from-literal=k=$V, --from-file=k=f, --from-env-file=f and --docker-password.
func (s *script) createSecret(inv *invocation, kind string, secret inventory.SlotRef) {
	to := func(key string, from []string, at int) {
		secret.Key = key
		s.stored(key, from, secret, at)
	}
	if kind == "docker-registry" {
		to(".dockerconfigjson", s.flagVars(inv, "--docker-password"), inv.at)
		return
	}
	for i, w := range inv.words {
		flag, value, joined := strings.Cut(w.text, "=")
		if !joined && i+1 < len(inv.words) {
			w = inv.words[i+1]
			value = w.text
		}
		switch flag {
		case "--from-literal", "--from-file":
			key, _, _ := strings.Cut(value, "=")
			to(key, w.vars, w.offset)
		case "--from-env-file":
			s.envFile(word{text: value, offset: w.offset}, "sh-kubectl-env-file")
			to("*", nil, w.offset)
		case "--cert", "--key":
			to("tls."+map[string]string{"--cert": "crt", "--key": "key"}[flag], w.vars, w.offset)
		}
	}
}
