package code

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// shellUses are the commands that say what they do at a system.
var shellUses = map[string]func(*script, *invocation){
	"curl": (*script).useHTTP, "wget": (*script).useHTTP, "http": (*script).useHTTP, "https": (*script).useHTTP, "xh": (*script).useHTTP,
	"gh": (*script).useGitHub, "git": (*script).useGit, "aws": (*script).useAWS,
	"gcloud": (*script).useCloud, "gsutil": (*script).useCloud, "bq": (*script).useCloud, "az": (*script).useCloud,
	"heroku": (*script).useCloud, "flyctl": (*script).useCloud, "fly": (*script).useCloud, "wrangler": (*script).useCloud, "vercel": (*script).useCloud,
	"netlify": (*script).useCloud, "firebase": (*script).useCloud, "doctl": (*script).useCloud, "sentry-cli": (*script).useCloud,
	"npm": (*script).usePublish, "yarn": (*script).usePublish, "pnpm": (*script).usePublish, "twine": (*script).usePublish,
	"docker": (*script).usePublish, "podman": (*script).usePublish, "helm": (*script).usePublish, "cargo": (*script).usePublish, "gem": (*script).usePublish,
	"psql": (*script).useSQL, "mysql": (*script).useSQL, "snowsql": (*script).useSQL, "sqlcmd": (*script).useSQL, "clickhouse-client": (*script).useSQL,
	"pg_dump": (*script).useDump, "pg_dumpall": (*script).useDump, "mysqldump": (*script).useDump,
}

// uses notes what a command does at a system.
func (s *script) uses(inv *invocation) {
	if f := shellUses[inv.name()]; f != nil {
		f(s, inv)
	}
}

func (s *script) use(kind, what string, at int) { s.out.Uses = appendUse(s.out.Uses, kind, what, at) }

// useHTTP reads the method and the address of a call. A body without a method is a POST.
func (s *script) useHTTP(inv *invocation) {
	method := inv.option("-X", "--request", "--method")
	for _, w := range inv.words[1:] {
		if m := strings.ToUpper(w.text); method == "" && (m == "GET" || m == "POST" || m == "PUT" || m == "PATCH" || m == "DELETE") {
			method = m // httpie: http POST url
		}
	}
	if method == "" {
		method = "GET"
		if _, ok := inv.flag("-d", "--data", "--data-raw", "--data-binary", "--data-urlencode", "--json", "-F", "--form", "--post-data", "--post-file"); ok {
			method = "POST"
		}
		if _, ok := inv.flag("-T", "--upload-file"); ok {
			method = "PUT"
		}
	}
	if !isMethod(method) {
		method = "*"
	}
	for _, w := range inv.words[1:] {
		s.use(inventory.PermitAPI, Endpoint(method, w.text), w.offset)
	}
}

func isMethod(text string) bool {
	for _, m := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"} {
		if strings.EqualFold(text, m) {
			return true
		}
	}
	return false
}

// githubCommands are the commands of gh with the permission that they need, the longer ones first where one begins
// with another. Source: docs.github.com, "Permissions required for fine-grained personal access tokens".
var githubCommands = []struct{ command, permission string }{
	{"pr create", "pull-requests: write"}, {"pr merge", "contents: write"}, {"pr comment", "pull-requests: write"},
	{"pr edit", "pull-requests: write"}, {"pr close", "pull-requests: write"}, {"pr review", "pull-requests: write"}, {"pr ready", "pull-requests: write"},
	{"pr list", "pull-requests: read"}, {"pr view", "pull-requests: read"}, {"pr checkout", "contents: read"}, {"pr diff", "pull-requests: read"},
	{"pr checks", "checks: read"}, {"issue list", "issues: read"}, {"issue view", "issues: read"}, {"issue ", "issues: write"},
	{"release view", "contents: read"}, {"release list", "contents: read"}, {"release download", "contents: read"}, {"release ", "contents: write"},
	{"workflow run", "actions: write"}, {"workflow ", "actions: read"}, {"run rerun", "actions: write"}, {"run cancel", "actions: write"}, {"run ", "actions: read"},
	{"secret set", "secrets: write"}, {"secret ", "secrets: read"}, {"variable set", "variables: write"}, {"variable ", "variables: read"},
	{"label list", "issues: read"}, {"label ", "issues: write"}, {"repo clone", "contents: read"}, {"repo sync", "contents: write"},
	{"cache delete", "actions: write"}, {"attestation ", "attestations: read"},
}

// apiPermissions are the permissions behind the paths of GitHub's API: the first word that a path holds decides.
var apiPermissions = []struct{ path, name string }{
	{"/actions/secrets", "secrets"}, {"/actions/variables", "variables"}, {"/actions/", "actions"}, {"/dispatches", "contents"}, {"/pulls", "pull-requests"},
	{"/issues", "issues"}, {"/labels", "issues"}, {"/check-runs", "checks"}, {"/check-suites", "checks"}, {"/statuses", "statuses"},
	{"/deployments", "deployments"}, {"/releases", "contents"}, {"/contents", "contents"}, {"/git/", "contents"}, {"/commits", "contents"},
	{"/branches", "contents"}, {"/tags", "contents"}, {"/merges", "contents"}, {"/pages", "pages"}, {"/packages", "packages"},
	{"/code-scanning", "security-events"}, {"/members", "members"}, {"/teams", "members"}, {"/hooks", "repository-hooks"},
}

// useGitHub reads what a command of gh needs.
func (s *script) useGitHub(inv *invocation) {
	if inv.arg(1) == "api" {
		s.useGitHubAPI(inv)
		return
	}
	line := inv.arg(1) + " " + inv.arg(2)
	for _, c := range githubCommands {
		if strings.HasPrefix(line+" ", c.command) {
			s.use(inventory.PermitGitHub, c.permission, inv.at)
			return
		}
	}
	if inv.arg(1) != "auth" && inv.arg(1) != "config" && inv.arg(1) != "extension" && inv.arg(1) != "version" && inv.arg(1) != "alias" {
		s.out.Uses = unseen(s.out.Uses, inventory.PermitGitHub, inv.at)
	}
}

func (s *script) useGitHubAPI(inv *invocation) {
	method := strings.ToUpper(inv.option("-X", "--method"))
	if _, body := inv.flag("-f", "-F", "--field", "--raw-field", "--input"); method == "" && body {
		method = "POST"
	}
	level := "read"
	if method != "" && method != "GET" && method != "HEAD" {
		level = "write"
	}
	list := inv.operands(2, "-X --method -f -F --field --raw-field --input -H --header -q --jq -t --template --hostname --cache -p --preview")
	for _, p := range apiPermissions {
		if len(list) > 0 && strings.Contains("/"+list[0].text, p.path) {
			s.use(inventory.PermitGitHub, p.name+": "+level, inv.at)
			return
		}
	}
	s.out.Uses = unseen(s.out.Uses, inventory.PermitGitHub, inv.at)
}

func (s *script) useGit(inv *invocation) {
	list := inv.operands(1, "-C -c --git-dir --work-tree")
	if len(list) == 0 {
		return
	}
	switch list[0].text {
	case "push":
		s.use(inventory.PermitGitHub, "contents: write", inv.at)
	case "clone", "fetch", "pull", "ls-remote":
		s.use(inventory.PermitGitHub, "contents: read", inv.at)
	}
}

// useAWS reads aws SERVICE COMMAND. The commands of aws s3 that copy need what both of their ends need.
func (s *script) useAWS(inv *invocation) {
	list := inv.operands(1, "--profile --region --output --query --endpoint-url --cli-read-timeout --color")
	if len(list) < 2 || !isCommandWord(list[0].text) || !isCommandWord(list[1].text) {
		return
	}
	service, command := list[0].text, list[1].text
	if service == "configure" || command == "wait" || command == "help" || service == "cloudformation" && command == "package" {
		return
	}
	if service != "s3" || (command != "cp" && command != "sync" && command != "mv") {
		s.use(inventory.PermitAWS, awsAction(service, command), inv.at)
		return
	}
	for i, w := range list[2:] {
		bucket := strings.HasPrefix(w.text, "s3://")
		switch {
		case bucket && i == 0:
			s.use(inventory.PermitAWS, "s3:GetObject", inv.at)
		case bucket && i == 1:
			s.use(inventory.PermitAWS, "s3:PutObject", inv.at)
		}
		if bucket && command == "sync" {
			s.use(inventory.PermitAWS, "s3:ListBucket", inv.at)
		}
	}
}

// isCommandWord reports whether a text is a word of a command: small letters, digits and hyphens.
func isCommandWord(text string) bool {
	return text != "" && len(text) < 60 && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789-:") == ""
}

// useCloud reads the words of a command of a cloud's tool, up to the first that is no word of its language.
func (s *script) useCloud(inv *invocation) {
	words := []string{inv.name()}
	for _, w := range inv.operands(1, "--project --region --zone --account --format --subscription -g --resource-group -n --name -a --app --org --token") {
		if !isCommandWord(w.text) || len(words) == 4 || strings.ContainsAny(w.text, "0123456789") {
			break
		}
		words = append(words, w.text)
	}
	if len(words) > 1 && words[1] != "config" && words[1] != "auth" && words[1] != "login" && words[1] != "version" {
		s.use(inventory.PermitCloud, strings.Join(words[:min(len(words), 3)], " "), inv.at)
	}
}

// usePublish reads the commands that put something into a registry or take it out.
func (s *script) usePublish(inv *invocation) {
	list := inv.operands(1, "--registry -f --file -t --tag")
	if len(list) == 0 {
		return
	}
	switch list[0].text {
	case "publish", "push", "upload", "unpublish", "deprecate", "yank":
		s.use(inventory.PermitOperation, "registry: write", inv.at)
	case "pull":
		s.use(inventory.PermitOperation, "registry: read", inv.at)
	}
}

// useSQL reads the statements of a client's command.
func (s *script) useSQL(inv *invocation) {
	w, ok := inv.flag("-c", "--command", "-e", "--execute", "-q", "--query", "-Q")
	if !ok {
		s.out.Uses = unseen(s.out.Uses, inventory.PermitSQL, inv.at)
		return
	}
	for _, verb := range Statements(w.text) {
		s.use(inventory.PermitSQL, verb, w.offset)
	}
}

func (s *script) useDump(inv *invocation) { s.use(inventory.PermitSQL, "SELECT", inv.at) }
