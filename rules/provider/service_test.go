package provider_test

import (
	"regexp"
	"testing"

	"github.com/rotamap/rotamap/rules/provider"
)

// TestTable keeps the rows well-formed: every id once, no host, app or name that points to two services.
func TestTable(t *testing.T) {
	rows := provider.Services()
	if len(rows) < 100 {
		t.Fatalf("the table has %d rows: it was not read", len(rows))
	}
	kebab := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	seen := map[string]string{}
	once := func(key, id string) {
		if other, ok := seen[key]; ok {
			t.Errorf("%s belongs to %s and %s", key, other, id)
		}
		seen[key] = id
	}
	for _, row := range rows {
		if !kebab.MatchString(row.ID) || row.Name == "" {
			t.Errorf("row %q: the id is not kebab-case, or the name is missing", row.ID)
		}
		once("id "+row.ID, row.ID)
		for _, h := range row.Hosts {
			once("host "+h, row.ID)
		}
		for _, a := range row.Apps {
			once("app "+a, row.ID)
		}
		for _, n := range row.Names {
			once("name "+n, row.ID)
		}
	}
}

func TestServiceOf(t *testing.T) {
	node := func(platform string) func(string) (string, bool) {
		return func(s string) (string, bool) { return provider.ServiceOfNode(platform, s) }
	}
	credential := func(s string) (string, bool) { return provider.ServiceOfCredentialType("n8n", s) }
	for _, c := range []struct {
		by       func(string) (string, bool)
		in, want string
	}{
		{provider.ServiceOfHost, "hooks.slack.com", "slack"},
		{provider.ServiceOfHost, "notslack.com", ""},
		{provider.ServiceOfHost, "chat.googleapis.com", "google-workspace"},
		{provider.ServiceOfHost, "storage.googleapis.com", "google-cloud"},
		{provider.ServiceOfName, "STRIPE_API_KEY", "stripe"},
		{provider.ServiceOfName, "NEW_RELIC_KEY", "new-relic"},
		{provider.ServiceOfName, "DO_TOKEN", ""},
		{provider.Hint, "DO_TOKEN", "digitalocean"},
		{provider.ServiceOfName, "STRIPED", ""},
		{provider.ServiceOfName, "PROD_SLACK_BOT_TOKEN", "slack"},
		{provider.ServiceOfName, "LAST_SEGMENT_FIELD", ""},
		{provider.ServiceOfPath, "kubernetes/cloudflare/api-key", "cloudflare"},
		{provider.ServiceOfPath, "kubernetes/slack/stripe-key", "stripe"},
		{provider.ServiceOfPath, "kubernetes/shop/password", ""},
		{provider.ServiceOfPath, "grafana-secret#SHOP_DB_PASSWORD", ""},
		{node("n8n"), "n8n-nodes-base.slackTrigger", "slack"},
		{node("n8n"), "@n8n/n8n-nodes-langchain.lmChatOpenAi", "openai"},
		{node("n8n"), "@n8n/n8n-nodes-langchain.embeddingsMistralCloud", "mistral"},
		{node("n8n"), "n8n-nodes-base.googleSheetsTool", "google-workspace"},
		{node("n8n"), "n8n-nodes-base.httpRequest", ""},
		{node("n8n"), "n8n-nodes-base.set", ""},
		{node("make"), "google-sheets:addRow", "google-workspace"},
		{node("zapier"), "SlackAPI", "slack"},
		{node("zapier"), "GoogleSheetsV2CLIAPI@2.1.0", "google-workspace"},
		{node("power-automate"), "/providers/Microsoft.PowerApps/apis/shared_office365", "microsoft-365"},
		{node("node-red"), "mqtt-broker", "mqtt"},
		{node("kestra"), "io.kestra.plugin.notifications.slack.SlackExecution", "slack"},
		{node("kestra"), "io.kestra.plugin.core.log.Log", ""},
		{credential, "slackOAuth2Api", "slack"},
		{credential, "googleSheetsTriggerOAuth2Api", "google-workspace"},
		{credential, "airtableTokenApi", "airtable"},
		{credential, "httpHeaderAuth", ""},
	} {
		if got, ok := c.by(c.in); got != c.want || ok != (c.want != "") {
			t.Errorf("%s: got %q, want %q", c.in, got, c.want)
		}
	}
}
