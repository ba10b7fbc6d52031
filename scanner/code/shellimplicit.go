package code

// implicitVariables are the credentials that a client program takes from the environment by itself, by the name of the program.
// Sources: the documentation of each.
var implicitVariables = map[string][]string{
	"gh": {"GH_TOKEN", "GITHUB_TOKEN"}, "glab": {"GITLAB_TOKEN"}, "hub": {"GITHUB_TOKEN"}, "goreleaser": {"GITHUB_TOKEN", "GITLAB_TOKEN"},
	"semantic-release": {"GH_TOKEN", "GITHUB_TOKEN", "NPM_TOKEN"}, "release-it": {"GITHUB_TOKEN"}, "renovate": {"RENOVATE_TOKEN"},
	"fly": {"FLY_API_TOKEN", "FLY_ACCESS_TOKEN"}, "flyctl": {"FLY_API_TOKEN", "FLY_ACCESS_TOKEN"}, "heroku": {"HEROKU_API_KEY"},
	"vercel": {"VERCEL_TOKEN"}, "netlify": {"NETLIFY_AUTH_TOKEN"}, "wrangler": {"CLOUDFLARE_API_TOKEN", "CLOUDFLARE_API_KEY"},
	"railway": {"RAILWAY_TOKEN", "RAILWAY_API_TOKEN"}, "render": {"RENDER_API_KEY"}, "supabase": {"SUPABASE_ACCESS_TOKEN", "SUPABASE_DB_PASSWORD"},
	"firebase": {"FIREBASE_TOKEN"}, "doctl": {"DIGITALOCEAN_ACCESS_TOKEN"}, "deployctl": {"DENO_DEPLOY_TOKEN"}, "eas": {"EXPO_TOKEN"}, "expo": {"EXPO_TOKEN"},
	"pulumi": {"PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE"}, "doppler": {"DOPPLER_TOKEN"}, "infisical": {"INFISICAL_TOKEN"}, "op": {"OP_SERVICE_ACCOUNT_TOKEN", "OP_CONNECT_TOKEN"},
	"vault": {"VAULT_TOKEN"}, "bws": {"BWS_ACCESS_TOKEN"}, "sops": {"SOPS_AGE_KEY"}, "aws": {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"},
	"sam": {"AWS_SECRET_ACCESS_KEY"}, "cdk": {"AWS_SECRET_ACCESS_KEY"}, "serverless": {"SERVERLESS_ACCESS_KEY", "AWS_SECRET_ACCESS_KEY"}, "sls": {"SERVERLESS_ACCESS_KEY", "AWS_SECRET_ACCESS_KEY"},
	"sst": {"AWS_SECRET_ACCESS_KEY"}, "eksctl": {"AWS_SECRET_ACCESS_KEY"}, "packer": {"HCP_CLIENT_SECRET"},
	"twine": {"TWINE_PASSWORD"}, "hatch": {"HATCH_INDEX_AUTH"}, "flit": {"FLIT_PASSWORD"}, "gem": {"GEM_HOST_API_KEY"},
	"sentry-cli": {"SENTRY_AUTH_TOKEN"}, "snyk": {"SNYK_TOKEN"}, "sonar-scanner": {"SONAR_TOKEN"}, "codecov": {"CODECOV_TOKEN"}, "codecovcli": {"CODECOV_TOKEN"}, "coveralls": {"COVERALLS_REPO_TOKEN"},
	"turbo": {"TURBO_TOKEN"}, "nx": {"NX_CLOUD_ACCESS_TOKEN"}, "chromatic": {"CHROMATIC_PROJECT_TOKEN"}, "percy": {"PERCY_TOKEN"}, "lhci": {"LHCI_GITHUB_APP_TOKEN", "LHCI_TOKEN"},
	"datadog-ci": {"DATADOG_API_KEY", "DD_API_KEY"}, "newrelic": {"NEW_RELIC_API_KEY"}, "k6": {"K6_CLOUD_TOKEN"}, "infracost": {"INFRACOST_API_KEY"}, "fossa": {"FOSSA_API_KEY"},
	"psql": {"PGPASSWORD"}, "pg_dump": {"PGPASSWORD"}, "pg_restore": {"PGPASSWORD"}, "mysql": {"MYSQL_PWD"}, "mysqldump": {"MYSQL_PWD"}, "redis-cli": {"REDISCLI_AUTH"}, "restic": {"RESTIC_PASSWORD"},
	"borg": {"BORG_PASSPHRASE"}, "cosign": {"COSIGN_PASSWORD", "COSIGN_PRIVATE_KEY"}, "sshpass": {"SSHPASS"}, "fastlane": {"MATCH_PASSWORD", "FASTLANE_PASSWORD"},
	"cypress": {"CYPRESS_RECORD_KEY"}, "checkly": {"CHECKLY_API_KEY"}, "crowdin": {"CROWDIN_PERSONAL_TOKEN"}, "phrase": {"PHRASE_ACCESS_TOKEN"}, "tx": {"TX_TOKEN"},
	"ngrok": {"NGROK_AUTHTOKEN"}, "tailscale": {"TS_AUTHKEY"}, "hcloud": {"HCLOUD_TOKEN"}, "linode-cli": {"LINODE_CLI_TOKEN"}, "confluent": {"CONFLUENT_CLOUD_API_SECRET"},
	"huggingface-cli": {"HF_TOKEN"}, "hf": {"HF_TOKEN"}, "wandb": {"WANDB_API_KEY"}, "modal": {"MODAL_TOKEN_SECRET"}, "octo": {"OCTOPUS_API_KEY"}, "octopus": {"OCTOPUS_API_KEY"},
	"databricks": {"DATABRICKS_TOKEN"}, "dbt": {"DBT_CLOUD_API_TOKEN"}, "snowsql": {"SNOWSQL_PWD"}, "astro": {"ASTRO_API_TOKEN"},
}

// implicit notes the credentials that a command takes from the environment without a word in the text.
func (s *script) implicit(inv *invocation) {
	for _, name := range implicitVariables[inv.name()] {
		if _, given := inv.env[name]; !given {
			s.out.Implicit = append(s.out.Implicit, Read{Name: name, Via: implicitRule, Offset: inv.at, Sure: high})
		}
	}
}

// implicitRule is the rule of reads that no word of a text says.
const implicitRule = "sh-client-variable"

// mintedWith are the variables with which a tool makes a short-lived credential, by the first word of a Mint's What.
var mintedWith = map[string][]string{
	"aws": implicitVariables["aws"], "vault": implicitVariables["vault"],
	"gcloud": {"GOOGLE_APPLICATION_CREDENTIALS", "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE"},
	"github": {"GH_TOKEN", "GITHUB_TOKEN"},
	"op":     {"OP_SERVICE_ACCOUNT_TOKEN"},
}

// MintedWith returns the variables that a tool reads by itself where it makes a short-lived credential; callers must not change
// the list.
func MintedWith(tool string) []string { return mintedWith[tool] }
