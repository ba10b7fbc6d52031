package terraform

import (
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/rules/detect"
)

// stores are the types of resources and data sources that are entries of secret stores, after the documentation of
// each provider in the Terraform registry. A type may be a resource, a data source or both.
var stores = map[string]*store{
	"aws_secretsmanager_secret":         {entry: plainEntryOf("aws-sm", "*/*", "name", "arn")},
	"aws_secretsmanager_secret_version": {of: "secret_id", entry: plainEntry("aws-sm", "*/*", "secret_id"), value: []string{"secret_string", "secret_string_wo", "secret_binary"}},
	"aws_ssm_parameter":                 {entry: plainEntry("aws-ssm", "*/*", "name"), value: []string{"value", "value_wo", "insecure_value"}, only: secureParameter},
	"google_secret_manager_secret":      {entry: scoped("gcp-sm", "project", "secret_id")},
	"google_secret_manager_secret_version": {of: "secret", entry: googleVersion,
		value: []string{"secret_data", "secret_data_wo"}},
	"google_secret_manager_secret_version_access": {of: "secret", entry: googleVersion},
	"azurerm_key_vault_secret":                    {entry: azureEntry, value: []string{"value", "value_wo"}},
	"vault_generic_secret":                        {entry: vaultPath, value: []string{"data_json"}},
	"vault_kv_secret":                             {entry: vaultPath, value: []string{"data_json"}},
	"vault_kv_secret_v2":                          {entry: vaultMount, value: []string{"data_json", "data_json_wo"}},
	"kubernetes_secret":                           {entry: kubernetesEntry, value: []string{"data", "binary_data", "data_wo"}},
	"kubernetes_secret_v1":                        {entry: kubernetesEntry, value: []string{"data", "binary_data", "data_wo"}},
	"github_actions_secret":                       {entry: github("gh", "secret_name"), value: githubValue},
	"github_actions_environment_secret":           {entry: github("gh", "secret_name"), value: githubValue},
	"github_actions_organization_secret":          {entry: githubOrg("gh-org"), value: githubValue},
	"github_dependabot_secret":                    {entry: github("gh-dependabot", "secret_name"), value: githubValue},
	"github_dependabot_organization_secret":       {entry: githubOrg("gh-dependabot-org"), value: githubValue},
	"github_codespaces_secret":                    {entry: github("gh-codespaces", "secret_name"), value: githubValue},
	"github_actions_variable":                     {entry: github("gh-var", "variable_name"), value: []string{"value"}, only: credentialVariable},
	"github_actions_environment_variable":         {entry: github("gh-var", "variable_name"), value: []string{"value"}, only: credentialVariable},
	"gitlab_project_variable":                     {entry: gitlab("gitlab", "project"), value: []string{"value"}, only: maskedVariable},
	"gitlab_group_variable":                       {entry: gitlab("gitlab-group", "group"), value: []string{"value"}, only: maskedVariable},
	"gitlab_instance_variable":                    {entry: plainEntry("gitlab-instance", "*", "key"), value: []string{"value"}, only: maskedVariable},
	"tfe_variable":                                {entry: scoped("tfe", "workspace_id", "key"), value: []string{"value", "value_wo"}, only: sensitiveVariable},
	"circleci_context_environment_variable":       {entry: circle, value: []string{"value"}},
	"circleci_environment_variable":               {entry: scoped("circle", "project", "name"), value: []string{"value"}},
	"bitbucket_repository_variable":               {entry: scoped("bb", "repository", "key"), value: []string{"value"}},
	"bitbucket_workspace_variable":                {entry: scoped("bb-workspace", "workspace", "key"), value: []string{"value"}},
	"bitbucket_deployment_variable":               {entry: scoped("bb", "deployment", "key"), value: []string{"value"}},
	"cloudflare_worker_secret":                    {entry: scoped("cloudflare", "script_name", "name"), value: []string{"secret_text"}},
	"cloudflare_workers_secret":                   {entry: scoped("cloudflare", "script_name", "name"), value: []string{"secret_text"}},
	"vercel_project_environment_variable":         {entry: scoped("vercel", "project_id", "key"), value: []string{"value"}},
	"netlify_environment_variable":                {entry: scoped("netlify", "site_id", "key")},
	"doppler_secret":                              {entry: doppler, value: []string{"value"}},
	"doppler_secrets":                             {entry: doppler},
	"infisical_secret":                            {entry: scoped("infisical", "workspace_id", "name"), value: []string{"value"}},
	"buildkite_cluster_secret":                    {entry: scoped("bk", "cluster_id", "key"), value: []string{"value"}},
	"onepassword_item":                            {entry: onePassword, value: []string{"password"}},
	"sops_file":                                   {entry: sopsFile},
	"spacelift_environment_variable":              {entry: scoped("spacelift", "context_id", "name"), value: []string{"value"}, only: credentialNamed("name")},
	"aws_cloudwatch_event_connection": {entry: plainEntry("aws-events-connection", "*/*", "name"), value: []string{
		"auth_parameters.api_key.value", "auth_parameters.basic.password", "auth_parameters.oauth.client_parameters.client_secret"}},
	"heroku_config": {entry: plainEntry("heroku", "*", "name"), value: []string{"sensitive_vars"}},
}

var githubValue = []string{"plaintext_value", "encrypted_value", "value", "value_encrypted"}

// plainEntryOf is plainEntry with a second attribute that may name the entry.
func plainEntryOf(storeName, scope, first, second string) func(*module, *hclsyntax.Block) inventory.SlotRef {
	return func(m *module, b *hclsyntax.Block) inventory.SlotRef {
		attr := first
		if attribute(b.Body, first) == nil {
			attr = second
		}
		r := plainEntry(storeName, scope, attr)(m, b)
		if prefix := attribute(b.Body, "name_prefix"); prefix != nil && r.Name == "*" {
			r.Name = m.text(prefix) + "*"
		}
		return r
	}
}

func googleVersion(m *module, b *hclsyntax.Block) inventory.SlotRef {
	name := m.name(b, "secret")
	if found := detect.StoreReferences(name); len(found) > 0 {
		return found[0].Slot
	}
	return inventory.SlotRef{Store: "gcp-sm", Scope: m.name(b, "project"), Name: name}
}

// azureEntry finds the vault's name behind key_vault_id.
func azureEntry(m *module, b *hclsyntax.Block) inventory.SlotRef {
	vault := "*"
	if e, ok := attribute(b.Body, "key_vault_id").(*hclsyntax.ScopeTraversalExpr); ok {
		if words := route(e.Traversal); len(words) > 2 {
			vault = m.attribute(append(words[:len(words)-1:len(words)-1], "name"), 0)
		}
	}
	if id := m.name(b, "key_vault_id"); vault == "*" && strings.Contains(id, "/vaults/") {
		vault = id[strings.LastIndexByte(id, '/')+1:]
	}
	return inventory.SlotRef{Store: "azkv", Scope: strings.ToLower(vault), Name: strings.ToLower(m.name(b, "name"))}
}

func vaultPath(m *module, b *hclsyntax.Block) inventory.SlotRef {
	return detect.VaultSlot("", m.name(b, "path"), "")
}

func vaultMount(m *module, b *hclsyntax.Block) inventory.SlotRef {
	return detect.VaultSlot("", m.name(b, "mount")+"/"+m.name(b, "name"), "")
}

// kubernetesEntry reads metadata. The cluster is not known: its part of the scope is "*".
func kubernetesEntry(m *module, b *hclsyntax.Block) inventory.SlotRef {
	r := inventory.SlotRef{Store: "k8s", Scope: "*/*", Name: "*"}
	for _, meta := range b.Body.Blocks {
		if meta.Type == "metadata" {
			r.Name = m.name(meta, "name")
			r.Scope = "*/" + m.name(meta, "namespace")
		}
	}
	return r
}

// organisation returns the owner of the repositories that the provider manages: as it says, else that of this
// source.
func (m *module) organisation() string {
	if p := m.blocks["provider.github"]; p != nil {
		for _, attr := range []string{"owner", "organization"} {
			if v := m.name(p, attr); v != "*" {
				return v
			}
		}
	}
	owner, _, ok := strings.Cut(inventory.RepoScope(m.Artifact.Source), "/")
	if ok && !strings.Contains(owner, ".") {
		return owner
	}
	return "*"
}

func github(storeName, attr string) func(*module, *hclsyntax.Block) inventory.SlotRef {
	return func(m *module, b *hclsyntax.Block) inventory.SlotRef {
		repo := m.name(b, "repository")
		if !strings.Contains(repo, "/") {
			repo = m.organisation() + "/" + repo
		}
		if attribute(b.Body, "environment") != nil {
			repo += "@env:" + m.name(b, "environment")
		}
		return inventory.SlotRef{Store: storeName, Scope: repo, Name: strings.ToUpper(m.name(b, attr))}
	}
}

func githubOrg(storeName string) func(*module, *hclsyntax.Block) inventory.SlotRef {
	return func(m *module, b *hclsyntax.Block) inventory.SlotRef {
		return inventory.SlotRef{Store: storeName, Scope: m.organisation(), Name: strings.ToUpper(m.name(b, "secret_name"))}
	}
}

func gitlab(storeName, scope string) func(*module, *hclsyntax.Block) inventory.SlotRef {
	return func(m *module, b *hclsyntax.Block) inventory.SlotRef {
		r := inventory.SlotRef{Store: storeName, Scope: m.name(b, scope), Name: m.name(b, "key")}
		if env := m.name(b, "environment_scope"); attribute(b.Body, "environment_scope") != nil && env != "*" {
			r.Scope += "@env:" + env
		}
		return r
	}
}

func circle(m *module, b *hclsyntax.Block) inventory.SlotRef {
	context := "*"
	if e, ok := attribute(b.Body, "context_id").(*hclsyntax.ScopeTraversalExpr); ok {
		if words := route(e.Traversal); len(words) > 2 {
			context = m.attribute(append(words[:len(words)-1:len(words)-1], "name"), 0)
		}
	}
	name := m.name(b, "variable")
	if name == "*" {
		name = m.name(b, "name")
	}
	return inventory.SlotRef{Store: "circle", Scope: "context:" + m.organisation() + "/" + context, Name: name}
}

func doppler(m *module, b *hclsyntax.Block) inventory.SlotRef {
	return inventory.SlotRef{Store: "doppler", Scope: m.name(b, "project") + "/" + m.name(b, "config"), Name: m.name(b, "name")}
}

func onePassword(m *module, b *hclsyntax.Block) inventory.SlotRef {
	item := m.name(b, "title")
	if item == "*" {
		item = m.name(b, "uuid")
	}
	return inventory.SlotRef{Store: "op", Name: strings.ToLower(m.name(b, "vault") + "/" + item), Key: ""}
}

func sopsFile(m *module, b *hclsyntax.Block) inventory.SlotRef {
	file := strings.TrimPrefix(m.name(b, "source_file"), "./")
	return inventory.SlotRef{Store: "sops", Scope: m.scope, Name: file}
}

// secureParameter leaves out parameters that are plain configuration: neither SecureString nor named for a
// credential.
func secureParameter(m *module, b *hclsyntax.Block) bool {
	if b.Type != "resource" {
		return true
	}
	return m.name(b, "type") == "SecureString" || strong(m.name(b, "name")) || m.name(b, "type") == "*"
}

func credentialVariable(m *module, b *hclsyntax.Block) bool {
	return strong(m.name(b, "variable_name"))
}

func maskedVariable(m *module, b *hclsyntax.Block) bool {
	return m.name(b, "masked") == "true" || m.name(b, "protected") == "true" || strong(m.name(b, "key"))
}

func sensitiveVariable(m *module, b *hclsyntax.Block) bool {
	return m.name(b, "sensitive") == "true" || strong(m.name(b, "key"))
}

func credentialNamed(attr string) func(*module, *hclsyntax.Block) bool {
	return func(m *module, b *hclsyntax.Block) bool { return strong(m.name(b, attr)) }
}
