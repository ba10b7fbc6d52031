package secret

import (
	"encoding/json"
	"testing"

	"github.com/rotamap/rotamap/rules/detect"
	"github.com/rotamap/rotamap/scanner/artifact"
)

const userConfig = `
[extend]
useDefault = true
disabledRules = ["github-pat"]
[[rules]]
id = "acme-token"
regex = '''acme_[a-z0-9]{20}'''
keywords = ["acme_"]
[[allowlists]]
targetRules = ["acme-token"]
paths = ['''ignored/''']
`

// TestUserConfig holds that a user's .gitleaks.toml adds, disables and excepts.
func TestUserConfig(t *testing.T) {
	d, err := New(Options{Gitleaks: userConfig})
	if err != nil {
		t.Fatal(err)
	}
	scan := func(path, pattern string) []Hit {
		return d.Scan(&artifact.Artifact{Path: path, Content: []byte(detect.Expand(pattern))})
	}
	if hits := open(scan("a.txt", "acme_{[a-z0-9]:20:uc}")); !has(hits, "acme-token") {
		t.Error("the user's rule finds nothing")
	}
	if hits := scan("ignored/a.txt", "acme_{[a-z0-9]:20:uc}"); len(open(hits)) > 0 || len(hits) == 0 {
		t.Error("the user's allowlist does not suppress")
	}
	if hits := scan("a.txt", "ghp_{[A-Za-z0-9]:36:uc}"); has(hits, "github-pat") {
		t.Error("the disabled rule still runs")
	}
	if hits := open(scan("a.txt", "glpat-{[A-Za-z0-9]:20:uc}")); len(hits) == 0 {
		t.Error("the default rules are gone")
	}
}

// TestUserConfigErrors holds that what cannot be read is an error.
func TestUserConfigErrors(t *testing.T) {
	for _, text := range []string{"[[", "[[rules]]\nid='x'\nregex='('", "[extend]\npath='other.toml'", "[[allowlists]]\ntargetRules=['none']\npaths=['x']"} {
		if _, err := New(Options{Gitleaks: text}); err == nil {
			t.Errorf("no error for %q", text)
		}
	}
	if _, err := New(Options{Baseline: []byte("{")}); err == nil {
		t.Error("no error for a broken baseline")
	}
}

// TestKnown holds that .gitleaksignore, a baseline and a trusted comment set hits aside, and say so.
func TestKnown(t *testing.T) {
	secret := detect.Expand("ghp_{[A-Za-z0-9]:36:known}")
	baseline, err := json.Marshal([]map[string]string{{"RuleID": "github-pat", "File": "b.txt", "Secret": secret}})
	if err != nil {
		t.Fatal(err)
	}
	d, err := New(Options{Ignore: "# known\na.txt:github-pat:2\n", Baseline: baseline, TrustSource: true})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"a.txt": "listed in .gitleaksignore", "b.txt": "in the baseline", "c.txt": ""} {
		hits := d.Scan(&artifact.Artifact{Path: text, Content: []byte("\n" + secret + "\n")})
		if len(hits) != 1 || hits[0].Suppressed != want {
			t.Errorf("%s: %+v, want %q", text, hits, want)
		}
	}
	line := []byte(secret + " # gitleaks:allow")
	if hits := d.Scan(&artifact.Artifact{Path: "d.txt", Content: line}); len(open(hits)) > 0 {
		t.Error("the comment of a trusted source is not obeyed")
	}
	if hits := newDetector(t).Scan(&artifact.Artifact{Path: "d.txt", Content: line}); len(open(hits)) != 1 {
		t.Error("the comment of a source that is not trusted is obeyed")
	}
}

// TestNamesBehindProviders: what stands behind the name of a provider and is made of words is a name, not its key.
func TestNamesBehindProviders(t *testing.T) {
	d := newDetector(t)
	for _, text := range []string{"Airtable Find Records,airtable:ActionFindRecords\n", "LinkedIn,linkedin-ads:CreateCampaign\n"} {
		if hits := open(d.Scan(&artifact.Artifact{Path: "modules.csv", Content: []byte(text)})); len(hits) > 0 {
			t.Errorf("%q is taken for a key by %s", text, hits[0].Rule)
		}
	}
	key := detect.Expand("airtable_key: {[a-z0-9]:17}\n")
	if hits := open(d.Scan(&artifact.Artifact{Path: "a.yaml", Content: []byte(key)})); len(hits) == 0 {
		t.Error("a key is not found")
	}
}
