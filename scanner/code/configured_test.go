package code_test

import (
	"strings"
	"testing"

	"github.com/rotamap/rotamap/scanner/code"
)

// TestScanConfiguration: the syntax in front of a name says that a variable is put in.
func TestScanConfiguration(t *testing.T) {
	for line, want := range map[string]string{
		"dns provider {$DNS_API_TOKEN}":                      "DNS_API_TOKEN",
		"dns provider {env.DNS_API_TOKEN}":                   "DNS_API_TOKEN",
		"client_secret: $__env{SSO_CLIENT_SECRET}":           "SSO_CLIENT_SECRET",
		"clientSecret: $SSO_CLIENT_SECRET":                   "SSO_CLIENT_SECRET",
		"<password>${env.REPO_PASSWORD}</password>":          "REPO_PASSWORD",
		"password = %(ENV_DB_PASSWORD)s":                     "DB_PASSWORD",
		`token: {{ env "API_TOKEN" }}`:                       "API_TOKEN",
		`token: {{ .Env.API_TOKEN }}`:                        "API_TOKEN",
		`"password": "[[$CASE_WORKER_PASSWORD]]"`:            "CASE_WORKER_PASSWORD",
		"value_from_env: HOOK_API_KEY":                       "HOOK_API_KEY",
		`"token": {"env": "HOOK_API_KEY"}`:                   "HOOK_API_KEY",
		"secretEnv: SSO_CLIENT_SECRET":                       "SSO_CLIENT_SECRET",
		"api_token_env: UPLOAD_TOKEN":                        "UPLOAD_TOKEN",
		"value: '{{HOOK_API_KEY}}'":                          "HOOK_API_KEY",
		"url: ${DATABASE_URL:-none} and ${CACHE_PASSWORD:?}": "DATABASE_URL CACHE_PASSWORD",

		"# token: ${API_TOKEN}":           "", // a comment
		"name: API_TOKEN":                 "", // a name, not its value
		"description: set the API_TOKEN":  "",
		"path: ${HOME_FOLDER}":            "", // speaks of no credential
		"token: ${apiToken}":              "",
		"environment: LIVE_API_TOKEN_SET": "LIVE_API_TOKEN_SET",
		"my_API_TOKEN: ${X_API_TOKENs}":   "",
	} {
		var got []string
		for _, r := range code.ScanConfiguration([]byte("a: 1\n" + line + "\n")).Reads {
			got = append(got, r.Name)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: %q, want %q", line, s, want)
		}
	}
}
