package secret

import (
	"testing"

	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// TestJudge holds the opinions on literals that formats report.
func TestJudge(t *testing.T) {
	random := detect.Expand("{[a-z0-9]:24:judge}")
	for _, c := range []struct {
		name, value  string
		sure         bool
		secret, weak bool
	}{
		{"DB_PASSWORD", random, false, true, false},
		{"whatever", random, true, true, false},
		{"whatever", random, false, false, false},
		{"password", "changeme", true, true, true},
		{"password", "changeme", false, false, true},
		{"password", "${DB_PASSWORD}", true, false, false},
		{"password", "{{ .Values.password }}", true, false, false},
		{"token", "$(TOKEN)", true, false, false},
		{"token", "={{ $json.token }}", true, false, false},
		{"token", "<path:kv/data/app#token>", true, false, false},
		{"token", "ENC[AES256_GCM,data:x]", true, false, false},
		{"token", detect.Expand("AgA{[A-Za-z0-9]:900:sealed}="), true, false, false},
		{"api-key", detect.Expand("AgD{[A-Za-z0-9]:900:sealed}="), false, false, false},
		{"auth", detect.Expand("AQC{[A-Za-z0-9]:400:sealed}="), true, false, false},
		{"token", "op://vault/item/token", true, false, false},
		{"token", "ref+vault://kv/app#/token", true, false, false},
		{"token", "@parameters('token')", true, false, false},
		{"token", "YOUR_TOKEN_HERE", false, false, false},
		{"token", "<your token>", true, false, false},
		{"token", "xxxxxxxxxxxx", true, false, false},
		{"username", "app-" + random, true, false, false},
		{"DB_PASSWORD_FILE", "/run/secrets/db", false, false, false},
		{"DATABASE_URL", "postgres://app:" + random + "@db/shop", false, true, false},
		{"x-hub-signature-256", "sha256=" + detect.Expand("{[0-9a-f]:64:judge}"), false, false, false},
		{"headers.postman-token", detect.Expand("{[0-9a-f]:8}-{[0-9a-f]:4}-4{[0-9a-f]:3}-a{[0-9a-f]:3}-{[0-9a-f]:12}"), false, false, false},
		{"token", detect.Expand("0x{[0-9a-f]:40:judge}"), false, false, false},
		{"token", detect.Expand("0x{[0-9a-f]:64:judge}"), false, true, false},
		{"token", detect.Expand("B{[1-9A-HJ-NP-Za-km-z]:43:judge}"), false, false, false},
		{"api_token", detect.Expand("B{[1-9A-HJ-NP-Za-km-z]:43:judge}"), false, true, false},
		{"toToken(USDC)", detect.Expand("0x{[0-9a-f]:40:judge}"), false, false, false},
		{"USDT token address", random, false, false, false},
		{"note", detect.Expand("ghp_{[A-Za-z0-9]:36:judge}"), false, true, false},
		{"tls.ca", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", true, false, false},
		{"private_key_file", "ca.ed25519.pem", false, false, false},
		{"private_key", "ca.ed25519.pem", false, false, false},
		{"token", "^(one|other)[0-9]{8}x$", false, false, false},
		{"password", "'%s'", false, false, false},
		{"SENTRY_DSN", detect.Expand("https://{[0-9a-f]:32:judge}@o1.ingest.example.test/42"), false, false, false},
		{"JOB_GIT_CREDENTIALS", detect.Expand("{[0-9a-f]:8}-{[0-9a-f]:4}-4{[0-9a-f]:3}-a{[0-9a-f]:3}-{[0-9a-f]:12}"), true, false, false},
		{"usernamePassword", detect.Expand("{[0-9a-f]:8}-{[0-9a-f]:4}-4{[0-9a-f]:3}-a{[0-9a-f]:3}-{[0-9a-f]:12}-UserAndToken"), false, false, false},
		{"LastPass", detect.Expand("{[0-9a-f]:8}-{[0-9a-f]:4}-4{[0-9a-f]:3}-a{[0-9a-f]:3}-{[0-9a-f]:12}"), false, false, false},
		{"RECAPTCHA_SITE_KEY", detect.Expand("6L{[A-Za-z0-9_-]:38:judge}"), false, false, false},
		{"RECAPTCHA_SECRET", detect.Expand("6L{[A-Za-z0-9_-]:38:judge}"), false, true, false},
		{"api_key", detect.Expand("MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE{[A-Za-z0-9]:80:judge}"), false, false, false},
	} {
		d := newDetector(t)
		v := d.Judge(artifact.Literal{Name: c.name, Secret: artifact.Seal(c.value), Sure: c.sure}, &artifact.Artifact{Path: "app.yaml"})
		if v.Secret != c.secret || v.Weak != c.weak {
			t.Errorf("%s (sure %v): secret %v, weak %v (%s), want %v, %v", c.name, c.sure, v.Secret, v.Weak, v.Reason, c.secret, c.weak)
		}
		if v.Reason == "" || v.Secret && (v.Rule == "" || v.Severity == "") {
			t.Errorf("%s: the verdict does not say why, or which rule and severity it has", c.name)
		}
	}
}

// TestMarker holds that only public type markers are shown.
func TestMarker(t *testing.T) {
	d := newDetector(t)
	v := d.Judge(artifact.Literal{Name: "x", Secret: artifact.Seal(detect.Expand("ghp_{[A-Za-z0-9]:36:marker}"))}, &artifact.Artifact{Path: "a"})
	if v.Marker != "ghp_" || v.Service != "github" || !v.Provider {
		t.Errorf("marker %q, service %q, provider %v", v.Marker, v.Service, v.Provider)
	}
}
