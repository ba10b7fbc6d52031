package githubactions

import (
	"slices"
	"strings"

	"github.com/rotamap/rotamap/graph/inventory"
	"github.com/rotamap/rotamap/scanner/artifact"
	"github.com/rotamap/rotamap/scanner/code"
)

// minter is an action that makes a short-lived credential from another one, or from the run's own identity (R18).
type minter struct {
	outputs []string // outputs that carry it
	env     []string // variables that later steps of the job see it under
	files   []string // files that it is left in
	from    []string // inputs it is made from
	role    []string // inputs that name a federated identity, used when there is nothing it is made from
	cloud   string   // of the identity
}

var appToken = minter{outputs: []string{"token", "app_token"}, from: []string{
	"private-key", "private_key", "application_private_key", "app_pem", "app-private-key", "github_app_private_key"}}

// registryFile is where the container tools keep what they log in to registries with.
const registryFile = "~/.docker/config.json"

// registryLogin leaves a registry's password where the container tools look for it.
var registryLogin = minter{files: []string{registryFile}, from: []string{"password", "registry-password"}}

var kubeconfig = minter{files: []string{"~/.kube/config"}, env: []string{"KUBECONFIG"},
	from: []string{"kubeconfig", "creds", "credentials", "k8s-secret", "token", "access_token"}}

// isLogin reports whether an action leaves a password of a registry that its inputs name.
func (m minter) isLogin() bool { return m.cloud == "" && slices.Contains(m.files, registryFile) }

// registryOfAWS marks the login that is made from the variables of the job.
const registryOfAWS = "aws-registry"

// minters are the actions that mint, as their documentation describes inputs, outputs and exported variables.
var minters = map[string]minter{
	"actions/create-github-app-token":                appToken,
	"tibdex/github-app-token":                        appToken,
	"peter-murray/workflow-application-token-action": appToken,
	"getsentry/action-github-app-token":              appToken,
	"navikt/github-app-token-generator":              appToken,
	"cybozu/octoken-action":                          appToken,
	"wow-actions/use-app-token":                      appToken,
	"machine-learning-apps/actions-app-token":        appToken,
	"octo-sts/action":                                {outputs: []string{"token"}, role: []string{"identity"}, cloud: "octo-sts"},
	"docker/login-action":                            registryLogin,
	"redhat-actions/podman-login":                    registryLogin,
	"azure/docker-login":                             registryLogin,
	"oras-project/setup-oras":                        registryLogin,
	"aws-actions/amazon-ecr-login":                   {outputs: []string{"docker_password"}, files: []string{registryFile}, cloud: registryOfAWS},
	"azure/k8s-set-context":                          kubeconfig,
	"azure/aks-set-context":                          kubeconfig,
	"google-github-actions/get-gke-credentials":      kubeconfig,
	"webfactory/ssh-agent":                           {env: []string{"SSH_AUTH_SOCK"}, from: []string{"ssh-private-key"}},
	"shimataro/ssh-key-action":                       {files: []string{"~/.ssh"}, from: []string{"key"}},
	"crazy-max/ghaction-import-gpg":                  {files: []string{"~/.gnupg"}, from: []string{"gpg_private_key", "passphrase"}},
	"rust-lang/crates-io-auth-action":                {outputs: []string{"token"}, role: []string{"url"}, cloud: "crates-io"},
	"pulumi/auth-actions":                            {outputs: []string{"pulumi-access-token"}, env: []string{"PULUMI_ACCESS_TOKEN"}, role: []string{"organization"}, cloud: "pulumi"},
	"tailscale/github-action":                        {files: []string{"tailscale"}, from: []string{"authkey", "oauth-secret", "oauth-client-secret"}},
	"aws-actions/configure-aws-credentials": {
		outputs: []string{"aws-access-key-id", "aws-secret-access-key", "aws-session-token"},
		env:     []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"},
		from:    []string{"aws-access-key-id", "aws-secret-access-key", "aws-session-token"},
		role:    []string{"role-to-assume"}, cloud: "aws",
	},
	"google-github-actions/auth": {
		outputs: []string{"access_token", "id_token", "auth_token", "credentials_file_path"},
		env:     []string{"GOOGLE_APPLICATION_CREDENTIALS", "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE"},
		from:    []string{"credentials_json"},
		role:    []string{"service_account", "workload_identity_provider"}, cloud: "gcp",
	},
	"azure/login": {
		files: []string{"~/.azure"}, from: []string{"creds"}, role: []string{"client-id"}, cloud: "azure",
	},
	"hashicorp/vault-action": {
		outputs: []string{"vault_token"}, from: []string{"token", "secretid", "githubtoken", "password"},
		role: []string{"role"}, cloud: "vault",
	},
	"jfrog/setup-jfrog-cli": {
		outputs: []string{"oidc-token"}, role: []string{"oidc-provider-name"}, cloud: "jfrog",
	},
}

// mint adds the credential that the step makes, what it is made from, and the names under which later steps of
// the job find it.
func (st *step) mint(m minter) {
	id := "derived:" + st.part
	from := st.madeFrom(m)
	if len(from) == 0 {
		return
	}
	st.Node(inventory.Derived, id, stepTitle(st.node), st.at)
	for _, x := range from {
		st.Edge(inventory.MintedFrom, id, x.id, "gha-mint", x.sure, x.at)
	}
	st.appGrants(id)
	for _, out := range m.outputs {
		st.produce(out, id)
	}
	for _, name := range m.env {
		st.Edge(inventory.BoundFrom, st.export(name, st.at), id, "gha-mint", inventory.Certain, st.at)
	}
	for _, name := range m.files {
		b := st.Binding(st.whole, name, "file", st.at)
		st.Edge(inventory.Reads, st.whole, b, "gha-mint", inventory.Certain, st.at)
		st.Edge(inventory.BoundFrom, b, id, "gha-mint", inventory.Certain, st.at)
	}
}

// madeFrom lists the inputs that a minted credential is made from; without any, the federated identity; without
// that, the variables of the job that a cloud's tools read on their own.
func (st *step) madeFrom(m minter) []need {
	var out []need
	for _, name := range m.from {
		if in := st.with[name]; in.binding != "" {
			out = append(out, need{referent: referent{in.binding, inventory.Certain}, at: st.place(in)})
		}
	}
	if id, at := st.identity(m); id != "" {
		out = append(out, need{referent: referent{id, inventory.Certain}, at: at})
	}
	if len(out) > 0 {
		return out
	}
	for _, name := range code.MintedWith("aws") {
		if id := st.visible(name); id != "" && m.cloud == registryOfAWS {
			out = append(out, need{referent: referent{id, inventory.High}, at: st.at})
		}
	}
	return out
}

func (st *step) place(in input) artifact.Place { return artifact.At(in.node, in.path) }

// identity adds the federated identity that the step takes on. One whose name is computed is known by the
// binding that carries it.
func (st *step) identity(m minter) (string, artifact.Place) {
	for _, name := range m.role {
		in, ok := st.with[name]
		if !ok || in.node.Str() == "" {
			continue
		}
		at := st.place(in)
		if in.binding != "" || strings.Contains(in.node.Str(), "${{") {
			id := st.Node(inventory.Identity, "identity:"+m.cloud+"/"+st.part, "role of "+stepTitle(st.node), at)
			st.Edge(inventory.BoundFrom, id, in.binding, "gha-identity", inventory.Certain, at)
			return id, at
		}
		return st.Node(inventory.Identity, "identity:"+m.cloud+"/"+in.node.Str(), in.node.Str(), at), at
	}
	return "", artifact.Place{}
}
