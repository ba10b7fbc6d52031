package secret

import (
	"strings"
	"testing"

	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
)

// Values that prove something and open nothing are set aside with the reason; the same names elsewhere are findings.
func TestDigests(t *testing.T) {
	d := newDetector(t)
	long := detect.Expand(`{[a-f0-9]:64:digest}`)
	base64 := detect.Expand(`{[A-Za-z0-9]:22:digest}==`)
	for _, c := range []struct {
		path, text, reason string
	}{
		{"book.xlsx/xl/worksheets/sheet1.xml", `<sheetProtection algorithmName="SHA-512" saltValue="` + base64 + `" sheet="1"/>`, "protects a sheet"},
		{"sorbet/rbi/gems/stripe.rbi", "  api_key = '" + base64 + "'\n", "generated interface"},
		{".drone.yml", "---\nkind: signature\nhmac: " + long + "\n", "signature of a pipeline"},
		{"config/app.yml", "signing:\n  hmac_secret: " + long + "\n", ""},
		{"lib/client.rb", "  api_key = '" + base64 + "'\n", ""},
		{"findings.json", "{\"signature\": \"" + long + "\"}\n", "a signature"},
		{"README.md", "![](https://badge.example.test/acme/graph/badge.svg?token=" + detect.Expand(`{[A-Z0-9]:10:badge}`) + ")\n", "badge"},
		{"Jenkinsfile", "JOB_GIT_CREDENTIALS = '" + long[:8] + "-" + long[8:12] + "-4" + long[12:15] + "-a" + long[15:18] + "-" + long[18:30] + "'\n", "id of a credential"},
		{"Dockerfile", "RUN GPG_KEYS=" + strings.ToUpper(long[:40]) + " run\n", "fingerprint"},
		{"idp.xml", "<ds:SignatureValue>" + detect.Expand(`{[A-Za-z0-9]:60:digest}`) + "</ds:SignatureValue>\n", "a signature"},
		{"site/app.js", "const search = {appId: \"ACME1\", apiKey: \"" + long[:32] + "\", indexName: \"acme\"}\n", "search box"},
		{"docs/search.js", "docsearch({\n  apiKey: \"" + long[:32] + "\",\n  indexName: \"acme\",\n})\n", "search box"},
		{"lib/search.js", "search({\n  apiKey: \"" + long[:32] + "\",\n  indexName: \"acme\",\n})\n", ""},
	} {
		hits := d.Scan(&artifact.Artifact{Path: c.path, Content: []byte(c.text)})
		open := 0
		for _, h := range hits {
			if h.Suppressed == "" {
				open++
			} else if !strings.Contains(h.Suppressed, c.reason) {
				t.Errorf("%s: set aside as %q", c.path, h.Suppressed)
			}
		}
		if c.reason == "" && open == 0 {
			t.Errorf("%s: nothing is found", c.path)
		}
		if c.reason != "" && open > 0 {
			t.Errorf("%s: %d findings", c.path, open)
		}
	}
}

// The usual names of key files are no values: ssh-keygen's id_rsa, id_ed25519 and the like.
func TestKeyFileNames(t *testing.T) {
	d := newDetector(t)
	for _, name := range []string{"id_rsa", "id_ecdsa_sk", "id_ed25519"} {
		for _, line := range []string{"private_key_token: " + name, `secret_token = "` + name + `"`} {
			if hits := open(d.Scan(&artifact.Artifact{Path: "config/app.yml", Content: []byte(line + "\n")})); len(hits) > 0 {
				t.Errorf("%s is found by %s", line, hits[0].Rule)
			}
		}
	}
}
