package plan

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
)

// storeActions says what is done to a slot of each kind of store: NAME is its name, SCOPE its scope, KEY the key of its
// entry. A value is never part of a command line; commands read it from the file new-value or from a prompt.
// Sources: the manual pages of the commands named.
var storeActions = map[string]string{
	"gh-org":            "gh secret set NAME --org SCOPE (it asks for the value)",
	"gh-var":            "gh variable set NAME (it asks for the value); better: make it a secret",
	"n8n":               "edit the n8n credential \"NAME\"",
	"n8n-env":           "set NAME in the environment of the n8n server and restart it",
	"aws-sm":            "aws secretsmanager put-secret-value --secret-id NAME --secret-string file://new-value",
	"aws-ssm":           "aws ssm put-parameter --name NAME --type SecureString --overwrite --value file://new-value",
	"gcp-sm":            "gcloud secrets versions add NAME --data-file=new-value; disable the old version later, do not destroy it yet",
	"azkv":              "az keyvault secret set --name NAME --vault-name VAULT --file new-value",
	"azure-appsetting":  "change the app setting NAME; the app restarts by itself",
	"vault":             "vault kv patch SCOPE/NAME",
	"op":                "edit the 1Password item NAME: op item edit takes the value from a template file",
	"doppler":           "doppler secrets set NAME (it asks for the value)",
	"infisical":         "change NAME in Infisical",
	"bws":               "bws secret edit, for NAME",
	"bitwarden":         "edit the Bitwarden item NAME",
	"pass":              "pass edit NAME",
	"keyring":           "change NAME in the keyring of each machine",
	"k8s":               "change NAME where the Secret is made (manifest, External Secrets or kubectl)",
	"sops":              "sops edit the file that holds NAME, commit it and roll it out",
	"ansible-vault":     "ansible-vault edit the file that holds NAME, commit it and run the play",
	"gitlab":            "glab variable update NAME < new-value",
	"gitlab-group":      "glab variable update NAME --group SCOPE < new-value",
	"circle":            "change NAME in the context or the project settings of CircleCI",
	"ado":               "change NAME in the variable group or the pipeline of Azure DevOps",
	"bb":                "change the secured variable NAME of the repository in Bitbucket",
	"bb-workspace":      "change the secured variable NAME of the workspace in Bitbucket",
	"bk":                "change NAME in the secrets of the Buildkite cluster",
	"concourse":         "change NAME where Concourse looks variables up (CredHub, Vault, a file of variables)",
	"travis":            "change NAME in the settings of the repository in Travis CI",
	"teamcity":          "change the parameter NAME in TeamCity",
	"jenkins":           "update the Jenkins credential NAME: keep its id",
	"jenkins-env":       "change NAME in the environment of the Jenkins controller or agent",
	"tf":                "change the variable NAME where it is set (workspace, TF_VAR_, tfvars), then plan and apply",
	"pulumi":            "pulumi config set --secret NAME (it asks for the value), then pulumi up",
	"dotenv":            "change NAME in SCOPE on every machine that has the file: it is not in what was scanned",
	"env":               "change NAME where the environment of the process is made (deployment settings, shell profile): the files do not say where",
	"ansible-var":       "change the Ansible variable NAME where it is set: group_vars, host_vars, the inventory or -e",
	"ansible-vars":      "change NAME where its variables are set: group_vars, host_vars, the inventory or -e",
	"cf-env":            "cf set-env APP NAME, with the value from a file: cf set-env APP NAME \"$(cat new-value)\"; it restarts nothing",
	"cf-service":        "change the credentials of the service NAME: cf update-user-provided-service NAME -p new-value.json, or unbind and bind a managed one again",
	"app-env":           "set the variable NAME of the program on its platform",
	"platform-env":      "change NAME of the service in the dashboard of its platform and redeploy",
	"template":          "change the parameter NAME that the template is processed with",
	"cf-var":            "change NAME in the variables that the manifest is pushed with",
	"cfn":               "change the parameter NAME of the stack and update it",
	"codebuild":         "change the environment variable NAME of the CodeBuild project",
	"cloudbuild":        "set the substitution NAME of the trigger; encrypt the new value with the key of KMS again where the file holds it",
	"client":            "log in again where the client's file lies, or edit NAME there",
	"host-file":         "change the file NAME on every machine that has it: it is not in what was scanned",
	"systemd":           "change the credential NAME that the unit loads",
	"helm":              "change the value NAME that the release is installed with, and upgrade it",
	"rails-credentials": "rails credentials:edit, change NAME, commit and deploy",
	"symfony-vault":     "php bin/console secrets:set NAME (it asks for the value)",
	"user-secrets":      "dotnet user-secrets set NAME, on every machine of a developer",
	"serverless":        "change NAME where serverless.yml takes it from, and deploy",
	"n8n-config":        "change NAME in the configuration of the n8n server and restart it",
	"node-red-settings": "change NAME in settings.js and restart Node-RED",
	"airbyte-env":       "change NAME in the environment of Airbyte and restart it",
	"prefect-env":       "change NAME in the environment of the work pool's jobs",
	"dataverse-env":     "change the environment variable NAME in Power Platform",
	"postman-vault":     "change NAME in the Postman vault of each who uses it",
	"k8s-sa":            "delete the token of the service account NAME and let a new one be made; a bound token renews itself",
	"tf-template":       "change NAME where Terraform fills the template, then plan and apply",
	"ado-fetched":       "change NAME in the key vault that the pipeline fetches it from",
	"file":              "replace the file NAME",
	"compose-secret":    "replace the file behind the Compose secret NAME",
	"build-secret":      "change what is handed to the build as the secret NAME",
}

// storeAction is what to do to a slot of a store; what the table does not know is said in general words.
func storeAction(n *inventory.Node) string {
	store, scope, name := n.Attr(inventory.AttrStore), n.Attr(inventory.AttrScope), cmp.Or(n.Name, n.ID)
	switch repo, env, atEnv := strings.Cut(scope, "@env:"); {
	case store == "gh" && atEnv:
		return fmt.Sprintf("gh secret set %s%s --env %s (it asks for the value)", word(name), repoFlag(repo), word(env))
	case store == "gh":
		return fmt.Sprintf("gh secret set %s%s (it asks for the value)", word(name), repoFlag(repo))
	case store == "eso":
		return fmt.Sprintf("change %s in the store behind External Secrets (%s)", name, scope[strings.LastIndexByte(scope, '/')+1:])
	case store == "dotenv":
		file, key, _ := strings.Cut(n.ID, "#")
		name, scope = key, file[strings.LastIndexByte(file, '/')+1:]
	}
	action, ok := storeActions[store]
	if !ok {
		return fmt.Sprintf("change %s where it is kept (%s)", name, store)
	}
	return strings.NewReplacer("SCOPE/NAME", word(scope+"/"+name), "NAME", word(name), "SCOPE", word(scope)).Replace(action)
}

// repoFlag names the repository where the scope is one; elsewhere the command is run inside a clone.
func repoFlag(scope string) string {
	owner, repo, ok := strings.Cut(scope, "/")
	if !ok || strings.ContainsAny(owner, ".*") || strings.HasPrefix(owner, "git-") || strings.Contains(repo, "/") {
		return ""
	}
	return " --repo " + word(scope)
}
