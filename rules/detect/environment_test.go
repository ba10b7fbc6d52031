package detect_test

import (
	"testing"

	"github.com/rotamap/rotamap/rules/detect"
)

// Whole words in the places where environments are named count; the same letters elsewhere do not.
func TestPathEnvironment(t *testing.T) {
	for path, want := range map[string][2]string{
		"deploy/overlays/prod/secret.yaml":           {"production", "production"},
		"deploy/overlays/production/db/secret.yaml":  {"production", "production"},
		"clusters/prod-eu/apps.yaml":                 {"production", "production-eu"},
		"clusters/prod-us/apps.yaml":                 {"production", "production-us"},
		"envs/uat/kustomization.yaml":                {"staging", "uat"},
		"envs/staging/kustomization.yaml":            {"staging", "staging"},
		"k8s/dev/web.yaml":                           {"development", "development"},
		"charts/web/values-demo.yaml":                {"test", "demo"},
		"charts/web/values.yaml":                     {"", ""},
		"docker-compose.prod.yml":                    {"production", "production"},
		"docker-compose.ci.yml":                      {"test", "ci"},
		".env.production":                            {"production", "production"},
		".env.production.local":                      {"production", "production"},
		".env.local":                                 {"development", "local"},
		".env":                                       {"", ""},
		"app.dev.env":                                {"development", "development"},
		"src/main/resources/application-staging.yml": {"staging", "staging"},
		"appsettings.Production.json":                {"production", "production"},
		"Dockerfile.dev":                             {"development", "development"},
		"prod.tfvars":                                {"production", "production"},
		"product/secret.yaml":                        {"", ""},
		"latest/device/secret.yaml":                  {"", ""},
		"src/code_review.py":                         {"", ""},
		"live/secret.yaml":                           {"", ""},
		"ci/build.yaml":                              {"", ""},
		"local-path-provisioner/local.go":            {"", ""},
		"":                                           {"", ""},
	} {
		if got := detect.PathEnvironment(path); got != want[0] {
			t.Errorf("PathEnvironment(%q) = %q, want %q", path, got, want[0])
		}
		if got := detect.PathMarker(path); got != want[1] {
			t.Errorf("PathMarker(%q) = %q, want %q", path, got, want[1])
		}
	}
}

func TestWordEnvironment(t *testing.T) {
	for name, want := range map[string]string{
		"payments-prod": "production", "staging": "staging", "prod-payments": "production", "live": "production",
		"code-review": "", "product": "", "": "", "default": "",
	} {
		if got := detect.WordEnvironment(name); got != want {
			t.Errorf("WordEnvironment(%q) = %q, want %q", name, got, want)
		}
	}
}
