package imported

import (
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/artifact/tree"
)

// shapes are the listings, the ones that say most of themselves first. Each command's output was read in the manual of
// its program: gh secret list, the GitLab API on variables, vault kv list, aws, gcloud, az, kubectl, op, the APIs of
// CircleCI, Bitbucket and Jenkins.
var shapes = []listing{
	{title: "secrets of Kubernetes", command: "kubectl get secrets -A -o json", match: isKubernetes, read: readKubernetes},
	{title: "secrets of AWS Secrets Manager", command: "aws secretsmanager list-secrets", match: isAWS, read: readAWS},
	{title: "parameters of AWS SSM", command: "aws ssm describe-parameters", match: isParameters, read: readParameters},
	{title: "secrets of Google Secret Manager", command: "gcloud secrets list --format json", match: isGoogle, read: readGoogle},
	{title: "secrets of an Azure Key Vault", command: "az keyvault secret list --vault-name NAME", match: isAzure, read: readAzure},
	{title: "items of 1Password", command: "op item list --format json", match: isOnePassword, read: readOnePassword},
	{title: "variable groups of Azure Pipelines", command: "az pipelines variable-group list", match: isGroups, read: readGroups, scope: "ado:ORGANISATION"},
	{title: "variables of GitLab", command: "glab variable list --output json", match: isGitLab, read: readGitLab, scope: "gitlab:GROUP/PROJECT"},
	{title: "variables of Bitbucket", command: "the API's pipelines_config/variables", match: isBitbucket, read: readBitbucket, scope: "bb:WORKSPACE/REPOSITORY"},
	{title: "variables of a CircleCI context or project", command: "the API's environment-variable and envvar", match: isCircle, read: readCircle, scope: "circle:context:ORGANISATION/CONTEXT"},
	{title: "credentials of Jenkins", command: "the API's credentials/store/system/domain/_", match: isJenkins, read: readJenkins, scope: "jenkins:FOLDER"},
	{title: "secrets of GitHub Actions", command: "gh secret list --json name,visibility,selectedReposURL,updatedAt", match: isGitHub, read: readGitHub, scope: "gh:OWNER/REPOSITORY"},
	{title: "paths of Vault", command: "vault kv list -format=json PATH", match: isVault, read: readVault, scope: "vault:MOUNT/PATH"},
}

func isKubernetes(root *tree.Node) bool {
	all := items(root, "items")
	return root.IsMap() && strings.HasSuffix(root.Get("kind").Str(), "List") && len(all) > 0 &&
		(root.Get("kind").Str() == "SecretList" || all[0].Get("kind").Str() == "Secret")
}

func readKubernetes(l *lister, root *tree.Node) {
	cluster := "*"
	if _, scope, ok := l.scoped("k8s"); ok {
		cluster = scope
	}
	for _, i := range items(root, "items") {
		meta := i.Get("metadata")
		r := inventory.SlotRef{Store: "k8s", Scope: cluster + "/" + orOpen(meta.Get("namespace").Str()), Name: meta.Get("name").Str()}
		if r.Name == "" {
			continue
		}
		for _, p := range i.Get("data").Entries() {
			r.Key = p.Key
			l.add(r, i.Get("type").Str(), artifact.AtPair(p, tree.Path("").Key("data").Key(p.Key)))
		}
	}
}

func orOpen(part string) string {
	if part == "" {
		return "*"
	}
	return part
}

func isAWS(root *tree.Node) bool { return every(items(root, "SecretList"), "ARN", "Name") }

func readAWS(l *lister, root *tree.Node) {
	for _, i := range items(root, "SecretList") {
		if m := secretARN.FindStringSubmatch(i.Get("ARN").Str()); m != nil {
			scope := orOpen(m[2]) + "/" + orOpen(m[1])
			l.complete("aws-sm", scope)
			l.add(inventory.SlotRef{Store: "aws-sm", Scope: scope, Name: i.Get("Name").Str()}, "", place(i, "Name"))
		}
	}
}

func isParameters(root *tree.Node) bool { return every(items(root, "Parameters"), "Name", "Type") }

func readParameters(l *lister, root *tree.Node) {
	for _, i := range items(root, "Parameters") {
		scope := "*/*"
		if m := paramARN.FindStringSubmatch(i.Get("ARN").Str()); m != nil {
			scope = orOpen(m[2]) + "/" + orOpen(m[1])
		}
		name := strings.TrimPrefix(i.Get("Name").Str(), "/")
		l.add(inventory.SlotRef{Store: "aws-ssm", Scope: scope, Name: name}, i.Get("Type").Str(), place(i, "Name"))
	}
}

func isGoogle(root *tree.Node) bool {
	all := items(root)
	return len(all) > 0 && googleID.MatchString(all[0].Get("name").Str())
}

func readGoogle(l *lister, root *tree.Node) {
	for _, i := range items(root) {
		if m := googleID.FindStringSubmatch(i.Get("name").Str()); m != nil {
			l.complete("gcp-sm", m[1])
			l.add(inventory.SlotRef{Store: "gcp-sm", Scope: m[1], Name: m[2]}, "", place(i, "name"))
		}
	}
}

func isAzure(root *tree.Node) bool {
	all := items(root)
	return len(all) > 0 && azureID.MatchString(all[0].Get("id").Str())
}

func readAzure(l *lister, root *tree.Node) {
	for _, i := range items(root) {
		if m := azureID.FindStringSubmatch(i.Get("id").Str()); m != nil {
			l.complete("azkv", strings.ToLower(m[1]))
			l.add(inventory.SlotRef{Store: "azkv", Scope: strings.ToLower(m[1]), Name: strings.ToLower(m[2])}, i.Get("contentType").Str(), place(i, "id"))
		}
	}
}

func isOnePassword(root *tree.Node) bool { return every(items(root), "id", "title", "vault") }

func readOnePassword(l *lister, root *tree.Node) {
	for _, i := range items(root) {
		name := strings.ToLower(i.Get("vault", "name").Str() + "/" + i.Get("title").Str())
		l.add(inventory.SlotRef{Store: "op", Name: name}, i.Get("category").Str(), place(i, "title"))
	}
}

func isGroups(root *tree.Node) bool {
	return every(items(root), "id", "name", "variables") && items(root)[0].Get("variables").IsMap()
}

func readGroups(l *lister, root *tree.Node) {
	_, owner, ok := l.scoped("ado")
	l.missing = !ok
	for _, i := range items(root) {
		scope := owner + "/group:" + i.Get("name").Str()
		l.complete("ado", scope)
		for _, p := range i.Get("variables").Entries() {
			l.add(inventory.SlotRef{Store: "ado", Scope: scope, Name: p.Key}, secretWord(p.Value.Get("isSecret")), artifact.AtPair(p, tree.Path("").Key(p.Key)))
		}
	}
}

// secretWord says how a store marks a variable.
func secretWord(flag *tree.Node) string {
	if flag.Str() == "true" {
		return "secret"
	}
	return ""
}

func isGitLab(root *tree.Node) bool {
	return every(items(root), "key", "variable_type") || every(items(root), "key", "environment_scope")
}

func readGitLab(l *lister, root *tree.Node) {
	store, scope, ok := l.scoped("gitlab", "gitlab-group")
	if !ok {
		store, scope = "gitlab", l.repository()
	}
	l.missing = scope == ""
	l.complete(store, scope)
	for _, i := range items(root) {
		r := inventory.SlotRef{Store: store, Scope: scope, Name: i.Get("key").Str()}
		if env := i.Get("environment_scope").Str(); env != "" && env != "*" {
			r.Scope += "@env:" + env
		}
		l.add(r, i.Get("variable_type").Str(), place(i, "key"))
	}
}

func isBitbucket(root *tree.Node) bool {
	all := items(root, "values")
	return root.IsMap() && every(all, "key", "secured")
}

func readBitbucket(l *lister, root *tree.Node) {
	store, scope, ok := l.scoped("bb", "bb-workspace")
	if !ok {
		store, scope = "bb", l.repository()
	}
	l.missing = scope == ""
	l.complete(store, scope)
	for _, i := range items(root, "values") {
		l.add(inventory.SlotRef{Store: store, Scope: scope, Name: i.Get("key").Str()}, secretWord(i.Get("secured")), place(i, "key"))
	}
}

func isCircle(root *tree.Node) bool {
	all := items(root, "items")
	return root.IsMap() && (every(all, "variable", "context_id") || every(all, "name", "value") && root.Get("next_page_token") != nil)
}

func readCircle(l *lister, root *tree.Node) {
	_, scope, ok := l.scoped("circle")
	key := "name"
	if every(items(root, "items"), "variable") {
		key = "variable"
	} else if !ok {
		scope = l.repository()
	}
	l.missing = scope == ""
	l.complete("circle", scope)
	for _, i := range items(root, "items") {
		l.add(inventory.SlotRef{Store: "circle", Scope: scope, Name: i.Get(key).Str()}, "", place(i, key))
	}
}

func isJenkins(root *tree.Node) bool {
	return root.IsMap() && every(items(root, "credentials"), "id", "typeName")
}

func readJenkins(l *lister, root *tree.Node) {
	_, scope, ok := l.scoped("jenkins")
	l.missing = !ok
	l.complete("jenkins", scope)
	for _, i := range items(root, "credentials") {
		l.add(inventory.SlotRef{Store: "jenkins", Scope: scope, Name: i.Get("id").Str()}, i.Get("typeName").Str(), place(i, "id"))
	}
}

func isGitHub(root *tree.Node) bool {
	all := items(root, "secrets")
	return every(all, "name") && some(all, "updatedAt", "updated_at", "visibility", "numSelectedRepos", "selectedReposURL")
}

func readGitHub(l *lister, root *tree.Node) {
	store, scope, ok := l.scoped("gh", "gh-org", "gh-dependabot", "gh-codespaces")
	for _, i := range items(root, "secrets") {
		for _, key := range []string{"selectedReposURL", "selected_repositories_url"} {
			if m := selected.FindStringSubmatch(i.Get(key).Str()); m != nil && !ok {
				store, scope, ok = "gh-org", m[1], true
			}
		}
	}
	if !ok && !some(items(root, "secrets"), "visibility") {
		store, scope = "gh", l.repository()
	}
	l.missing = scope == ""
	l.complete(store, scope)
	for _, i := range items(root, "secrets") {
		l.add(inventory.SlotRef{Store: store, Scope: scope, Name: strings.ToUpper(i.Get("name").Str())}, i.Get("visibility").Str(), place(i, "name"))
	}
}

func isVault(root *tree.Node) bool {
	list := vaultKeys(root)
	for _, n := range list {
		if !n.IsString() {
			return false
		}
	}
	return len(list) > 0
}

func vaultKeys(root *tree.Node) []*tree.Node {
	if keys := root.Get("data", "keys"); keys.IsSeq() {
		return keys.List()
	}
	return root.List()
}

func readVault(l *lister, root *tree.Node) {
	_, scope, ok := l.scoped("vault")
	l.missing = !ok
	for _, n := range vaultKeys(root) {
		if strings.HasSuffix(n.Str(), "/") {
			continue // a folder: its names are in a listing of their own
		}
		r := detect.VaultSlot("", strings.Trim(scope, "/")+"/"+n.Str(), "")
		l.add(r, "", artifact.At(n, ""))
	}
}
