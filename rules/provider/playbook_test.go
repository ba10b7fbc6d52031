package provider_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"

	"github.com/rotamap/rotamap/rules/provider"
)

var update = flag.Bool("update", false, "write the page that is made from the tables")

// TestPlaybooks: every row is well-formed, has a source, and promises no more than its class allows.
func TestPlaybooks(t *testing.T) {
	rows := provider.Playbooks()
	if len(rows) < 60 {
		t.Fatalf("%d rows: the table was not read", len(rows))
	}
	seen, known := map[string]bool{}, map[string]bool{}
	for _, s := range provider.Services() {
		known[s.ID] = true
	}
	for _, p := range rows {
		if p.ID == "" || p.Name == "" || seen[p.ID] {
			t.Errorf("row %q: id or name is missing, or the id stands twice", p.ID)
		}
		seen[p.ID] = true
		if len(p.Sources) == 0 || !strings.HasPrefix(p.Sources[0], "https://") {
			t.Errorf("row %s has no source", p.ID)
		}
		if _, ok := p.ClassOf(); !ok && (p.Class != "" || p.Confidence != "low") {
			t.Errorf("row %s: class %q; without a class its confidence is low", p.ID, p.Class)
		}
		if !strings.Contains("high medium low", p.Confidence) || p.Confidence == "" {
			t.Errorf("row %s: confidence %q", p.ID, p.Confidence)
		}
		for _, f := range p.Fields() {
			if f.Text == "" || f.Unknown() && (f.Why() == "" || !strings.HasPrefix(f.Text, "unknown: ")) {
				t.Errorf("row %s: %q says neither what is known nor why it is unknown: %q", p.ID, f.Name, f.Text)
			}
		}
		for _, id := range p.Services {
			if !known[id] {
				t.Errorf("row %s: services.toml has no service %q", p.ID, id)
			}
		}
		if strings.Contains(p.Verify, "curl") && !strings.Contains(p.Verify, "$NEW_VALUE") {
			t.Errorf("row %s: the command to verify has no placeholder", p.ID)
		}
		if strings.Contains(p.Verify, "-X DELETE") || strings.Contains(p.Verify, "-X PUT") {
			t.Errorf("row %s: the command to verify changes something", p.ID)
		}
	}
}

func TestPlaybookFor(t *testing.T) {
	for _, c := range []struct{ service, name, want string }{
		{"stripe", "STRIPE_API_KEY", "stripe-key"},
		{"stripe", "STRIPE_WEBHOOK_SECRET", "signing-secret"},
		{"", "webhook-signing-key", "signing-secret"},
		{"okta", "OKTA_CLIENT_SECRET", "okta-client-secret"},
		{"okta", "OKTA_TOKEN", "okta-api-token"},
		{"postgres", "X", "database-password"},
		{"", "REPORT_DATABASE_URL", "database-url"},
		{"", "N8N_ENCRYPTION_KEY", "encryption-key"},
		{"nobody", "THING", "unknown"},
	} {
		if got := provider.PlaybookFor(c.service, c.name).ID; got != c.want {
			t.Errorf("%s %s: %s, want %s", c.service, c.name, got, c.want)
		}
	}
}

func TestReloads(t *testing.T) {
	for _, r := range provider.Reloads() {
		if r.Platform == "" || r.Need == "" || !strings.HasPrefix(r.Source, "https://") {
			t.Errorf("row %+v lacks platform, need or source", r)
		}
	}
	env, _ := provider.ReloadOf("kubernetes", "env")
	file, _ := provider.ReloadOf("kubernetes", "file")
	other, ok := provider.ReloadOf("compose", "file")
	if env.Command == "" || file.Wait == "" || !ok || other.Command == "" {
		t.Errorf("env %+v, file %+v, compose %+v", env, file, other)
	}
	if _, ok := provider.ReloadOf("nothing", ""); ok {
		t.Error("an unknown platform has a row")
	}
}

// TestTablesDecode: no key of the tables is misspelt.
func TestTablesDecode(t *testing.T) {
	for name, into := range map[string]any{
		"playbooks.toml": &struct {
			Playbook []provider.Playbook `toml:"playbook"`
		}{},
		"reload.toml": &struct {
			Reload []provider.Reload `toml:"reload"`
		}{},
	} {
		meta, err := toml.DecodeFile(name, into)
		if err != nil {
			t.Fatal(err)
		}
		if unknown := meta.Undecoded(); len(unknown) > 0 {
			t.Errorf("%s: unknown key %s", name, unknown[0])
		}
	}
}

// TestDocs keeps docs/rotation.md in step with the tables; -update writes it.
func TestDocs(t *testing.T) {
	var b strings.Builder
	b.WriteString("# Rotation knowledge\n\nThis page is made from `rules/provider/playbooks.toml` and `reload.toml`; do not edit it.\n\n## Classes\n\n")
	for _, c := range provider.Classes() {
		fmt.Fprintf(&b, "- **%s, %s**: %s\n", c.ID, c.Title, c.Meaning)
	}
	b.WriteString("\n## Playbooks\n\nThe commands are printed, never run. `$NEW_VALUE` and `$OLD_VALUE` stand for the values, words in capitals for what is yours.\n\n" +
		"| credential | class |")
	first := provider.Playbooks()[0]
	for _, f := range first.Fields() {
		b.WriteString(" " + f.Name + " |")
	}
	b.WriteString(" how sure | source |\n|---|---|" + strings.Repeat("---|", len(first.Fields())) + "---|---|\n")
	for _, p := range provider.Playbooks() {
		fmt.Fprintf(&b, "| %s | %s |", p.Name, orUnknown(p.Class))
		for _, f := range p.Fields() {
			b.WriteString(" " + strings.ReplaceAll(f.Text, "|", `\|`) + " |")
		}
		fmt.Fprintf(&b, " %s | %s |\n", p.Confidence, strings.Join(p.Sources, " "))
	}
	b.WriteString("\n## What a consumer needs before it sees a new value\n\n| platform | handed as | needs | by itself after | command | source |\n|---|---|---|---|---|---|\n")
	for _, r := range provider.Reloads() {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", r.Platform, r.As, r.Need, r.Wait, r.Command, r.Source)
	}
	path := "../../docs/rotation.md"
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("docs/rotation.md (go test ./rules/provider -update)\n%s", diff)
	}
}

func orUnknown(class string) string {
	if class == "" {
		return "unknown"
	}
	return class
}
